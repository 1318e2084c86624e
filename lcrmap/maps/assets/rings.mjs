// Dashed rings: how far off a position may be. Drawn for the selected place, or for all at a switch.
/** @import {Layer, Leaflet, LeafletMap, Page, Passes, SizedCircle} from "./types.mjs" */

import {entryOf, errorOf, isPlaced, latLngOf} from "./data.mjs";

const LEAST = 14; // pixels under which the symbol covers its ring
const MOST = 500; // rings drawn at once

/** @type {(L: Leaflet, map: LeafletMap, page: Page) => {draw: (passes: Passes) => void}} */
export function makeRings(L, map, page) {
  const {layers, state} = page;
  const group = L.layerGroup().addTo(map);
  const renderer = L.svg({pane: "rings"});

  /** @type {(layer: Layer, row: number, always: boolean) => void} */
  function add(layer, row, always) {
    const error = errorOf(layer, row);
    if (!error || !isPlaced(layer, row)) return;
    const circle = /** @type {SizedCircle} */ (L.circle(latLngOf(layer, row), {radius: error, renderer, pane: "rings", interactive: false,
      className: `ring hue-${(layer.style.entries[entryOf(layer, row)] || {hue: "other"}).hue}`}));
    circle.addTo(group);
    if (!always && circle._radius < LEAST) circle.remove();
  }

  return {
    draw(passes) {
      group.clearLayers();
      if (state.everyRing) {
        let drawn = 0;
        for (const layer of layers) {
          if (layer.part !== "places" || layer.error === null) continue;
          for (let row = 0; row < layer.total && drawn < MOST; row += 1) {
            if (passes[layer.index][row] && errorOf(layer, row)) {
              add(layer, row, false);
              drawn += 1;
            }
          }
        }
      }
      if (state.selected) add(layers[state.selected.layer], state.selected.row, true);
    },
  };
}
