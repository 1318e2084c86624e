// The map itself: water, land, areas and a user's lines and areas, on Leaflet; nothing is fetched.
/** @import {Box, Drawing, Layer, Leaflet, LeafletMap, LatLngBounds, PageData, Part, Settings, Shape, ShapeLayer, Spot} from "./types.mjs" */
/** @typedef {{pane: string, renderer: import("leaflet").Renderer, outlines: object | null}} Looks */
/** @typedef {{go(): void, isHere(): boolean, refit(): void}} Home */

import {SCALE, lineOf} from "./data.mjs";
import {count} from "./filters.mjs";
import {watchDensity, watchHands} from "./settings.mjs";

const SVG_LIMIT = 2000; // features drawn as SVG; above it a canvas is quicker
const SMOOTH_LIMIT = 500; // features drawn with every vertex, so that circles stay round
const FAINT_FROM = 9; // areas of a layer that are filled more faintly: they may lie on each other
const OUTLINED_TO = 40; // shaded areas that are outlined, so that equal neighbours part; of more the lines would cover the shades
const NARROW = 600; // pixels of map under which its buttons get no strip of their own
const ANIMATED = 4; // zoom steps up to which a change of scale is animated
const SCALE_BAR = 44; // pixels at the lower edge that no place lies under at first
const WATER_FIRST = 300; // z-index of the lowest pane of ours

/** @type {(L: Leaflet, container: HTMLElement, raw: PageData, layers: Layer[], settings: Settings) => {map: LeafletMap, home: Home, shapes: Drawing[]}} */
export function makeChart(L, container, raw, layers, settings) {
  const map = L.map(container, {
    zoomControl: false,
    attributionControl: false,
    keyboard: false, // ours: see keys.mjs
    trackResize: false, // ours: see main.mjs; Leaflet would leave a name on the window
    fadeAnimation: false,
    zoomSnap: raw.basemap ? 1 : 0.1,
    maxZoom: raw.basemap ? raw.basemap.zoom : 19,
    worldCopyJump: false,
  });
  ["water", "backdrop", "areas", "merged", "shapes", "outlines", "points", "rings"].forEach((name, place) => {
    map.createPane(name).style.zIndex = String(WATER_FIRST + place * 20);
  });
  [["area-names", "590"], ["names", "640"]].forEach(([name, height]) => {
    const pane = map.createPane(name);
    pane.style.zIndex = height; // below and above the symbols
    pane.style.pointerEvents = "none";
  });
  if (raw.basemap) {
    L.tileLayer(raw.basemap.url, {maxZoom: raw.basemap.zoom, className: "tiles"}).addTo(map);
    container.classList.add("with-tiles");
  }
  L.control.scale({imperial: false, maxWidth: 140}).addTo(map);
  guardWheel(map, container);
  guardFinger(map, container);
  const keepStill = () => {
    map.options.zoomAnimation = map.options.inertia = !settings.still;
    map.options.zoomAnimationThreshold = settings.still ? -1 : ANIMATED;
  };
  keepStill();
  watchHands(window, keepStill);
  watchDensity(window, () => {
    Object.assign(L.Browser, {retina: window.devicePixelRatio > 1}); // Leaflet asks once, at load
    map.fire("viewreset"); // what is on canvas is drawn anew
  });
  // Shades cover what lies below: the outlines of other areas are drawn again above them.
  const shaded = layers.some((layer) => layer.style.kind === "shade");
  const shapes = layers.filter((layer) => !layer.points)
    .map((layer) => drawShapes(L, map, layer, shaded && layer.part === "areas" && layer.style.kind !== "shade"));
  if (!raw.basemap) drawWater(L, map, shapes);
  return {map, home: makeHome(L, map, raw), shapes};
}

// Water reaches as far as the backdrop; of what lies beyond, the page does not know whether it is land or sea.
/** @type {(L: Leaflet, map: LeafletMap, shapes: Drawing[]) => void} */
function drawWater(L, map, shapes) {
  const box = L.latLngBounds([]);
  for (const {layer, features} of shapes) if (layer.part === "backdrop") features.flat().forEach((shape) => box.extend(/** @type {L.Polyline} */ (shape).getBounds()));
  if (!box.isValid()) return;
  L.rectangle(box, {pane: "water", renderer: L.svg({pane: "water"}), className: "water", interactive: false}).addTo(map);
  map.getContainer().classList.add("ends");
}

// The view of everything: gone to at first, again on demand, and fitted anew whenever the map changes its size there.
/** @type {(L: Leaflet, map: LeafletMap, raw: PageData) => Home} */
function makeHome(L, map, raw) {
  let going = false, here = false;
  map.on("movestart", () => {
    here = going;
  });
  function go() {
    map.setMinZoom(0);
    going = true;
    const narrow = map.getSize().x < NARROW, strip = narrow ? 12 : 60;
    const box = homeOf(L, (narrow && raw.core) || raw.bounds);
    const {x, y} = map.getSize();
    if (x > strip + 12 && y > 12 + SCALE_BAR) map.fitBounds(box, {paddingTopLeft: [strip, 12], paddingBottomRight: [12, SCALE_BAR], animate: false});
    else map.setView(box.getCenter(), 8, {animate: false});
    going = false;
    here = true;
    map.setMinZoom(Math.max(0, Math.floor(map.getZoom()) - 2));
  }
  return {go, isHere: () => here, refit: () => here && go()};
}

/** @type {(L: Leaflet, bounds: Box | null) => LatLngBounds} */
function homeOf(L, bounds) {
  if (!bounds) return L.latLngBounds([-60, -170], [75, 170]);
  const [west, south, east, north] = bounds;
  const least = 0.005; // about 500 m: a single point is not shown at the largest scale
  const wide = Math.max(0, least - (east - west)) / 2, high = Math.max(0, least - (north - south)) / 2;
  return L.latLngBounds([south - high, west - wide], [north + high, east + wide]);
}

// The wheel scrolls the page unless Ctrl is held or the map has the focus.
/** @type {(map: LeafletMap, container: HTMLElement) => void} */
function guardWheel(map, container) {
  container.addEventListener("wheel", (event) => {
    const meant = event.ctrlKey || event.metaKey || container.contains(document.activeElement);
    if (meant) map.scrollWheelZoom.enable();
    else map.scrollWheelZoom.disable();
  }, {capture: true, passive: true});
}

// One finger scrolls the page and two move the map; a mouse or pen moves it alone, also where there is a finger too.
/** @type {(map: LeafletMap, container: HTMLElement) => void} */
function guardFinger(map, container) {
  container.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") map.dragging.disable();
    else map.dragging.enable();
  }, {capture: true});
}

// Draw a layer of lines or areas; returns its Leaflet group and a way to redraw what passes.
/** @type {(L: Leaflet, map: LeafletMap, layer: ShapeLayer, above: boolean) => Drawing} */
function drawShapes(L, map, layer, above) {
  const pane = layer.merged ? "merged" : layer.part === "places" ? "shapes" : layer.part;
  const renderer = layer.total > SVG_LIMIT ? L.canvas({pane}) : L.svg({pane});
  const outlines = above ? {pane: "outlines", renderer: L.svg({pane: "outlines"}), interactive: false, fill: false} : null;
  const group = L.layerGroup();
  const drawAll = () => layer.parts.map((parts, row) => (parts ? drawFeature(L, layer, row, parts, {pane, renderer, outlines}) : []));
  const features = drawAll();
  /** @type {((shape: Shape, row: number) => void)[]} */
  const listeners = [];
  return {
    layer,
    features,
    each(listener) {
      listeners.push(listener);
      features.forEach((shapes, row) => shapes.forEach((shape) => listener(shape, row)));
    },
    renew() {
      features.splice(0, features.length, ...drawAll());
      features.forEach((shapes, row) => shapes.forEach((shape) => listeners.forEach((listener) => listener(shape, row))));
    },
    // After a change of colours: only what is on canvas has to be told.
    recolour() {
      if (!(renderer instanceof L.Canvas)) return;
      features.forEach((shapes, row) => shapes.forEach((shape) => shape.setStyle(paintOf(layer, row, shape.options.className?.split(" ")[0] ?? ""))));
    },
    show(passes) {
      group.clearLayers();
      if (layer.part !== "backdrop" && !count(passes)) {
        group.remove();
        return;
      }
      features.forEach((shapes, row) => {
        if (layer.part === "backdrop" || passes[row]) shapes.forEach((shape) => group.addLayer(shape));
      });
      group.addTo(map);
    },
  };
}

// One feature as Leaflet's shapes. The style sheet colours them; a canvas knows no style sheet and is told.
/** @type {(L: Leaflet, layer: ShapeLayer, row: number, parts: Part[], how: Looks) => Shape[]} */
function drawFeature(L, layer, row, parts, {pane, renderer, outlines}) {
  /** @type {(steps: number[]) => Spot[]} */
  const flip = (steps) => lineOf(steps).map(([lon, lat]) => [lat, lon]);
  const rings = parts.filter((part) => part[0] === 2).map(([, ...packed]) => packed.map(flip));
  const lines = parts.filter((part) => part[0] === 1).map((part) => flip(part[1]));
  /** @type {Spot[]} */
  const dots = parts.filter((part) => part[0] === 0).map((part) => [part[2] / SCALE, part[1] / SCALE]);
  const onCanvas = renderer instanceof L.Canvas;
  /** @type {(name: string, more?: object) => import("leaflet").PathOptions & {smoothFactor: number}} */
  const options = (name, more = {}) => ({
    pane, renderer, className: name.endsWith("casing") ? name : `${name} ${lookOf(layer, row)}`,
    interactive: layer.part !== "backdrop", bubblingMouseEvents: false,
    smoothFactor: layer.total > SMOOTH_LIMIT ? 1 : 0, ...(onCanvas ? paintOf(layer, row, name) : {}), ...more,
  });
  /** @type {Shape[]} */
  const drawn = [];
  if (rings.length && outlines) {
    drawn.push(L.polygon(rings, {...options("outline-casing"), ...outlines}), L.polygon(rings, {...options("areas-outline"), ...outlines}));
  }
  if (rings.length && layer.part === "areas" && layer.style.kind !== "shade") drawn.push(L.polygon(rings, options("area-casing", {interactive: false})));
  if (rings.length) drawn.push(L.polygon(rings, options(`${layer.part}-area${layer.merged ? " merged" : isFaint(layer) ? " faint" : ""}`)));
  if (lines.length) {
    drawn.push(L.polyline(lines, options("line-casing", {interactive: false, fill: false})));
    drawn.push(L.polyline(lines, options("places-line", {fill: false})));
  }
  dots.forEach((at) => drawn.push(L.circleMarker(at, options("places-dot", {radius: 6}))));
  return drawn;
}

/** @type {(layer: Layer) => boolean} */
const isFaint = (layer) => layer.part === "places" && layer.total >= FAINT_FROM;

// The colours and widths of a shape on canvas, as the style sheet has them for the others.
/** @type {(layer: Layer, row: number, name: string) => import("leaflet").PathOptions} */
export function paintOf(layer, row, name) {
  const style = getComputedStyle(document.documentElement);
  /** @type {(key: string) => string} */
  const token = (key) => style.getPropertyValue(`--${key}`);
  if (name === "backdrop-area") return {fillColor: token("neighbour"), fillOpacity: 1, color: token("neighbour-line"), weight: 0.75};
  if (name === "area-casing") return {fillColor: token("land"), fillOpacity: 1, color: token("page"), weight: 3.5};
  if (name === "line-casing") return {color: token("halo"), weight: 7, opacity: 1};
  const entry = layer.style.entries[layer.codes ? layer.codes[row] : 0];
  const hue = (entry && token(`hue-${entry.hue}`)) || token("hue-other");
  if (layer.style.kind === "shade") {
    const known = entry && entry.swatch === "box";
    return {fillColor: known ? hue : token("no-data"), fillOpacity: 1, color: known ? token("page") : token("hatch"), weight: 0.5};
  }
  if (name === "areas-area") return {fillOpacity: 0, color: token("area-line"), weight: 1.5, opacity: 1};
  return {fillColor: hue, fillOpacity: name === "places-dot" ? 1 : layer.merged ? 1 : isFaint(layer) ? 0.1 : 0.2, color: hue, weight: name === "places-line" ? 3 : 2, opacity: 1};
}

// The classes by which the style sheet colours a feature.
/** @type {(layer: Layer, row: number) => string} */
function lookOf(layer, row) {
  const code = layer.codes ? layer.codes[row] : 0;
  const entry = layer.style.entries[code];
  if (layer.style.kind === "shade") {
    const shaded = layer.total <= OUTLINED_TO ? "shaded outlined" : "shaded";
    return entry && entry.swatch === "box" ? `${shaded} hue-${entry.hue}` : `${shaded} no-data`;
  }
  return entry ? `hue-${entry.hue}` : "hue-other";
}
