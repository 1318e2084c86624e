import assert from "node:assert/strict";
import test from "node:test";

import {idOf, renewLayer, rowOfId} from "../../../lcrmap/live/assets/renewing.mjs";
import {makeLayers} from "../../../lcrmap/maps/assets/data.mjs";

const block = (ids, names, xs, more = {}) => ({
  name: "works", title: "Works", part: "places", visible: true, one: "work", many: "works", total: ids.length, placed: ids.length,
  columns: [{name: "id", title: "Id", kind: "text", values: ids}, {name: "name", title: "Name", kind: "text", values: names}],
  main: [1], label: 1, key: 0, area: null, error: null, source: null, sure: false, anchors: [],
  style: {kind: "symbol", codes: 0, entries: [{label: "works", shape: "circle", hue: "rose", count: ids.length}]}, x: xs, y: xs, ...more});
const layerOf = (raw) => Object.assign(makeLayers({layers: [raw]})[0], {index: 4});

test("rows go by their keys: one moved, one new in between, one gone", () => {
  const layer = layerOf(block(["a", "b", "d"], ["A", "B", "D"], [1, 2, 3], {also: {areas: [], rows: {}}}));
  const renewed = renewLayer(layer, block(["a", "c", "d"], ["A", "C", "D"], [1, 5, 9]));
  assert.deepEqual([...renewed.rows], [[0, 0], [2, 2]]);
  assert.deepEqual([...renewed.changed], [1, 2]);
  assert.deepEqual([layer.total, layer.index, layer.x[2], "also" in layer], [3, 4, 9, false]);
  assert.deepEqual([idOf(layer, 1), rowOfId(layer, "d"), rowOfId(layer, "b")], ["c", 2, -1]);
});

test("nothing is changed where nothing is another", () => {
  const raw = block(["a", "b"], ["A", "B"], [1, 2]), renewed = renewLayer(layerOf(raw), block(["a", "b"], ["A", "B"], [1, 2]));
  assert.deepEqual([renewed.changed.size, renewed.rows.size], [0, 2]);
});

test("another legend, other columns or another way of drawing want a new page, and leave the layer as it is", () => {
  for (const more of [{style: {kind: "symbol", codes: 0, entries: []}}, {columns: [block(["a"], ["A"], [1]).columns[0]]}, {x: undefined, y: undefined, parts: [null]}]) {
    const layer = layerOf(block(["a"], ["A"], [1]));
    assert.equal(renewLayer(layer, block(["b"], ["B"], [2], more)), null);
    assert.equal(idOf(layer, 0), "a");
  }
});
