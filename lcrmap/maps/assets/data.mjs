// The page's data: layers by column, as the inert block of JSON holds them, and how to read a cell.

import {distanceText, numberText, withUnit} from "./words.mjs";

export const SCALE = 100000; // positions are whole numbers of 1 / SCALE degree
const MISSING = -1;

// A layer as the page uses it: the columns of the block, with what is asked of them often made ready.
export function makeLayers(raw) {
  return raw.layers.map((layer, index) => ({
    ...layer,
    index,
    points: layer.x !== undefined,
    codes: layer.style.codes || null,
    aliases: layer.columns.find((column) => column.name === "aliases") || null,
    note: layer.columns.find((column) => column.name === "note") || null,
  }));
}

export function isPlaced(layer, row) {
  return layer.points ? layer.x[row] !== null : layer.parts[row] !== null;
}

export function entryOf(layer, row) {
  return layer.codes ? layer.codes[row] : 0;
}

export function sureOf(layer, row) {
  return Array.isArray(layer.sure) ? layer.sure[row] : 0;
}

export function cellText(column, row) {
  const value = column.values[row];
  if (column.kind === "code") return value === MISSING ? "" : column.labels[value];
  if (value === null) return "";
  if (column.kind === "number") return withUnit(numberText(value), column.unit);
  return value;
}

export function nameOf(layer, row, words) {
  const name = layer.label === null ? "" : cellText(layer.columns[layer.label], row);
  return name || words("table.row", {n: row + 1});
}

export function areaOf(layer, row) {
  return layer.area === null ? "" : cellText(layer.columns[layer.area], row);
}

export function categoryOf(layer, row) {
  const entries = layer.style.entries;
  if (entries.length < 2) return layer.title;
  const entry = entries[entryOf(layer, row)];
  return entry ? entry.label : layer.title;
}

// What one place is, where the legend's word is for many: "customs site", not "customs sites".
export function kindOf(layer, row) {
  const {field} = layer.style;
  return (field !== undefined && cellText(layer.columns[field], row)) || categoryOf(layer, row);
}

export function errorOf(layer, row) {
  if (layer.error === null || layer.columns[layer.error].kind !== "number") return 0;
  return layer.columns[layer.error].values[row] || 0;
}

export function positionText(layer, row, words) {
  if (!isPlaced(layer, row)) return words("position.unknown");
  const error = errorOf(layer, row);
  return error ? words("position.within", {distance: distanceText(error, words)}) : "";
}

// Only http and https may be linked, and only without blanks.
export function isLink(text) {
  return /^https?:\/\/[^\s<>"\\^`{|}]+$/.test(text);
}

export function sourceOf(layer, row, words) {
  if (!layer.source) return null;
  const [title, publisher, date, url] = layer.source.map((index) =>
    index === null ? "" : cellText(layer.columns[index], row));
  const text = [title, publisher, date].filter(Boolean).join(", ") || url || words("table.not_stated");
  return {text, address: url, link: isLink(url) ? url : ""};
}

// The longitude and latitude at which a feature is named, found and flown to; null without a position.
export function anchorOf(layer, row) {
  if (layer.points) return layer.x[row] === null ? null : [layer.x[row] / SCALE, layer.y[row] / SCALE];
  const anchor = layer.anchors.length ? layer.anchors[row] : null;
  if (anchor) return [anchor[0] / SCALE, anchor[1] / SCALE];
  if (layer.parts[row] === null) return null;
  const box = boxOf(layer.parts[row]);
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

// West, south, east, north of the parts of a feature, in degrees.
export function boxOf(parts) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    for (const [lon, lat] of part[0] === 0 ? [[part[1] / SCALE, part[2] / SCALE]] : lineOf(part[1])) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}

// Undo the packing of a line or ring: the first vertex in full, then the steps to each next one.
export function lineOf(steps) {
  const line = [];
  let x = 0, y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    line.push([x / SCALE, y / SCALE]);
  }
  return line;
}

export function sameRef(a, b) {
  return a === b || (a !== null && b !== null && a.layer === b.layer && a.row === b.row);
}
