// The position of what is edited: of a point by typing, by buttons and arrow keys, by dragging its ring.
/** @import {Geometry, Live} from "./livetypes.mjs" */
/** @typedef {{node: HTMLElement, geometry(): Geometry | null, settle(): Promise<string>, close(): void}} Placing */
/** @typedef {(error: number | null) => void} Moved called when a position is another; how exact it is, if that is known */

import {make} from "../../maps/assets/elements.mjs";
import {stepped} from "./fields.mjs";
import {placeCorners} from "./shaping.mjs";
import {makeWays} from "./ways.mjs";

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

  const ways = makeWays(words, (by, said) => {
    const middle = page.map.getCenter();
    put(stepped(at ?? [middle.lng, middle.lat], ...by));
    live.say(said);
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
      make("div", {class: "panel-tools"}, typed, set), ...ways, clear),
    geometry: () => (at && was && at[0] === was.coordinates[0] && at[1] === was.coordinates[1] ? was : at && {type: "Point", coordinates: at}),
    settle,
    close: () => ring.remove(),
  };
}
