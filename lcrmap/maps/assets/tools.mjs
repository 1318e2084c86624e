// Tools of the page: the colours, and a link to what is shown, where the page has an address.
/** @import {Page} from "./types.mjs" */

import {byId, make} from "./elements.mjs";
import {isPrinting} from "./print.mjs";
import {writeState} from "./state.mjs";

const PATIENCE = 150; // milliseconds from the last change until the address says it
const REFUSED = 10_000; // milliseconds until a write that the browser refused is tried again

/** @type {(page: Page) => {show: () => void, remember: () => void}} */
export function makeTools(page) {
  const {words, state, settings, layers} = page;
  const root = byId("tools");
  root.hidden = false;
  const select = make("select", {id: "theme"},
    .../** @type {const} */ (["system", "light", "dark"]).map((name) => make("option", {value: name}, words(`tools.theme_${name}`))));
  select.addEventListener("change", () => state.change({theme: select.value}));
  root.append(make("label", {class: "go"}, make("span", {class: "label"}, words("tools.theme")), select));

  const address = () => `${window.location.href.split("#")[0]}#${writeState(state, layers)}`;
  if (!settings.address) root.append(make("p", {class: "hint"}, words("tools.copy_none")));
  else if (settings.clipboard) {
    root.append(make("button", {type: "button", onclick: () => {
      navigator.clipboard.writeText(address()).then(() => page.say(words("say.copied")), showLink);
    }}, words("tools.copy")));
  } else root.append(make("button", {type: "button", onclick: () => showLink()}, words("tools.copy_manual")));

  const box = make("input", {type: "text", readonly: true, hidden: true, "aria-label": words("tools.copy_manual")});
  root.append(box);
  function showLink() {
    box.hidden = false;
    box.value = address();
    box.focus();
    box.select();
  }

  let waiting = 0;
  // Safari takes a hundred writes in thirty seconds and refuses further ones: then the address is late, no more.
  /** @type {(delay: number) => void} */
  function writeIn(delay) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const written = writeState(state, layers);
      try {
        window.history.replaceState(null, "", written ? `#${written}` : window.location.href.split("#")[0]);
      } catch {
        writeIn(REFUSED);
      }
    }, delay);
  }

  return {
    show() {
      const theme = isPrinting() ? "light" : state.theme;
      select.value = state.theme;
      if (theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    },
    remember() {
      if (settings.address) writeIn(PATIENCE);
    },
  };
}
