// The legend is the switch of layers, categories and confidence too: the static list gets check boxes and live counts.
/** @import {Page, Passes, Passing} from "./types.mjs" */

import {isApart, isOff, sharing, switchEntry} from "./categories.mjs";
import {dividedDisc} from "./divided.mjs";
import {makeEach} from "./each.mjs";
import {makeSwitch} from "./elements.mjs";
import {countEntries, countLayer, countSure} from "./filters.mjs";
import {choose} from "./state.mjs";

const EXAMPLE = [4, 2, 2]; // places of the first kinds, in the disc that is shown as an example
const RADIUS = 16; // pixels

/** @type {(root: HTMLElement, page: Page) => {show: (passes: Passes) => void, showDiscs: (on: boolean) => void}} */
export function makeLegend(root, page) {
  const {layers, state, words, shapes, kinds} = page;
  /** @type {((passes: Passes) => void)[]} */
  const counters = [];

  /** @type {<T>(set: Set<T>, key: T, on: boolean) => Set<T>} */
  function toggle(set, key, on) {
    const next = new Set(set);
    if (on) next.delete(key);
    else next.add(key);
    return next;
  }

  // Put a check box before what a row of the legend shows, all in one label.
  /** @type {(row: Element, isOn: () => boolean, change: (on: boolean) => void) => HTMLInputElement} */
  function addBox(row, isOn, change) {
    const {box, label} = makeSwitch(change, ...row.childNodes);
    row.append(label);
    counters.push(() => {
      box.checked = isOn();
    });
    return box;
  }

  /** @type {(row: Element, number: (passes: Passes) => number) => void} */
  function countInto(row, number) {
    const node = row.querySelector(".count");
    if (node) counters.push((passes) => {
      node.textContent = words("legend.count", {count: number(passes)});
    });
  }

  /** @type {NodeListOf<HTMLElement>} */
  const blocks = root.querySelectorAll("[data-layer]");
  for (const block of blocks) {
    const layer = layers[Number(block.dataset.layer)];
    const title = /** @type {HTMLElement} */ (block.querySelector(".legend-title"));
    block.setAttribute("role", "group");
    counters.push(() => block.classList.toggle("off", state.off.has(layer.index))); // left out of print
    block.setAttribute("aria-label", title.querySelector(".label")?.textContent ?? layer.title);
    title.querySelector(".off-at-first")?.remove();
    addBox(title, () => !state.off.has(layer.index), (on) => {
      state.change({off: on && layer.choice ? choose(layers, state.off, layer.choice) : toggle(state.off, layer.index, on)});
      page.say(words(on ? "say.shown" : "say.hidden", {title: layer.title}));
    });
    /** @type {(passes: Passes) => Passing} */
    const own = (passes) => (state.off.has(layer.index) ? new Uint8Array(layer.total).fill(1) : passes[layer.index]);
    countInto(title, (passes) => countLayer(layer, own(passes)));
    /** @type {NodeListOf<HTMLElement>} */
    const rows = block.querySelectorAll("[data-entry]");
    for (const row of rows) {
      const entry = Number(row.dataset.entry);
      if (layer.style.kind === "circle") continue;
      const box = addBox(row, () => !isOff(layer, state, entry), (on) => state.change(switchEntry(layer, state, entry, on)));
      countInto(row, (passes) => countEntries(layer, own(passes))[entry]);
      const shared = sharing(layer, entry);
      if (!shared.length) continue;
      counters.push(() => {
        box.indeterminate = shared.some((code) => isApart(layer, state, code));
      });
      counters.push(makeEach(row, {layer, entry}, page).show);
    }
  }

  /** @type {NodeListOf<HTMLElement>} */
  const sures = root.querySelectorAll("[data-sure]");
  for (const row of sures) {
    const code = Number(row.dataset.sure);
    addBox(row, () => !state.unsure.has(code), (on) => state.change({unsure: toggle(state.unsure, code, on)}));
    countInto(row, (passes) => countSure(layers, passes)[code]);
  }
  const fills = root.querySelector("#fills");
  if (fills) {
    fills.setAttribute("role", "group");
    fills.setAttribute("aria-label", words("sure.title"));
  }
  // A disc is explained while there is one on the map, by one that looks like those.
  /** @type {HTMLElement | null} */
  const disc = root.querySelector(".legend-disc");
  if (disc && kinds.length > 1) {
    const told = kinds.filter(({hue}, number) => kinds.findIndex((other) => other.hue === hue) === number).slice(0, EXAMPLE.length);
    disc.replaceChildren(dividedDisc(shapes, told, EXAMPLE.slice(0, told.length), RADIUS), words("legend.group_kinds"));
  }

  return {
    showDiscs(on) {
      if (disc) disc.hidden = !on;
    },
    show(passes) {
      counters.forEach((update) => update(passes));
    },
  };
}
