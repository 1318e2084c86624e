// The panel beside the map: the details of the selected place, or the list of the places of a disc.
/** @import {Page, Panel, Ref} from "./types.mjs" */

import {anchorOf, areaOf, categoryOf, cellText, isLink, kindOf, nameOf, positionText, sourceOf} from "./data.mjs";
import {byId, isolated, make} from "./elements.mjs";
import {linkTo} from "./tables.mjs";

const MOST_LISTED = 100;
const FIRST_LINES = 160; // pixels

/** @type {(page: Page) => Panel} */
export function makePanel(page) {
  const {layers, state, words, settings} = page;
  const root = byId("panel"), title = byId("panel-title"), body = byId("panel-body");

  /** @type {(heading: Node | string) => void} */
  function clear(heading) {
    title.replaceChildren(heading);
    body.replaceChildren();
  }

  /** @type {(list: HTMLElement, name: string, content: Node | string) => void} */
  function field(list, name, content) {
    list.append(make("div", {}, make("dt", {}, isolated(name)), make("dd", {}, content)));
  }

  /** @type {(text: string) => HTMLElement} */
  function linked(text) {
    return settings.links && isLink(text) ? linkTo(text, text) : isolated(text);
  }

  /** @type {(ref: Ref) => HTMLElement} */
  function details(ref) {
    const layer = layers[ref.layer], row = ref.row;
    const list = make("dl", {});
    const hidden = new Set([layer.label, layer.key, ...(layer.source || [])]);
    const order = [...layer.main, ...[...layer.columns.keys()].filter((index) => !layer.main.includes(index))];
    const position = positionText(layer, row, words);
    field(list, words("panel.layer"), isolated(layer.title));
    if (layer.style.entries.length > 1 && layer.style.kind === "shade") field(list, words("page.legend"), categoryOf(layer, row));
    for (const index of order) {
      if (hidden.has(index)) continue;
      const column = layer.columns[index];
      if (index === layer.error) {
        if (position) field(list, words("position.title"), position);
        continue;
      }
      let text = cellText(column, row);
      if (!text && column.name === "confidence") text = words("table.not_stated");
      if (text) field(list, column.title, linked(text));
    }
    if (position && layer.error === null) field(list, words("position.title"), position);
    const source = sourceOf(layer, row, words);
    if (source) {
      field(list, words("panel.source"), settings.links && source.link ? linkTo(source.link, source.text) : isolated(source.text));
      if (source.address && source.address !== source.text && !(settings.links && source.link)) {
        field(list, words("panel.link"), isolated(source.address));
      }
    }
    return list;
  }

  /** @type {(ref: Ref) => HTMLElement} */
  function buttonFor(ref) {
    const layer = layers[ref.layer];
    const button = make("button", {type: "button", class: "open", onclick: () => page.choose(ref, button)},
      isolated(nameOf(layer, ref.row, words)));
    const more = [kindOf(layer, ref.row), areaOf(layer, ref.row)].filter(Boolean).join(", ");
    return make("li", {}, button, make("span", {class: "more"}, isolated(more)));
  }

  /** @type {(refs: Ref[]) => HTMLElement[]} */
  function listOf(refs) {
    const list = make("ul", {class: "places"}, ...refs.slice(0, MOST_LISTED).map(buttonFor));
    if (refs.length <= MOST_LISTED) return [list];
    const more = make("button", {type: "button", class: "open", onclick: () => {
      const next = refs.slice(list.children.length, list.children.length + MOST_LISTED).map(buttonFor);
      list.append(...next);
      next[0].querySelector("button")?.focus();
      more.hidden = list.children.length === refs.length;
    }}, words("panel.list_more", {n: refs.length}));
    return [list, more];
  }

  /** @type {(ref: Ref) => HTMLElement} */
  function tools(ref) {
    const bar = make("p", {class: "panel-tools"});
    if (anchorOf(layers[ref.layer], ref.row)) {
      bar.append(make("button", {type: "button", onclick: () => page.zoomTo(ref)}, words("panel.on_map")));
    }
    bar.append(make("button", {type: "button", onclick: () => page.showInTable(ref)}, words("panel.in_table")));
    bar.append(make("button", {type: "button", onclick: () => page.back()}, words("panel.close")));
    return bar;
  }

  /** @type {(ref: Ref) => void} */
  function showPlace(ref) {
    const layer = layers[ref.layer];
    clear(isolated(nameOf(layer, ref.row, words)));
    body.append(details(ref), tools(ref));
    const others = page.sameSpot(ref);
    if (others.length) {
      body.append(make("h3", {}, words("panel.also_here", {n: others.length})), ...listOf(others));
    }
  }

  return {
    root,
    title,
    // On a phone the panel stands under the map: bring its first lines up, and leave the map as far as can be.
    peek() {
      const {top} = root.getBoundingClientRect();
      if (top > window.innerHeight - FIRST_LINES) window.scrollBy(0, top - window.innerHeight + FIRST_LINES);
    },
    show() {
      if (state.selected) showPlace(state.selected);
      else if (state.group) {
        clear(words("panel.list", {n: state.group.length}));
        body.append(...listOf(state.group));
        body.append(make("p", {class: "panel-tools"},
          make("button", {type: "button", onclick: () => page.back()}, words("panel.close"))));
      } else clear(words("page.panel"));
      root.hidden = !(state.selected || state.group);
    },
  };
}
