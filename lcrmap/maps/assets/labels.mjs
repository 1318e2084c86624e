// Names on the map: areas always, water and neighbours where there is room, places when zoomed in; none over another.
/** @import {Box, LatLng, Layer, Leaflet, LeafletMap, Outline, Page, Part, ShapeLayer, Spans, Spot, Target} from "./types.mjs" */
/** @typedef {[from: import("leaflet").Point, to: import("leaflet").Point]} Line */

import {SCALE, cellText, isAnswer, lineOf, nameOf, sameRef} from "./data.mjs";
import {overlaps} from "./grid.mjs";
import {findSpot, outlineOf, spansOf} from "./inside.mjs";
import {make} from "./elements.mjs";

const PLACES_FROM = 13; // zoom from which places are named
const KINDS_FROM = 12; // the same for layers of kinds, such as sites
const LONG = 28; // characters past which a name is broken into two lines
const LINE = 18; // pixels, at the usual size of text
const MOST_WRITTEN = 40; // lines of a layer with a text beside them
const NUMBERED = /^\d+\.(?= )/; // of "3. Yewtree" what stands for it where one of its kind has no room for the whole
const [OWN_AREA, OWN] = [0.5, 0.75]; // share of an area's name that must lie in it, and of one of the backdrop
const MOST_AREAS = 60; // of a layer; more are told by shade and table, not by names

/** @type {(L: Leaflet, map: LeafletMap, page: Page) => {draw: (targets: Target[], obstacles: Box[]) => void}} */
export function makeLabels(L, map, page) {
  const {layers, state, words, raw} = page;
  const group = L.layerGroup().addTo(map);
  const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  let family = "";
  /** @type {Line[]} */
  let lines = []; // those with a distance beside them, in pixels

  /** @type {(text: string, bold: boolean) => [wide: number, high: number]} */
  function sizeOf(text, bold) {
    family = family || getComputedStyle(document.body).fontFamily;
    const scale = page.textScale();
    ruler.font = `${bold ? "bold " : ""}${15 * scale}px ${family}`;
    const rows = text.split("\n");
    return [Math.max(...rows.map((row) => ruler.measureText(row).width)) + 4, rows.length * LINE * scale];
  }

  /** @type {Map<Layer, (Outline | null)[]>} */
  const outlines = new Map(); // of the layers whose areas are named

  /** @type {(text: string, at: LatLng, name: string, pane?: string) => void} */
  function put(text, at, name, pane = "names") {
    const node = make("span", {"aria-hidden": "true"}, make("bdi", {}, text));
    L.marker(at, {icon: L.divIcon({html: node, className: `name ${name}`, iconSize: undefined}), interactive: false,
      keyboard: false, pane}).addTo(group);
  }

  /** @type {(at: Spot, offset: Spot, width: number, height: number) => boolean} */
  function isClear([x, y], [dx, dy], width, height) {
    const [left, top] = [x + dx - width / 2, y + dy - height / 2], box = L.bounds([left, top], [left + width, top + height]);
    return !lines.some(([a, b]) => L.LineUtil.clipSegment(a, b, box));
  }

  // Put a text in the first place of `offsets` where it is free and on the map, one clear of lines if it can; returns
  // whether it found one, or was to put it `anyway`.
  /** @type {(text: string, at: Spot, offsets: Spot[], name: string, taken: Box[], anyway?: boolean) => boolean} */
  function tryPut(text, [x, y], offsets, name, taken, anyway = false) {
    const [width, height] = sizeOf(text, name === "name-selected");
    const view = map.getPixelBounds().getSize();
    /** @type {(offset: Spot) => Box} */
    const box = ([dx, dy]) => [x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2];
    // A place below, or above at the lower edge, and as far to the side as the map asks for.
    /** @type {(offset: Spot) => Spot} */
    const pushedIn = ([, dy]) => {
      const middle = Math.min(Math.max(x, width / 2 + 2), Math.max(view.x - width / 2 - 2, width / 2 + 2));
      return [middle - x, y + dy + height / 2 > view.y ? -dy : dy];
    };
    const inView = offsets.filter((offset) => {
      const one = box(offset);
      return one[0] > 2 && one[1] > 2 && one[2] < view.x - 2 && one[3] < view.y - 2;
    });
    const free = inView.filter((offset) => !taken.some((other) => overlaps(box(offset), other)));
    const clear = free.find((offset) => isClear([x, y], offset, width, height));
    const chosen = clear || free[0] || (anyway ? inView[0] || pushedIn(offsets[offsets.length - 1]) : null);
    if (!chosen) return false;
    taken.push(box(chosen));
    put(text, map.containerPointToLatLng([x + chosen[0], y + chosen[1]]), name);
    return true;
  }

  // Name areas inside their own outlines, the smallest first; one without room for its name goes without.
  // Names of areas may stand partly under `symbols`, never on what else is `taken`.
  // Those of the land are above small symbols that stand singly, rather than missing: only `firm` ones keep them off then.
  /** @type {(part: "areas" | "backdrop", symbols: Box[], taken: Box[], firm?: Box[]) => void} */
  function nameAreas(part, symbols, taken, firm = symbols) {
    const {x: width, y: height} = map.getSize();
    const corner = map.getPixelBounds().getTopLeft(), world = 256 * 2 ** map.getZoom();
    /** @type {{text: string, spans: Spans, anchor: Spot}[]} */
    const named = [];
    const seen = new Set(); // what two layers have, such as a borough and a row of a table, is named once
    for (const layer of layers) {
      const {label} = layer;
      if (layer.points || layer.part !== part || !layer.anchors.length || label === null) continue;
      if (part === "areas" && (state.off.has(layer.index) || layer.total > MOST_AREAS)) continue;
      const known = outlines.get(layer) || layer.parts.map((parts) => parts && outlineOf(parts));
      outlines.set(layer, known);
      known.forEach((outline, row) => {
        const text = cellText(layer.columns[label], row).trim(), at = layer.anchors[row];
        if (!outline || !text || !at) return;
        const spans = spansOf(outline, {world, corner, width, height});
        const {x, y} = map.latLngToContainerPoint([at[1] / SCALE, at[0] / SCALE]);
        const first = String(layer.twins?.[row] || [layer.index, row]);
        if (spans.size && !seen.has(first)) named.push({text, spans, anchor: [x, y]});
        seen.add(first);
      });
    }
    named.sort((a, b) => a.spans.size - b.spans.size);
    for (const {text, spans, anchor} of named) {
      const size = sizeOf(text, part === "areas");
      /** @type {(clear: Box[], least: number) => Spot | null} */
      const find = (clear, least) => findSpot(spans, size, anchor, {width, height, taken, symbols: clear, least});
      const least = part === "areas" ? OWN_AREA : OWN;
      const free = find(symbols, least);
      const spot = free || find(firm, least) || (part === "areas" && find(firm, 0)); // areas are named, if need be beyond
      if (!spot) continue;
      taken.push([spot[0] - size[0] / 2, spot[1] - size[1] / 2, spot[0] + size[0] / 2, spot[1] + size[1] / 2]);
      put(text, map.containerPointToLatLng(spot), `name-${part}`, free && part === "areas" ? "area-names" : "names");
    }
  }

  // Name places where there is room; returns those that have none.
  /** @type {(targets: Target[], taken: Box[]) => Target[]} */
  function namePlaces(targets, taken) {
    const zoom = map.getZoom();
    /** @type {Target[]} */
    const without = [];
    for (const target of targets) {
      const [ref] = target.refs;
      const chosen = target.refs.some((one) => sameRef(one, state.selected));
      if (target.refs.length > 1 && !chosen) continue;
      const from = layers[ref.layer].style.entries.length > 1 && layers[ref.layer].total < 50 ? KINDS_FROM : PLACES_FROM;
      if (zoom < from && !chosen && !isAnswer(layers[ref.layer], ref.row)) continue;
      const named = (chosen && state.selected) || ref;
      if (!putBeside(target, broken(nameOf(layers[named.layer], named.row, words)), taken, chosen)) without.push(target);
    }
    return without;
  }

  /** @type {(target: Target) => boolean} */
  const isNumbered = ({refs: [ref]}) => NUMBERED.test(nameOf(layers[ref.layer], ref.row, words));

  // Put the number alone beside places that have one, also over symbols of what the answer does not speak of.
  /** @type {(targets: Target[], near: Box[], taken: Box[]) => void} */
  function numberPlaces(targets, near, taken) {
    for (const target of targets) {
      const [ref] = target.refs;
      const number = NUMBERED.exec(nameOf(layers[ref.layer], ref.row, words));
      if (number && putBeside(target, number[0], near, false)) taken.push(near[near.length - 1]);
    }
  }

  /** @type {(target: Target) => Box} */
  function boxOf(target) {
    const {x, y} = map.latLngToContainerPoint(target.at);
    const radius = target.radius || 14;
    return [x - radius, y - radius, x + radius, y + radius];
  }

  // Put a text beside a place, where it is free; returns whether it found room.
  /** @type {(target: Target, text: string, taken: Box[], chosen: boolean) => boolean} */
  function putBeside(target, text, taken, chosen) {
    const [width, height] = sizeOf(text, chosen);
    const far = chosen ? 28 : 18, side = width / 2 + far, up = height / 2 + far;
    const {x, y} = map.latLngToContainerPoint(target.at);
    const along = Math.max(width / 2 - 14, 0); // at an edge of the map a name begins or ends at its symbol
    return tryPut(text, [x, y], [[side, 0], [-side, 0], [0, -up], [0, up], [along, -up], [-along, -up], [along, up], [-along, up]],
      chosen ? "name-selected" : "name-place", taken, chosen);
  }

  /** @type {() => ShapeLayer[]} */
  const writtenLayers = () => layers.flatMap((layer) =>
    layer.written === undefined || layer.points || layer.total > MOST_WRITTEN || state.off.has(layer.index) ? [] : [layer]);

  /** @type {(part: Part) => Line[]} */
  function linesOf(part) {
    const spots = part[0] === 1 ? lineOf(part[1]).map(([lon, lat]) => map.latLngToContainerPoint([lat, lon])) : [];
    return spots.slice(1).map((spot, i) => [spots[i], spot]);
  }

  // Put the distances beside their lines, clear of all of them: at the middle, else nearer to an end, else nowhere.
  /** @type {(taken: Box[]) => void} */
  function writeLines(taken) {
    for (const layer of writtenLayers()) {
      layer.parts.forEach((parts, row) => {
        const text = cellText(layer.columns[/** @type {number} */ (layer.written)], row), along = (parts || []).flatMap(linesOf);
        if (!text || !along.length) return;
        const [a, b] = along[along.length >> 1], [width, height] = sizeOf(text, false);
        const side = (width + height) / 2 + 4; // clear of a line that is more steep than flat
        /** @type {Spot[]} */
        const offsets = [[0, -LINE], [0, LINE], [side, 0], [-side, 0], [0, -2 * LINE], [0, 2 * LINE]];
        [0.5, 0.3, 0.7].some((share) => {
          /** @type {Spot} */
          const at = [a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share];
          const fit = offsets.filter((offset) => { // with no line on the way to its own
            const [dx, dy] = offset;
            return isClear(at, offset, width, height) && isClear(at, [dx * 0.55, dy * 0.55], Math.abs(dx) * 0.9, Math.abs(dy) * 0.9);
          });
          return tryPut(text, at, fit, "name-place", taken);
        });
      });
    }
  }

  /** @type {(taken: Box[]) => void} */
  function nameWater(taken) {
    for (const [text, x, y] of raw.water) {
      const at = map.latLngToContainerPoint([y / SCALE, x / SCALE]);
      tryPut(text, [at.x, at.y], [[0, 0]], "name-water", taken);
    }
  }

  return {
    draw(targets, obstacles) {
      group.clearLayers();
      lines = writtenLayers().flatMap((layer) => layer.parts.flatMap((parts) => (parts || []).flatMap(linesOf)));
      /** @type {Box[]} */
      const symbols = targets.map(boxOf);
      symbols.push(...obstacles);
      const own = targets.filter((target) => target.refs.some((ref) => sameRef(ref, state.selected)));
      const answers = targets.filter((target) => !own.includes(target) && target.refs.every((ref) => isAnswer(layers[ref.layer], ref.row)));
      const {y: bottom} = map.getSize();
      /** @type {Box[]} */
      const names = [[0, 0, 60, page.buttonsHeight()], [0, bottom - 18 - 18 * page.textScale(), 160, bottom]]; // buttons, scale bar
      const corner = page.locatorBox();
      if (corner) names.push(corner);
      const taken = [...names, ...symbols];
      let without = namePlaces([...own, ...answers], taken);
      if (without.some(isNumbered)) { // all by their numbers, or none
        group.clearLayers();
        taken.length = names.length + symbols.length;
        without = [...answers.filter(isNumbered), ...namePlaces([...own, ...answers.filter((target) => !isNumbered(target))], taken)];
      }
      const named = taken.slice(names.length + symbols.length);
      numberPlaces(without, [...names, ...answers.map(boxOf), ...named], taken);
      writeLines(taken);
      names.push(...taken.slice(names.length + symbols.length));
      const firm = targets.filter(({refs}) => !layers[refs[0].layer].singly || isAnswer(layers[refs[0].layer], refs[0].row)).map(boxOf);
      nameAreas("areas", symbols, names, [...firm, ...obstacles]);
      taken.push(...names);
      namePlaces(targets.filter((target) => !own.includes(target) && !answers.includes(target)), taken);
      nameWater(taken);
      nameAreas("backdrop", [], taken);
    },
  };
}

// Break a long name at the blank nearest to its middle.
/** @type {(text: string) => string} */
export function broken(text) {
  if (text.length <= LONG) return text;
  const middle = text.length / 2;
  let best = -1;
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) {
    if (best < 0 || Math.abs(at - middle) < Math.abs(best - middle)) best = at;
  }
  return best < 0 ? text : `${text.slice(0, best)}\n${text.slice(best + 1)}`;
}
