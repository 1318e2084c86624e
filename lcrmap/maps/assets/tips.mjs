// The name of what is under the pointer or reached by keys: beside it, can be pointed at, goes at Escape.
/** @import {Drawing, LeafletMap, LatLng, Page, Ref, Target} from "./types.mjs" */

import {byId, isolated, make} from "./elements.mjs";
import {sameRef} from "./data.mjs";
import {spokenName} from "./places.mjs";

const BESIDE = 12; // pixels from the pointer
const LINGERS = 250; // milliseconds in which the pointer may go over to the tip

/** @typedef {{shapes: Drawing[], many: {at(latlng: LatLng): Target | null}[]}} Pointed */

/** @type {(map: LeafletMap, page: Page, pointed: Pointed) => void} */
export function makeTips(map, page, {shapes, many}) {
  const frame = byId("map-frame");
  const tip = make("div", {class: "tip", role: "tooltip", hidden: true, onmouseenter: stay, onmouseleave: leave});
  frame.append(tip);
  /** @type {Ref | null} */
  let about = null;
  let leaving = 0;

  function stay() {
    window.clearTimeout(leaving);
  }
  function leave() {
    stay();
    leaving = window.setTimeout(hide, LINGERS);
  }
  function hide() {
    stay();
    about = null;
    tip.hidden = true;
  }

  /** @type {(ref: Ref, text: string, x: number, y: number) => void} */
  function show(ref, text, x, y) {
    if (sameRef(about, ref)) return;
    about = ref;
    showText(text, x, y);
  }

  /** @type {(text: string, x: number, y: number) => void} */
  function showText(text, x, y) {
    stay();
    tip.replaceChildren(isolated(text));
    tip.hidden = false;
    const size = map.getSize();
    const left = Math.max(0, Math.min(x + BESIDE, size.x - tip.offsetWidth));
    const top = y - BESIDE - tip.offsetHeight; // above the pointer, or below where there is no room
    tip.style.left = `${left}px`;
    tip.style.top = `${top < 0 ? y + 2 * BESIDE : top}px`;
  }

  for (const {layer, each} of shapes) {
    if (layer.part === "backdrop") continue;
    // By moves: what comes to lie under a pointer at rest, as the tip goes, is not pointed at.
    each((shape, row) => shape.on({
      mousemove: ({containerPoint: {x, y}}) => show({layer: layer.index, row}, spokenName(layer, row, page.words), x, y),
      mouseout: leave,
    }));
  }
  if (many.length) followPoints();

  // What has the focus by keys: a symbol, a disc, or what stands for a line or area.
  map.getContainer().addEventListener("focusin", ({target}) => {
    if (!(target instanceof HTMLElement) || !target.matches("[aria-label]:focus-visible") || target === map.getContainer()) return;
    const box = target.getBoundingClientRect(), around = frame.getBoundingClientRect();
    about = null;
    showText(target.getAttribute("aria-label") ?? "", (box.left + box.right) / 2 - around.left, box.top - around.top);
  });
  map.getContainer().addEventListener("focusout", hide);

  // Points on canvas are looked for once for each picture of the screen.
  function followPoints() {
    let asked = 0;
    let over = false;
    map.on("mousemove", ({latlng, containerPoint: {x, y}, originalEvent}) => {
      window.cancelAnimationFrame(asked);
      asked = window.requestAnimationFrame(() => {
        if (originalEvent.buttons) return;
        const found = many.reduce((/** @type {Target | null} */ target, part) => target ?? part.at(latlng), null);
        map.getContainer().classList.toggle("over-point", Boolean(found));
        if (found) show(found.first, found.label, x, y);
        else if (over) leave();
        over = Boolean(found);
      });
    });
    map.on("mouseout", () => {
      window.cancelAnimationFrame(asked);
      leave();
    });
  }

  map.on("movestart zoomstart click", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    const pointed = about !== null;
    hide();
    if (!pointed) return; // what the keys have reached is left at once, and its name with it
    event.preventDefault();
    event.stopPropagation(); // what is open stays open: the first Escape is for the tip
  }, {capture: true});
}
