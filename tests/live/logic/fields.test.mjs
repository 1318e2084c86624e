import assert from "node:assert/strict";
import test from "node:test";

import {cornersText, fieldsOf, isLong, readCorners, readField, stepped, writeField} from "../../../lcrmap/live/assets/fields.mjs";

const schema = {required: ["name"], properties: {
  id: {type: "string", readOnly: true, "x-ogc-role": "id"}, geometry: {format: "geometry-point", "x-ogc-role": "primary-geometry"},
  name: {type: "string", title: "Name"}, jobs: {type: ["integer", "null"], minimum: 0},
  sector: {type: ["string", "null"], enum: ["net_zero", "ai", null]}, since: {type: "string", format: "date"}}};

test("a form asks for the fields of the schema, each by its type, and not for the position", () => {
  const fields = fieldsOf(schema, {sector: {net_zero: "Net zero", ai: "AI"}});
  assert.deepEqual(fields.map(({name, type, needed, fixed}) => [name, type, needed, fixed]), [
    ["id", "string", false, true], ["name", "string", true, false], ["jobs", "integer", false, false],
    ["sector", "string", false, false], ["since", "date", false, false]]);
  assert.deepEqual(fields[3].choices, [{value: "net_zero", label: "Net zero"}, {value: "ai", label: "AI"}]);
  assert.equal(fields[2].least, 0);
});

test("a text becomes a value of its type, or a fault that says what is missing", () => {
  const [, name, jobs, sector] = fieldsOf(schema);
  assert.deepEqual(readField(name, "  "), {fault: "live.fault_needed"});
  assert.deepEqual(readField(name, " <script> "), {value: "<script>"});
  assert.deepEqual(readField(jobs, ""), {value: null});
  assert.deepEqual(readField(jobs, "1,551,784"), {value: 1551784});
  assert.deepEqual(readField(jobs, "\u22123"), {value: -3});
  assert.deepEqual(readField(jobs, "2.5"), {fault: "live.fault_whole"});
  for (const text of ["NaN", "1e999", "0x10", "1 2", "12a"]) assert.deepEqual(readField(jobs, text), {fault: "live.fault_number"}, text);
  assert.deepEqual(readField(sector, "ai"), {value: "ai"});
  assert.equal(writeField(false), "false");
  assert.equal(writeField(null), "");
  assert.ok(isLong("a\nb") && !isLong("a"));
});

test("corners are lines of text and become the same geometry again", () => {
  for (const geometry of [
    {type: "LineString", coordinates: [[0, 1], [2, 3]]},
    {type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]], [[0.1, 0.1], [0.2, 0.1], [0.2, 0.2], [0.1, 0.1]]]},
    {type: "MultiPolygon", coordinates: [[[[0, 0], [1, 0], [1, 1], [0, 0]]], [[[5, 5], [6, 5], [6, 6], [5, 5]]]]},
  ]) assert.deepEqual(readCorners(cornersText(geometry), geometry), geometry);
  const line = {type: "LineString", coordinates: [[0, 1], [2, 3]]};
  assert.deepEqual(readCorners("0,1\n2,3\n4,5", line)?.coordinates, [[0, 1], [2, 3], [4, 5]]);
  for (const text of ["", "0,1\n2", "0,1\n2,x", "0,1\n2,3\n\n4,5\n6,7", "1,2,3\n4,5,6", "0,\n1,2"]) assert.equal(readCorners(text, line), null, text);
});

test("a ring that is typed without the corner that closes it is closed, and a line is not", () => {
  const ring = {type: "Polygon", coordinates: [[[0, 0]]]}, line = {type: "LineString", coordinates: [[0, 0]]};
  assert.deepEqual(readCorners("0,0\n1,0\n1,1", ring)?.coordinates, [[[0, 0], [1, 0], [1, 1], [0, 0]]]);
  assert.deepEqual(readCorners("0,0\n1,0\n1,1\n0,0", ring)?.coordinates, [[[0, 0], [1, 0], [1, 1], [0, 0]]]);
  assert.deepEqual(readCorners("0,0\n1,0\n1,1", line)?.coordinates, [[0, 0], [1, 0], [1, 1]]);
});

test("a step is some metres, also far north, and leaves the rest of a position as it is", () => {
  assert.deepEqual(stepped([-3, 53.4], 0, 111.195), [-3, 53.401]);
  assert.deepEqual(stepped([-3, 60], 111.195, 0), [-2.998, 60]);
});
