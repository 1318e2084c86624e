// A circle or disc divided by category: parts clockwise from the top in the legend's order, with signs where there is room,
// around the whole number, which stands beside a small ring.
/** @import {CircleStyle, Look, Outlines, Sector, Spot} from "./types.mjs" */

import {drawn} from "./elements.mjs";
import {numberText} from "./words.mjs";

const HOLE = 0.52; // of the radius
const FULL = 10; // pixels of radius under which a circle has no hole
const [SMALL_DISC, SMALL_HOLE, DISC_HOLE] = [16, 0.62, 0.56]; // the same of a disc, whose number always stands in it
const ROOM = 13; // pixels of a part's middle line from which its sign is drawn
const SIGN = 10; // pixels
const DIGIT = 7; // pixels of a digit of the number in the middle
const LEAST_TEXT = 11; // pixels of text that can be read

/** @type {(shapes: Outlines, style: CircleStyle, row: number, radius: number) => SVGSVGElement} */
export function dividedCircle(shapes, style, row, radius) {
  const parts = style.parts?.[row] ?? [];
  return ring(shapes, style.entries.slice(-parts.length), parts, radius, radius < FULL ? 0 : radius * HOLE);
}

// A disc of several places, its ring their kinds.
/** @type {(shapes: Outlines, kinds: Look[], counts: number[], radius: number) => SVGSVGElement} */
export function dividedDisc(shapes, kinds, counts, radius) {
  return ring(shapes, kinds, counts, radius, holeOf(radius));
}

/** @type {(radius: number) => number} */
const holeOf = (radius) => radius * (radius < SMALL_DISC ? SMALL_HOLE : DISC_HOLE);

// Where the parts of a ring lie, and their signs where there is room.
/** @type {(parts: number[], radius: number, inner?: number) => Sector[]} */
function divide(parts, radius, inner = holeOf(radius)) {
  const whole = parts.reduce((sum, part) => sum + part, 0), middle = (radius + inner) / 2;
  /** @type {Sector[]} */
  const sectors = [];
  let from = 0;
  parts.forEach((part, kind) => {
    if (!part) return;
    const to = from + part / whole;
    const roomy = (to - from) * 2 * Math.PI * middle >= ROOM && radius - inner > SIGN;
    sectors.push({kind, path: sector(from, to, radius, inner), sign: roomy ? at((from + to) / 2, middle) : null});
    from = to;
  });
  return sectors;
}

/** @type {(shapes: Outlines, looks: Look[], parts: number[], radius: number, inner: number) => SVGSVGElement} */
function ring(shapes, looks, parts, radius, inner) {
  const whole = parts.reduce((sum, part) => sum + part, 0), side = Math.max(radius * 2, 1);
  const picture = drawn("svg", {class: "divided", viewBox: `${-radius} ${-radius} ${side} ${side}`, width: side, height: side, "aria-hidden": "true", focusable: "false"},
    drawn("circle", {class: "ground", r: radius + 2}));
  for (const {kind, path, sign} of divide(parts, radius, inner)) {
    picture.append(drawn("path", {class: `part hue-${looks[kind].hue}`, d: path}));
    if (!sign) continue;
    const [outline] = shapes[looks[kind].shape || "circle"], [x, y] = sign;
    picture.append(drawn("path", {class: "sign", d: outline, transform: `translate(${(x - SIGN / 2).toFixed(1)} ${(y - SIGN / 2).toFixed(1)}) scale(${(SIGN / 24).toFixed(3)})`}));
  }
  const text = numberText(whole), size = Math.min(16, (inner * 2 * 12) / (DIGIT * Math.max(text.length, 2)));
  const place = size < LEAST_TEXT ? {class: "beside", x: radius + 4, "font-size": 14} : {"font-size": size.toFixed(1)};
  if (whole) picture.append(drawn("text", place, document.createTextNode(text)));
  return picture;
}

// The same ring on a canvas.
/** @type {(context: CanvasRenderingContext2D, shapes: Outlines, looks: Look[], counts: number[], how: {left: number, top: number, radius: number, hue: (name: string) => string, halo: string}) => void} */
export function paintRing(context, shapes, looks, counts, {left, top, radius, hue, halo}) {
  context.save();
  context.translate(left, top);
  context.lineWidth = 1.5;
  context.strokeStyle = halo;
  for (const {kind, path, sign} of divide(counts, radius)) {
    const outline = new Path2D(path);
    context.fillStyle = hue(looks[kind].hue);
    context.fill(outline);
    context.stroke(outline);
    if (sign) paintSign(context, shapes[looks[kind].shape || "circle"][0], sign, halo);
  }
  context.restore();
}

/** @type {(context: CanvasRenderingContext2D, path: string, middle: Spot, colour: string) => void} */
function paintSign(context, path, [x, y], colour) {
  context.save();
  context.translate(x - SIGN / 2, y - SIGN / 2);
  context.scale(SIGN / 24, SIGN / 24);
  context.fillStyle = colour;
  context.fill(new Path2D(path));
  context.restore();
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
