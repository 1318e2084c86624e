// A page that a server keeps up to date: puts together the map, the stream of events, and what people do with both.
/** @import {Leaflet} from "../../maps/assets/types.mjs" */
/** @import {Line, Live, LiveKey, LiveWords, Told} from "./livetypes.mjs" */

import {makeAnnouncer} from "../../maps/assets/announcer.mjs";
import {nameOf} from "../../maps/assets/data.mjs";
import {byId, isolated, make} from "../../maps/assets/elements.mjs";
import {start} from "../../maps/assets/main.mjs";
import {makeWords} from "../../maps/assets/words.mjs";
import {makeAbout} from "./about.mjs";
import {makeAnswers} from "./answers.mjs";
import {makeForm} from "./form.mjs";
import {makeMirror} from "./mirror.mjs";
import {makePeople} from "./people.mjs";
import {makeReach, secretName, takeToken} from "./reach.mjs";
import {makeReadings} from "./readings.mjs";
import {makeRecent} from "./recent.mjs";
import {idOf, rowOfId} from "./renewing.mjs";
import {makeStream} from "./stream.mjs";

/** @type {(L: Leaflet) => Promise<void>} */
export async function startLive(L) {
  const token = takeToken(); // before the page reads its address
  /** @type {Told} */
  const told = JSON.parse(byId("live").textContent ?? "");
  const page = start(L), reach = makeReach();
  const words = /** @type {LiveWords} */ (/** @type {unknown} */ (makeWords(/** @type {any} */ (told.words))));
  const layers = new Map(page.layers.map((layer) => [layer.name, layer]));
  /** @type {Live} */
  const live = {
    L, page, words, reach, told, here: secretName(), me: null,
    titles: Object.fromEntries(told.open.map(({name, fields}) => [name, fields])),
    say: (text) => page.say(text),
    time: (when) => new Date(when).toLocaleTimeString("en-GB", {hour: "2-digit", minute: "2-digit"}),
    idOf: ({layer, row}) => `${page.layers[layer].name}:${idOf(page.layers[layer], row)}`,
    refOf(collection, id) {
      const layer = layers.get(collection), row = layer ? rowOfId(layer, id) : -1;
      return layer && row >= 0 ? {layer: layer.index, row} : null;
    },
    nameOf(collection, id) {
      const ref = this.refOf(collection, id);
      return ref ? nameOf(page.layers[ref.layer], ref.row, page.words) : "";
    },
    mayEdit: (collection) => live.me !== null && live.me.edit.includes(collection),
  };
  byId("together").hidden = false;
  const aside = make("div", {class: "quiet", role: "status"}); // what others do never overwrites what one did oneself
  document.body.append(aside);

  const form = makeForm(live);
  const about = makeAbout(live, form.edit);
  const people = makePeople(live);
  const others = makeAnnouncer(aside), recent = makeRecent(live, others), answers = makeAnswers(live, others);
  const readings = told.readings === null ? null : makeReadings(live, others);
  const showLine = makeLine(live);
  const mirror = makeMirror(live, (seq) => {
    stream.shown();
    showLine.at(seq);
    about.show();
  });
  const added = make("p", {class: "panel-tools"});
  byId("live-parts").append(added);

  // Who one is may change while the page is open: a user is revoked, or gets another role.
  async function meet() {
    const {status, data} = await reach.send("GET", "session");
    if (status !== 200) return;
    if (data.stale) reach.send("DELETE", "session"); // a token that is good no more would only be counted as a guess
    show(data);
  }
  /** @type {(data: any) => void} */
  function show(data) {
    live.me = data.user ? {...data.user, edit: data.edit} : null;
    showLine.me(data.stale || (token !== "" && !live.me));
    about.show();
    added.replaceChildren(...told.open.filter(({name}) => live.mayEdit(name)).map(({name, title}) =>
      make("button", {type: "button", onclick: () => form.edit(name, null)}, words("live.new", {title}))));
    people.tell();
  }

  if (token) await reach.send("POST", "session", {token});
  await meet();

  const stream = makeStream(live, {
    change(change, kind) {
      recent.take(change, kind);
      if (kind === "edit") mirror.want(change.seq);
      const [collection, ...rest] = (kind === "comment" ? change.about ?? "" : `${change.collection}:${change.id}`).split(":");
      about.changed(collection, rest.join(":"));
    },
    presence: people.show,
    answer: answers.take,
    reading: () => readings?.take(),
    reload: mirror.again,
    line(line) {
      showLine.put(line);
      if (line.at === "catching") {
        mirror.want(line.seq);
        meet();
        form.again();
        answers.look();
        readings?.look();
      }
      if (line.at === "lost" && line.tries === 1) people.forget();
    },
  });
}

// The line above the map: connected or not, in words; who one is and may do; which change is shown.
/** @type {(live: Live) => {put(line: Line): void, me(unknown: boolean): void, at(seq: number): void}} */
function makeLine(live) {
  const {words, told} = live, root = byId("live-line");
  const state = make("span", {}, words("live.connecting")), me = make("span", {}), at = make("span", {});
  root.replaceChildren(make("p", {}, state, " ", me, " ", at));
  let said = "";
  /** @type {(seq: number) => void} */
  const show = (seq) => {
    at.textContent = seq ? words("live.at_change", {n: seq}) : words("live.at_first");
  };
  show(told.seq);
  return {
    put({at: where, since}) {
      const text = words(/** @type {LiveKey} */ (`live.${where}`), {time: since === null ? "" : live.time(since)});
      state.textContent = text;
      root.dataset.at = where;
      const spoken = where === "lost" || (where === "connected" && said === "lost");
      if (spoken && said !== where) live.say(text);
      if (spoken) said = where;
    },
    me(unknown) {
      if (unknown) me.textContent = words("live.not_known");
      else me.replaceChildren(isolated(live.me ? words("live.you", {name: live.me.name, may: words(/** @type {LiveKey} */ (`live.may_${live.me.role}`))}) : words("live.you_reader")));
    },
    at: show,
  };
}
