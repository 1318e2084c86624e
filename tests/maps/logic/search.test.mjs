// Search: what is found, and in which order.

import assert from "node:assert/strict";
import {test} from "node:test";
import {find, fold, makeIndex} from "../../../lcrmap/maps/assets/search.mjs";
import {sampleLayers} from "./sample.mjs";

const index = makeIndex(sampleLayers());
const rows = (query) => find(index, query).map(({layer, row}) => `${layer}:${row}`);

test("case and accents do not matter", () => {
  assert.equal(fold("CAFÉ Ñ"), "cafe n");
  assert.deepEqual(rows("cafe"), ["0:2"]);
  assert.deepEqual(rows("CAFÉ k"), ["0:2"]);
});

test("the start of a name goes before the start of another word, and that before the middle", () => {
  const made = [{layer: 0, row: 0, name: "the mill", others: "", category: ""}, {layer: 0, row: 1, name: "mill lane", others: "", category: ""},
    {layer: 0, row: 2, name: "treadmill", others: "", category: ""}, {layer: 0, row: 3, name: "x", others: "old mill", category: ""},
    {layer: 0, row: 4, name: "y", others: "", category: "mills"}];
  assert.deepEqual(find(made, "mill").map(({row}) => row), [1, 0, 3, 4, 2]);
});

test("other names, categories and areas are found", () => {
  assert.deepEqual(rows("old"), ["0:0"]);
  assert.deepEqual(rows("quays"), ["0:1", "0:2"]);
  assert.deepEqual(rows("northam"), ["1:0"]);
});

test("every word must match", () => {
  assert.deepEqual(rows("birch quays"), ["0:1"]);
  assert.deepEqual(rows("birch mills"), []);
});

test("nothing typed finds nothing, and no character is special", () => {
  assert.deepEqual(rows("  "), []);
  for (const query of [".*", "(", "\\", "[", "${x}", "__proto__"]) assert.deepEqual(rows(query), []);
});

test("layers that are switched off come after the rest, unless the name is whole", () => {
  const made = [{layer: 0, row: 0, name: "hartford", others: "", category: ""}, {layer: 1, row: 0, name: "stfc hartree", others: "", category: ""}];
  const layers = (query, off) => find(made, query, {off: new Set(off)}).map(({layer}) => layer);
  assert.deepEqual(layers("hart", []), [0, 1]);
  assert.deepEqual(layers("hart", [0]), [1, 0]);
  assert.deepEqual(layers("hartford", [0]), [0]);
});
