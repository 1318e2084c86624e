// Corners of lines and areas as chains: what stays, what moves, and that nothing gets rounded that nobody touched.
import assert from "node:assert/strict";
import {test} from "node:test";

import {asExact, chainsOf, geometryOf, isDrawable, listed, rounded, withAdded, withMoved, without} from "../../../lcrmap/live/assets/corners.mjs";

const HOLED = {type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]};
const PARTS = {type: "MultiPolygon", coordinates: [HOLED.coordinates, [[[5, 5], [6, 5], [6, 6], [5, 5]]]]};
const LINES = {type: "MultiLineString", coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3], [2, 2]]]};

test("holes and parts become chains and the same shape again", () => {
  for (const shape of [HOLED, PARTS, LINES, {type: "LineString", coordinates: [[0, 0], [1, 1]]}]) assert.deepEqual(geometryOf(chainsOf(shape), shape), shape);
  assert.deepEqual(chainsOf(HOLED), [[[0, 0], [4, 0], [4, 4]], [[1, 1], [2, 1], [2, 2]]]); // without the corner that closes a ring
  assert.deepEqual(chainsOf(LINES)[1], [[2, 2], [3, 3], [2, 2]]); // a line may end where it begins
  assert.deepEqual(listed(chainsOf(PARTS)).map(({chain, place}) => `${chain}${place}`), ["00", "01", "02", "10", "11", "12", "20", "21", "22"]);
});

test("a corner of a hole is moved and the ring stays closed", () => {
  const moved = geometryOf(withMoved(chainsOf(PARTS), 1, 0, [1.5, 1.25]), PARTS);
  assert.deepEqual(moved.coordinates[0], [HOLED.coordinates[0], [[1.5, 1.25], [2, 1], [2, 2], [1.5, 1.25]]]);
  assert.deepEqual(moved.coordinates[1], PARTS.coordinates[1]);
});

test("a corner more stands halfway to the next, the last of a ring to its first, and beyond the end of a line", () => {
  const ring = [[[0, 0], [4, 0], [4, 4]]];
  assert.deepEqual(withAdded(ring, 0, 0, true), [[[0, 0], [2, 0], [4, 0], [4, 4]]]);
  assert.deepEqual(withAdded(ring, 0, 2, true), [[[0, 0], [4, 0], [4, 4], [2, 2]]]);
  assert.deepEqual(withAdded([[[0, 0], [4, 2]]], 0, 1, false), [[[0, 0], [4, 2], [6, 3]]]);
  assert.deepEqual(withAdded([[[0, 0]]], 0, 0, false), [[[0, 0], [0.001, 0]]]); // of a line that begins
});

test("a corner is deleted while as many are left as a shape needs", () => {
  assert.deepEqual(without([[[0, 0], [4, 0], [4, 4], [0, 4]]], 0, 1, 3), [[[0, 0], [4, 4], [0, 4]]]);
  assert.equal(without([[[0, 0], [4, 0], [4, 4]]], 0, 1, 3), null);
  assert.deepEqual(without([[[0, 0], [4, 0], [4, 4]]], 0, 2, 2), [[[0, 0], [4, 0]]]);
  assert.equal(without([[[0, 0], [4, 0]]], 0, 0, 2), null);
  assert.deepEqual(without([[[0, 0]]], 0, 0, 0), [[]]); // of a new one
});

test("what went through the map is rounded only where somebody moved it", () => {
  const before = [[[1.123456789, 2.987654321], [3.5, 4.25]]];
  assert.deepEqual(rounded(before), [[[1.123457, 2.987654], [3.5, 4.25]]]);
  assert.deepEqual(asExact([[[1.123457, 2.987654], [3.6, 4.25]]], before), [[[1.123456789, 2.987654321], [3.6, 4.25]]]);
});

test("points and collections are not drawn by their corners", () => {
  for (const type of ["Point", "MultiPoint", "GeometryCollection"]) assert.ok(!isDrawable({type, coordinates: []}), type);
  for (const {type} of [HOLED, PARTS, LINES]) assert.ok(isDrawable({type, coordinates: []}), type);
});
