// Which features pass the filters, and the numbers that follow from it. No document here: Node tests it.
/** @import {Choices, Layer, Passes, Passing, Words} from "./types.mjs" */

import {apartCodes, isOff} from "./categories.mjs";
import {areaOf, entryOf, isPlaced, sureOf} from "./data.mjs";
import {leading} from "./leading.mjs";
import {several} from "./words.mjs";

/** @typedef {{names: string[], n: number[], low: number[], high: number[], placed: number}} AreaCounts */

const MOST_NAMED = 3; // areas that are too close to call

// One byte a row: 1 where the row passes.
/** @type {(layer: Layer, state: Choices) => Passing} */
export function passing(layer, state) {
  const passes = new Uint8Array(layer.total);
  if (state.off.has(layer.index)) return passes;
  const rated = layer.sure !== false;
  const byArea = layer.area !== null && state.areas.size > 0;
  const offEntries = layer.style.entries.map((_, entry) => isOff(layer, state, entry));
  const apart = apartCodes(layer, state);
  const unsure = rated ? state.unsure : new Set();
  for (let row = 0; row < layer.total; row += 1) {
    const off = offEntries[entryOf(layer, row)] ?? false; // a sized circle has no entry of its own
    if (off !== (apart !== null && apart(row))) continue;
    if (unsure.size && unsure.has(sureOf(layer, row))) continue;
    if (byArea && !state.areas.has(areaOf(layer, row))) continue;
    passes[row] = 1;
  }
  return passes;
}

/** @type {(passes: Passing) => number} */
export function count(passes) {
  let total = 0;
  for (const one of passes) total += one;
  return total;
}

// How many rows of each legend entry pass.
/** @type {(layer: Layer, passes: Passing) => number[]} */
export function countEntries(layer, passes) {
  const counts = layer.style.entries.map(() => 0);
  for (let row = 0; row < layer.total; row += 1) if (passes[row]) counts[entryOf(layer, row)] += 1;
  return counts;
}

// How many of the rows that pass the legend counts: of shaded areas those on the map, as only these have an entry.
/** @type {(layer: Layer, passes: Passing) => number} */
export function countLayer(layer, passes) {
  return layer.style.kind === "shade" ? countEntries(layer, passes).reduce((sum, each) => sum + each, 0) : count(passes);
}

// How many rows of each code of confidence pass, over the layers that state it.
/** @type {(layers: Layer[], passes: Passes) => number[]} */
export function countSure(layers, passes) {
  const counts = [0, 0, 0];
  for (const layer of layers) {
    if (layer.sure === false) continue;
    for (let row = 0; row < layer.total; row += 1) if (passes[layer.index][row]) counts[sureOf(layer, row)] += 1;
  }
  return counts;
}

// The names of areas over all layers of places, in the order of the data, with how many rows each has.
/** @type {(layers: Layer[]) => [name: string, rows: number][]} */
export function areaChoices(layers) {
  const counts = new Map();
  for (const layer of layers) {
    if (layer.part !== "places" || layer.area === null) continue;
    const column = layer.columns[layer.area];
    for (const label of column.labels || []) if (!counts.has(label)) counts.set(label, 0);
    for (let row = 0; row < layer.total; row += 1) {
      const name = areaOf(layer, row);
      if (name) counts.set(name, (counts.get(name) || 0) + 1);
    }
  }
  return [...counts].filter(([, number]) => number > 0);
}

// How many of the rows that pass lie in each area: as found, and the least and the most that may; null without areas.
/** @type {(layer: Layer, passes: Passing) => AreaCounts | null} */
export function countByArea(layer, passes) {
  const column = layer.area === null ? null : layer.columns[layer.area];
  if (!column || column.kind !== "code") return null;
  const found = tally(), least = tally(), most = tally();
  let placed = 0;
  for (let row = 0; row < layer.total; row += 1) {
    if (!passes[row] || !isPlaced(layer, row)) continue;
    placed += 1;
    const elsewhere = layer.also && layer.also.rows[row];
    const name = column.values[row] === layer.outside ? "" : areaOf(layer, row);
    if (name) {
      found.add(name);
      most.add(name);
      if (!elsewhere) least.add(name);
    }
    if (layer.also && elsewhere) for (const area of elsewhere) most.add(layer.also.areas[area]);
  }
  const names = [...new Set([...column.labels, ...most.names()])].filter((name) => most.of(name));
  return {names, n: names.map(found.of), low: names.map(least.of), high: names.map(most.of), placed};
}

function tally() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {(name: string) => number} */
  const of = (name) => counts.get(name) || 0;
  /** @type {(name: string) => void} */
  const add = (name) => {
    counts.set(name, of(name) + 1);
  };
  return {of, add, names: () => counts.keys()};
}

// What the headline says of the rows that pass: the area that most lie in, or the few that may be it; else nothing.
/** @type {(layer: Layer, passes: Passing, words: Words) => string} */
export function finding(layer, passes, words) {
  const counts = countByArea(layer, passes);
  if (!counts) return "";
  const {kind, rows} = leading(counts.low, counts.high);
  if (kind === "first") {
    const [row] = rows;
    const [n, low, high] = [counts.n[row], counts.low[row], counts.high[row]];
    const range = low < high ? words("headline.range", {low, high}) : "";
    const said = {n, placed: counts.placed, noun: counts.placed === 1 ? layer.one : layer.many, area: counts.names[row], range};
    if (n < counts.placed) return words("filter.finding", said);
    return n === 1 ? words("filter.finding_one", said) : words("filter.finding_all", {...said, all: n === 2 ? words("headline.both") : words("headline.all", {n})});
  }
  if (kind !== "open" || rows.length > MOST_NAMED) return "";
  const areas = several(rows.map((row) => counts.names[row]), words);
  return words(rows.length === 2 ? "filter.open_two" : "filter.open_three", {areas, noun: layer.many});
}
