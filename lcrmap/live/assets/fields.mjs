// The fields of a form, out of a layer's JSON schema: what is asked, how a text becomes a value and back. Node tests it.
/** @import {FormField, Geometry, Schema} from "./livetypes.mjs" */

import {alike} from "./changes.mjs";

const LONG_TEXT = 60; // characters from which a text gets several lines

// `called` says what the values of some fields are called.
/** @type {(schema: Schema, called?: Record<string, Record<string, string>>) => FormField[]} */
export function fieldsOf(schema, called = {}) {
  const needed = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    if (one["x-ogc-role"] === "primary-geometry" || one.format?.startsWith("geometry")) return [];
    const types = [one.type ?? "string"].flat().filter((type) => type !== "null");
    const choices = one.enum ? one.enum.filter((value) => value !== null).map((value) => ({value, label: called[name]?.[String(value)] ?? String(value)})) : null;
    return [{
      name, title: one.title ?? name, hint: one.description ?? "", choices, type: one.format === "date" ? "date" : types[0] ?? "string",
      needed: needed.has(name), fixed: Boolean(one.readOnly) || one["x-ogc-role"] === "id",
      ...(one.minimum === undefined ? {} : {least: one.minimum}), ...(one.maximum === undefined ? {} : {most: one.maximum}),
    }];
  });
}

/** @type {(field: FormField, text: string) => {value: unknown} | {fault: "live.fault_number" | "live.fault_whole" | "live.fault_needed"}} */
export function readField({type, choices, needed}, text) {
  const written = text.trim();
  if (!written) return needed ? {fault: "live.fault_needed"} : {value: null};
  if (choices) return {value: choices.find(({value}) => String(value) === written)?.value ?? written};
  if (type === "boolean") return {value: written === "true"};
  if (type !== "number" && type !== "integer") return {value: written};
  const plain = written.replace(/[,\u00a0\u2009 ](?=\d{3}(?!\d))/g, "").replace("\u2212", "-");
  const number = Number(plain);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) || !Number.isFinite(number)) return {fault: "live.fault_number"};
  return type === "integer" && !Number.isInteger(number) ? {fault: "live.fault_whole"} : {value: number};
}

/** @type {(value: unknown) => string} */
export function writeField(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @type {(text: string) => boolean} */
export function isLong(text) {
  return text.length > LONG_TEXT || text.includes("\n");
}

// A line or area as lines of text, a corner each, longitude first; an empty line parts rings and parts.
/** @type {(geometry: Geometry) => string} */
export function cornersText({coordinates}) {
  /** @type {(level: any) => string[]} */
  const chains = (level) => (typeof level[0]?.[0] === "number" ? [level.map((/** @type {number[]} */ [x, y]) => `${x}, ${y}`).join("\n")] : level.flatMap(chains));
  return typeof coordinates[0] === "number" ? coordinates.slice(0, 2).join(", ") : chains(coordinates).join("\n\n");
}

// The geometry that such a text means, in the nesting of the one it stands for; null if the lines do not fit it.
/** @type {(text: string, was: Geometry) => Geometry | null} */
export function readCorners(text, was) {
  const chains = text.trim().split(/\n\s*\n/).map((part) => part.trim().split("\n").map((line) => line.split(",").map((one) => (one.trim() ? Number(one) : NaN))));
  if (chains.some((chain) => chain.some((spot) => spot.length !== 2 || !spot.every(Number.isFinite)))) return null;
  // A ring ends where it begins, whether this was written or not.
  if (was.type.endsWith("Polygon")) for (const ring of chains) if (!alike(ring[0], ring[ring.length - 1])) ring.push([...ring[0]]);
  let next = 0;
  /** @type {(level: any) => any} */
  const fill = (level) => {
    if (typeof level[0]?.[0] !== "number") return level.map(fill);
    next += 1;
    return chains[next - 1];
  };
  const coordinates = fill(was.coordinates);
  return next === chains.length ? {type: was.type, coordinates} : null;
}

// A position some metres away; a degree of latitude is 111.2 km, one of longitude as much less as its parallel is shorter.
/** @type {(at: [lon: number, lat: number], east: number, north: number) => [lon: number, lat: number]} */
export function stepped([lon, lat], east, north) {
  const degree = 111_195;
  const round = (/** @type {number} */ one) => Number(one.toFixed(6));
  return [round(lon + east / (degree * Math.cos((lat * Math.PI) / 180))), round(lat + north / degree)];
}
