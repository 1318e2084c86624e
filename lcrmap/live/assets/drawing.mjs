// Lines and areas by hand on the map: terra-draw sets and moves the corners, and what it has done goes into the form.
/** @import {Chain, Drawing, Drawn, Live, LiveKey} from "./livetypes.mjs" */

import {byId, make} from "../../maps/assets/elements.mjs";
import {asExact, rounded} from "./corners.mjs";

const KIT = "assets/drawing.js";
const DRAWN_DECIMALS = 6; // of a degree: 0.1 m
/** @type {Record<string, LiveKey>} what is said when a hand has done something, by what terra-draw calls it */
const DONE = {draw: "live.drawn", dragCoordinate: "live.corner_moved", insertMidpoint: "live.corner_added", deleteCoordinate: "live.corner_deleted"};
const COUNT = "committedCoordinateCount"; // the property in which terra-draw says how many corners are set

// Begin to draw, or to move what is drawn already; null where the tools cannot be had, which is said.
/** @type {(live: Live, drawn: Drawn) => Promise<Drawing | null>} */
export async function startDrawing(live, {area, chains, put, drawn, stop, undo}) {
  const {L, page, words, reach} = live, {map} = page, container = map.getContainer();
  const kit = (await reach.load(KIT))?.kit;
  if (!kit) {
    live.say(words("live.draw_missing"));
    return null;
  }
  const mode = area ? "polygon" : "linestring", none = {cancel: null, finish: null};
  const flags = {feature: {draggable: false, coordinates: {midpoints: {draggable: true}, draggable: true, deletable: true}}};
  const {first, select} = looks(area);
  const made = area ? new kit.TerraDrawPolygonMode({keyEvents: none, showCoordinatePoints: true, styles: first}) : new kit.TerraDrawLineStringMode({keyEvents: none, showCoordinatePoints: true, styles: first});
  const draw = new kit.TerraDraw({
    adapter: adapterOf(kit, L, map),
    modes: [made, new kit.TerraDrawSelectMode({flags: {[mode]: flags}, keyEvents: null, allowManualDeselection: false, styles: select})],
    undoRedo: {modeLevel: new kit.TerraDrawModeUndoRedo()},
  });
  /** @type {string[]} */
  let ids = [];
  let before = chains, count = 0;

  // Put chains on the map to be moved, or begin with an empty one.
  /** @type {(all: Chain[]) => void} */
  function show(all) {
    before = all;
    count = 0;
    draw.clear();
    const fit = all.filter((spots) => spots.length >= (area ? 3 : 2));
    draw.setMode(mode);
    container.classList.toggle("drawing-new", !fit.length);
    tools.replaceChildren(...buttons(!fit.length));
    if (!fit.length || fit.length !== all.length) return;
    ids = all.map(() => draw.getFeatureId());
    draw.addFeatures(rounded(all).map((spots, index) => ({
      id: ids[index], type: "Feature", properties: {mode}, geometry: area ? {type: "Polygon", coordinates: [[...spots, spots[0]]]} : {type: "LineString", coordinates: spots},
    })));
    if (draw.hasFeature(ids[0])) draw.selectFeature(ids[0]);
  }

  // The chains as they stand on the map.
  /** @type {() => Chain[]} */
  function collected() {
    const found = ids.map((id) => draw.getSnapshotFeature(id).geometry.coordinates);
    return asExact(area ? found.map(([ring]) => ring.slice(0, -1)) : found, before);
  }
  const unfinished = () => draw.getSnapshot().find((/** @type {any} */ one) => one.properties.mode === mode && one.properties[COUNT] > 0 && !ids.includes(one.id));

  draw.on("change", () => {
    const now = unfinished()?.properties[COUNT] ?? 0;
    if (now === count) return;
    if (now > count) live.say(words("live.corner_set", {n: now}));
    count = now;
    drawn();
  });
  draw.on("finish", (/** @type {string} */ id, /** @type {{action: string}} */ {action}) => {
    if (action === "draw") ids = [id];
    const all = collected();
    window.setTimeout(() => put(all, DONE[action] ?? "live.corner_moved")); // when terra-draw is done with it
  });

  // The corners that are set, without the one that follows the pointer.
  function finish() {
    const one = unfinished(), spots = (area ? one?.geometry.coordinates[0] : one?.geometry.coordinates)?.slice(0, count) ?? [];
    if (spots.length < (area ? 3 : 2)) live.say(words(area ? "live.least_area" : "live.least_line"));
    else put([spots], "live.drawn");
  }
  function takeBack() {
    if (count) {
      show([]);
      live.say(words("live.draw_back"));
      drawn();
    } else stop();
  }

  // What the hand needs stands over the map: there it is on a telephone too.
  const tools = make("div", {class: "drawing-tools", role: "group", "aria-label": words("live.drawing")});
  /** @type {(fresh: boolean) => HTMLElement[]} */
  const buttons = (fresh) => [make("p", {}, words(fresh ? "live.draw_hint" : "live.move_hint"), " ", make("span", {class: "drawing-keys"}, words(fresh ? "live.draw_keys" : "live.move_keys"))),
    make("button", {type: "button", "aria-label": words("live.step_undo"), onclick: undo}, words("live.undo")),
    ...(fresh ? [make("button", {type: "button", onclick: finish}, words("live.draw_finish")), make("button", {type: "button", onclick: takeBack}, words("live.draw_cancel"))]
      : [make("button", {type: "button", onclick: stop}, words("live.draw_stop"))])];
  byId("map-frame").append(tools);

  /** @type {(event: KeyboardEvent) => void} */
  function pressed(event) {
    if (event.key === "Escape") takeBack();
    else if (event.key === "Enter" && count) finish();
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
    event.stopPropagation(); // nothing else ends or opens meanwhile
  }
  // A click sets a corner, and chooses no place.
  const clicked = (/** @type {Event} */ event) => event.stopImmediatePropagation();
  container.addEventListener("keydown", pressed, {capture: true});
  tools.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pressed(event);
  });
  container.addEventListener("click", clicked, {capture: true});
  container.classList.add("drawing");
  draw.start();
  show(chains);
  container.focus({preventScroll: true});
  byId("map-frame").scrollIntoView({block: "nearest"});
  live.say(tools.querySelector("p")?.textContent ?? "");

  return {
    show,
    corners: () => count,
    undo() {
      if (!count || !draw.canUndo()) return false;
      draw.undo();
      live.say(words("live.corner_undone", {n: count}));
      return true;
    },
    close() {
      draw.stop();
      tools.remove();
      container.removeEventListener("keydown", pressed, {capture: true});
      container.removeEventListener("click", clicked, {capture: true});
      container.classList.remove("drawing", "drawing-new");
    },
  };
}

// terra-draw's adapter writes a style sheet into the page for each of its panes, which our policy refuses; a pane can be told the same itself.
/** @type {(kit: any, L: Live["L"], map: Live["page"]["map"]) => unknown} */
function adapterOf(kit, L, map) {
  const adapter = new kit.TerraDrawLeafletAdapter({lib: L, map, coordinatePrecision: DRAWN_DECIMALS});
  adapter.createPaneStyleSheet = (/** @type {string} */ name, /** @type {number} */ above) => {
    (map.getPane(name) ?? map.createPane(name)).style.zIndex = String(600 + above);
    return {remove() {}};
  };
  return adapter;
}

// The colours of the page, as terra-draw takes them.
/** @type {(area: boolean) => {first: object, select: object}} */
function looks(area) {
  const colours = getComputedStyle(document.documentElement);
  const [line, page] = ["--text", "--page"].map((name) => colours.getPropertyValue(name).trim());
  const points = {coordinatePointColor: page, coordinatePointWidth: 6, coordinatePointOutlineColor: line, coordinatePointOutlineWidth: 3,
    closingPointColor: line, closingPointWidth: 8, closingPointOutlineColor: page, closingPointOutlineWidth: 3};
  const shape = area ? {fillColor: line, fillOpacity: 0.15, outlineColor: line, outlineWidth: 3} : {lineStringColor: line, lineStringWidth: 4};
  return {
    first: {...shape, ...points},
    select: {
      selectedPolygonColor: line, selectedPolygonFillOpacity: 0.15, selectedPolygonOutlineColor: line, selectedPolygonOutlineWidth: 3, selectedLineStringColor: line, selectedLineStringWidth: 4,
      selectionPointColor: page, selectionPointWidth: 8, selectionPointOutlineColor: line, selectionPointOutlineWidth: 3,
      midPointColor: line, midPointWidth: 5, midPointOutlineColor: page, midPointOutlineWidth: 2,
    },
  };
}
