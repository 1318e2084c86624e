// The catalogue of words, as the Python side reads it: plurals by `n`, numbers as readers write them.

const GROUPED_FROM = 10000; // below it a number may be a year

export function numberText(value, {year = true} = {}) {
  if (!Number.isFinite(value)) return String(value);
  const grouped = !year || Math.abs(value) >= GROUPED_FROM;
  const text = new Intl.NumberFormat("en-GB", {maximumFractionDigits: 6, useGrouping: grouped}).format(value);
  return text === "-0" ? "0" : text.replace("-", "\u2212");
}

// A per cent sign is closed up, a word or an abbreviation stands after a space.
export function withUnit(text, unit) {
  if (!unit) return text;
  return unit.startsWith("%") ? `${text}${unit}` : `${text} ${unit}`;
}

export function makeWords(entries) {
  return function words(key, values = {}) {
    let text = entries[key];
    if (text === undefined) throw new Error(`No words for ${key}`);
    if (typeof text !== "string") text = pluralForm(text, values.n);
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      if (!(name in values)) return whole;
      const value = values[name];
      return typeof value === "number" ? numberText(value, {year: false}) : String(value);
    });
  };
}

function pluralForm(forms, n) {
  if (n === 0 && forms.zero !== undefined) return forms.zero;
  return n === 1 ? forms.one : forms.other;
}

// Below 1 km to 10 m, from there to 0.1 km; below 10 m as it is.
export function distanceText(metres, words) {
  if (metres < 1000) return words("distance.m", {n: metres >= 10 ? Math.round(metres / 10) * 10 : Math.round(metres)});
  return words("distance.km", {n: Math.round(metres / 100) / 10});
}
