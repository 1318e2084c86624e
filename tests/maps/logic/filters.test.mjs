// What passes the filters, and the numbers that follow.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";
import {areaChoices, count, countByArea, countEntries, countLayer, countSure, finding, passing} from "../../../lcrmap/maps/assets/filters.mjs";
import {isFiltered, makeState, readState, writeState} from "../../../lcrmap/maps/assets/state.mjs";
import {makeWords} from "../../../lcrmap/maps/assets/words.mjs";
import {sampleLayers} from "./sample.mjs";

const catalogue = new URL("../../../lcrmap/maps/assets/words.en.json", import.meta.url);
const words = makeWords(JSON.parse(readFileSync(catalogue, "utf8")));
const layers = sampleLayers();
const [works] = layers;
const passed = (changes) => [...passing(works, {...makeState(layers), ...changes})];

test("without filters everything passes", () => {
  assert.deepEqual(passed({}), [1, 1, 1, 1]);
});

test("each filter takes away its own", () => {
  assert.deepEqual(passed({without: new Set(["0:1"])}), [1, 0, 0, 1]);
  assert.deepEqual(passed({areas: new Set(["Northam"])}), [1, 1, 0, 0]);
  assert.deepEqual(passed({unsure: new Set([1, 2])}), [1, 0, 0, 1]);
  assert.deepEqual(passed({off: new Set([0])}), [0, 0, 0, 0]);
});

test("what has no entry in the legend, as a sized circle, is hidden by none", () => {
  const sized = {...works, codes: works.codes.map(() => -1)};
  assert.deepEqual([...passing(sized, {...makeState(layers), without: new Set(["0:1"])})], [1, 1, 1, 1]);
});

test("filters of different kinds must all be met", () => {
  assert.deepEqual(passed({areas: new Set(["Northam"]), without: new Set(["0:1"])}), [1, 0, 0, 0]);
});

test("counts follow what passes", () => {
  const passes = [passing(works, {...makeState(layers), unsure: new Set([2])}), new Uint8Array(1)];
  assert.equal(count(passes[0]), 3);
  assert.deepEqual(countEntries(works, passes[0]), [2, 1]);
  assert.deepEqual(countSure(layers, passes), [2, 1, 0]);
});

test("shaded areas are counted without the rows that are not on the map, which have no entry", () => {
  const all = new Uint8Array([1, 1, 1, 1]);
  const shaded = {...works, style: {...works.style, kind: "shade"}, codes: [0, 1, 1, -1]};
  assert.deepEqual([...countEntries(shaded, all)], [1, 2]);
  assert.equal(countLayer(shaded, all), 3);
  assert.equal(countLayer(works, all), 4);
});

test("the choices of area are those that occur", () => {
  assert.deepEqual(areaChoices(layers), [["Northam", 2], ["Outside", 1]]);
});

const said = (layer, ...passes) => finding(layer, new Uint8Array(passes), words);

test("the finding leaves out what is outside, without position or tied", () => {
  assert.equal(said(works, 1, 1, 1, 1), "2 of the 3 works shown with a position are in Northam.");
  assert.equal(said(works, 1, 0, 0, 0), "The work shown with a position is in Northam.");
  assert.equal(said(works, 1, 1, 0, 1), "Both works shown with a position are in Northam.");
  assert.equal(said(works, 0, 0, 1, 1), "");
  assert.equal(said(layers[1], 1), "");
  assert.equal(said({...works, area: 0}, 1, 1, 1, 1), ""); // names are no areas
});

test("the finding allows for position errors", () => {
  const vague = (rows) => ({...works, also: {areas: ["Southam", "Westham"], rows}});
  assert.deepEqual(countByArea(vague({1: [1], 2: [0, 1]}), new Uint8Array([1, 1, 1, 1])), {
    names: ["Northam", "Southam", "Westham"], n: [2, 0, 0], low: [1, 0, 0], high: [2, 1, 2], placed: 3});
  assert.equal(said(vague({1: []}), 1, 1, 1, 1), "2 of the 3 works shown with a position are in Northam (1 to 2, as positions are not exact).");
  assert.equal(said(vague({2: [0]}), 1, 1, 1, 1), "2 of the 3 works shown with a position are in Northam.");
  assert.equal(said(vague({1: [0]}), 1, 1, 1, 1),
    "Northam and Southam are too close to call: position errors could change which has more of the works shown.");
  assert.equal(said(vague({1: [0, 1]}), 1, 1, 1, 1),
    "Northam, Southam and Westham are too close to call: position errors could change which has most of the works shown.");
  assert.equal(said(vague({0: [0]}), 0, 1, 1, 1), "One of the 2 works shown with a position is in Northam."); // that one is hidden
  const four = {...works, also: {areas: ["A", "B", "C"], rows: {1: [0, 1, 2]}}};
  assert.equal(said(four, 1, 1, 1, 1), "");
});

test("the state goes to the address and comes back", () => {
  const state = makeState(layers);
  assert.equal(writeState(state, layers), "");
  Object.assign(state, {without: new Set(["0:1"]), areas: new Set(["Northam", "Outside"]), unsure: new Set([2]), off: new Set([1]),
    selected: {layer: 0, row: 2}, everyRing: true, theme: "dark", view: [12.25, 53.4, -2.9]});
  const found = readState(`#${writeState(state, layers)}`, layers);
  for (const name of ["without", "areas", "unsure", "off", "selected", "everyRing", "theme", "view"]) assert.deepEqual(found[name], state[name]);
  assert.equal(isFiltered(state), true);
});

test("an address names places by key and categories by label, so that it outlives a new row", () => {
  const state = makeState(layers);
  Object.assign(state, {without: new Set(["0:1"]), selected: {layer: 0, row: 2}, unsure: new Set([1])});
  const address = writeState(state, layers);
  assert.equal(decodeURIComponent(address), "without=works%3Aquays&unsure=reported&place=works:L3 Works");
  const later = sampleLayers();
  const [grown] = later;
  grown.total += 1;
  grown.columns.forEach((column) => column.values.unshift(column.kind === "code" ? -1 : null));
  grown.style.entries.unshift({label: "kilns", shape: "circle", hue: "rose"});
  const found = readState(address, later);
  assert.deepEqual([found.selected, [...found.without], [...found.unsure]], [{layer: 0, row: 3}, ["0:2"], [1]]);
});

test("a place without a key is named by its number", () => {
  const state = makeState(layers);
  Object.assign(state, {selected: {layer: 0, row: 1}});
  assert.equal(decodeURIComponent(writeState(state, layers)), "place=works:~1");
  assert.deepEqual(readState(writeState(state, layers), layers).selected, {layer: 0, row: 1});
});

test("an address that does not fit the page does nothing", () => {
  for (const text of ["#%", "#place=works:99", "#place=none:0", "#without=9:9", "#at=1,2", "#at=a,b,c", "#unsure=7", "#colours=red", "#=&&"]) {
    const found = readState(text, layers);
    assert.ok(!found.selected && !found.view && !found.theme);
    assert.equal(passing(works, {...makeState(layers), ...found}).length, 4);
  }
});
