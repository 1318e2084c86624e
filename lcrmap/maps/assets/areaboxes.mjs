// The filters by area, and the button that takes all filters back.
/** @import {Page} from "./types.mjs" */

import {isolated, make} from "./elements.mjs";
import {areaChoices} from "./filters.mjs";
import {isFiltered} from "./state.mjs";

const MOST_OPEN = 12; // areas; more are folded

/** @type {(root: HTMLElement, page: Page) => {show: () => void}} */
export function makeAreaBoxes(root, page) {
  const {layers, state, words} = page;
  const boxes = addAreaBoxes(root, page);
  const clear = make("button", {type: "button", class: "clear", hidden: true, onclick: () => {
    state.change({areas: new Set(), without: new Set(), unsure: new Set(), off: new Set(state.start.off)});
    page.search();
  }}, words("filter.clear"));
  root.append(clear);
  return {
    show() {
      const counts = new Map(areaChoices(layers.filter((layer) => !state.off.has(layer.index))));
      boxes.forEach((tell) => tell(counts));
      clear.hidden = !isFiltered(state);
      root.hidden = !boxes.length && clear.hidden;
    },
  };
}

// One check box an area; none ticked means all.
/** @type {(root: HTMLElement, page: Page) => ((counts: Map<string, number>) => void)[]} */
function addAreaBoxes(root, page) {
  const {layers, state, words} = page;
  const choices = areaChoices(layers);
  if (choices.length < 2) return [];
  /** @type {((counts: Map<string, number>) => void)[]} */
  const updates = [];
  const first = layers.find((layer) => layer.part === "places" && layer.area !== null);
  const title = first?.columns[first.area ?? 0].title || words("filter.area");
  const set = make("fieldset", {class: "areas"}, make("legend", {class: "quiet"}, title));
  const fold = make("details", {class: "fold", open: choices.length <= MOST_OPEN}, make("summary", {}, words("filter.by", {title})), set);
  for (const [name] of choices) {
    const box = make("input", {type: "checkbox"});
    box.addEventListener("change", () => {
      const next = new Set(state.areas);
      if (box.checked) next.add(name);
      else next.delete(name);
      state.change({areas: next});
    });
    const label = make("span", {class: "label"});
    updates.push((counts) => {
      box.checked = state.areas.has(name);
      label.replaceChildren(isolated(words("filter.option", {label: name, count: counts.get(name) || 0})));
    });
    set.append(make("label", {class: "switch"}, box, label));
  }
  root.append(fold);
  return updates;
}
