// Categories that share an entry of the legend: switched together and one by one, and named by value in the address.

import assert from "node:assert/strict";
import {test} from "node:test";

import {switchCategory, switchEntry} from "../../../lcrmap/maps/assets/categories.mjs";
import {makeLayers} from "../../../lcrmap/maps/assets/data.mjs";
import {passing} from "../../../lcrmap/maps/assets/filters.mjs";
import {isFiltered, makeState, readState, writeState} from "../../../lcrmap/maps/assets/state.mjs";

const LABELS = ["mill", "quay", "a,b", "100%", "x:y"];

// One row a category and one without; those from `own` on share an entry.
function layersOf(own, labels = LABELS) {
  const values = [...labels.keys(), -1];
  const shared = [...labels.keys()].slice(own);
  const entries = [...labels.slice(0, own).map((label, code) => ({label: `${label}s`, categories: [code]})),
    {label: `${shared.length} other categories`, categories: shared}, {label: "not stated"}];
  return makeLayers({layers: [{
    name: "works", part: "places", visible: true, total: values.length, area: null, sure: false, key: null, label: null,
    columns: [{name: "kind", kind: "code", values, labels: labels.map((label) => label.toUpperCase()), raw: labels}],
    style: {kind: "symbol", field: 0, entries, codes: values.map((code) => (code < 0 ? own + 1 : Math.min(code, own)))}, x: [], y: [],
  }]});
}

const layers = layersOf(2);
const [works] = layers;
const passed = (state) => [...passing(works, state)].join("");
const started = (...switches) => switches.reduce((state, change) => Object.assign(state, change(state)), makeState(layers));
const other = (on) => (state) => switchEntry(works, state, 2, on);
const one = (code, on) => (state) => switchCategory(works, state, 2, code, on);

test("categories that share an entry are switched together and apart", () => {
  assert.equal(passed(started(other(false))), "110001");
  assert.equal(passed(started(one(3, false))), "111011");
  assert.equal(passed(started(other(false), one(3, true))), "110101");
  assert.equal(passed(started(one(3, false), one(3, true))), "111111");
  assert.equal(passed(started(one(3, false), other(true))), "111111");
  assert.equal(passed(started(one(3, false), other(false))), "110001");
});

test("the last that is switched takes the entry along", () => {
  const off = started(one(2, false), one(3, false), one(4, false));
  assert.deepEqual([[...off.without], [...off.apart]], [["0:2"], []]);
  const on = started(other(false), one(2, true), one(3, true), one(4, true));
  assert.equal(isFiltered(on), false);
});

test("what is apart goes to the address by value and comes back", () => {
  const cases = {
    "without=works%3A100%25": [one(3, false)], "others=works&with=works%3Aa%2Cb": [other(false), one(2, true)],
    "without=works%3Ax%3Ay,works%3Aa%2Cb": [one(4, false), one(2, false)], "others=works": [other(false)],
    "without=works%3Amill": [(state) => switchEntry(works, state, 0, false)],
    "without=works%3Anot%20stated": [(state) => switchEntry(works, state, 3, false)],
  };
  for (const [address, switches] of Object.entries(cases)) {
    const state = started(...switches);
    const written = writeState(state, layers);
    assert.deepEqual(decodeURIComponent(written).split("&").sort(), address.split("&").sort());
    assert.equal(passed({...makeState(layers), ...readState(`#${written}`, layers)}), passed(state));
  }
});

test("an address means the same when a category gets an entry of its own, or loses it", () => {
  const narrow = writeState(started(one(2, false)), layers);
  const wider = layersOf(3);
  assert.deepEqual([...readState(narrow, wider).without], ["0:2"]);
  const wide = writeState(Object.assign(makeState(wider), {without: new Set(["0:2"])}), wider);
  assert.equal(passed({...makeState(layers), ...readState(wide, layers)}), "110111");
});

test("an address written by the words of the legend is read too, and what is not there does nothing", () => {
  assert.deepEqual([...readState("without=works%3Aquays", layers).without], ["0:1"]);
  for (const text of ["without=works%3Anone", "others=none", "with=works%3Ano", "without=%25", "others=%25"]) {
    assert.equal(passed({...makeState(layers), ...readState(text, layers)}), "111111");
  }
});
