// What a change did, field by field, and how it is told. No document here: Node tests it.
/** @import {Change, Feature, FieldChange, LiveWords} from "./livetypes.mjs" */

const MOST_FIELDS = 3; // fields of a change that are named
const LONGEST_QUOTE = 60; // characters of a value that are quoted

/** @type {(a: unknown, b: unknown) => boolean} */
export function alike(a, b) {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Array.isArray(a) === Array.isArray(b) && [...keys].every((key) =>
    alike(/** @type {Record<string, unknown>} */ (a)[key], /** @type {Record<string, unknown>} */ (b)[key]));
}

// The fields in which two versions of a feature differ, in the order of the later one; the position is the field "geometry".
/** @type {(was: Feature | null, now: Feature | null) => FieldChange[]} */
export function changedFields(was, now) {
  const before = {...was?.properties}, after = {...now?.properties};
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  /** @type {FieldChange[]} */
  const found = [...names].filter((name) => !alike(before[name], after[name]))
    .map((name) => ({name, was: before[name] ?? null, now: after[name] ?? null}));
  const [from, to] = [was?.geometry ?? null, now?.geometry ?? null];
  return alike(from, to) ? found : [{name: "geometry", was: from, now: to}, ...found];
}

/** @type {(value: unknown) => string} */
export function valueWords(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? shapeWords(/** @type {import("./livetypes.mjs").Geometry} */ (value)) : String(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}\u2026` : text;
}

// A position as people write it, latitude first; of a line or area how many corners it has.
/** @type {(geometry: import("./livetypes.mjs").Geometry) => string} */
function shapeWords({type, coordinates}) {
  if (type === "Point") return `${coordinates[1].toFixed(5)}, ${coordinates[0].toFixed(5)}`;
  return `${type} (${JSON.stringify(coordinates).match(/\[-?\d/g)?.length ?? 0})`;
}

// A change as a sentence: who did what to which feature. `fields` are the names of those that changed.
/** @type {(change: Change, kind: string, titles: Record<string, string>, words: LiveWords) => string} */
export function changeSentence({who, kind, name, fields = [], remark = ""}, what, titles, words) {
  const values = {who: who || words("live.somebody"), name: name ?? ""};
  if (what === "comment") return words(kind === "create" ? "live.did_comment" : "live.did_settle", values);
  if (remark.startsWith("undo")) return words("live.did_undo", values);
  if (kind === "create") return words("live.did_create", values);
  if (kind === "delete") return words("live.did_delete", values);
  const named = fields.filter((field) => field !== "geometry").map((field) => titles[field] ?? field);
  const listed = named.slice(0, MOST_FIELDS).join(", ") + (named.length > MOST_FIELDS ? ` ${words("live.more", {n: named.length - MOST_FIELDS})}` : "");
  if (fields.includes("geometry")) return named.length ? words("live.did_move_and", {...values, fields: listed}) : words("live.did_move", values);
  return named.length ? words("live.did_change", {...values, fields: listed}) : words("live.did_nothing", values);
}

// What a screen reader hears of changes that came together: up to two in full, of more how many.
/** @type {(sentences: string[], words: LiveWords) => string} */
export function together(sentences, words) {
  if (sentences.length <= 2) return sentences.join(" ");
  return words("live.several", {n: sentences.length, last: sentences[sentences.length - 1]});
}
