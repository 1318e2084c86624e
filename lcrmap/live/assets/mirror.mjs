// Keeps the map, its tables and its words as the server has them.
/** @import {Renewals} from "../../maps/assets/types.mjs" */
/** @import {Live, Mirrored} from "./livetypes.mjs" */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";
import {makeRenewal} from "./renewal.mjs";
import {renewLayer} from "./renewing.mjs";

const PAUSE = 250; // milliseconds between two looks, however many changes come
const LATER = 2000; // the same where there was no answer

/** @type {(live: Live, shown: (seq: number) => void) => {want(seq: number): void, again(seq: number): void, seq(): number}} */
export function makeMirror(live, shown) {
  const {page, reach, words} = live, renew = makeRenewal(page);
  let seq = live.told.seq, wanted = seq, busy = false;

  async function look() {
    if (busy) return;
    busy = true;
    const {status, data} = await reach.send("GET", "state");
    if (status === 200) put(data);
    window.setTimeout(() => {
      busy = false;
      if (status !== 200 || seq < wanted) look();
    }, status === 200 ? PAUSE : LATER);
  }

  /** @type {(data: Mirrored) => void} */
  function put(data) {
    if (data.seq > seq) {
      /** @type {Renewals} */
      const all = new Map();
      for (const fresh of data.layers) {
        const layer = page.layers.find(({name}) => name === fresh.name);
        const renewed = layer && renewLayer(layer, fresh);
        if (!layer || !renewed) offerReload();
        else if (renewed.changed.size || renewed.rows.size !== layer.total || [...renewed.rows].some(([old, row]) => old !== row)) all.set(layer.index, renewed);
      }
      putTexts(data.texts);
      if (all.size) renew(all);
      seq = data.seq;
    }
    shown(seq);
  }

  // What a page cannot take in place is said, with the way out; a form that is open is not thrown away.
  function offerReload() {
    if (document.getElementById("live-reload")) return;
    const button = make("button", {type: "button", onclick: () => window.location.reload()}, words("live.reload_now"));
    byId("live-line").append(make("div", {class: "notice", id: "live-reload"}, make("p", {}, words("live.reload")), button));
    live.say(words("live.reload"));
  }

  /** @type {(next: number) => void} */
  function want(next) {
    wanted = Math.max(wanted, next);
    look();
  }

  return {
    want,
    // Too much was missed to be told one by one; or the log ends before what is shown here, for it is that of a copy.
    again(next) {
      if (next < seq) offerReload();
      else want(next);
    },
    seq: () => seq,
  };
}

// The words that follow from the figures: headline, summary, captions.
/** @type {(texts: Mirrored["texts"]) => void} */
function putTexts({headline, range, subtitle, glance, summary, sure, captions}) {
  const title = document.querySelector("h1");
  const aside = range ? [" ", make("span", {class: "range"}, `(${range})`)] : [];
  title?.replaceChildren(isolated(headline), ...aside);
  document.querySelector(".subtitle")?.replaceChildren(isolated(subtitle));
  /** @type {[where: string, lines: string[]][]} */
  const lists = [[".glance", glance], [".after .summary", summary], [".sure ul", sure]];
  for (const [where, lines] of lists) document.querySelector(where)?.replaceChildren(...lines.map((line) => make("li", {}, isolated(line))));
  for (const [number, caption] of Object.entries(captions)) document.getElementById(`caption-${number}`)?.replaceChildren(isolated(caption));
}
