// Answers that follow the map: each says on which change it stands. No focus moves, and each is said once.
/** @import {Following, Live} from "./livetypes.mjs" */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";

/** @type {(live: Live, say: (text: string) => void) => {take(answer: Following): void}} */
export function makeAnswers({words}, say) {
  const list = make("ul", {class: "live-list"});
  const root = make("section", {"aria-labelledby": "live-answers", hidden: true}, make("h3", {id: "live-answers"}, words("live.answers")), list);
  byId("live-parts").append(root);
  /** @type {Map<number, {item: HTMLElement, finding: string}>} */
  const shown = new Map();
  return {
    take({question, seq, finding, sentences}) {
      const last = shown.get(question), item = last?.item ?? make("li", {});
      item.replaceChildren(make("strong", {}, isolated(finding)), " ", make("span", {class: "more"}, `(${seq ? words("live.answer_at", {n: seq}) : words("live.answer_first")})`),
        make("ul", {}, ...sentences.map((sentence) => make("li", {}, isolated(sentence)))));
      if (!last) list.append(item);
      else if (last.finding !== finding) say(finding);
      shown.set(question, {item, finding});
      root.hidden = false;
    },
  };
}
