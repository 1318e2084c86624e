// Two versions of a feature, side by side and field by field: whoever saved second decides.
/** @import {Feature, LiveWords, Versions} from "./livetypes.mjs" */
/** @typedef {{who: string, time: string, was: Feature, mine: Feature, theirs: Feature, titles: Record<string, string>}} Clash */
/** @typedef {{save(feature: Feature): void, discard(): void}} Ways */

import {isolated, make} from "../../maps/assets/elements.mjs";
import {valueWords} from "./changes.mjs";
import {compareVersions, decided} from "./conflict.mjs";

/** @type {(clash: Clash, words: LiveWords, ways: Ways) => HTMLElement} */
export function showClash({who, time, was, mine, theirs, titles}, words, {save, discard}) {
  const versions = compareVersions(was, mine, theirs);
  const wrong = make("p", {class: "fault", hidden: true, role: "alert"});
  const asked = versions.map((one, number) => versionField(one, number, one.name === "geometry" ? words("live.position") : titles[one.name] ?? one.name, words));
  const send = () => {
    const open = versions.findIndex(({keep}) => keep === null);
    wrong.hidden = open < 0;
    wrong.textContent = open < 0 ? "" : words("live.decide");
    if (open < 0) save(decided(theirs, versions));
    else asked[open].querySelector("input")?.focus();
  };
  return make("div", {class: "clash"}, make("h3", {tabindex: -1}, isolated(words("live.conflict", {who, time}))), make("p", {class: "hint"}, words("live.conflict_hint")),
    ...asked, wrong,
    make("p", {class: "panel-tools"}, make("button", {type: "button", onclick: send}, words("live.save_choice")), make("button", {type: "button", onclick: discard}, words("live.discard"))));
}

/** @type {(version: Versions, number: number, title: string, words: LiveWords) => HTMLElement} */
function versionField(version, number, title, words) {
  /** @type {(side: "mine" | "theirs", head: string) => HTMLElement} */
  const choice = (side, head) => {
    const box = make("input", {type: "radio", name: `clash-${number}`, checked: version.keep === side, onchange: () => {
      version.keep = side;
    }});
    return make("label", {class: "switch"}, box, make("span", {}, `${head}: `, shownValue(version[side], words)));
  };
  return make("fieldset", {class: "field"}, make("legend", {}, isolated(title)), make("p", {class: "hint"}, words("live.was"), ": ", shownValue(version.was, words)),
    choice("mine", words("live.mine")), choice("theirs", words("live.theirs")));
}

/** @type {(value: unknown, words: LiveWords) => HTMLElement} */
function shownValue(value, words) {
  return isolated(valueWords(value) || words("live.empty"));
}
