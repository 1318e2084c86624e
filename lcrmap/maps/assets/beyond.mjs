// What the view leaves out: said in the legend, with buttons that go there.
/** @import {Box, Layer, LeafletMap, Page, Passes, Passing, Ref} from "./types.mjs" */

import {SCALE, anchorOf, nameOf} from "./data.mjs";
import {byId, isolated, make} from "./elements.mjs";

const MOST_BUTTONS = 5; // places outside that have a button each

/** @type {(map: LeafletMap, page: Page) => {show: (passes: Passes) => void}} */
export function makeBeyond(map, page) {
  const {layers, words} = page;
  const line = make("p", {class: "legend-note beyond", hidden: true});
  byId("now").before(line); // above the entries, which may be more than are in sight

  /** @type {(ref: Ref) => Node[]} */
  const named = (ref) => {
    const button = make("button", {type: "button", class: "open", onclick: () => page.choose(ref, button, {look: true, stay: true})},
      isolated(nameOf(layers[ref.layer], ref.row, words)));
    return [document.createTextNode(" "), button];
  };

  /** @type {(passes: Passes, visit: (layer: Layer, row: number) => void) => number} */
  function countOutside(passes, visit) {
    const view = viewOf(map);
    return layers.filter((layer) => layer.part === "places" && !layer.singly)
      .reduce((sum, layer) => sum + countRows(layer, passes[layer.index], view, visit), 0);
  }

  /** @type {(passes: Passes) => void} */
  function showAll(passes) {
    const box = map.getBounds();
    countOutside(passes, (layer, row) => {
      const [lon, lat] = /** @type {[number, number]} what is outside has a position */ (anchorOf(layer, row));
      box.extend([lat, lon]);
    });
    map.fitBounds(box, {animate: false});
  }

  return {
    show(passes) {
      /** @type {Ref[]} */
      const first = [];
      const count = countOutside(passes, (layer, row) => {
        if (first.length < MOST_BUTTONS) first.push({layer: layer.index, row});
      });
      line.hidden = !count;
      if (line.hidden) return;
      const all = make("button", {type: "button", class: "open", onclick: () => showAll(passes)}, words("legend.beyond_all"));
      const buttons = count <= MOST_BUTTONS ? [":", ...first.flatMap(named)] : [make("span", {class: "on-screen"}, ": ", all)];
      line.replaceChildren(words("legend.beyond", {n: count}), ...buttons);
    },
  };
}

// The box of a map's view, in the whole numbers in which the data block has positions.
/** @type {(map: LeafletMap) => Box} */
function viewOf(map) {
  const view = map.getBounds();
  return [view.getWest() * SCALE, view.getSouth() * SCALE, view.getEast() * SCALE, view.getNorth() * SCALE];
}

// Visit and count the rows that are shown and lie outside. It is asked at every move, for a hundred thousand places too.
/** @type {(layer: Layer, passing: Passing, view: Box, visit: (layer: Layer, row: number) => void) => number} */
function countRows(layer, passing, [west, south, east, north], visit) {
  let count = 0;
  for (let row = 0; row < layer.total; row += 1) {
    if (!passing[row]) continue;
    const x = layer.points ? layer.x[row] : middleOf(layer, row, 0), y = layer.points ? layer.y[row] : middleOf(layer, row, 1);
    if (x === null || y === null || (x >= west && x <= east && y >= south && y <= north)) continue;
    count += 1;
    visit(layer, row);
  }
  return count;
}

/** @type {(layer: Layer, row: number, axis: 0 | 1) => number | null} */
function middleOf(layer, row, axis) {
  const at = anchorOf(layer, row);
  return at && at[axis] * SCALE;
}
