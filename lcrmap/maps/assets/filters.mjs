// Which features pass the filters, and the numbers that follow from it. No document here: Node tests it.
/** @import {Choices, Layer, Passes, Passing} from "./types.mjs" */

import {areaOf, entryOf, isPlaced, sureOf} from "./data.mjs";

// One byte a row: 1 where the row passes.
/** @type {(layer: Layer, state: Choices) => Passing} */
export function passing(layer, state) {
  const passes = new Uint8Array(layer.total);
  if (state.off.has(layer.index)) return passes;
  const rated = layer.sure !== false;
  const byArea = layer.area !== null && state.areas.size > 0;
  const offEntries = layer.style.entries.map((_, entry) => state.without.has(`${layer.index}:${entry}`));
  const unsure = rated ? state.unsure : new Set();
  for (let row = 0; row < layer.total; row += 1) {
    if (offEntries[entryOf(layer, row)]) continue;
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

// The finding of the headline, for the rows that pass: the placed ones, and the area that most of them lie in.
/** @type {(layer: Layer | null, passes: Passing) => {area: string, n: number, placed: number} | null} */
export function finding(layer, passes) {
  if (!layer || layer.area === null) return null;
  const counts = new Map();
  let placed = 0;
  for (let row = 0; row < layer.total; row += 1) {
    if (!passes[row] || !isPlaced(layer, row)) continue;
    placed += 1;
    const code = layer.columns[layer.area].values[row];
    const name = areaOf(layer, row);
    if (name && code !== layer.outside) counts.set(name, (counts.get(name) || 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  if (!ranked.length || (ranked.length > 1 && ranked[0][1] === ranked[1][1])) return null;
  return {area: ranked[0][0], n: ranked[0][1], placed};
}
