// Reading cells, positions and sources out of the data block.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";
import * as data from "../../../lcrmap/maps/assets/data.mjs";
import {distanceText, makeWords, numberText} from "../../../lcrmap/maps/assets/words.mjs";
import {sampleLayers} from "./sample.mjs";

const words = makeWords(JSON.parse(readFileSync(new URL("../../../lcrmap/maps/assets/words.en.json", import.meta.url), "utf8")));
const [works, areas] = sampleLayers();

test("cells are read by kind", () => {
  assert.equal(data.cellText(works.columns[1], 2), "Outside");
  assert.equal(data.cellText(works.columns[1], 3), "");
  assert.equal(data.cellText(works.columns[3], 1), "2,500");
  assert.equal(data.cellText({kind: "number", unit: "m", values: [12000.5]}, 0), "12,000.5 m");
});

test("a feature without a name is called by its row", () => {
  assert.equal(data.nameOf(works, 0, words), "Alder Mill");
  assert.equal(data.nameOf(works, 3, words), "Row 4");
});

test("a line is unpacked from its steps", () => {
  assert.deepEqual(data.lineOf([-300000, 5340000, 20000, 0, -1, 1]), [[-3, 53.4], [-2.8, 53.4], [-2.80001, 53.40001]]);
});

test("the middle of a line lies on it, halfway along", () => {
  assert.deepEqual(data.halfwayOn([[0, 0], [4, 0]]), [2, 0]);
  assert.deepEqual(data.halfwayOn([[0, 0], [0, 1], [3, 1]]), [1, 1]);
  assert.deepEqual(data.halfwayOn([[2, 0], [2, 0]]), [2, 0]);
});

test("positions and anchors", () => {
  assert.deepEqual(data.anchorOf(works, 0), [-2.9, 53.4]);
  assert.equal(data.anchorOf(works, 3), null);
  assert.deepEqual(data.anchorOf(areas, 0), [-2.9, 53.45]);
  assert.equal(data.positionText(works, 0, words), "within 100 m");
  assert.equal(data.positionText(works, 1, words), "within 2.5 km");
  assert.equal(data.positionText(works, 2, words), "");
  assert.equal(data.positionText(works, 3, words), "not on the map: position not known");
});

test("a source is linked only by http", () => {
  assert.deepEqual(data.sourceOf(works, 0, words), {text: "Register", address: "https://a.org", link: "https://a.org"});
  assert.equal(data.sourceOf(works, 2, words).link, "");
  assert.equal(data.sourceOf(works, 1, words).text, "not stated");
  assert.equal(data.sourceOf(areas, 0, words), null);
});

test("numbers are written as on the Python side", () => {
  const known = {0: "0", 2022: "2,022", 999: "999", 9999: "9,999", 10000: "10,000", 1234567.5: "1,234,567.5", "-3": "\u22123", 0.0000001: "0", 9999.9999999: "10,000",
    "-0.25": "\u22120.25", 1e22: "10,000,000,000,000,000,000,000", 100000.000000001: "100,000"};
  for (const [value, text] of Object.entries(known)) assert.equal(numberText(Number(value)), text);
  assert.equal(numberText(-0), "0");
  const padded = [7, -7, 0, -0, 79.11, 1234.5, 1 / 3].map((each) => numberText(each, 2));
  assert.deepEqual(padded, ["7.00", "\u22127.00", "0.00", "0.00", "79.11", "1,234.50", "0.333333"]);
  assert.equal(distanceText(994, words), "990 m");
  assert.equal(distanceText(4, words), "4 m");
});

test("plurals follow n, and braces in values stay", () => {
  assert.equal(words("say.group", {n: 3}), "3 places here, listed after the map.");
  assert.equal(words("search.count", {n: 1, query: "{n}"}), "1 result for {n}.");
  assert.throws(() => words("no.such"), /No words/);
});
