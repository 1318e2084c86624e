import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";

import {alike, changeSentence, changedFields, together, valueWords} from "../../../lcrmap/live/assets/changes.mjs";
import {makeWords} from "../../../lcrmap/maps/assets/words.mjs";

const words = makeWords(JSON.parse(readFileSync(new URL("../../../lcrmap/live/assets/words.en.json", import.meta.url), "utf8")));
const titles = {name: "Name", sector: "Sector"};
const feature = (properties, at = [-3, 53.4]) => ({type: "Feature", geometry: at && {type: "Point", coordinates: at}, properties});
const told = (change, kind = "edit") => changeSentence({seq: 1, time: "", who: "Ann", collection: "works", id: "w1", kind: "update", name: "Mill", ...change}, kind, titles, words);

test("values are alike whatever the order of their keys, and nothing is null", () => {
  assert.ok(alike({a: 1, b: [1, {c: null}]}, {b: [1, {}], a: 1}));
  assert.ok(alike(undefined, null));
  assert.ok(!alike([1, 2], [2, 1]));
  assert.ok(!alike([], {}));
  assert.ok(!alike("1", 1));
});

test("the fields of a change are the later ones first, and the position is one of them", () => {
  assert.deepEqual(changedFields(feature({a: 1, b: 2}), feature({b: 3, c: 4}, null)), [
    {name: "geometry", was: {type: "Point", coordinates: [-3, 53.4]}, now: null},
    {name: "b", was: 2, now: 3}, {name: "c", was: null, now: 4}, {name: "a", was: 1, now: null}]);
  assert.deepEqual(changedFields(feature({a: 1}), feature({a: 1})), []);
});

test("a sentence says who did what to which feature", () => {
  assert.equal(told({fields: ["geometry"]}), "Ann moved Mill.");
  assert.equal(told({fields: ["sector"]}), "Ann changed Mill: Sector.");
  assert.equal(told({fields: ["geometry", "name"]}), "Ann moved Mill and changed Name.");
  assert.equal(told({kind: "create"}), "Ann added Mill.");
  assert.equal(told({kind: "delete", who: null}), "Somebody deleted Mill.");
  assert.equal(told({fields: ["a", "b", "c", "d", "e"]}), "Ann changed Mill: a, b, c and 2 more.");
  assert.equal(told({fields: []}), "Ann saved Mill as it was.");
  assert.equal(told({fields: ["geometry"], remark: "undo 3"}), "Ann undid a change of Mill.");
  assert.equal(told({kind: "create"}, "comment"), "Ann commented on Mill.");
  assert.equal(told({kind: "update"}, "comment"), "Ann changed a comment on Mill.");
});

test("markup in a name stays text, and braces of a name are not filled", () => {
  assert.equal(told({kind: "create", name: "<script>{who}</script>"}), "Ann added <script>{who}</script>.");
});

test("of more than two changes at once their number is said, and the last in full", () => {
  assert.equal(together(["A.", "B."], words), "A. B.");
  assert.equal(together(["A.", "B.", "C."], words), "3 changes, the last: C.");
});

test("a position is written latitude first, a long text is cut", () => {
  assert.equal(valueWords({type: "Point", coordinates: [-2.9916, 53.408]}), "53.40800, -2.99160");
  assert.equal(valueWords({type: "LineString", coordinates: [[-1, 2], [3, 4]]}), "LineString (2)");
  assert.equal(valueWords("x".repeat(90)).length, 60);
  assert.equal(valueWords(null), "");
  assert.equal(valueWords(0), "0");
});
