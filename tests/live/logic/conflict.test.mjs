import assert from "node:assert/strict";
import test from "node:test";

import {compareVersions, decided, isThere} from "../../../lcrmap/live/assets/conflict.mjs";

const feature = (properties, at = [0, 0]) => ({type: "Feature", id: "w1", geometry: {type: "Point", coordinates: at}, properties});
const was = feature({a: 1, b: 1, c: 1, d: 1});

test("a field that one of us changed is settled, one that both changed is asked", () => {
  const mine = feature({a: 2, b: 1, c: 2, d: 3}), theirs = feature({a: 1, b: 2, c: 3, d: 3}, [1, 1]);
  assert.deepEqual(compareVersions(was, mine, theirs).map(({name, keep}) => [name, keep]),
    [["geometry", "theirs"], ["a", "mine"], ["b", "theirs"], ["c", null]]);
});

test("what both changed alike is no conflict, and an own change that came in is none either", () => {
  const same = feature({a: 5, b: 1, c: 1, d: 1});
  assert.deepEqual(compareVersions(was, same, same), []);
  assert.ok(isThere(same, feature({d: 1, c: 1, b: 1, a: 5})));
  assert.ok(!isThere(same, was));
});

test("what is decided is theirs but for the fields that I keep", () => {
  const mine = feature({a: 2, b: 1, c: 2, d: 1}, [9, 9]), theirs = feature({a: 1, b: 2, c: 3, d: 1});
  const versions = compareVersions(was, mine, theirs);
  versions.find(({name}) => name === "c").keep = "mine";
  assert.deepEqual(decided(theirs, versions), feature({a: 2, b: 2, c: 2, d: 1}, [9, 9]));
});
