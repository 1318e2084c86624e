// What others have just changed: a list, and words for who cannot see it, which take the focus from nobody.
/** @import {Change, Live} from "./livetypes.mjs" */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";
import {changeSentence, together} from "./changes.mjs";

const MOST_RECENT = 20;
const GATHERS = 150; // milliseconds in which changes are told as one

/** @type {(live: Live, say: (text: string) => void) => {take(change: Change, kind: string): void}} */
export function makeRecent(live, say) {
  const {words, page} = live;
  const none = make("p", {}, words("live.changes_none"));
  const list = make("ol", {class: "live-list", reversed: true});
  byId("live-parts").append(make("section", {"aria-labelledby": "live-changes"}, make("h3", {id: "live-changes"}, words("live.changes")), none, list));
  /** @type {string[]} */
  let gathered = [];
  let waiting = 0;

  /** @type {(change: Change) => void} */
  function go({collection, id}) {
    const ref = live.refOf(collection, id);
    if (ref) page.choose(ref, byId("together-title"), {look: true});
  }

  return {
    take(change, kind) {
      const about = kind === "comment" ? change.about ?? "" : `${change.collection}:${change.id}`;
      const [collection, ...rest] = about.split(":"), target = {...change, collection, id: rest.join(":")};
      const name = live.nameOf(target.collection, target.id) || change.name || target.id;
      const sentence = changeSentence({...change, name}, kind, live.titles[target.collection] ?? {}, words);
      const there = change.kind !== "delete" || kind === "comment";
      const button = there && target.id ? make("button", {type: "button", class: "open", "aria-label": words("live.shows", {name}), onclick: () => go(target)}, words("live.show")) : null;
      none.hidden = true;
      list.prepend(make("li", {}, make("span", {class: "more"}, live.time(change.time), ": "), isolated(sentence), " ", button));
      const last = /** @type {HTMLElement | null} */ (list.children.length > MOST_RECENT ? list.lastElementChild : null);
      if (last && !last.contains(document.activeElement)) last.remove();
      if (live.me && change.who === live.me.name) return; // whoever did it knows
      gathered.push(sentence);
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        say(together(gathered, words));
        gathered = [];
      }, GATHERS);
    },
  };
}
