// A small map in the corner that shows where the view lies in the region, while it is a small part of it.
/** @import {Box, LeafletMap, Page, ShapeLayer, Spot} from "./types.mjs" */

import {boxOf, lineOf} from "./data.mjs";
import {byId, drawn} from "./elements.mjs";
import {eastOf, southOf} from "./grid.mjs";

const LOCATOR = 110; // pixels, the longer one
const SMALL = 0.5; // of the region's width or height: a view that is larger needs no locator
const SEEN = 1; // pixels between two vertices that are drawn

/** @type {(map: LeafletMap, page: Page) => {show: () => void, box: () => Box | null}} */
export function makeLocator(map, page) {
  const areas = /** @type {ShapeLayer[]} */ (page.layers.filter((layer) => layer.part === "areas" && !layer.points && layer.placed));
  const parts = areas.flatMap((layer) => layer.parts.filter((each) => each !== null).flat());
  if (!parts.length) return {show() {}, box: () => null};
  const [west, south, east, north] = boxOf(parts);
  const left = eastOf(west), top = southOf(north);
  const scale = LOCATOR / Math.max(eastOf(east) - left, southOf(south) - top);
  /** @type {(spot: Spot) => Spot} */
  const place = ([lon, lat]) => [(eastOf(lon) - left) * scale, (southOf(lat) - top) * scale];
  const [width, height] = place([east, south]);
  const frame = drawn("rect", {class: "locator-view"});
  const rings = parts.flatMap((part) => (part[0] === 2 ? part.slice(1).map((ring) => lineOf(/** @type {number[]} */ (ring))) : []));
  const picture = drawn("svg", {class: "locator", viewBox: `-4 -4 ${width + 8} ${height + 8}`, width: width + 8, height: height + 8, "aria-hidden": "true", focusable: "false"},
    drawn("path", {d: rings.map((ring) => pathOf(ring.map(place))).join("")}), frame);
  picture.toggleAttribute("hidden", true);
  byId("map-frame").append(picture);
  let isShown = false;

  return {
    show() {
      const view = map.getBounds();
      const [x, y] = place([view.getWest(), view.getNorth()]), [right, bottom] = place([view.getEast(), view.getSouth()]);
      isShown = right - x < width * SMALL && bottom - y < height * SMALL;
      picture.toggleAttribute("hidden", !isShown);
      const least = 6; // pixels of the frame
      const wide = Math.max(right - x, least), high = Math.max(bottom - y, least);
      const at = {x: (x + right - wide) / 2, y: (y + bottom - high) / 2, width: wide, height: high};
      for (const [name, value] of Object.entries(at)) frame.setAttribute(name, value.toFixed(1));
    },
    // Where it covers the map, in pixels.
    box() {
      if (!isShown) return null;
      const {x, y} = map.getSize();
      return [x - width - 16, y - height - 16, x, y];
    },
  };
}

// A ring as a path, without the vertices that are closer together than can be seen.
/** @type {(ring: Spot[]) => string} */
function pathOf(ring) {
  /** @type {Spot[]} */
  const kept = [];
  for (const spot of ring) {
    const last = kept.at(-1);
    if (!last || Math.abs(last[0] - spot[0]) + Math.abs(last[1] - spot[1]) >= SEEN) kept.push(spot);
  }
  return `M${kept.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}
