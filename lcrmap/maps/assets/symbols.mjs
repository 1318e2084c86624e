// Symbols: a silhouette with its halo, solid, half or hollow by confidence; the same as in the static legend.
/** @import {Look, Outlines} from "./types.mjs" */

import {drawn} from "./elements.mjs";

/** @type {(shapes: Outlines, entry: Look, fill?: number) => SVGSVGElement} */
export function symbol(shapes, entry, fill = 0) {
  const [path, size] = shapes[entry.shape || "circle"];
  const side = size + 4;
  const picture = drawn("svg", {
    class: `sample hue-${entry.hue} fill-${fill}`, viewBox: "-2 -2 28 28",
    width: side, height: side, "aria-hidden": "true", focusable: "false",
  }, drawn("path", {class: "halo", d: path}), drawn("path", {class: "body", d: path}));
  if (fill === 1) {
    picture.append(drawn("svg", {x: -2, y: -2, width: 14, height: 28, viewBox: "-2 -2 14 28"},
      drawn("path", {class: "half", d: path})));
  }
  return picture;
}
