// Answers that follow the map: each says on which change it stands. No focus moves, and each is said once.
/** @import {Following, Live} from "./livetypes.mjs" */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";

/** @type {(live: Live, say: (text: string) => void) => {take(answer: Following): void, look(): Promise<void>}} */
export function makeAnswers({words, reach}, say) {
  const list = make("ul", {class: "live-list"});
  const root = make("section", {"aria-labelledby": "live-answers", hidden: true}, make("h3", {id: "live-answers"}, words("live.answers")), list);
  byId("live-parts").append(root);
  /** @type {Map<number, {item: HTMLElement, finding: string, seq: number}>} */
  const shown = new Map();
  const answers = {
    /** @type {(answer: Following) => void} */
    take({question, seq, title, finding, sentences}) {
      const last = shown.get(question), item = last?.item ?? make("li", {});
      item.replaceChildren(title ? make("span", {class: "more"}, isolated(title), ": ") : "", make("strong", {}, isolated(finding)), " ", make("span", {class: "more"}, `(${seq ? words("live.answer_at", {n: seq}) : words("live.answer_first")})`),
        make("ul", {}, ...sentences.map((sentence) => make("li", {}, isolated(sentence)))));
      if (!last) list.append(item);
      else if (last.finding !== finding) say(finding);
      shown.set(question, {item, finding, seq});
      root.hidden = false;
    },
    // Those of before this page listened; what is pushed meanwhile is newer.
    async look() {
      const {status, data} = await reach.send("GET", "answers");
      /** @type {Following[]} */
      const all = status === 200 ? data.answers : [];
      all.filter(({question, seq}) => seq > (shown.get(question)?.seq ?? -1)).forEach((each) => answers.take(each));
    },
  };
  return answers;
}
