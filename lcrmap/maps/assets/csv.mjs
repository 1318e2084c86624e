// The CSV that a table is saved as: what the data say, cell by cell, so that it can be read again; see io/writers/csv.py.
/** @import {Layer, Words} from "./types.mjs" */

import {anchorOf, exactText} from "./data.mjs";
import {make} from "./elements.mjs";

const PLACE = ["longitude", "latitude"];
const FORMULA = new Set("=+-@");
const NUMBER = /^[ \t\n\r\f\v]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\n\r\f\v]*$/;
const SEPARATED = /^[+-][0-9]+([.,][0-9]+)+$/; // -2,95 and -1,234.5
const BEFORE = /^[ \u00a0\u3000\ufeff\u200b\t\r\n]+/; // spaces that do not keep a formula from being one

// Whether a spreadsheet may take a text for a formula, or a reader of ours one for a guarded text: the same rule as
// in our files.
/** @type {(cell: string) => boolean} */
export function isFormula(cell) {
  const text = cell.replace(/^'+/, "");
  if (NUMBER.test(text) || text === "-") return false;
  if (SEPARATED.test(text)) return text !== cell;
  if (text.startsWith("\t") || text.startsWith("\r")) return true;
  const [first] = text.replace(BEFORE, "");
  return first !== undefined && FORMULA.has(first.normalize("NFKC")[0]);
}

// Every column of some rows, with longitude and latitude if no columns of its own say where its points are; rows that
// stand for no feature close it where all rows are wanted.
/** @type {(layer: Layer, rows?: number[]) => string} */
export function csvOf(layer, rows) {
  const names = layer.columns.map((column) => column.name);
  const placed = addsPositions(layer);
  const lines = [[...names, ...(placed ? PLACE : [])]];
  for (const row of rows ?? Array.from({length: layer.total}, (_, each) => each)) {
    const cells = layer.columns.map((column) => exactText(column, row));
    if (placed) cells.push(...placeOf(layer, row));
    lines.push(cells);
  }
  if (!rows) {
    for (const cells of layer.closing ?? []) lines.push([...cells.map((cell) => String(cell ?? "")), ...(placed ? ["", ""] : [])]);
  }
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** @type {(layer: Layer) => boolean} */
export function addsPositions(layer) {
  return layer.points && layer.placed > 0 && !layer.stated && !layer.columns.some((column) => PLACE.includes(column.name));
}

/** @type {(text: string) => string} */
function quoted(text) {
  const safe = isFormula(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

// Under a table: a button that saves all of it, and while filters hide rows one that saves those that they leave.
/** @type {(frame: HTMLElement, layer: Layer, words: Words, shown: () => number[]) => {show(): void}} */
export function addDownloads(frame, layer, words, shown) {
  const all = make("button", {type: "button", onclick: () => save(layer)}, words("table.download", {title: layer.title}));
  const some = make("button", {type: "button", hidden: true, onclick: () => save(layer, [...shown()].sort((a, b) => a - b))});
  const hint = addsPositions(layer) ? make("span", {class: "hint"}, words("table.download_positions")) : null;
  frame.after(make("p", {class: "table-tools"}, all, some, hint));
  return {
    show() {
      const n = shown().length;
      some.hidden = n === 0 || n === layer.total;
      some.textContent = words("table.download_shown", {n});
    },
  };
}

/** @type {(layer: Layer, rows?: number[]) => void} */
function save(layer, rows) {
  const link = make("a", {download: `${layer.name}.csv`});
  link.href = URL.createObjectURL(new Blob(["\ufeff", csvOf(layer, rows)], {type: "text/csv"}));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Where a point is, as texts; the map has what lies beyond the 180th meridian past 180 degrees.
/** @type {(layer: Layer, row: number) => string[]} */
function placeOf(layer, row) {
  const at = anchorOf(layer, row);
  if (!at) return ["", ""];
  const [lon, lat] = at;
  return [String(lon > 180 ? Number((lon - 360).toFixed(5)) : lon), String(lat)];
}
