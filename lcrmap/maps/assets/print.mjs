// On paper: the map as wide as the sheet, light, with all that was in view; afterwards the page is as it was.
/** @import {Keys, LeafletMap, Tables} from "./types.mjs" */
/** @import {Home} from "./chart.mjs" */

const SHARP = 3; // dots of a canvas for each pixel, on paper
const CLASS = "printing"; // on the root: print.css gives the map its size by it, before the browser lays the sheet out

export const isPrinting = () => document.documentElement.classList.contains(CLASS);

// The dots that a canvas has for each pixel.
export const density = () => Math.max(window.devicePixelRatio || 1, isPrinting() ? SHARP : 1);

// Calls `turn` when printing begins and ends. A preview changes the media more than once between its two events: what
// began with an event ends with one.
/** @type {(turn: (on: boolean) => void) => void} */
export function watchPrint(turn) {
  const media = window.matchMedia("print");
  let asked = false;
  const follow = () => {
    const on = asked || media.matches;
    if (on !== isPrinting()) turn(on);
  };
  window.addEventListener("beforeprint", () => {
    asked = true;
    follow();
  });
  window.addEventListener("afterprint", () => {
    asked = false;
    follow();
  });
  media.addEventListener("change", follow);
}

/** @type {(map: LeafletMap, home: Home, parts: {container: HTMLElement, keys: Keys, tables: Tables, recolour: () => void}) => (on: boolean) => void} */
export function makePrint(map, home, {container, keys, tables, recolour}) {
  /** @type {() => void} */
  let restore = () => {};

  /** @type {(on: boolean) => void} */
  function resize(on) {
    document.documentElement.classList.toggle(CLASS, on);
    recolour();
    map.invalidateSize({animate: false, pan: false});
    tables.unfold(on);
  }

  // What shows everything shows it on paper too; any other view is shown whole.
  function begin() {
    const held = keys.hold();
    if (held) container.focus({preventScroll: true});
    const away = !home.isHere(), view = map.getBounds(), middle = map.getCenter(), zoom = map.getZoom(), least = map.getMinZoom();
    resize(true);
    if (away) map.setMinZoom(0).fitBounds(view, {animate: false});
    else home.go();
    restore = () => {
      resize(false);
      if (away) map.setView(middle, zoom, {animate: false}).setMinZoom(least);
      else home.go();
      keys.restore(held);
    };
  }
  return (on) => (on ? begin() : restore());
}
