// The position of what is edited: by typing, by buttons and arrow keys, by dragging its ring; corners of lines and areas as text.
/** @import {Geometry, Live} from "./livetypes.mjs" */
/** @typedef {{node: HTMLElement, geometry(): Geometry | null, settle(): Promise<string>, close(): void}} Placing */
/** @typedef {(error: number | null) => void} Moved called when a position is another; how exact it is, if that is known */

import {make} from "../../maps/assets/elements.mjs";
import {cornersText, readCorners, stepped} from "./fields.mjs";

const STEPS = [1, 10, 100, 1000]; // metres
/** @type {Record<string, {key: "ArrowUp" | "ArrowLeft" | "ArrowRight" | "ArrowDown", by: [east: number, north: number]}>} */
const WAYS = {north: {key: "ArrowUp", by: [0, 1]}, west: {key: "ArrowLeft", by: [-1, 0]}, east: {key: "ArrowRight", by: [1, 0]}, south: {key: "ArrowDown", by: [0, -1]}};

/** @type {(live: Live, kind: string, was: Geometry | null, moved: Moved) => Placing} */
export function makePlacing(live, kind, was, moved) {
  const pointed = was ? was.type === "Point" : kind === "point";
  return pointed ? placePoint(live, was, moved) : placeCorners(live, kind, was, moved);
}

/** @type {(live: Live, was: Geometry | null, moved: Moved) => Placing} */
function placePoint(live, was, moved) {
  const {L, page, words, reach} = live;
  /** @type {[number, number] | null} */
  let at = was ? [was.coordinates[0], was.coordinates[1]] : null;
  const now = make("p", {class: "hint"});
  const typed = make("input", {type: "text", id: "field-position", autocomplete: "off", "aria-describedby": "field-position-hint field-position-fault"});
  const wrong = make("span", {class: "fault", id: "field-position-fault", hidden: true});
  const step = make("select", {id: "field-step"}, ...STEPS.map((n) => make("option", {value: n}, words("live.step_m", {n}))));
  step.value = "10";
  const ring = L.marker([0, 0], {icon: L.divIcon({className: "placing", iconSize: undefined}), draggable: true, keyboard: false, zIndexOffset: 3000});
  ring.on("dragend", () => {
    const {lng, lat} = ring.getLatLng();
    put([Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
  });

  /** @type {(next: [number, number] | null, error?: number | null) => void} */
  function put(next, error = null) {
    at = next;
    show();
    moved(error);
  }
  function show() {
    now.textContent = at ? words("live.position_now", {at: `${at[1].toFixed(6)}, ${at[0].toFixed(6)}`}) : words("live.position_none");
    ring.remove();
    if (!at) return;
    ring.setLatLng([at[1], at[0]]).addTo(page.map);
    ring.getElement()?.setAttribute("aria-hidden", "true"); // its buttons do the same
    if (!page.map.getBounds().contains([at[1], at[0]])) page.map.panTo([at[1], at[0]], {animate: false});
  }

  /** @type {(text: string) => void} */
  function refuse(text) {
    wrong.textContent = text;
    wrong.hidden = !text;
    if (text) typed.setAttribute("aria-invalid", "true");
    else typed.removeAttribute("aria-invalid");
  }

  // Find what was typed; returns what is wrong with it.
  async function settle() {
    const text = typed.value.trim();
    if (!text) return "";
    const {status, data} = await reach.send("GET", `locate?q=${encodeURIComponent(text)}`);
    if (status !== 200) {
      const why = status ? data?.detail ?? words("live.no_answer") : words("live.no_answer");
      refuse(why);
      return why;
    }
    take([data.longitude, data.latitude], data.position_error_m ?? null);
    return "";
  }
  /** @type {(found: [number, number], error: number | null) => void} */
  function take(found, error) {
    refuse("");
    typed.value = "";
    put(found, error);
  }

  /** @type {(way: string) => void} */
  function go(way) {
    const n = Number(step.value), middle = page.map.getCenter();
    const [east, north] = WAYS[way].by;
    put(stepped(at ?? [middle.lng, middle.lat], east * n, north * n));
    live.say(words("live.position_to", {n, where: words(/** @type {import("./livetypes.mjs").LiveKey} */ (`live.${way}`))}));
  }
  const ways = make("div", {class: "ways"}, ...Object.keys(WAYS).map((way) =>
    make("button", {type: "button", class: way, onclick: () => go(way)}, words(/** @type {import("./livetypes.mjs").LiveKey} */ (`live.${way}`)))));
  ways.addEventListener("keydown", (event) => {
    const way = Object.keys(WAYS).find((each) => WAYS[each].key === event.key);
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(way);
  });
  const set = make("button", {type: "button", onclick: find}, words("live.position_set"));
  async function find() {
    if (await settle()) typed.focus();
    else live.say(now.textContent ?? "");
  }
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the position is set, and the form not sent
    find();
  });
  const clear = make("button", {type: "button", onclick: () => put(null)}, words("live.position_clear"));
  show();
  return {
    node: make("fieldset", {class: "field"}, make("legend", {}, words("live.position")), now,
      make("label", {for: "field-position", class: "quiet"}, words("live.position")), make("span", {class: "hint", id: "field-position-hint"}, words("live.position_hint")), wrong,
      make("div", {class: "panel-tools"}, typed, set), make("label", {class: "go"}, words("live.step"), step), ways, clear),
    geometry: () => (at && was && at[0] === was.coordinates[0] && at[1] === was.coordinates[1] ? was : at && {type: "Point", coordinates: at}),
    settle,
    close: () => ring.remove(),
  };
}

/** @type {(live: Live, kind: string, was: Geometry | null, moved: Moved) => Placing} */
function placeCorners({words}, kind, was, moved) {
  const before = was ?? {type: kind === "line" ? "LineString" : "Polygon", coordinates: kind === "line" ? [[0, 0]] : [[[0, 0]]]};
  const text = was ? cornersText(was) : "";
  const area = make("textarea", {id: "field-corners", rows: 6, spellcheck: "false", "aria-describedby": "field-corners-hint field-corners-fault"});
  const wrong = make("span", {class: "fault", id: "field-corners-fault", hidden: true});
  area.value = text;
  area.addEventListener("change", () => moved(null));
  const read = () => (area.value.trim() ? readCorners(area.value, before) : null);
  return {
    node: make("div", {class: "field"}, make("label", {for: "field-corners"}, words("live.corners")), make("span", {class: "hint", id: "field-corners-hint"}, words("live.corners_hint")), wrong, area),
    geometry: () => (area.value === text ? was : read()),
    async settle() {
      const bad = area.value.trim() !== "" && area.value !== text && !read();
      wrong.hidden = !bad;
      wrong.textContent = bad ? words("live.fault_corners") : "";
      if (bad) area.setAttribute("aria-invalid", "true");
      else area.removeAttribute("aria-invalid");
      return wrong.textContent;
    },
    close() {},
  };
}
