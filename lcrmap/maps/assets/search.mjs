// Search by name, other names, category and postcode, without case or accents. No document here: Node tests it.
/** @import {Layer, Passes, Ref, SearchItem} from "./types.mjs" */

import {categoryOf, cellText} from "./data.mjs";

/** @type {(text: string) => string} */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Folded texts of every feature of the layers that have a table; made when first needed.
/** @type {(layers: Layer[]) => SearchItem[]} */
export function makeIndex(layers) {
  const items = [];
  for (const layer of layers) {
    if (layer.part === "backdrop") continue;
    const name = layer.label === null ? null : layer.columns[layer.label];
    const postcode = layer.columns.find((column) => column.name === "postcode") ?? null;
    const others = [layer.aliases, postcode].filter((column) => column !== null);
    for (let row = 0; row < layer.total; row += 1) {
      items.push({
        layer: layer.index,
        row,
        name: name ? fold(cellText(name, row)) : "",
        others: fold(others.map((column) => cellText(column, row)).filter(Boolean).join("; ")),
        category: layer.style.entries.length > 1 ? fold(categoryOf(layer, row)) : "",
      });
    }
  }
  return items;
}

// The features that match every word of the query: starts of names first, then of words, then others; those of layers
// that are off last, unless the query is their whole name.
/** @type {(index: SearchItem[], query: string, among?: {passes?: Passes | null, off?: Set<number>}) => Ref[]} */
export function find(index, query, {passes = null, off = new Set()} = {}) {
  const wanted = fold(query).trim();
  const terms = wanted.split(/\s+/).filter(Boolean);
  if (!terms.length) return [];
  const hits = [];
  for (let place = 0; place < index.length; place += 1) {
    const item = index[place];
    if (passes && !passes[item.layer][item.row]) continue;
    const rank = rankOf(item, wanted, terms);
    if (rank < 9) hits.push({rank: rank && off.has(item.layer) ? rank + 9 : rank, place, item});
  }
  hits.sort((a, b) => a.rank - b.rank || a.place - b.place);
  return hits.map((hit) => ({layer: hit.item.layer, row: hit.item.row}));
}

/** @type {(item: SearchItem, wanted: string, terms: string[]) => number} */
function rankOf(item, wanted, terms) {
  if (item.name === wanted) return 0;
  if (item.name.startsWith(wanted)) return 1;
  if (terms.every((term) => startsWord(item.name, term))) return 2;
  if (terms.every((term) => startsWord(item.others, term))) return 3;
  if (terms.every((term) => startsWord(`${item.name} ${item.others} ${item.category}`, term))) return 4;
  if (terms.every((term) => `${item.name} ${item.others}`.includes(term))) return 5;
  return 9;
}

/** @type {(text: string, term: string) => boolean} */
function startsWord(text, term) {
  let at = text.indexOf(term);
  while (at >= 0) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
    at = text.indexOf(term, at + 1);
  }
  return false;
}
