// The legend is the switch of layers, categories and confidence too: the static list gets check boxes and live counts.

import {make} from "./elements.mjs";
import {count, countEntries, countSure} from "./filters.mjs";

export function makeLegend(root, page) {
  const {layers, state, words} = page;
  const counters = [];

  function toggle(set, key, on) {
    const next = new Set(set);
    if (on) next.delete(key);
    else next.add(key);
    return next;
  }

  // Put a check box before what a row of the legend shows, all in one label.
  function addBox(row, isOn, change) {
    const box = make("input", {type: "checkbox"});
    box.addEventListener("change", () => change(box.checked));
    const label = make("label", {class: "switch"}, box, ...row.childNodes);
    row.append(label);
    counters.push(() => {
      box.checked = isOn();
    });
  }

  function countInto(row, number) {
    const node = row.querySelector(".count");
    if (node) counters.push((passes) => {
      node.textContent = words("legend.count", {count: number(passes)});
    });
  }

  for (const block of root.querySelectorAll("[data-layer]")) {
    const layer = layers[Number(block.dataset.layer)];
    const title = block.querySelector(".legend-title");
    block.setAttribute("role", "group");
    counters.push(() => block.classList.toggle("off", state.off.has(layer.index))); // left out of print
    block.setAttribute("aria-label", layer.title);
    title.querySelector(".off-at-first")?.remove();
    addBox(title, () => !state.off.has(layer.index), (on) => {
      state.change({off: toggle(state.off, layer.index, on)});
      page.say(words(on ? "say.shown" : "say.hidden", {title: layer.title}));
    });
    countInto(title, (passes) => (state.off.has(layer.index) ? layer.total : count(passes[layer.index])));
    for (const row of block.querySelectorAll("[data-entry]")) {
      const entry = Number(row.dataset.entry);
      const key = `${layer.index}:${entry}`;
      if (layer.style.kind === "circle") continue;
      addBox(row, () => !state.without.has(key), (on) => state.change({without: toggle(state.without, key, on)}));
      const all = countEntries(layer, new Uint8Array(layer.total).fill(1))[entry];
      countInto(row, (passes) => (state.off.has(layer.index) ? all : countEntries(layer, passes[layer.index])[entry]));
    }
  }

  for (const row of root.querySelectorAll("[data-sure]")) {
    const code = Number(row.dataset.sure);
    addBox(row, () => !state.unsure.has(code), (on) => state.change({unsure: toggle(state.unsure, code, on)}));
    countInto(row, (passes) => countSure(layers, passes)[code]);
  }
  const fills = root.querySelector("#fills");
  if (fills) {
    fills.setAttribute("role", "group");
    fills.setAttribute("aria-label", words("sure.title"));
  }
  return {
    show(passes) {
      counters.forEach((update) => update(passes));
    },
  };
}
