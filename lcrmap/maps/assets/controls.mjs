// The buttons on and under the map, and the list of keys.
/** @import {Key, Page} from "./types.mjs" */
/** @typedef {{help: HTMLElement, height(): number, show(): void, showThinned(on: boolean): void, zoomed(): void}} Controls */

import {byId, drawn, make} from "./elements.mjs";
import {anchorOf, nameOf} from "./data.mjs";
import {watchHands} from "./settings.mjs";

const HELP = /** @type {const} */ (["arrows", "enter", "escape", "ends", "shift", "zoom", "whole", "search", "help"]);

/** @type {(page: Page) => Controls} */
export function makeControls(page) {
  const {words, state, layers, settings, map} = page;
  const frame = byId("map-frame");
  /** @type {(sign: Node, name: Key, act: () => void) => HTMLButtonElement} */
  const button = (sign, name, act) => make("button", {type: "button", "aria-label": words(name), title: words(name), onclick: act}, sign);
  const zoomIn = button(icon("M12 4v16M4 12h16"), "map.zoom_in", () => page.zoom(1));
  const zoomOut = button(icon("M4 12h16"), "map.zoom_out", () => page.zoom(-1));
  const bar = make("div", {class: "map-buttons", role: "group", "aria-label": words("map.tools")}, zoomIn, zoomOut,
    button(icon("M3 11 12 3l9 8M5 9v11h14V9"), "map.whole", () => page.whole()));
  if (settings.fullScreen) bar.append(button(icon("M3 9V3h6M15 3h6v6M21 15v6h-6M9 21H3v-6"), "map.full", () => toggleFull(byId("map-part").parentElement ?? frame)));
  frame.append(bar);

  const help = make("div", {class: "help", id: "help", hidden: true}, make("h3", {tabindex: "-1"}, words("map.help")),
    make("dl", {}, ...HELP.map((key) => make("div", {}, make("dt", {}, words(`help.${key}`)), make("dd", {}, words(`help.${key}_do`))))),
    make("button", {type: "button", onclick: () => page.closeHelp()}, words("map.help_close")));
  help.addEventListener("keydown", (event) => {
    if (event.key === "Escape") page.closeHelp();
  });
  frame.append(help);

  const tellHands = () => {
    const hands = settings.touch && !settings.mouse ? [] : [words("map.keys"), words("map.wheel")];
    byId("map-keys").textContent = [...hands, ...(settings.touch ? [words("map.touch")] : [])].join(" ");
  };
  tellHands();
  watchHands(window, tellHands);
  const options = byId("map-options");
  options.append(make("button", {type: "button", "aria-controls": "help", onclick: () => page.help()}, words("map.help")));
  /** @type {(() => void)[]} */
  const boxes = [];
  /** @type {(key: "everySymbol" | "everyRing", name: Key) => void} */
  const addSwitch = (key, name) => {
    const box = make("input", {type: "checkbox"});
    box.addEventListener("change", () => state.change({[key]: box.checked}));
    boxes.push(() => {
      box.checked = state[key];
    });
    options.append(make("label", {class: "switch"}, box, make("span", {class: "label"}, words(name))));
  };
  const sized = layers.some((layer) => layer.style.kind === "circle"); // then nothing is gathered
  if (!sized && layers.some((layer) => layer.part === "places" && layer.points && !layer.singly && layer.placed > 1)) addSwitch("everySymbol", "map.all_symbols");
  if (layers.some((layer) => layer.part === "places" && layer.error !== null)) addSwitch("everyRing", "map.all_rings");
  addAreaChoice(options, page);
  const note = make("p", {class: "hint", id: "thinned", hidden: true}, thinnedText(page));
  options.after(note);
  let height = 0; // measured once for each size of the map: to ask means to lay the page out
  map.on("resize", () => {
    height = 0;
  });

  return {
    help,
    height() {
      height = height || bar.offsetTop + bar.offsetHeight;
      return height;
    },
    show() {
      boxes.forEach((update) => update());
    },
    showThinned(on) {
      note.hidden = !on;
    },
    zoomed() {
      zoomIn.disabled = map.getZoom() >= map.getMaxZoom();
      zoomOut.disabled = map.getZoom() <= map.getMinZoom();
    },
  };
}

// What a disc means: places at one spot cannot be parted, however near one goes.
/** @type {(page: Page) => string} */
function thinnedText({layers, words}) {
  const points = layers.flatMap((layer) => (layer.part === "places" && layer.points && layer.placed > 0 ? [layer] : []));
  const n = points.reduce((sum, layer) => sum + layer.placed, 0);
  if (n < 2) return words("map.thinned");
  const x = points[0].x.find((each) => each !== null), y = points[0].y.find((each) => each !== null);
  const together = points.every((layer) => layer.x.every((each, row) => each === null || (each === x && layer.y[row] === y)));
  return together ? words("map.one_spot", {n}) : words("map.thinned");
}

/** @type {(path: string) => SVGElement} */
function icon(path) {
  return drawn("svg", {class: "icon", viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", focusable: "false"},
    drawn("path", {d: path}));
}

/** @type {(element: HTMLElement) => void} */
function toggleFull(element) {
  if (document.fullscreenElement) document.exitFullscreen();
  else element.requestFullscreen().catch(() => {});
}

// Areas have no symbol to go to, so a list takes the reader there.
/** @type {(options: HTMLElement, page: Page) => void} */
function addAreaChoice(options, page) {
  const {words, layers} = page;
  const areas = layers.filter((layer) => layer.part === "areas" && layer.label !== null && layer.total > 1 && layer.total <= 500);
  if (!areas.length) return;
  const select = make("select", {id: "go-area"}, make("option", {value: ""}, words("map.choose_area_none")));
  for (const layer of areas) {
    for (let row = 0; row < layer.total; row += 1) {
      if (anchorOf(layer, row)) select.append(make("option", {value: `${layer.index}:${row}`}, nameOf(layer, row, words)));
    }
  }
  select.addEventListener("change", () => {
    if (!select.value) return;
    const [layer, row] = select.value.split(":").map(Number);
    page.choose({layer, row}, select, {look: true, stay: true});
  });
  options.append(make("label", {class: "go"}, make("span", {class: "label"}, words("map.choose_area")), select));
}
