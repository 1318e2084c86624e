import assert from "node:assert/strict";
import test from "node:test";

import {firstLine, nextLine, patience, takeNumber} from "../../../lcrmap/live/assets/connection.mjs";

test("a page catches up before it calls itself connected", () => {
  const opened = nextLine(firstLine(7), "opened", 0);
  assert.equal(opened.at, "catching");
  assert.deepEqual(nextLine(opened, "shown", 1), {at: "connected", seq: 7, since: null, tries: 0});
  assert.equal(nextLine(firstLine(7), "shown", 1).at, "connecting");
});

test("the time since when it is lost is that of the first failure, until it is connected again", () => {
  let line = nextLine(firstLine(1), "failed", 100);
  line = nextLine(line, "failed", 200);
  assert.deepEqual(line, {at: "lost", seq: 1, since: 100, tries: 2});
  line = nextLine(line, "opened", 300);
  assert.deepEqual([line.since, line.tries], [100, 0]);
  assert.equal(nextLine(line, "shown", 400).since, null);
  assert.equal(nextLine(line, "hidden", 400).at, "asleep");
});

test("a number is taken once, and in order", () => {
  const line = firstLine(5);
  assert.equal(takeNumber(line, 5), null);
  assert.equal(takeNumber(line, 3), null);
  assert.equal(takeNumber(line, NaN), null);
  assert.equal(takeNumber(line, 9)?.seq, 9);
});

test("the wait doubles, ends at 15 seconds, and is not the same for all", () => {
  assert.deepEqual([0, 1, 2, 20].map((tries) => patience(tries, 1)), [500, 1000, 2000, 15_000]);
  assert.equal(patience(20, 0), 7500);
});
