// What the reader has chosen: one object, changed in one place, and its written form for the address. The form names
// places by their keys and categories by their labels, so that it means the same after a row was added.
/** @import {Choices, Layer, Listener, Ref, State} from "./types.mjs" */

import {readCategories, writeCategories} from "./categories.mjs";
import {SURE, cellText, keyOf} from "./data.mjs";
import {areaChoices} from "./filters.mjs";

const BY_NAME = "@"; // before the name of a place whose layer has no keys
const BY_NUMBER = "~"; // before the row number of one that shares its name with another

// The choices with which a page opens.
/** @type {(layers: Layer[]) => Choices} */
export function firstChoices(layers) {
  return {
    off: new Set(layers.filter((layer) => !layer.visible).map((layer) => layer.index)),
    without: new Set(), // "layer:entry" of entries of the legend that are switched off
    apart: new Set(), // "layer:code" of categories that are switched the other way than the entry that they share
    areas: new Set(), // names of areas; empty means all
    unsure: new Set(), // codes of confidence that are switched off
    selected: null, // {layer, row}
    group: null, // refs of the places of an opened disc
    everySymbol: false,
    everyRing: false,
    theme: "system",
    view: null, // [zoom, latitude, longitude] once the reader has moved the map
  };
}

/** @type {(layers: Layer[]) => State} */
export function makeState(layers) {
  /** @type {Listener[]} */
  const listeners = [];
  const state = firstChoices(layers);
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

// What is off once one of several alternatives is chosen: all layers of the others, and none of its own.
/** @type {(layers: Layer[], off: Set<number>, choice: string) => Set<number>} */
export function choose(layers, off, choice) {
  const next = new Set(off);
  for (const layer of layers) {
    if (!layer.choice) continue;
    if (layer.choice === choice) next.delete(layer.index);
    else next.add(layer.index);
  }
  return next;
}

/** @type {(state: State) => boolean} */
export function isFiltered(state) {
  return state.without.size > 0 || state.apart.size > 0 || state.areas.size > 0 || state.unsure.size > 0 || !equalSets(state.off, state.start.off);
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
  for (const [name, list] of Object.entries(writeCategories(state, layers))) {
    if (list.length) put(name, list.map(encodeURIComponent).join(","));
  }
  if (state.areas.size) put("area", [...state.areas].map(encodeURIComponent).join("|"));
  if (state.unsure.size) put("unsure", [...state.unsure].map((code) => SURE[code]).join(","));
  if (state.selected) put("place", writePlace(state.selected, layers));
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
    const plain = decoded(value);
    if (plain !== null) given.set(name, plain);
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
  if (["without", "with", "others"].some((name) => given.has(name))) {
    /** @type {(name: string) => [layer: Layer | null, rest: string][]} */
    const named = (name) => list(name).map((each) => split(decoded(each) ?? "", layers));
    const others = list("others").map((each) => indexOf(decoded(each) ?? ""));
    Object.assign(found, readCategories({without: named("without"), with: named("with"), others}, layers));
  }
  if (given.has("area")) {
    const known = new Set(areaChoices(layers).map(([name]) => name));
    found.areas = new Set(list("area", "|").map((name) => decoded(name) ?? "").filter((name) => known.has(name)));
  }
  if (given.has("unsure")) found.unsure = new Set(list("unsure").map((name) => SURE.findIndex((one) => one === name)).filter((code) => code >= 0));
  const place = given.get("place");
  if (place !== undefined) found.selected = readPlace(place, layers);
  if (given.get("symbols") === "all") found.everySymbol = true;
  if (given.get("rings") === "all") found.everyRing = true;
  const colours = given.get("colours");
  if (colours === "light" || colours === "dark") found.theme = colours;
  return found;
}

/** @type {(ref: Ref, layers: Layer[]) => string} */
function writePlace({layer, row}, layers) {
  return `${layers[layer].name}:${placeNames(layers[layer])(row)}`;
}

/** @type {(text: string, layers: Layer[]) => Ref | null} */
function readPlace(text, layers) {
  const [layer, wanted] = split(text, layers);
  if (!layer) return null;
  const nameOf = placeNames(layer);
  for (let row = 0; row < layer.total; row += 1) {
    if (nameOf(row) === wanted) return {layer: layer.index, row};
  }
  return null;
}

// What stands for a row in the address: its key, else its name if no other row has it, else its number.
/** @type {(layer: Layer) => (row: number) => string} */
function placeNames(layer) {
  /** @type {(row: number) => string} */
  const name = (row) => (layer.label === null ? "" : cellText(layer.columns[layer.label], row));
  /** @type {Map<string, number>} */
  const times = new Map();
  if (layer.key === null) for (let row = 0; row < layer.total; row += 1) times.set(name(row), (times.get(name(row)) ?? 0) + 1);
  return (row) => keyOf(layer, row) || (name(row) && times.get(name(row)) === 1 ? `${BY_NAME}${name(row)}` : `${BY_NUMBER}${row}`);
}

// The layer whose name begins a text, and what stands behind its colon.
/** @type {(text: string, layers: Layer[]) => [layer: Layer | null, rest: string]} */
function split(text, layers) {
  const [layer] = layers.filter((each) => text.startsWith(`${each.name}:`)).sort((a, b) => b.name.length - a.name.length);
  return layer ? [layer, text.slice(layer.name.length + 1)] : [null, ""];
}

/** @type {(text: string) => string | null} */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a broken escape: not ours
  }
}

/** @type {<T>(a: Set<T>, b: Set<T>) => boolean} */
function equalSets(a, b) {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
