// The page's data: layers by column, as the inert block of JSON holds them, and how to read a cell.
/** @import {Box, Column, Layer, LayerData, PageData, Part, Ref, Spot, Words} from "./types.mjs" */

import {distanceText, groupedText, numberText, withUnit} from "./words.mjs";

export const SCALE = 100000; // positions are whole numbers of 1 / SCALE degree
export const SURE = /** @type {const} */ (["confirmed", "reported", "reconstructed"]); // by code
const MISSING = -1;

// A layer as the page uses it: the columns of the block, with what is asked of them often made ready.
/** @type {(raw: Pick<PageData, "layers"> & Partial<Pick<PageData, "bounds">>) => Layer[]} */
export function makeLayers(raw) {
  return raw.layers.map((layer, index) => /** @type {Layer} */ ({
    ...layer,
    ...(layer.part === "places" && raw.bounds && raw.bounds[2] > 180 ? turned(layer, raw.bounds[0]) : {}),
    index,
    points: layer.x !== undefined,
    codes: layer.style.codes || null,
    answers: layer.answering ? new Set(layer.answering) : null,
    aliases: layer.columns.find((column) => column.name === "aliases") || null,
  }));
}

// A view across the 180th meridian: what lies beyond it goes on eastward, past 180 degrees.
/** @type {(layer: LayerData, west: number) => object} */
function turned(layer, west) {
  /** @type {(x: number) => number} */
  const eastward = (x) => (x / SCALE < west ? x + 360 * SCALE : x);
  if (layer.x) return {x: layer.x.map((one) => one === null ? null : eastward(one))};
  /** @type {(steps: number[]) => number[]} */
  const shifted = ([x, ...steps]) => [eastward(x), ...steps];
  /** @type {(part: Part) => Part} */
  const moved = (part) => {
    if (part[0] === 0) return [0, eastward(part[1]), part[2]];
    return part[0] === 1 ? [1, shifted(part[1])] : [2, ...part.slice(1).map((ring) => shifted(/** @type {number[]} */ (ring)))];
  };
  return {
    parts: layer.parts?.map((parts) => parts && parts.map(moved)),
    anchors: layer.anchors.map((spot) => spot && [eastward(spot[0]), spot[1]]),
  };
}

/** @type {(layer: Layer, row: number) => boolean} */
export function isPlaced(layer, row) {
  return layer.points ? layer.x[row] !== null : layer.parts[row] !== null;
}

// Whether the answer speaks of a row, and not of all of its layer alike: it is named, and the others are drawn faintly.
/** @type {(layer: Layer, row: number) => boolean} */
export function isAnswer(layer, row) {
  return layer.answers !== null && layer.answers.has(row);
}

/** @type {(layer: Layer, row: number) => number} */
export function entryOf(layer, row) {
  return layer.codes ? layer.codes[row] : 0;
}

/** @type {(layer: Layer, row: number) => number} */
export function sureOf(layer, row) {
  return Array.isArray(layer.sure) ? layer.sure[row] : 0;
}

/** @type {(column: Column, row: number) => string} */
export function cellText(column, row) {
  if (column.kind === "code") return column.values[row] === MISSING ? "" : column.labels[column.values[row]];
  const value = column.values[row];
  if (value === null) return "";
  if (typeof value !== "number") return value;
  if (column.plain) return exactText(column, row);
  const long = column.exact?.[row];
  return withUnit(long ? groupedText(long) : numberText(value, column.decimals), column.unit);
}

// A cell as it stands in the data: what a label or a number for readers stands for.
/** @type {(column: Column, row: number) => string} */
export function exactText(column, row) {
  if (column.kind === "code") return column.values[row] === MISSING ? "" : (column.raw ?? column.labels)[column.values[row]];
  if (column.kind === "number" && column.exact?.[row]) return column.exact[row];
  return String(column.values[row] ?? "");
}

/** @type {(layer: Layer, row: number, words: Words) => string} */
export function nameOf(layer, row, words) {
  const name = layer.label === null ? "" : cellText(layer.columns[layer.label], row);
  const apart = layer.apart?.[row]; // of the areas that share a name
  return apart ? `${name} (${apart})` : name || words("table.row", {n: row + 1});
}

// What names a row for good, whatever its number; empty if its layer has no keys.
/** @type {(layer: Layer, row: number) => string} */
export function keyOf(layer, row) {
  return layer.key === null ? "" : cellText(layer.columns[layer.key], row);
}

/** @type {(layer: Layer, row: number) => string} */
export function areaOf(layer, row) {
  return layer.area === null ? "" : cellText(layer.columns[layer.area], row);
}

/** @type {(layer: Layer, row: number) => string} */
export function categoryOf(layer, row) {
  const entries = layer.style.entries;
  if (entries.length < 2) return layer.title;
  const entry = entries[entryOf(layer, row)];
  return entry ? entry.label : layer.title;
}

// What one place is, where the legend's word is for many: "customs site", not "customs sites".
/** @type {(layer: Layer, row: number) => string} */
export function kindOf(layer, row) {
  const {field} = layer.style;
  return (field !== undefined && cellText(layer.columns[field], row)) || categoryOf(layer, row);
}

// The number for which a feature is shaded or sized: "Residents 3,120"; of a divided circle its parts too.
/** @type {(layer: Layer, row: number, words: Words) => string} */
export function valueText(layer, row, words) {
  const {value} = layer.style;
  if (value === undefined) return "";
  const column = layer.columns[value];
  const unknown = layer.style.entries[entryOf(layer, row)]?.label ?? words("legend.no_data"); // as the legend calls it
  const whole = `${column.title} ${cellText(column, row) || unknown}`;
  const parts = layer.style.kind === "circle" ? layer.style.parts?.[row] ?? [] : [];
  const entries = layer.style.entries.slice(-parts.length || layer.style.entries.length);
  const said = parts.flatMap((part, number) => (part ? [`${entries[number].label} ${numberText(part)}`] : []));
  return said.length ? words("map.parts", {whole, parts: said.join("; ")}) : whole;
}

/** @type {(layer: Layer, row: number) => number} */
export function errorOf(layer, row) {
  const column = layer.error === null ? null : layer.columns[layer.error];
  return (column?.kind === "number" && column.values[row]) || 0;
}

/** @type {(layer: Layer, row: number, words: Words) => string} */
export function positionText(layer, row, words) {
  if (!isPlaced(layer, row)) return words("position.unknown");
  const error = errorOf(layer, row);
  return error ? words("position.within", {distance: distanceText(error, words)}) : "";
}

// Only http and https may be linked, and only without blanks.
/** @type {(text: string) => boolean} */
export function isLink(text) {
  return /^https?:\/\/[^\s<>"\\^`{|}]+$/.test(text);
}

/** @type {(layer: Layer, row: number, words: Words) => {text: string, address: string, link: string} | null} */
export function sourceOf(layer, row, words) {
  if (!layer.source) return null;
  const [title, publisher, date, url] = layer.source.map((index) =>
    index === null ? "" : cellText(layer.columns[index], row));
  const text = [title, publisher, date].filter(Boolean).join(", ") || url || words("table.not_stated");
  return {text, address: url, link: isLink(url) ? url : ""};
}

// The longitude and latitude at which a feature is named, found and flown to; null without a position.
/** @type {(layer: Layer, row: number) => Spot | null} */
export function anchorOf(layer, row) {
  if (layer.points) {
    const x = layer.x[row], y = layer.y[row];
    return x === null || y === null ? null : [x / SCALE, y / SCALE];
  }
  const anchor = layer.anchors.length ? layer.anchors[row] : null;
  if (anchor) return [anchor[0] / SCALE, anchor[1] / SCALE];
  const parts = layer.parts[row];
  if (parts === null) return null;
  if (parts.length === 1 && parts[0][0] === 1) return halfwayOn(lineOf(parts[0][1]));
  const box = boxOf(parts);
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

// The point of a line that is as far from its one end as from its other.
/** @type {(line: Spot[]) => Spot} */
export function halfwayOn(line) {
  const wide = Math.cos(line[0][1] * Math.PI / 180); // a degree of longitude, in degrees of latitude
  const lengths = line.slice(1).map(([x, y], i) => Math.hypot((x - line[i][0]) * wide, y - line[i][1]));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2, i = 0;
  while (i < lengths.length - 1 && left > lengths[i]) {
    left -= lengths[i];
    i += 1;
  }
  const share = lengths[i] ? left / lengths[i] : 0, [from, to] = [line[i], line[i + 1] ?? line[i]];
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}

// The same of a feature that has a position, as Leaflet asks for it: latitude first.
/** @type {(layer: Layer, row: number) => Spot} */
export function latLngOf(layer, row) {
  const [lon, lat] = /** @type {Spot} */ (anchorOf(layer, row));
  return [lat, lon];
}

// West, south, east, north of the parts of a feature, in degrees.
/** @type {(parts: Part[]) => Box} */
export function boxOf(parts) {
  /** @type {Box} */
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
/** @type {(steps: number[]) => Spot[]} */
export function lineOf(steps) {
  /** @type {Spot[]} */
  const line = [];
  let x = 0, y = 0;
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i];
    y += steps[i + 1];
    line.push([x / SCALE, y / SCALE]);
  }
  return line;
}

/** @type {(a: Ref | null, b: Ref | null) => boolean} */
export function sameRef(a, b) {
  return a === b || (a !== null && b !== null && a.layer === b.layer && a.row === b.row);
}
