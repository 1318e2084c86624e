// Order of rows, and the CSV that a table is saved as.

import assert from "node:assert/strict";
import {test} from "node:test";
import {broken} from "../../../lcrmap/maps/assets/labels.mjs";
import {csvOf, isFormula} from "../../../lcrmap/maps/assets/csv.mjs";
import {sortedRows} from "../../../lcrmap/maps/assets/tables.mjs";
import {sampleLayers} from "./sample.mjs";

const [works] = sampleLayers();
const words = (key) => key;

test("rows are sorted by numbers as numbers, empty ones last either way", () => {
  assert.deepEqual(sortedRows(works, 3, true, words), [0, 1, 2, 3]);
  assert.deepEqual(sortedRows(works, 3, false, words), [1, 0, 2, 3]);
});

test("rows are sorted by text, ties by their place", () => {
  assert.deepEqual(sortedRows(works, 0, false, words), [2, 1, 0, 3]);
  assert.deepEqual(sortedRows(works, 1, true, words), [0, 1, 2, 3]);
});

test("without a name, rows are sorted by the number that they are called by", () => {
  const nameless = {...works, total: 12, label: null};
  const rowName = (key, {n}) => `Row ${n}`;
  assert.deepEqual(sortedRows(nameless, null, true, rowName), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual(sortedRows(nameless, null, false, rowName), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test("rows are sorted by their sources", () => {
  assert.deepEqual(sortedRows(works, "source", true, words), [2, 0, 1, 3]);
});

test("CSV has every column and the position, quoted where needed, and no formula", () => {
  const layer = {...works, total: 2, columns: [
    {name: "a", kind: "text", values: ['x,"y"', "=1+1"]}, {name: "b", kind: "number", values: [-1.5, null]}]};
  assert.equal(csvOf(layer), 'a,b,longitude,latitude\r\n"x,""y""",-1.5,-2.9,53.4\r\n\'=1+1,,-2.8,53.41\r\n');
});

test("CSV has what labels stand for, and every digit of long numbers", () => {
  const layer = {...works, total: 3, stated: true, closing: [["false", "9007199254740995"]], columns: [
    {name: "open", kind: "code", values: [1, 0, -1], labels: ["No", "Yes"], raw: ["false", "true"]},
    {name: "n", kind: "number", values: [9007199254740992, 2, null], exact: {0: "9007199254740993"}}]};
  assert.equal(csvOf(layer), "open,n\r\ntrue,9007199254740993\r\nfalse,2\r\n,\r\nfalse,9007199254740995\r\n");
  assert.equal(csvOf(layer, [1]), "open,n\r\nfalse,2\r\n"); // of some rows without those that close the table
});

test("a text is a formula by its first letter, in wide forms and behind spaces too, and no number is", () => {
  for (const text of ["=1", "+a", "-a", "@a", "\ta", "\ra", " =1", "\ufeff=1", "\uff1d1", "\uff0b1+1", "-1+1", "+", "'=1", "'-2,95", "-2,95+1", "=\ud83d\ude00"]) {
    assert.ok(isFormula(text), JSON.stringify(text));
  }
  for (const text of ["", "a=1", "-", "'s", "-1.5", "+1", "-2,95", "-1,234.5", "-.5e-3", " -3 ", "(=1)", "'-1.5", "\ud83d\ude00", "\u2212a"]) {
    assert.ok(!isFormula(text), JSON.stringify(text));
  }
});

test("a long name is broken at the blank nearest its middle", () => {
  assert.equal(broken("Short name"), "Short name");
  assert.equal(broken("Centre of Excellence in Infectious Diseases"), "Centre of Excellence\nin Infectious Diseases");
  assert.equal(broken("x".repeat(40)), "x".repeat(40));
});
