import assert from "node:assert/strict";
import test from "node:test";

import {choose} from "../../../lcrmap/maps/assets/state.mjs";

test("one of several alternatives is shown with all of its layers, and those of the others are hidden", () => {
  const layers = ["", "one", "two", "one", "two", ""].map((choice, index) => ({index, choice}));
  assert.deepEqual([...choose(layers, new Set([0, 2, 4]), "two")].sort(), [0, 1, 3]);
  assert.deepEqual([...choose(layers, new Set([1]), "one")].sort(), [2, 4]);
});
