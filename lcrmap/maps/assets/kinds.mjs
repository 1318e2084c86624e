// What discs hold: the kinds of places in the order of the legend, layer by layer, and how many of each a disc has.
/** @import {Entry, Layer, Ref, Words} from "./types.mjs" */

import {entryOf} from "./data.mjs";
import {numberText} from "./words.mjs";

/** @type {(layer: Layer) => boolean} */
const isGathered = (layer) => layer.points && layer.part === "places" && layer.style.kind === "symbol" && !layer.singly;

/** @type {(layers: Layer[]) => Entry[]} */
export function kindsOf(layers) {
  return layers.filter(isGathered).flatMap((layer) => layer.style.entries);
}

// How many of some places are of each kind.
/** @type {(layers: Layer[], refs: Ref[]) => number[]} */
export function countKinds(layers, refs) {
  /** @type {Map<number, number>} */
  const first = new Map();
  let length = 0;
  for (const layer of layers.filter(isGathered)) {
    first.set(layer.index, length);
    length += layer.style.entries.length;
  }
  const counts = new Array(length).fill(0);
  for (const {layer, row} of refs) counts[(first.get(layer) ?? 0) + entryOf(layers[layer], row)] += 1;
  return counts;
}

// What a disc is called, with what it holds: "9 places near Alder Mill (Health 5; Net zero 4)".
/** @type {(whole: string, kinds: Entry[], counts: number[], words: Words) => string} */
export function discText(whole, kinds, counts, words) {
  const parts = counts.flatMap((count, kind) => (count ? [`${kinds[kind].label} ${numberText(count)}`] : []));
  return words("map.parts", {whole, parts: parts.join("; ")});
}
