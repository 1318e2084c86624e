// Many points: drawn on one canvas, gathered by a grid that is fixed to the world, found again through it.
/** @import {Box, Frame, Gathered, LatLng, Leaflet, LeafletMap, Page, Passing, PointLayer, Target} from "./types.mjs" */
/** @typedef {{x: number, y: number, number: number, first: number, kinds: number[], left: number, top: number}} Item what is gathered, in view */
/** @typedef {Gathered & {zoom: number, world: number, cell: number, most: number}} Cache */
/** @typedef {{group: string, text: string, halo: string, font: string, hue(name: string): string}} Looks */
/** @typedef {(context: CanvasRenderingContext2D, bounds: Frame, scale: number) => void} Draw */
/** @typedef {{_container: HTMLCanvasElement, _map: {_animatingZoom: boolean}, _bounds: Frame & import("leaflet").Bounds, _update(): void}} Inside */
/** @typedef {import("leaflet").Renderer & Inside & {draw(): void}} CanvasLayer with what Leaflet keeps to itself */
/** @typedef {{targets(): Target[], at(latlng: LatLng): Target | null, obstacles(): Box[], thinned(): boolean}} Found */
/** @typedef {Found & {layer: PointLayer, show(passing: Passing): void, recolour(): void, resize(): void, renew(): void}} Points */

import {anchorOf, entryOf, nameOf, sureOf} from "./data.mjs";
import {paintRing} from "./divided.mjs";
import {eastOf, gather, southOf} from "./grid.mjs";
import {discText} from "./kinds.mjs";
import {spokenName} from "./places.mjs";
import {density} from "./print.mjs";

const CELL = 64; // pixels of a cell in which points are gathered, at the usual size of text
const [SMALLEST, LARGEST] = [13, 30]; // radius of a disc, its area in proportion to its number
const RIM = 2; // pixels that a ring of kinds adds to the smallest
const REACH = 16; // pixels around a click
const MOST_TARGETS = 400; // places that the arrow keys can reach in one view

/** @type {(L: Leaflet, map: LeafletMap, page: Page, layer: PointLayer) => Points} */
export function makePoints(L, map, page, layer) {
  const {words, state, shapes} = page, {entries} = layer.style;
  const divided = page.kinds.length > 1; // discs say what they hold
  let xs = new Float64Array(0), ys = new Float64Array(0);
  function place() {
    const spots = Array.from({length: layer.total}, (_, row) => anchorOf(layer, row));
    xs = Float64Array.from(spots, (at) => (at ? eastOf(at[0]) : NaN));
    ys = Float64Array.from(spots, (at) => (at ? southOf(at[1]) : NaN));
  }
  place();
  /** @type {Passing} */
  let passes = new Uint8Array(layer.total);
  /** @type {Cache | null} */
  let cache = null; // what is gathered at one zoom
  /** @type {Map<string, HTMLCanvasElement>} */
  const pictures = new Map();

  /** @type {() => Cache} */
  function gathered() {
    const zoom = map.getZoom();
    if (cache && cache.zoom === zoom) return cache;
    const world = 256 * 2 ** zoom;
    const cell = state.everySymbol ? 1 : CELL * page.textScale();
    const found = gather(xs, ys, passes, world, cell, divided ? entries.length : 0, layer.codes);
    cache = {zoom, world, cell, ...found, most: found.number.reduce((most, one) => Math.max(most, one), 1)};
    return cache;
  }

  // The rows of a gathered item: those of the same cell.
  /** @type {(item: Item) => number[]} */
  function rowsOf(item) {
    const {world, cell} = gathered();
    const column = Math.floor((xs[item.first] * world) / cell), line = Math.floor((ys[item.first] * world) / cell);
    const rows = [];
    for (let row = 0; row < xs.length; row += 1) {
      if (passes[row] && Math.floor((xs[row] * world) / cell) === column && Math.floor((ys[row] * world) / cell) === line) rows.push(row);
    }
    return rows;
  }

  /** @type {(item: Item) => Target} */
  function target(item) {
    const {world, zoom} = gathered();
    const at = map.unproject([item.x * world, item.y * world], zoom);
    const single = item.number === 1;
    const near = words("map.group_near", {n: item.number, name: nameOf(layer, item.first, words)});
    const said = divided ? discText(near, entries, item.kinds, words) : near;
    const label = single ? spokenName(layer, item.first, words) : said;
    return {
      label, at, element: null, first: {layer: layer.index, row: item.first},
      get refs() {
        return (single ? [item.first] : rowsOf(item)).map((row) => ({layer: layer.index, row}));
      },
    };
  }

  // What is gathered inside a box of pixels of the world, with its place in that box.
  /** @type {(box: Frame) => Item[]} */
  function within(box) {
    const all = gathered();
    const width = box.max.x - box.min.x, height = box.max.y - box.min.y;
    const found = [];
    for (let i = 0; i < all.x.length; i += 1) {
      const left = all.x[i] * all.world - box.min.x, top = all.y[i] * all.world - box.min.y;
      if (left < 0 || top < 0 || left > width || top > height) continue;
      const kinds = all.kinds.slice(i * entries.length, (i + 1) * entries.length);
      found.push({x: all.x[i], y: all.y[i], number: all.number[i], first: all.first[i], kinds, left, top});
    }
    return found;
  }
  const inView = () => (map.hasLayer(canvas) ? within(/** @type {Frame} */ (map.getPixelBounds())) : []);

  /** @type {Draw} */
  function draw(context, bounds, scale) {
    const origin = map.getPixelOrigin();
    context.clearRect(0, 0, bounds.max.x - bounds.min.x, bounds.max.y - bounds.min.y);
    context.font = look().font;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const item of within({min: bounds.min.add(origin), max: bounds.max.add(origin)})) {
      if (item.number === 1 || state.everySymbol) stamp(context, item.first, item.left, item.top, scale);
      else disc(context, item);
    }
  }

  /** @type {(context: CanvasRenderingContext2D, row: number, x: number, y: number, scale: number) => void} */
  function stamp(context, row, x, y, scale) {
    const entry = layer.style.entries[entryOf(layer, row)] || {shape: "circle", hue: "other"};
    const fill = sureOf(layer, row);
    const key = `${entry.shape}/${entry.hue}/${fill}/${scale}`;
    let image = pictures.get(key);
    if (!image) {
      image = picture(shapes[entry.shape || "circle"], colours(entry.hue), fill, scale);
      pictures.set(key, image);
    }
    const side = image.width / scale;
    context.drawImage(image, x - side / 2, y - side / 2, side, side);
  }

  // A disc is never too small for its number.
  /** @type {(number: number) => number} */
  function radiusOf(number) {
    const least = SMALLEST + (String(number).length - 1) * 2 + (divided ? RIM : 0);
    return Math.max(least, LARGEST * Math.sqrt(number / gathered().most)) * page.textScale();
  }

  /** @type {(context: CanvasRenderingContext2D, item: Item) => void} */
  function disc(context, {left, top, number, kinds}) {
    const {group, text, hue, halo} = look();
    const label = number > 9999 ? `${Math.round(number / 1000)}k` : String(number);
    const radius = radiusOf(number);
    context.beginPath();
    context.arc(left, top, radius, 0, Math.PI * 2);
    context.fillStyle = group;
    context.fill();
    if (divided) paintRing(context, shapes, entries, kinds, {left, top, radius, hue, halo});
    else {
      context.lineWidth = 2;
      context.strokeStyle = text;
      context.stroke();
    }
    context.fillStyle = text;
    context.fillText(label, left, top + 0.5);
  }

  /** @type {Looks | null} */
  let looks = null;
  function look() {
    if (!looks) {
      const style = getComputedStyle(document.documentElement);
      looks = {
        group: style.getPropertyValue("--group"), text: style.getPropertyValue("--group-text"),
        halo: style.getPropertyValue("--halo"), font: `bold ${14 * page.textScale()}px ${getComputedStyle(document.body).fontFamily}`,
        hue: (name) => style.getPropertyValue(`--hue-${name}`) || "#59616A",
      };
    }
    return looks;
  }
  /** @type {(hue: string) => {hue: string, halo: string}} */
  const colours = (hue) => ({hue: look().hue(hue), halo: look().halo});

  const Canvas = canvasLayer(L, draw);
  const canvas = new Canvas({pane: "points", padding: 0.3});
  return {
    layer,
    show(next) {
      passes = next;
      cache = null;
      if (state.off.has(layer.index)) canvas.remove();
      else if (map.hasLayer(canvas)) canvas.draw();
      else canvas.addTo(map);
    },
    renew: place,
    recolour() {
      looks = null;
      pictures.clear();
      if (map.hasLayer(canvas)) canvas.draw();
    },
    // After a change of the size of text.
    resize() {
      cache = null;
      this.recolour();
    },
    // What is drawn inside the view, as targets for pointer and keys.
    targets: () => inView().slice(0, MOST_TARGETS).map(target),
    at(latlng) {
      const point = map.latLngToContainerPoint(latlng);
      /** @type {Item | null} */
      let best = null;
      let least = Infinity;
      for (const item of inView()) {
        const far = Math.hypot(item.left - point.x, item.top - point.y);
        const reach = item.number === 1 ? REACH : Math.max(REACH, radiusOf(item.number));
        if (far <= reach && far < least) {
          best = item;
          least = far;
        }
      }
      return best && target(best);
    },
    // The boxes on the screen that are taken by discs and symbols.
    obstacles() {
      return inView().map(({left, top, number}) => {
        const radius = number === 1 ? 12 : radiusOf(number);
        return [left - radius, top - radius, left + radius, top + radius];
      });
    },
    thinned: () => inView().some((item) => item.number > 1),
  };
}

// A canvas that Leaflet moves and scales with the map as it does its own renderers.
/** @type {(L: Leaflet, draw: Draw) => new (options: import("leaflet").RendererOptions) => CanvasLayer} */
function canvasLayer(L, draw) {
  return L.Renderer.extend({
    /** @type {(this: CanvasLayer) => void} */
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
    },
    /** @type {(this: Partial<CanvasLayer>) => void} */
    _destroyContainer() {
      this._container?.remove();
      delete this._container;
    },
    _updatePaths() {},
    /** @type {(this: CanvasLayer) => void} */
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      /** @type {CanvasLayer} */ (L.Renderer.prototype)._update.call(this);
      this.draw();
    },
    /** @type {(this: CanvasLayer) => void} */
    draw() {
      const size = this._bounds.getSize();
      const scale = density();
      this._container.width = Math.round(size.x * scale);
      this._container.height = Math.round(size.y * scale);
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      const context = /** @type {CanvasRenderingContext2D} */ (this._container.getContext("2d"));
      context.scale(scale, scale);
      draw(context, this._bounds, scale);
    },
  });
}

// A symbol drawn once, to be stamped many times.
/** @type {(shape: [path: string, size: number], colours: {hue: string, halo: string}, fill: number, scale: number) => HTMLCanvasElement} */
function picture([path, size], {hue, halo}, fill, scale) {
  const side = size + 8;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(side * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(((size + 4) / 28) * scale, ((size + 4) / 28) * scale);
  const margin = ((side / (size + 4)) * 28 - 24) / 2;
  context.translate(margin, margin);
  context.lineJoin = "round";
  const outline = new Path2D(path);
  context.strokeStyle = context.fillStyle = halo;
  context.lineWidth = 7.2;
  context.stroke(outline);
  context.fill(outline);
  context.strokeStyle = context.fillStyle = hue;
  context.lineWidth = 2.4;
  context.stroke(outline);
  if (fill === 1) {
    context.beginPath();
    context.rect(-4, -4, 16, 32);
    context.clip();
  }
  if (fill < 2) context.fill(outline);
  return canvas;
}
