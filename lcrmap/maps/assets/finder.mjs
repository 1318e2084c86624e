// Search, as a text box with a list of what matches.
/** @import {Page, Ref, SearchItem} from "./types.mjs" */

import {areaOf, kindOf, nameOf} from "./data.mjs";
import {isolated, make} from "./elements.mjs";
import {find, makeIndex} from "./search.mjs";

const MOST_SHOWN = 8;

/** @type {(root: HTMLElement, page: Page) => {input: HTMLInputElement, renew(): void}} */
export function makeFinder(root, page) {
  const {layers, state, words} = page;
  root.hidden = false;
  const input = make("input", {
    type: "text", id: "search", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", "aria-describedby": "search-hint",
  });
  const found = make("ul", {id: "found", role: "listbox", "aria-label": words("search.results"), hidden: true});
  const none = make("p", {class: "hint", hidden: true});
  /** @type {SearchItem[] | null} */
  let index = null;
  /** @type {Ref[]} */
  let results = [];
  let active = -1;

  /** @type {(place: number) => void} */
  function mark(place) {
    active = place;
    [...found.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === place)));
    if (place >= 0) {
      input.setAttribute("aria-activedescendant", found.children[place].id);
      found.children[place].scrollIntoView({block: "nearest"});
    } else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    found.hidden = true;
    none.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @type {(ref: Ref, number: number) => HTMLElement} */
  function option(ref, number) {
    const layer = layers[ref.layer];
    const more = [kindOf(layer, ref.row), areaOf(layer, ref.row)].filter(Boolean).join(", ");
    return make("li", {id: `found-${number}`, role: "option", "aria-selected": "false",
      onmousedown: (event) => event.preventDefault(), onclick: () => take(number)},
    isolated(nameOf(layer, ref.row, words)), make("span", {class: "more"}, isolated(more)));
  }

  function update() {
    const query = input.value.trim();
    if (!query) {
      close();
      return;
    }
    index = index || makeIndex(layers);
    const all = find(index, query, {off: state.off});
    results = all.slice(0, MOST_SHOWN);
    found.replaceChildren(...results.map(option));
    found.hidden = !results.length;
    input.setAttribute("aria-expanded", String(results.length > 0));
    none.hidden = all.length > 0 && all.length <= MOST_SHOWN;
    none.textContent = all.length ? words("search.more", {n: all.length - MOST_SHOWN}) : words("search.none", {query});
    mark(-1);
    page.say(all.length ? words("search.count", {n: all.length, query}) : words("search.none", {query}), 500);
  }

  /** @type {(number: number) => void} */
  function take(number) {
    const ref = results[number];
    if (!ref) return;
    close();
    page.choose(ref, input, {look: true});
  }

  input.addEventListener("input", update);
  // Back in the box, the old words are marked, to be typed over; the list opens when it is asked for.
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => {
    if (found.hidden) update();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && !found.hidden) {
      const number = found.children.length;
      mark((active + step + (active < 0 && step < 0 ? 1 : 0) + number) % number);
    } else if (event.key === "ArrowDown") update();
    else if (event.key === "Enter") take(active < 0 ? 0 : active);
    else if (event.key === "Escape" && !found.hidden) {
      close();
      event.stopPropagation();
    } else if (event.key === "Escape" && input.value) {
      input.value = "";
      close();
    } else return;
    event.preventDefault();
  });
  root.append(make("div", {class: "search"},
    make("label", {for: "search"}, words("search.label")),
    make("span", {class: "hint", id: "search-hint"}, words("search.hint")),
    make("div", {class: "search-box"}, input, found), none));
  return {
    input,
    renew() {
      index = null;
    },
  };
}
