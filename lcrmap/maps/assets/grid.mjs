// Points on the screen: groups of those too close to tell apart, and the nearest in a direction. No document here.
/** @import {Box, Gathered, Spot} from "./types.mjs" */

// Put points into groups: each joins the first group whose first point is nearer than `distance`, in the order given.
// Returns lists of positions in `points` ([x, y] in pixels).
/** @type {(points: Spot[], distance: number) => number[][]} */
export function groupPoints(points, distance) {
  /** @type {Map<string, number[][]>} */
  const cells = new Map();
  /** @type {number[][]} */
  const groups = [];
  points.forEach(([x, y], index) => {
    const column = Math.floor(x / distance), line = Math.floor(y / distance);
    /** @type {number[] | null} */
    let joined = null;
    for (let i = column - 1; i <= column + 1; i += 1) {
      for (let j = line - 1; j <= line + 1; j += 1) {
        for (const group of cells.get(`${i},${j}`) || []) {
          const [gx, gy] = points[group[0]];
          if (Math.hypot(gx - x, gy - y) < distance && (!joined || group[0] < joined[0])) joined = group;
        }
      }
    }
    if (joined) {
      joined.push(index);
      return;
    }
    const group = [index];
    groups.push(group);
    const key = `${column},${line}`;
    const cell = cells.get(key);
    if (cell) cell.push(group);
    else cells.set(key, [group]);
  });
  return groups;
}

// Join groups whose discs would lie on each other, and discs with symbols, until none do; `radius` is that of a disc
// of so many points, or of one symbol.
/** @type {(points: Spot[], groups: number[][], radius: (size: number) => number) => number[][]} */
export function joinGroups(points, groups, radius) {
  /** @type {(group: number[], axis: 0 | 1) => number} */
  const mean = (group, axis) => group.reduce((sum, index) => sum + points[index][axis], 0) / group.length;
  /** @type {(group: number[]) => Spot} */
  const centre = (group) => [mean(group, 0), mean(group, 1)];
  let discs = groups.map((members) => ({members, at: centre(members)}));
  for (let joined = true; joined;) {
    joined = false;
    for (let i = 0; i < discs.length && !joined; i += 1) {
      for (let j = i + 1; j < discs.length && !joined; j += 1) {
        const [a, b] = [discs[i], discs[j]];
        if (a.members.length === 1 && b.members.length === 1) continue;
        const apart = radius(a.members.length) + radius(b.members.length);
        if (Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1]) >= apart) continue;
        const members = [...a.members, ...b.members].sort((one, other) => one - other);
        discs = discs.filter((disc) => disc !== b);
        discs[i] = {members, at: centre(members)};
        joined = true;
      }
    }
  }
  return discs.map((disc) => disc.members);
}

/** @type {Record<string, Spot>} */
const DIRECTIONS = {ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

// The nearest point within 45 degrees of a direction; failing that the nearest on that side; -1 if there is none.
/** @type {(points: Spot[], from: Spot, key: string) => number} */
export function nearestInDirection(points, from, key) {
  const [dx, dy] = DIRECTIONS[key];
  let best = -1, bestCost = Infinity;
  points.forEach(([x, y], index) => {
    const along = (x - from[0]) * dx + (y - from[1]) * dy;
    const across = Math.abs((x - from[0]) * dy - (y - from[1]) * dx);
    if (along <= 0.5) return;
    const cost = Math.hypot(along, across) + (across > along ? 1e6 : 0);
    if (cost < bestCost) {
      best = index;
      bestCost = cost;
    }
  });
  return best;
}

/** @type {(points: Spot[], from: Spot) => number} */
export function nearest(points, from) {
  let best = -1, bestCost = Infinity;
  points.forEach(([x, y], index) => {
    const cost = Math.hypot(x - from[0], y - from[1]);
    if (cost < bestCost) {
      best = index;
      bestCost = cost;
    }
  });
  return best;
}

// Web Mercator at zoom 0 as a share of the world's width: 0 to 1 eastwards and southwards.
/** @type {(lon: number, lat: number) => Spot} */
export function mercator(lon, lat) {
  return [eastOf(lon), southOf(lat)];
}

/** @type {(lon: number) => number} */
export function eastOf(lon) {
  return lon / 360 + 0.5;
}

/** @type {(lat: number) => number} */
export function southOf(lat) {
  const sine = Math.min(Math.max(Math.sin((lat * Math.PI) / 180), -0.9999), 0.9999);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

// Gather many points into the cells of a grid that is fixed to the world, so that dragging changes nothing.
// `xs` and `ys` are shares of the world; `wanted` has 1 where a point counts. Returns columns, one item a cell:
// mean position, number, first point; and `several` items a cell: how many of each kind, by the points' `codes`.
/** @type {(xs: Float64Array, ys: Float64Array, wanted: Uint8Array, world: number, cell: number, several?: number, codes?: number[] | null) => Gathered} */
export function gather(xs, ys, wanted, world, cell, several = 0, codes = null) {
  /** @type {Map<number, number>} */
  const slots = new Map();
  /** @type {Gathered} */
  const out = {x: [], y: [], number: [], first: [], kinds: []};
  const across = Math.ceil(world / cell) + 1;
  for (let i = 0; i < xs.length; i += 1) {
    if (!wanted[i] || Number.isNaN(xs[i])) continue;
    const px = xs[i] * world, py = ys[i] * world;
    const key = Math.floor(px / cell) + Math.floor(py / cell) * across;
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = out.x.length;
      slots.set(key, slot);
      for (let kind = 0; kind < several; kind += 1) out.kinds.push(0);
      out.x.push(xs[i]);
      out.y.push(ys[i]);
      out.number.push(1);
      out.first.push(i);
    } else {
      const number = out.number[slot] + 1;
      out.x[slot] += (xs[i] - out.x[slot]) / number;
      out.y[slot] += (ys[i] - out.y[slot]) / number;
      out.number[slot] = number;
    }
    if (several) out.kinds[slot * several + (codes ? codes[i] : 0)] += 1;
  }
  return out;
}

/** @type {(a: Box, b: Box) => boolean} */
export function overlaps(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
