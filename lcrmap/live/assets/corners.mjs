// The corners of lines and areas as chains: a line, or a ring without the corner that closes it. No document here: Node tests it.
/** @import {Chain, Geometry, Spot} from "./livetypes.mjs" */

import {alike} from "./changes.mjs";

const EXACT = 6; // decimals of a degree that a hand on the map can place

/** @type {(geometry: Geometry) => boolean} */
export function isArea({type}) {
  return type.endsWith("Polygon");
}

// Whether a shape is lines or areas, with any number of parts and rings: what can be drawn.
/** @type {(geometry: Geometry) => boolean} */
export function isDrawable({type}) {
  return /^(Multi)?(LineString|Polygon)$/.test(type);
}

/** @type {(geometry: Geometry) => Chain[]} */
export function chainsOf(geometry) {
  /** @type {(level: any) => Chain[]} */
  const chains = (level) => (typeof level[0]?.[0] === "number" ? [level] : level.flatMap(chains));
  const found = chains(geometry.coordinates);
  return isArea(geometry) ? found.map((ring) => (alike(ring[0], ring[ring.length - 1]) ? ring.slice(0, -1) : ring)) : found;
}

// The geometry of chains, in the nesting of the one they stand for: holes and parts stay what they were.
/** @type {(chains: Chain[], was: Geometry) => Geometry} */
export function geometryOf(chains, was) {
  const rest = [...chains];
  /** @type {(level: any) => any} */
  const fill = (level) => {
    if (typeof level[0]?.[0] !== "number") return level.map(fill);
    const chain = /** @type {Chain} */ (rest.shift());
    return isArea(was) ? [...chain, chain[0]] : chain;
  };
  return {type: was.type, coordinates: fill(was.coordinates)};
}

// All corners one after the other.
/** @type {(chains: Chain[]) => {chain: number, place: number, at: Spot}[]} */
export function listed(chains) {
  return chains.flatMap((spots, chain) => spots.map((at, place) => ({chain, place, at})));
}

/** @type {(chains: Chain[], chain: number, change: (spots: Chain) => Chain) => Chain[]} */
function changed(chains, chain, change) {
  return chains.map((spots, index) => (index === chain ? change(spots) : spots));
}

/** @type {(chains: Chain[], chain: number, place: number, to: Spot) => Chain[]} */
export function withMoved(chains, chain, place, to) {
  return changed(chains, chain, (spots) => spots.map((spot, index) => (index === place ? to : spot)));
}

// With one more corner behind another: halfway to the next, or as far beyond the end of a line.
/** @type {(chains: Chain[], chain: number, place: number, area: boolean) => Chain[]} */
export function withAdded(chains, chain, place, area) {
  return changed(chains, chain, (spots) => {
    const [x, y] = spots[place], end = !area && place === spots.length - 1;
    const [nextX, nextY] = end ? spots[place - 1] ?? [x - 0.002, y] : spots[(place + 1) % spots.length];
    const half = (end ? -1 : 1) / 2;
    return [...spots.slice(0, place + 1), [round(x + (nextX - x) * half), round(y + (nextY - y) * half)], ...spots.slice(place + 1)];
  });
}

// With one corner less; null where fewer than `fewest` would be left.
/** @type {(chains: Chain[], chain: number, place: number, fewest: number) => Chain[] | null} */
export function without(chains, chain, place, fewest) {
  if (chains[chain].length <= fewest) return null;
  return changed(chains, chain, (spots) => spots.filter((_, index) => index !== place));
}

/** @type {(value: number) => number} */
function round(value) {
  return Number(value.toFixed(EXACT));
}

/** @type {(chains: Chain[]) => Chain[]} */
export function rounded(chains) {
  return chains.map((spots) => spots.map(([x, y]) => [round(x), round(y)]));
}

// Corners that nobody moved as exact as they were: what goes through the map comes back rounded.
/** @type {(chains: Chain[], before: Chain[]) => Chain[]} */
export function asExact(chains, before) {
  const known = new Map(before.flat().map((spot) => [String(rounded([[spot]])[0][0]), spot]));
  return chains.map((spots) => spots.map((spot) => known.get(String(rounded([[spot]])[0][0])) ?? spot));
}
