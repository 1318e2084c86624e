// What the reader has chosen: one object, changed in one place, and its written form for the address.

export function makeState(layers) {
  const listeners = [];
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
    change(changes, by = "") {
      Object.assign(this, changes);
      const names = new Set(Object.keys(changes));
      for (const listener of listeners) listener(names, by);
    },
  };
}

export function isFiltered(state) {
  return state.without.size > 0 || state.areas.size > 0 || state.unsure.size > 0 || !equalSets(state.off, state.start.off);
}

// The written form: only what differs from the page as it opens.
export function writeState(state, layers) {
  const parts = [];
  const put = (name, value) => parts.push(`${name}=${encodeURIComponent(value)}`);
  if (state.view) put("at", state.view.join(","));
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
export function readState(text, layers) {
  const found = {};
  const given = new Map();
  for (const part of text.replace(/^#/, "").split("&")) {
    const [name, value = ""] = part.split("=");
    try {
      given.set(name, decodeURIComponent(value));
    } catch {
      // a broken escape: not ours
    }
  }
  const indexOf = (name) => layers.findIndex((layer) => layer.name === name);
  const list = (name, comma = ",") => given.get(name).split(comma).filter(Boolean);
  if (given.has("at")) {
    const view = list("at").map(Number);
    if (view.length === 3 && view.every(Number.isFinite)) found.view = view;
  }
  if (given.has("off")) found.off = new Set(list("off").map(indexOf).filter((index) => index >= 0));
  if (given.has("without")) found.without = new Set(list("without").filter((key) => isEntry(key, layers)));
  if (given.has("area")) found.areas = new Set(list("area", "|"));
  if (given.has("unsure")) found.unsure = new Set(list("unsure").map(Number).filter((code) => [0, 1, 2].includes(code)));
  if (given.has("place")) found.selected = readPlace(given.get("place"), layers, indexOf);
  if (given.get("symbols") === "all") found.everySymbol = true;
  if (given.get("rings") === "all") found.everyRing = true;
  if (["light", "dark"].includes(given.get("colours"))) found.theme = given.get("colours");
  return found;
}

function readPlace(text, layers, indexOf) {
  const cut = text.lastIndexOf(":");
  const layer = indexOf(text.slice(0, cut));
  const row = Number(text.slice(cut + 1));
  const known = layer >= 0 && Number.isInteger(row) && row >= 0 && row < layers[layer].total;
  return known ? {layer, row} : null;
}

function isEntry(key, layers) {
  const [layer, entry] = key.split(":").map(Number);
  return Boolean(layers[layer] && layers[layer].style.entries[entry]);
}

function equalSets(a, b) {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
