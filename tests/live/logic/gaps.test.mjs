import assert from "node:assert/strict";
import test from "node:test";

import {dotsOf, runPath, runsOf, scaleOf} from "../../../lcrmap/live/assets/gaps.mjs";

const dot = (minute, value = 1) => ({time: minute * 60_000, value});

test("readings are put into the order of time", () => {
  const features = ["2026-01-31T14:15:00.000Z", "2026-01-31T14:00:00.000Z", "none"].map((time, value) => ({properties: {time, value}}));
  assert.deepEqual(dotsOf(features).map(({value}) => value), [1, 0]);
});

test("a line ends where a reading is missing for more than twice the interval", () => {
  const minutes = (runs) => runs.map((run) => run.map(({time}) => time / 60_000));
  assert.deepEqual(minutes(runsOf([0, 15, 45, 75.1, 90].map((one) => dot(one)), 900)), [[0, 15, 45], [75.1, 90]]);
  assert.deepEqual(runsOf([], 900), []);
});

test("without an interval nothing is joined", () => {
  assert.equal(runsOf([dot(0), dot(1)], null).length, 2);
});

test("values and times fill the picture; what never changes is in its middle", () => {
  const {x, y, low, high} = scaleOf([dot(0, 1), dot(10, 3)], [5], 100, 50);
  assert.deepEqual([x(0), x(600_000), y(1), y(5), low, high], [0, 100, 50, 0, 1, 5]);
  const flat = scaleOf([dot(0, 2)], [], 100, 50);
  assert.deepEqual([flat.x(0), flat.y(2)], [50, 25]);
});

test("a path begins once and goes on", () => {
  assert.equal(runPath([dot(0, 0), dot(1, 10)], {x: (time) => time / 60_000, y: (value) => value}), "M0.0 0.0L1.0 10.0");
});
