// The lines and areas to which the keys go: those that a page is about, and areas that have nothing lying on them.
/** @import {Drawing, Layer, Leaflet, LeafletMap, Page, Passes, Target} from "./types.mjs" */

import {isPlaced, latLngOf} from "./data.mjs";
import {spokenName} from "./places.mjs";

/** @type {(L: Leaflet, map: LeafletMap, page: Page, shapes: Drawing[]) => {targets: (passes: Passes) => Target[]}} */
export function makeWalked(L, map, page, shapes) {
  const {layers, state, words} = page;
  // Where areas are only the ground for places, they have a list instead.
  const hasPlaces = layers.some((layer) => layer.part === "places" && layer.placed);
  /** @type {(layer: Layer) => boolean} */
  const isWalked = (layer) => layer.part === "places" || (layer.part === "areas" && (layer.style.kind === "shade" || !hasPlaces));

  return {
    targets(passes) {
      /** @type {Target[]} */
      const found = [];
      for (const {layer} of shapes) {
        if (!isWalked(layer) || state.off.has(layer.index)) continue;
        for (let row = 0; row < layer.total; row += 1) {
          if (!passes[layer.index][row] || !isPlaced(layer, row)) continue;
          const at = L.latLng(latLngOf(layer, row)), ref = {layer: layer.index, row};
          if (map.getBounds().contains(at)) found.push({refs: [ref], first: ref, at, element: null, label: spokenName(layer, row, words)});
        }
      }
      return found;
    },
  };
}
