// Where a name can stand inside an area, line of pixels by line of pixels. No document here.
/** @import {Box, Outline, Part, Spans, Spot} from "./types.mjs" */
/** @typedef {{width: number, height: number, symbols: Box[], taken: Box[], least: number}} Room */

import {lineOf} from "./data.mjs";
import {mercator, overlaps} from "./grid.mjs";

const GRAIN = 6; // pixels between the lines, and between the spots tried along one
const EDGE = 4; // pixels that a name keeps from the map's edge, and its middle from the area's
const COVERED = 0.3; // share of a name that symbols may cover

// The rings of an area as shares of the world, with their box.
/** @type {(parts: Part[]) => Outline} */
export function outlineOf(parts) {
  const rings = parts.filter((part) => part[0] === 2)
    .flatMap(([, ...packed]) => packed.map((steps) => lineOf(steps).map(([lon, lat]) => mercator(lon, lat))));
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of rings.flat()) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return {rings, box};
}

// Which stretches of each line of the view lie inside an outline: `lines` by line number, `size` in squares of GRAIN.
/** @type {(outline: Outline, view: {world: number, corner: {x: number, y: number}, width: number, height: number}) => Spans} */
export function spansOf({rings, box}, {world, corner, width, height}) {
  /** @type {Map<number, number[]>} */
  const crossed = new Map();
  /** @type {Map<number, Spot[]>} */
  const lines = new Map();
  const [left, top] = [box[0] * world - corner.x, box[1] * world - corner.y];
  const [right, bottom] = [box[2] * world - corner.x, box[3] * world - corner.y];
  if (!rings.length || right < 0 || bottom < 0 || left > width || top > height) return {lines, size: 0};
  const last = Math.floor(height / GRAIN);
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const y0 = ring[i - 1][1] * world - corner.y, y1 = ring[i][1] * world - corner.y;
      if (y0 === y1) continue;
      const x0 = ring[i - 1][0] * world - corner.x, x1 = ring[i][0] * world - corner.x;
      const from = Math.max(0, Math.ceil(Math.min(y0, y1) / GRAIN)), to = Math.min(last, Math.ceil(Math.max(y0, y1) / GRAIN) - 1);
      for (let line = from; line <= to; line += 1) {
        const crossing = x0 + ((line * GRAIN - y0) / (y1 - y0)) * (x1 - x0), known = crossed.get(line);
        if (known) known.push(crossing);
        else crossed.set(line, [crossing]);
      }
    }
  }
  let size = 0;
  for (const [line, crossings] of crossed) {
    crossings.sort((a, b) => a - b);
    /** @type {Spot[]} */
    const spans = [];
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      /** @type {Spot} */
      const span = [Math.max(0, crossings[i]), Math.min(width, crossings[i + 1])];
      if (span[0] < span[1]) spans.push(span);
      size += Math.max(0, span[1] - span[0]) / GRAIN;
    }
    lines.set(line, spans);
  }
  return {lines, size};
}

// The share of a box that lies inside, read off the lines that cross it.
/** @type {(lines: Spans["lines"], box: Box) => number} */
function shareInside(lines, [left, top, right, bottom]) {
  let inside = 0, all = 0;
  for (let line = Math.ceil(top / GRAIN); line * GRAIN <= bottom; line += 1) {
    all += right - left;
    for (const span of lines.get(line) || []) inside += Math.max(0, Math.min(right, span[1]) - Math.max(left, span[0]));
  }
  return all ? inside / all : 0;
}

// The share of a box that other boxes cover; what they share is counted twice.
/** @type {(box: Box, others: Box[]) => number} */
function shareCovered(box, others) {
  let covered = 0;
  for (const other of others) {
    if (!overlaps(box, other)) continue;
    covered += (Math.min(box[2], other[2]) - Math.max(box[0], other[0])) * (Math.min(box[3], other[3]) - Math.max(box[1], other[1]));
  }
  return covered / ((box[2] - box[0]) * (box[3] - box[1]));
}

// The middle of a name: inside the area, in view, on nothing `taken`, clear of symbols and near `anchor`; null without
// such a spot. `least` is the share of it that must lie inside.
/** @type {(spans: Spans, size: [wide: number, high: number], anchor: Spot, view: Room) => Spot | null} */
export function findSpot({lines}, [wide, high], anchor, {width, height, symbols, taken, least: needed}) {
  /** @type {Spot | null} */
  let best = null;
  let least = Infinity;
  for (const [line, spans] of lines) {
    const y = line * GRAIN;
    if (y - high / 2 < EDGE || y + high / 2 > height - EDGE) continue;
    for (const [from, to] of spans) {
      const start = Math.max(from + EDGE, wide / 2 + EDGE), end = Math.min(to - EDGE, width - wide / 2 - EDGE);
      for (const x of spotsOf(start, end, (from + to) / 2)) {
        const far = Math.hypot(x - anchor[0], y - anchor[1]) / 250;
        if (far >= least) continue;
        /** @type {Box} */
        const box = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];
        if (taken.some((other) => overlaps(box, other))) continue;
        const own = shareInside(lines, box);
        if (own < needed) continue;
        const covered = shareCovered(box, symbols);
        if (covered > COVERED) continue;
        const cost = far + 2 * (1 - own) + 4 * covered + (covered ? 0.4 : 0);
        if (cost < least) {
          best = [x, y];
          least = cost;
        }
      }
    }
  }
  return best;
}

/** @type {(start: number, end: number, middle: number) => number[]} */
function spotsOf(start, end, middle) {
  const spots = middle >= start && middle <= end ? [middle] : [];
  for (let x = start; x <= end; x += GRAIN) spots.push(x);
  return spots;
}
