// Groups, directions and the grid of many points.

import assert from "node:assert/strict";
import {test} from "node:test";
import {gather, groupPoints, joinGroups, mercator, nearest, nearestInDirection, overlaps} from "../../../lcrmap/maps/assets/grid.mjs";

test("points nearer than the distance form one group, in the order given", () => {
  assert.deepEqual(groupPoints([[0, 0], [100, 0], [10, 0], [17, 0], [19, 0]], 18), [[0, 2, 3], [1], [4]]);
});

test("a point joins the group that began first", () => {
  assert.deepEqual(groupPoints([[0, 0], [30, 0], [15, 0]], 18), [[0, 2], [1]]);
});

test("groups across the border of a cell are found", () => {
  assert.deepEqual(groupPoints([[17, 17], [19, 19], [-1, -1]], 18), [[0, 1], [2]]);
});

test("no points form no group", () => {
  assert.deepEqual(groupPoints([], 18), []);
});

test("every point is in exactly one group", () => {
  const points = Array.from({length: 500}, (_, i) => [(i * 37) % 211, (i * 91) % 173]);
  const members = joinGroups(points, groupPoints(points, 18), () => 13.5).flat().sort((a, b) => a - b);
  assert.deepEqual(members, points.map((_, i) => i));
});

test("discs that would touch become one, single symbols stay", () => {
  const points = [[0, 0], [2, 0], [20, 0], [60, 0], [80, 0]];
  assert.deepEqual(joinGroups(points, [[0, 1], [2], [3], [4]], () => 13.5), [[0, 1, 2], [3], [4]]);
});

test("arrow keys find the nearest point on that side", () => {
  const points = [[10, 0], [50, 0], [0, -10], [0, 30], [-5, 1]];
  assert.equal(nearestInDirection(points, [0, 0], "ArrowRight"), 0);
  assert.equal(nearestInDirection(points, [10, 0], "ArrowRight"), 1);
  assert.equal(nearestInDirection(points, [0, 0], "ArrowUp"), 2);
  assert.equal(nearestInDirection(points, [0, 0], "ArrowDown"), 3);
  assert.equal(nearestInDirection(points, [0, 0], "ArrowLeft"), 4);
});

test("a point within 45 degrees goes before a nearer one beside it", () => {
  assert.equal(nearestInDirection([[5, 20], [40, 10]], [0, 0], "ArrowRight"), 1);
  assert.equal(nearestInDirection([[5, 20]], [0, 0], "ArrowRight"), 0);
});

test("with nothing on that side there is no point", () => {
  assert.equal(nearestInDirection([[-1, 0], [0, 0]], [0, 0], "ArrowRight"), -1);
  assert.equal(nearest([], [0, 0]), -1);
});

test("Mercator puts the corners of the world at 0 and 1", () => {
  assert.deepEqual(mercator(-180, 0), [0, 0.5]);
  assert.ok(Math.abs(mercator(0, 85.0511287798)[1]) < 1e-6);
});

test("gathering counts each wanted point once", () => {
  const xs = new Float64Array([0.1, 0.1001, 0.9, NaN, 0.5]), ys = new Float64Array([0.1, 0.1001, 0.9, NaN, 0.5]);
  const found = gather(xs, ys, new Uint8Array([1, 1, 1, 1, 0]), 256, 44);
  assert.deepEqual(found.number, [2, 1]);
  assert.deepEqual(found.first, [0, 2]);
  assert.ok(Math.abs(found.x[0] - 0.10005) < 1e-12);
});

test("gathering counts how many of each cell are of each kind", () => {
  const xs = new Float64Array([0.1, 0.9, 0.1001, 0.1002, 0.9]), ys = Float64Array.from(xs), all = new Uint8Array([1, 1, 1, 1, 0]);
  assert.deepEqual(gather(xs, ys, all, 256, 44, 3, [2, 1, 0, 2, 1]).kinds, [1, 0, 2, 0, 1, 0]);
  assert.deepEqual(gather(xs, ys, all, 256, 44, 1).kinds, [3, 1]); // of one kind, without codes
  assert.deepEqual(gather(xs, ys, all, 256, 44).kinds, []);
});

test("a larger disc keeps farther from its neighbours", () => {
  const points = [[0, 0], [0, 0], [0, 0], [30, 0], [30, 0], [60, 0]], groups = [[0, 1, 2], [3, 4], [5]];
  assert.deepEqual(joinGroups(points, groups, (size) => 10 + size), groups);
  assert.deepEqual(joinGroups(points, groups, (size) => 9 * size), [[0, 1, 2, 3, 4, 5]]);
});

test("boxes that only touch do not overlap", () => {
  assert.equal(overlaps([0, 0, 1, 1], [1, 0, 2, 1]), false);
  assert.equal(overlaps([0, 0, 2, 2], [1, 1, 3, 3]), true);
});
