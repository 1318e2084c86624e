// A layer's data put in the place of older ones, row by row by their keys. No document here: Node tests it.
/** @import {Layer, LayerData, Renewed} from "../../maps/assets/types.mjs" */

import {entryOf, exactText, makeLayers, sureOf} from "../../maps/assets/data.mjs";
import {alike} from "./changes.mjs";

// What names a row in the server's addresses: its key, as it stands in the data.
/** @type {(layer: Layer, row: number) => string} */
export function idOf(layer, row) {
  return layer.key === null ? String(row + 1) : exactText(layer.columns[layer.key], row);
}

/** @type {(layer: Layer, id: string) => number} */
export function rowOfId(layer, id) {
  for (let row = 0; row < layer.total; row += 1) if (idOf(layer, row) === id) return row;
  return -1;
}

// Put fresh data into a layer; null if its columns, its legend or the way it is drawn are others, so that a page has to be made anew.
/** @type {(layer: Layer, fresh: LayerData) => Renewed | null} */
export function renewLayer(layer, fresh) {
  const [next] = makeLayers({layers: [fresh]});
  /** @type {(one: Layer) => unknown} */
  const frame = (one) => [one.points, one.columns.map(({name, title}) => [name, title]), one.style.entries.map(({label}) => label), one.key, one.area];
  if (!alike(frame(layer), frame(next))) return null;
  const before = new Map(Array.from({length: layer.total}, (_, row) => [idOf(layer, row), row]));
  /** @type {Renewed} */
  const renewed = {rows: new Map(), changed: new Set()};
  for (let row = 0; row < next.total; row += 1) {
    const old = before.get(idOf(next, row));
    if (old !== undefined) renewed.rows.set(old, row);
    if (old === undefined || !alike(rowData(layer, old), rowData(next, row))) renewed.changed.add(row);
  }
  const gone = Object.keys(layer).filter((name) => !(name in next));
  gone.forEach((name) => Reflect.deleteProperty(layer, name));
  Object.assign(layer, next, {index: layer.index});
  return renewed;
}

/** @type {(layer: Layer, row: number) => unknown} */
function rowData(layer, row) {
  const place = layer.points ? [layer.x[row], layer.y[row]] : layer.parts[row];
  return [place, sureOf(layer, row), entryOf(layer, row), layer.also?.rows[row], ...layer.columns.map((column) => exactText(column, row))];
}
