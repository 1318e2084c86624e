// The catalogue of words, as the Python side reads it: plurals by `n`, numbers as readers write them.
/** @import {Catalogue, Plurals, Words} from "./types.mjs" */

const DECIMALS = 6;

// Written by hand as the Python side does: the first call of Intl.NumberFormat alone takes longer than drawing the map.
/** @type {(value: number, decimals?: number) => string} */
export function numberText(value, decimals = 0) {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const fixed = Number.isInteger(size) ? BigInt(size).toString() : size.toFixed(DECIMALS).replace(/\.?0+$/, "");
  const [whole, rest = ""] = fixed.split(".");
  const after = rest.padEnd(decimals, "0");
  return `${value < 0 && fixed !== "0" ? "\u2212" : ""}${groupedText(whole)}${after && `.${after}`}`;
}

// Put the thousands of a whole number apart.
/** @type {(digits: string) => string} */
export function groupedText(digits) {
  return digits.replace("-", "\u2212").replace(/\B(?=(\d{3})+$)/g, ",");
}

// A per cent sign is closed up, a word or an abbreviation stands after a space.
/** @type {(text: string, unit?: string) => string} */
export function withUnit(text, unit) {
  if (!unit) return text;
  return unit.startsWith("%") ? `${text}${unit}` : `${text} ${unit}`;
}

/** @type {(entries: Catalogue) => Words} */
export function makeWords(entries) {
  return function words(key, values = {}) {
    let text = entries[key];
    if (text === undefined) throw new Error(`No words for ${key}`);
    if (typeof text !== "string") text = pluralForm(text, values.n);
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      if (!(name in values)) return whole;
      const value = values[name];
      return typeof value === "number" ? numberText(value) : String(value);
    });
  };
}

/** @type {(forms: Plurals, n?: string | number) => string} */
function pluralForm(forms, n) {
  if (n === 0 && forms.zero !== undefined) return forms.zero;
  return n === 1 ? forms.one : forms.other;
}

// Join items into a list for a sentence: "a, b and c".
/** @type {(items: string[], words: Words) => string} */
export function several(items, words) {
  const last = items.slice(-1).join("");
  return items.length < 2 ? last : `${items.slice(0, -1).join(words("list.comma"))}${words("list.and")}${last}`;
}

// Below 1 km to 10 m, from there to 0.1 km; below 10 m as it is.
/** @type {(metres: number, words: Words) => string} */
export function distanceText(metres, words) {
  if (metres < 1000) return words("distance.m", {n: metres >= 10 ? Math.round(metres / 10) * 10 : Math.round(metres)});
  return words("distance.km", {n: Math.round(metres / 100) / 10});
}
