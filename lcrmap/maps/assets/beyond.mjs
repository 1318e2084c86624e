// What the first view leaves out: said in the legend, with buttons that go there.
/** @import {Layer, LeafletMap, Page, Passes, Ref} from "./types.mjs" */

import {anchorOf, nameOf} from "./data.mjs";
import {isolated, make} from "./elements.mjs";

const MOST_BUTTONS = 5; // places outside that have a button each

/** @type {(root: HTMLElement, map: LeafletMap, page: Page) => {show: (passes: Passes) => void}} */
export function makeBeyond(root, map, page) {
  const {layers, words} = page;
  const line = make("p", {class: "legend-note beyond", hidden: true});
  root.append(line);

  /** @type {(ref: Ref) => Node[]} */
  const named = (ref) => {
    const button = make("button", {type: "button", class: "open", onclick: () => page.choose(ref, button, {look: true, stay: true})},
      isolated(nameOf(layers[ref.layer], ref.row, words)));
    return [document.createTextNode(" "), button];
  };

  return {
    show(passes) {
      const view = map.getBounds();
      const outside = layers.filter((layer) => layer.part === "places").flatMap((layer) => rowsOutside(layer, passes, view));
      line.hidden = !outside.length;
      if (line.hidden) return;
      const all = make("button", {type: "button", class: "open", onclick: () => showAll(outside)}, words("legend.beyond_all"));
      const buttons = outside.length <= MOST_BUTTONS ? outside.flatMap(named) : [document.createTextNode(" "), all];
      line.replaceChildren(words("legend.beyond", {n: outside.length}), ...buttons);
    },
  };

  /** @type {(refs: Ref[]) => void} */
  function showAll(refs) {
    const box = map.getBounds();
    for (const ref of refs) {
      const [lon, lat] = /** @type {[number, number]} what is outside has a position */ (anchorOf(layers[ref.layer], ref.row));
      box.extend([lat, lon]);
    }
    map.fitBounds(box, {animate: false});
  }
}

/** @type {(layer: Layer, passes: Passes, view: import("leaflet").LatLngBounds) => Ref[]} */
function rowsOutside(layer, passes, view) {
  const found = [];
  for (let row = 0; row < layer.total; row += 1) {
    if (!passes[layer.index][row] || (layer.answers && !layer.answers.has(row))) continue;
    const at = anchorOf(layer, row);
    if (at && !view.contains([at[1], at[0]])) found.push({layer: layer.index, row});
  }
  return found;
}
