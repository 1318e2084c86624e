// What the reader has chosen: one object, changed in one place, and its written form for the address.
/** @import {Choices, Layer, Listener, Ref, State} from "./types.mjs" */

/** @type {(layers: Layer[]) => State} */
export function makeState(layers) {
  /** @type {Listener[]} */
  const listeners = [];
  /** @type {Choices} */
  const state = {
    off: new Set(layers.filter((layer) => !layer.visible).map((layer) => layer.index)),
    without: new Set(), // "layer:entry" of categories that are switched off
    areas: new Set(), // names of areas; empty means all
    unsure: new Set(), // codes of confidence that are switched off
    selected: null, // {layer, row}
    group: null, // refs of the places of an opened disc
    everySymbol: false,
    everyRing: false,
    theme: "system",
    view: null, // [zoom, latitude, longitude] once the reader has moved the map
  };
  return {
    ...state,
    start: {off: new Set(state.off)},
    listen(listener) {
      listeners.push(listener);
    },
    change(changes) {
      Object.assign(this, changes);
      const names = new Set(Object.keys(changes));
      for (const listener of listeners) listener(names);
    },
  };
}

/** @type {(state: State) => boolean} */
export function isFiltered(state) {
  return state.without.size > 0 || state.areas.size > 0 || state.unsure.size > 0 || !equalSets(state.off, state.start.off);
}

// The written form: only what differs from the page as it opens.
/** @type {(state: State, layers: Layer[]) => string} */
export function writeState(state, layers) {
  /** @type {string[]} */
  const parts = [];
  /** @type {(name: string, value: string) => void} */
  const put = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
  if (state.view) put("at", state.view.join(","));
  /** @type {(set: Set<number>) => string} */
  const named = (set) => [...set].map((index) => layers[index].name).join(",");
  if (!equalSets(state.off, state.start.off)) put("off", named(state.off) || "-");
  if (state.without.size) put("without", [...state.without].join(","));
  if (state.areas.size) put("area", [...state.areas].join("|"));
  if (state.unsure.size) put("unsure", [...state.unsure].join(","));
  if (state.selected) put("place", `${layers[state.selected.layer].name}:${state.selected.row}`);
  if (state.everySymbol) put("symbols", "all");
  if (state.everyRing) put("rings", "all");
  if (state.theme !== "system") put("colours", state.theme);
  return parts.join("&");
}

// Read the written form; whatever does not fit the page is left out.
/** @type {(text: string, layers: Layer[]) => Partial<Choices>} */
export function readState(text, layers) {
  /** @type {Partial<Choices>} */
  const found = {};
  /** @type {Map<string, string>} */
  const given = new Map();
  for (const part of text.replace(/^#/, "").split("&")) {
    const [name, value = ""] = part.split("=");
    try {
      given.set(name, decodeURIComponent(value));
    } catch {
      // a broken escape: not ours
    }
  }
  /** @type {(name: string) => number} */
  const indexOf = (name) => layers.findIndex((layer) => layer.name === name);
  /** @type {(name: string, comma?: string) => string[]} */
  const list = (name, comma = ",") => (given.get(name) ?? "").split(comma).filter(Boolean);
  if (given.has("at")) {
    const view = list("at").map(Number);
    if (view.length === 3 && view.every(Number.isFinite)) found.view = [view[0], view[1], view[2]];
  }
  if (given.has("off")) found.off = new Set(list("off").map(indexOf).filter((index) => index >= 0));
  if (given.has("without")) found.without = new Set(list("without").filter((key) => isEntry(key, layers)));
  if (given.has("area")) found.areas = new Set(list("area", "|"));
  if (given.has("unsure")) found.unsure = new Set(list("unsure").map(Number).filter((code) => [0, 1, 2].includes(code)));
  const place = given.get("place");
  if (place !== undefined) found.selected = readPlace(place, layers, indexOf);
  if (given.get("symbols") === "all") found.everySymbol = true;
  if (given.get("rings") === "all") found.everyRing = true;
  const colours = given.get("colours");
  if (colours === "light" || colours === "dark") found.theme = colours;
  return found;
}

/** @type {(text: string, layers: Layer[], indexOf: (name: string) => number) => Ref | null} */
function readPlace(text, layers, indexOf) {
  const cut = text.lastIndexOf(":");
  const layer = indexOf(text.slice(0, cut));
  const row = Number(text.slice(cut + 1));
  const known = layer >= 0 && Number.isInteger(row) && row >= 0 && row < layers[layer].total;
  return known ? {layer, row} : null;
}

/** @type {(key: string, layers: Layer[]) => boolean} */
function isEntry(key, layers) {
  const [layer, entry] = key.split(":").map(Number);
  return Boolean(layers[layer] && layers[layer].style.entries[entry]);
}

/** @type {<T>(a: Set<T>, b: Set<T>) => boolean} */
function equalSets(a, b) {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
