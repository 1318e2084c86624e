// The categories of a layer: which entry of the legend stands for each, and which are off. Those past the end of the
// palette share an entry, switched as a whole and each apart from it. No document here.
/** @import {Choices, Layer} from "./types.mjs" */

/** @typedef {{value: string, label: string}} Category as it stands in the data, and as it is called */
/** @typedef {Pick<Choices, "without" | "apart">} Switched */
/** @typedef {{without: string[], with: string[], others: string[]}} Written */
/** @typedef {[layer: Layer | null, name: string]} Named */

// The codes of the categories that share an entry; none if it stands for one.
/** @type {(layer: Layer, entry: number) => number[]} */
export function sharing(layer, entry) {
  const codes = layer.style.entries[entry].categories ?? [];
  return codes.length > 1 ? codes : [];
}

/** @type {(layer: Layer, state: Switched, entry: number) => boolean} */
export function isOff(layer, state, entry) {
  return state.without.has(`${layer.index}:${entry}`);
}

/** @type {(layer: Layer, state: Switched, code: number) => boolean} */
export function isApart(layer, state, code) {
  return state.apart.has(`${layer.index}:${code}`);
}

// Tells of a row whether its category is switched the other way than its entry; null if none of the layer is.
/** @type {(layer: Layer, state: Switched) => ((row: number) => boolean) | null} */
export function apartCodes(layer, state) {
  const column = columnOf(layer);
  if (!column || !state.apart.size) return null;
  const codes = column.labels.map((_, code) => isApart(layer, state, code));
  return codes.includes(true) ? (row) => codes[column.values[row]] ?? false : null;
}

// Switch an entry, with all the categories that share it.
/** @type {(layer: Layer, state: Switched, entry: number, on: boolean) => Switched} */
export function switchEntry(layer, state, entry, on) {
  const apart = new Set(state.apart);
  for (const code of sharing(layer, entry)) apart.delete(`${layer.index}:${code}`);
  return {without: switched(state.without, `${layer.index}:${entry}`, !on), apart};
}

// Switch one of the categories that share an entry; the last of them takes the entry along.
/** @type {(layer: Layer, state: Switched, entry: number, code: number, on: boolean) => Switched} */
export function switchCategory(layer, state, entry, code, on) {
  const apart = switched(state.apart, `${layer.index}:${code}`, on === isOff(layer, state, entry));
  const all = sharing(layer, entry).every((each) => apart.has(`${layer.index}:${each}`));
  return all ? switchEntry(layer, state, entry, on) : {without: state.without, apart};
}

// What is switched off, for the address: by value, so that a category means the same with an entry of its own or without;
// `others`: layers whose shared entry is off; `with`: what is shown of it.
/** @type {(state: Switched, layers: Layer[]) => Written} */
export function writeCategories(state, layers) {
  /** @type {Written} */
  const written = {without: [], with: [], others: []};
  for (const [layer, entry] of numbered(state.without, layers)) {
    if (sharing(layer, entry).length) written.others.push(layer.name);
    else written.without.push(`${layer.name}:${nameOfEntry(layer, entry)}`);
  }
  for (const [layer, code] of numbered(state.apart, layers)) {
    const list = isOff(layer, state, entryWith(layer, code)) ? written.with : written.without;
    list.push(`${layer.name}:${categoryAt(layer, code).value}`);
  }
  return written;
}

// The same read again; what the page does not have is left out.
/** @type {(given: {without: Named[], with: Named[], others: number[]}, layers: Layer[]) => Switched} */
export function readCategories(given, layers) {
  /** @type {Switched} */
  let state = {without: new Set(), apart: new Set()};
  for (const index of given.others) {
    const entry = layers[index]?.style.entries.findIndex((_, each) => sharing(layers[index], each).length) ?? -1;
    if (entry >= 0) state = switchEntry(layers[index], state, entry, false);
  }
  for (const on of [false, true]) {
    for (const [layer, name] of on ? given.with : given.without) {
      const found = layer ? entryNamed(layer, name) : null;
      if (layer && found) state = found.shared ? switchCategory(layer, state, found.entry, found.code, on) : switchEntry(layer, state, found.entry, on);
    }
  }
  return state;
}

// The entry that a name in an address means, and the category if several share it.
/** @type {(layer: Layer, name: string) => {entry: number, code: number, shared: boolean} | null} */
function entryNamed(layer, name) {
  const column = columnOf(layer);
  const code = column ? (column.raw ?? column.labels).indexOf(name) : -1;
  const entry = code < 0 ? -1 : entryWith(layer, code);
  if (entry >= 0) return {entry, code, shared: sharing(layer, entry).length > 0};
  const labelled = layer.style.entries.findIndex((each, number) => each.label === name && !sharing(layer, number).length);
  return labelled < 0 ? null : {entry: labelled, code: -1, shared: false};
}

/** @type {(layer: Layer, entry: number) => string} */
function nameOfEntry(layer, entry) {
  const {label, categories = []} = layer.style.entries[entry];
  return categories.length ? categoryAt(layer, categories[0]).value : label;
}

/** @type {(layer: Layer, code: number) => Category} */
export function categoryAt(layer, code) {
  const column = columnOf(layer);
  return column ? {value: (column.raw ?? column.labels)[code], label: column.labels[code]} : {value: "", label: ""};
}

/** @type {(layer: Layer, code: number) => number} */
function entryWith(layer, code) {
  return layer.style.entries.findIndex((each) => each.categories?.includes(code));
}

// The column of the categories by which a layer is drawn.
/** @type {(layer: Layer) => import("./types.mjs").CodeColumn | null} */
export function columnOf(layer) {
  const column = layer.style.field === undefined ? null : layer.columns[layer.style.field];
  return column?.kind === "code" ? column : null;
}

/** @type {(keys: Set<string>, layers: Layer[]) => [layer: Layer, number: number][]} */
function numbered(keys, layers) {
  return [...keys].map((key) => {
    const [layer, number] = key.split(":").map(Number);
    return [layers[layer], number];
  });
}

/** @type {(set: Set<string>, key: string, within: boolean) => Set<string>} */
function switched(set, key, within) {
  const next = new Set(set);
  if (within) next.add(key);
  else next.delete(key);
  return next;
}
