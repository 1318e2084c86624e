// The categories that share an entry of the legend, each with a switch: a list made when first opened, with a search.
/** @import {Layer, Page, Passes} from "./types.mjs" */

import {categoryAt, columnOf, isApart, isOff, sharing, switchCategory} from "./categories.mjs";
import {isolated, make, makeSwitch} from "./elements.mjs";
import {fold} from "./search.mjs";

/** @typedef {{item: HTMLElement, box: HTMLInputElement, number: HTMLElement}} Line */

const MOST_SWITCHES = 500;

/** @type {(row: Element, which: {layer: Layer, entry: number}, page: Page) => {show: (passes: Passes) => void}} */
export function makeEach(row, {layer, entry}, page) {
  const {state, words} = page;
  const codes = sharing(layer, entry);
  /** @type {Map<number, Line>} */
  const lines = new Map();
  /** @type {Passes | null} */
  let passes = null;
  const input = make("input", {type: "text", autocomplete: "off", spellcheck: "false", oninput: () => list(true)});
  const found = make("ul");
  const more = make("p", {class: "legend-note", hidden: true});
  const details = make("details", {class: "each"}, make("summary", {}, words("legend.each", {n: codes.length})),
    make("label", {}, words("legend.each_find"), input), found, more);
  details.addEventListener("toggle", () => {
    if (details.open && !lines.size) list(false);
    else update();
  });
  row.append(details);

  /** @type {(code: number) => Line} */
  function lineFor(code) {
    const made = lines.get(code);
    if (made) return made;
    const number = make("span", {class: "count"});
    const name = make("span", {class: "label"}, isolated(categoryAt(layer, code).label));
    const {box, label} = makeSwitch((on) => state.change(switchCategory(layer, state, entry, code, on)), name, " ", number);
    const line = {item: make("li", {}, label), box, number};
    lines.set(code, line);
    return line;
  }

  /** @type {(say: boolean) => void} */
  function list(say) {
    const wanted = fold(input.value.trim());
    const all = codes.filter((code) => fold(categoryAt(layer, code).label).includes(wanted));
    found.replaceChildren(...all.slice(0, MOST_SWITCHES).map((code) => lineFor(code).item));
    const left = all.length > MOST_SWITCHES;
    more.hidden = !left && all.length > 0;
    more.textContent = left ? words("legend.each_more", {n: MOST_SWITCHES, total: all.length}) : words("legend.each_found", {n: all.length, total: codes.length});
    update();
    if (say) page.say(words("legend.each_found", {n: all.length, total: codes.length}), 500);
  }

  function update() {
    const column = columnOf(layer);
    if (!details.open || !passes || !column) return;
    const all = state.off.has(layer.index);
    const counts = column.labels.map(() => 0);
    for (let place = 0; place < layer.total; place += 1) {
      const code = column.values[place];
      if (code in counts && (all || passes[layer.index][place])) counts[code] += 1;
    }
    for (const [code, {box, number}] of lines) {
      box.checked = isOff(layer, state, entry) === isApart(layer, state, code);
      number.textContent = words("legend.count", {count: counts[code]});
    }
  }

  return {
    show(now) {
      passes = now;
      update();
    },
  };
}
