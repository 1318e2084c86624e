// A circle that is divided by category: a ring of its parts, clockwise from the top in the order of the legend, each
// with the category's sign where there is room, around the whole number, which stands beside a ring too small for it.
/** @import {CircleStyle, Outlines, Spot} from "./types.mjs" */

import {drawn} from "./elements.mjs";
import {numberText} from "./words.mjs";

const HOLE = 0.52; // of the radius
const FULL = 10; // pixels of radius under which a circle has no hole
const ROOM = 13; // pixels of a part's middle line from which its sign is drawn
const SIGN = 10; // pixels
const DIGIT = 7; // pixels of a digit of the number in the middle
const LEAST_TEXT = 11; // pixels of text that can be read

/** @type {(shapes: Outlines, style: CircleStyle, row: number, radius: number) => SVGSVGElement} */
export function dividedCircle(shapes, style, row, radius) {
  const parts = style.parts?.[row] ?? [], entries = style.entries.slice(-parts.length);
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const side = Math.max(radius * 2, 1), inner = radius < FULL ? 0 : radius * HOLE;
  const picture = drawn("svg", {class: "divided", viewBox: `${-radius} ${-radius} ${side} ${side}`, width: side, height: side, "aria-hidden": "true", focusable: "false"},
    drawn("circle", {class: "ground", r: radius + 2}));
  let turn = 0;
  parts.forEach((part, number) => {
    if (!part) return;
    const end = turn + part / whole, middle = (radius + inner) / 2;
    picture.append(drawn("path", {class: `part hue-${entries[number].hue}`, d: sector(turn, end, radius, inner)}));
    if ((end - turn) * 2 * Math.PI * middle >= ROOM && radius - inner > SIGN) {
      const [x, y] = at((turn + end) / 2, middle);
      const [path] = shapes[entries[number].shape || "circle"], scale = SIGN / 24;
      picture.append(drawn("path", {class: "sign", d: path, transform: `translate(${(x - SIGN / 2).toFixed(1)} ${(y - SIGN / 2).toFixed(1)}) scale(${scale.toFixed(3)})`}));
    }
    turn = end;
  });
  const text = numberText(whole), size = Math.min(16, (inner * 2 * 12) / (DIGIT * Math.max(text.length, 2)));
  const place = size < LEAST_TEXT ? {class: "beside", x: radius + 4, "font-size": 14} : {"font-size": size.toFixed(1)};
  if (whole) picture.append(drawn("text", place, document.createTextNode(text)));
  return picture;
}

// Where a share of a turn ends, clockwise from the top.
/** @type {(turn: number, radius: number) => Spot} */
function at(turn, radius) {
  return [radius * Math.sin(turn * 2 * Math.PI), -radius * Math.cos(turn * 2 * Math.PI)];
}

// A part of a ring as a path; a whole ring as its two circles, so that no seam makes it look like two parts.
/** @type {(from: number, to: number, radius: number, inner: number) => string} */
export function sector(from, to, radius, inner) {
  if (to - from > 0.999) return circle(radius, 1) + (inner ? circle(inner, 0) : "");
  const large = to - from > 0.5 ? 1 : 0;
  /** @type {(spot: Spot) => string} */
  const text = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  return `M${text(at(from, radius))}A${radius} ${radius} 0 ${large} 1 ${text(at(to, radius))}`
    + `L${text(at(to, inner))}A${inner} ${inner} 0 ${large} 0 ${text(at(from, inner))}Z`;
}

// A circle as a path, one way round or the other: the inner one the other way is a hole.
/** @type {(radius: number, sweep: 0 | 1) => string} */
function circle(radius, sweep) {
  const half = `A${radius} ${radius} 0 1 ${sweep} 0`;
  return `M0 ${-radius}${half} ${radius}${half} ${-radius}Z`;
}
