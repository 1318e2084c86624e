// The corners of a line or area: drawn on the map, moved one at a time by keys, or typed. What stands in the text is what is sent.
/** @import {Chain, Drawing, Geometry, Live, LiveKey} from "./livetypes.mjs" */
/** @import {Moved, Placing} from "./placing.mjs" */

import {make} from "../../maps/assets/elements.mjs";
import {chainsOf, geometryOf, isArea, isDrawable, listed, withAdded, withMoved, without} from "./corners.mjs";
import {startDrawing} from "./drawing.mjs";
import {cornersText, readCorners, stepped} from "./fields.mjs";
import {makeWays} from "./ways.mjs";

/** @type {(live: Live, kind: string, was: Geometry | null, moved: Moved) => Placing} */
export function placeCorners(live, kind, was, moved) {
  const {L, page, words} = live;
  if (was && !Array.isArray(was.coordinates)) return placeNothing(live, was);
  const before = was ?? {type: kind === "line" ? "LineString" : "Polygon", coordinates: kind === "line" ? [[0, 0]] : [[[0, 0]]]};
  const area = isArea(before), given = was ? cornersText(was) : "";
  let now = given; // the text of the last step
  /** @type {string[]} */
  const steps = []; // the texts before it
  /** @type {Drawing | null} */
  let drawing = null;

  const typed = make("textarea", {id: "field-corners", rows: 6, spellcheck: "false", "aria-describedby": "field-corners-hint field-corners-fault"});
  typed.value = given;
  typed.addEventListener("change", () => take(typed.value, ""));
  const wrong = make("span", {class: "fault", id: "field-corners-fault", hidden: true});
  const state = make("p", {class: "hint"});
  const draw = make("button", {type: "button", "aria-pressed": "false", onclick: () => (drawing ? stop() : begin())});
  const back = make("button", {type: "button", onclick: undo}, words("live.step_undo"));
  const which = make("select", {id: "field-corner", onchange: () => show()});
  const add = make("button", {type: "button", onclick: addCorner}, words("live.corner_add"));
  const remove = make("button", {type: "button", onclick: removeCorner}, words("live.corner_delete"));
  const single = make("details", {ontoggle: () => mark()}, make("summary", {}, words("live.corner_single")),
    make("label", {class: "go"}, words("live.corner_which"), which), ...makeWays(words, moveCorner), make("p", {class: "panel-tools"}, add, remove));
  const outline = L.polyline([], {className: "shaping", interactive: false});
  const ring = L.marker([0, 0], {icon: L.divIcon({className: "placing", iconSize: undefined}), interactive: false, keyboard: false, zIndexOffset: 3000});

  // What the text means; no chains where there is none, null where it cannot be read.
  /** @type {() => Chain[] | null} */
  function chains() {
    if (!typed.value.trim()) return [];
    const read = readCorners(typed.value, before);
    return read && chainsOf(read);
  }
  /** @type {() => {chain: number, place: number, at: [number, number]} | null} */
  const chosen = () => listed(chains() ?? [])[Number(which.value)] ?? null;

  // Another text, by whichever way; what is said of it may be nothing.
  /** @type {(text: string, said: string, at?: number) => void} */
  function take(text, said, at = Number(which.value)) {
    if (text !== now) steps.push(now);
    put(text, at);
    if (said) live.say(said);
  }
  /** @type {(text: string, at: number) => void} */
  function put(text, at) {
    now = text;
    typed.value = text;
    show(at);
    drawing?.show(chains() ?? []);
    moved(null);
  }
  /** @type {(all: Chain[], key: LiveKey, values?: Record<string, string | number>, at?: number) => void} */
  function takeChains(all, key, values = {}, at = Number(which.value)) {
    take(all.length ? cornersText(geometryOf(all, before)) : "", words(key, {n: listed(all).length, ...values}), at);
  }

  function show(at = Number(which.value)) {
    const all = chains(), spots = listed(all ?? []), set = drawing?.corners();
    which.replaceChildren(...spots.map(({at: [x, y]}, index) => make("option", {value: index}, words("live.corner_of", {n: index + 1, total: spots.length, at: `${y.toFixed(6)}, ${x.toFixed(6)}`}))));
    if (spots.length) which.value = String(Math.min(Math.max(at, 0), spots.length - 1));
    which.disabled = !spots.length;
    remove.disabled = !spots.length;
    add.disabled = all === null || (was !== null && !spots.length);
    draw.disabled = !drawing && (all === null || (was !== null && !spots.length));
    back.disabled = !steps.length && !set;
    draw.textContent = words(drawing ? "live.draw_stop" : spots.length ? "live.draw_move" : area ? "live.draw_area" : "live.draw_line");
    draw.setAttribute("aria-pressed", String(Boolean(drawing)));
    state.textContent = all === null ? words("live.fault_corners") : [words("live.corners_now", {n: set || spots.length}), (all.length > 1 ? words("live.corners_parts", {n: all.length}) : "")].filter(Boolean).join(" ");
    outline.remove(); // what differs from what is saved, where nothing is drawn just now
    if (!drawing && all && now !== given) outline.setLatLngs(all.map((one) => (area ? [...one, one[0]] : one).map(([x, y]) => L.latLng(y, x)))).addTo(page.map);
    mark();
  }
  // The corner that the keys move is ringed on the map.
  function mark() {
    const one = single.open ? chosen() : null;
    ring.remove();
    if (!one) return;
    ring.setLatLng([one.at[1], one.at[0]]).addTo(page.map);
    ring.getElement()?.setAttribute("aria-hidden", "true");
    if (!page.map.getBounds().contains([one.at[1], one.at[0]])) page.map.panTo([one.at[1], one.at[0]], {animate: false});
  }

  /** @type {(by: [east: number, north: number], said: string) => void} */
  function moveCorner(by, said) {
    const one = chosen();
    if (!one) return;
    take(cornersText(geometryOf(withMoved(chains() ?? [], one.chain, one.place, stepped(one.at, ...by)), before)), said);
  }
  function addCorner() {
    const one = chosen(), all = chains(), middle = page.map.getCenter();
    if (one && all) takeChains(withAdded(all, one.chain, one.place, area), "live.corner_added", {}, Number(which.value) + 1);
    else takeChains([[stepped([middle.lng, middle.lat], 0, 0)]], "live.corner_added");
  }
  function removeCorner() {
    const one = chosen(), fewest = was === null ? 0 : area ? 3 : 2; // a new shape may begin again
    const fewer = one && without(chains() ?? [], one.chain, one.place, fewest);
    if (fewer) takeChains(fewer.filter((spots) => spots.length), "live.corner_deleted");
    else live.say(words(area ? "live.least_area" : "live.least_line"));
  }
  function undo() {
    if (drawing?.undo()) return;
    const last = steps.pop();
    if (last === undefined) return;
    put(last, Number(which.value));
    live.say(words("live.step_undone", {n: listed(chains() ?? []).length}));
    if (back.disabled) draw.focus();
  }

  async function begin() {
    draw.disabled = true;
    const begun = await startDrawing(live, {area, chains: chains() ?? [], put: (all, key) => takeChains(all, key), drawn: () => show(), stop, undo});
    draw.disabled = false;
    if (!draw.isConnected) {
      begun?.close(); // the form was closed meanwhile
      return;
    }
    drawing = begun;
    show();
  }
  function stop() {
    drawing?.close();
    drawing = null;
    show();
    draw.focus();
  }

  /** @type {(text: string) => string} */
  function refuse(text) {
    wrong.hidden = !text;
    wrong.textContent = text;
    if (text) typed.setAttribute("aria-invalid", "true");
    else typed.removeAttribute("aria-invalid");
    return text;
  }

  show();
  return {
    node: make("fieldset", {class: "field"}, make("legend", {}, words("live.corners")), state,
      isDrawable(before) ? make("p", {class: "panel-tools"}, draw, back) : null, isDrawable(before) ? single : null,
      make("label", {for: "field-corners"}, words("live.corners_typed")), make("span", {class: "hint", id: "field-corners-hint"}, words("live.corners_hint")), wrong, typed),
    geometry: () => (typed.value === given ? was : typed.value.trim() ? readCorners(typed.value, before) : null),
    async settle() {
      if (drawing?.corners()) return refuse(words("live.draw_unfinished"));
      return refuse(typed.value !== given && chains() === null ? words("live.fault_corners") : "");
    },
    close() {
      drawing?.close();
      ring.remove();
      outline.remove();
    },
  };
}

// A shape of several kinds has no chains of corners: it is kept, and the form says so.
/** @type {(live: Live, was: Geometry) => Placing} */
function placeNothing({words}, was) {
  return {node: make("p", {class: "field hint"}, words("live.shape_kept")), geometry: () => was, settle: async () => "", close() {}};
}
