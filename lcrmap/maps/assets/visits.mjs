// Visits to places: a place is opened, looked at, shown in its table, and left again to where the reader came from.
/** @import {Choices, Drawing, Keys, Leaflet, Page, Panel, Passes, PointLayer, Ref, Tables, Visits} from "./types.mjs" */
/** @typedef {{container: HTMLElement, panel: Panel, tables: Tables, keys: Keys, shapes: Drawing[], dots: PointLayer[], passes: () => Passes}} VisitParts */

import {anchorOf, latLngOf, nameOf, sameRef} from "./data.mjs";

const CLOSE = 15; // zoom at which a single place is looked at
const FOUND = 12; // the same for one that was found by its name
const SPLIT = 3; // zoom steps within which a disc is parted; else its places are listed

// What the parts of the page ask of each other about a place; `parts` are those that are asked here.
/** @type {(L: Leaflet, page: Page, parts: VisitParts) => Visits} */
export function makeVisits(L, page, parts) {
  const {layers, state, words, map, say} = page;
  const {container, panel, tables, keys, shapes, dots} = parts;
  /** @type {{element: HTMLElement, ref: Ref | null} | null} */
  let cameFrom = null; // where the focus goes when the panel is closed: an element, or a place on the map

  /** @type {(ref: Ref) => boolean} */
  function inView(ref) {
    const anchor = anchorOf(layers[ref.layer], ref.row);
    return !anchor || map.getBounds().contains([anchor[1], anchor[0]]);
  }

  return {
    // Open what is at a target: a place, or a disc, which is parted if that soon helps and else listed.
    open(target) {
      const {refs} = target;
      if (refs.length === 1) {
        this.choose(refs[0], target.element || container);
        return;
      }
      const box = L.latLngBounds(refs.map(({layer, row}) => latLngOf(layers[layer], row)));
      const zoom = Math.min(map.getBoundsZoom(box.pad(0.2)), map.getZoom() + SPLIT);
      const apart = box.getNorthEast().distanceTo(box.getSouthWest()) > 30;
      if (apart && zoom > map.getZoom() && map.getZoom() < map.getMaxZoom() && !(refs.length <= 8 && map.getZoom() >= 14)) {
        map.setView(box.getCenter(), Math.max(zoom, map.getZoom() + 1), {animate: false});
        return;
      }
      cameFrom = {element: target.element || container, ref: refs[0]};
      state.change({selected: null, group: refs});
      panel.peek();
      say(words("say.group", {n: refs.length}));
    },
    choose(ref, from, {look = false, stay = false} = {}) {
      const inMap = container.contains(from);
      cameFrom = {element: from, ref: inMap ? ref : null};
      const hidden = parts.passes()[ref.layer][ref.row] ? {} : noFilters(withoutItem(state.off, ref.layer));
      state.change({selected: ref, group: null, ...hidden});
      if (look || !inView(ref)) this.lookAt(ref);
      if (!inMap && !stay) panel.title.focus({preventScroll: false});
      else {
        if (inMap) panel.peek();
        say(words("say.selected", {name: nameOf(layers[ref.layer], ref.row, words)}));
      }
    },
    lookAt(ref) {
      const anchor = anchorOf(layers[ref.layer], ref.row);
      if (!anchor) return;
      const layer = layers[ref.layer];
      const shape = layer.points ? null : shapes.find((part) => part.layer === layer)?.features[ref.row].at(-1);
      if (shape && "getBounds" in shape) map.fitBounds(shape.getBounds(), {padding: [30, 30], animate: false});
      else map.setView([anchor[1], anchor[0]], Math.max(map.getZoom(), Math.min(FOUND, map.getMaxZoom())), {animate: false});
    },
    zoomTo(ref) {
      container.scrollIntoView({block: "nearest"}); // on a phone the map stands above what asks for it
      const anchor = anchorOf(layers[ref.layer], ref.row);
      if (anchor && layers[ref.layer].points) map.setView([anchor[1], anchor[0]], Math.max(map.getZoom(), CLOSE), {animate: false});
      else this.lookAt(ref);
    },
    showInTable(ref) {
      if (!tables.reveal(ref)) {
        state.change(noFilters(withoutItem(state.off, ref.layer)));
        tables.reveal(ref);
      }
    },
    // The other places at the same spot: those that share its symbol at the largest scale.
    sameSpot(ref) {
      const layer = layers[ref.layer];
      /** @type {Ref[]} */
      const others = [];
      if (!layer.points || layer.x[ref.row] === null) return others;
      for (const other of dots) {
        for (let row = 0; row < other.total; row += 1) {
          const same = other.x[row] === layer.x[ref.row] && other.y[row] === layer.y[ref.row];
          if (same && !sameRef(ref, {layer: other.index, row})) others.push({layer: other.index, row});
        }
      }
      return others;
    },
    // Close what is open and go back to where the reader came from; false if nothing was open.
    back() {
      if (!state.selected && !state.group) return false;
      const inside = panel.root.contains(document.activeElement);
      state.change({selected: null, group: null});
      if (inside && cameFrom?.ref) keys.goTo(cameFrom.ref);
      else if (inside) (cameFrom?.element.isConnected ? cameFrom.element : container).focus();
      say(words("say.closed"));
      return true;
    },
  };
}

/** @type {(off: Set<number>) => Partial<Choices>} */
const noFilters = (off) => ({off, areas: new Set(), without: new Set(), unsure: new Set()});

/** @type {<T>(set: Set<T>, item: T) => Set<T>} */
function withoutItem(set, item) {
  const next = new Set(set);
  next.delete(item);
  return next;
}
