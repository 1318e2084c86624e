// What the panel offers of the selected feature: to edit it, its history with undo, and comments.
/** @import {Entry, Feature, Live} from "./livetypes.mjs" */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";
import {changedFields, changeSentence, valueWords} from "./changes.mjs";
import {secretName} from "./reach.mjs";

const MOST_ENTRIES = 50;

/** @type {(live: Live, edit: (collection: string, id: string) => void) => {show(): void, changed(collection: string, id: string): void}} */
export function makeAbout(live, edit) {
  const {page, words, reach, told} = live, bar = byId("panel-live"), root = byId("live-about");
  let about = "", opened = "", drawn = ""; // LAYER:ID, which of its parts, and for whom the buttons are
  /** @type {Map<string, string>} */
  const drafts = new Map(); // comments that are not sent, by what they are about

  /** @type {() => [collection: string, id: string]} */
  function named() {
    const [collection, ...rest] = about.split(":");
    return [collection, rest.join(":")];
  }

  function show() {
    const ref = page.state.selected, next = ref ? live.idOf(ref) : "";
    if (next === about && next) return;
    about = next;
    opened = "";
    root.replaceChildren();
    redraw();
  }

  // The buttons of the panel; again when it is known who one is.
  function redraw() {
    const [collection, id] = named(), state = `${about} ${live.me?.role} ${live.mayEdit(collection)}`;
    if (state === drawn) return; // the focus may be in there
    drawn = state;
    if (!about || !told.open.some(({name}) => name === collection)) {
      bar.replaceChildren();
      return;
    }
    bar.replaceChildren(
      live.mayEdit(collection) ? make("button", {type: "button", onclick: () => edit(collection, id)}, words("live.edit"))
        : make("p", {class: "hint"}, words(live.me?.role === "comment" ? "live.no_edit_comment" : live.me ? "live.no_edit" : "live.no_edit_reader")),
      make("button", {type: "button", onclick: () => open("history")}, words("live.history")),
      make("button", {type: "button", onclick: () => open("comments")}, words("live.comments")));
  }

  /** @type {(part: string) => Promise<void>} */
  async function open(part) {
    opened = part;
    await (part === "history" ? showHistory() : showComments());
    root.querySelector("h3")?.focus();
  }

  /** @type {(title: string, ...parts: (HTMLElement | null)[]) => void} */
  function fill(title, ...parts) {
    const close = make("button", {type: "button", onclick: () => {
      opened = "";
      root.replaceChildren();
      bar.querySelector("button")?.focus();
    }}, words("live.close"));
    root.replaceChildren(make("h3", {tabindex: -1}, isolated(title)), ...parts.filter((part) => part !== null), make("p", {class: "panel-tools"}, close));
  }

  async function showHistory() {
    const asked = about, [collection, id] = named();
    const {status, data} = await reach.send("GET", `collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}/history`);
    if (asked !== about) return;
    /** @type {Entry[]} */
    const entries = status === 200 ? [...data.entries].sort((a, b) => b.seq - a.seq).slice(0, MOST_ENTRIES) : [];
    const list = make("ol", {class: "live-list", reversed: true}, ...entries.map((entry) => entryItem(collection, entry)));
    fill(words("live.history_of", {name: live.nameOf(collection, id) || id}), status === 200 ? null : make("p", {}, words("live.no_answer")),
      status === 200 && !entries.length ? make("p", {}, words("live.history_none")) : list);
  }

  /** @type {(collection: string, entry: Entry) => HTMLElement} */
  function entryItem(collection, entry) {
    const titles = live.titles[collection] ?? {}, fields = changedFields(entry.before, entry.after);
    const name = live.nameOf(collection, entry.id) || entry.id;
    const sentence = changeSentence({...entry, name, fields: fields.map((one) => one.name)}, "edit", titles, words);
    const title = (/** @type {string} */ one) => (one === "geometry" ? words("live.position") : titles[one] ?? one);
    const details = entry.before && entry.after ? make("ul", {}, ...fields.map(({name: one, was, now}) => make("li", {},
      isolated(words("live.from_to", {field: title(one), was: valueWords(was) || words("live.empty"), now: valueWords(now) || words("live.empty")}))))) : null;
    const undo = live.mayEdit(collection) ? make("button", {type: "button", "aria-label": words("live.undo_of", {n: entry.seq}), onclick: () => undoEntry(entry.seq)}, words("live.undo")) : null;
    return make("li", {}, make("span", {class: "more"}, words("live.entry", {n: entry.seq, time: live.time(entry.time)})), " ", isolated(sentence), details, undo);
  }

  /** @type {(seq: number) => Promise<void>} */
  async function undoEntry(seq) {
    const {status, data} = await reach.send("POST", `log/${seq}/undo`);
    if (status >= 200 && status < 300) {
      await showHistory();
      root.querySelector("h3")?.focus();
      live.say(words("live.undone", {n: seq}));
    } else complain(data);
  }

  /** @type {(data: any) => void} */
  function complain(data) {
    root.querySelector(".fault")?.remove();
    const text = data?.detail ? words("live.not_done", {why: data.detail}) : words("live.no_answer");
    const fault = make("p", {class: "notice fault", tabindex: -1}, isolated(text));
    root.querySelector("h3")?.after(fault);
    fault.focus();
  }

  async function showComments() {
    const asked = about, [collection, id] = named(), name = live.nameOf(collection, id) || id;
    const filter = encodeURIComponent(`about = '${asked.replaceAll("'", "''")}'`);
    const {status, data} = await reach.send("GET", `collections/${told.comments}/items?limit=1000&filter=${filter}`);
    if (asked !== about) return;
    const held = root.contains(document.activeElement) && document.activeElement?.id === "live-comment";
    /** @type {Feature[]} */
    const found = status === 200 ? data.features : [];
    const list = make("ul", {class: "live-list"}, ...found.map(commentItem));
    fill(words("live.comments_of", {name}), status === 200 ? null : make("p", {}, words("live.no_answer")),
      status === 200 && !found.length ? make("p", {}, words("live.comments_none")) : list, live.me && live.me.role !== "read" ? commentForm(asked) : null);
    if (held) byId("live-comment").focus();
  }

  /** @type {(comment: Feature) => HTMLElement} */
  function commentItem({id, properties: {author, text, state}}) {
    const who = String(author ?? "") || words("live.somebody");
    const may = state === "open" && live.me && (live.me.role === "admin" || live.me.name === author);
    const settle = may ? make("button", {type: "button", "aria-label": words("live.settle_of", {who}), onclick: () => settleComment(String(id))}, words("live.settle")) : null;
    return make("li", {}, make("span", {class: "more"}, isolated(who), state === "settled" ? ` (${words("live.settled")})` : "", ": "), isolated(String(text ?? "")), " ", settle);
  }

  /** @type {(id: string) => Promise<void>} */
  async function settleComment(id) {
    const path = `collections/${told.comments}/items/${encodeURIComponent(id)}`;
    const there = await reach.send("GET", path);
    const {status, data} = there.status === 200 ? await reach.send("PATCH", path, {body: {properties: {state: "settled"}}, type: "application/merge-patch+json", etag: there.etag}) : there;
    if (status >= 200 && status < 300) await showComments();
    else complain(data);
  }

  /** @type {(on: string) => HTMLElement} */
  function commentForm(on) {
    const text = make("textarea", {id: "live-comment", rows: 3, maxlength: 4000});
    text.value = drafts.get(on) ?? "";
    text.addEventListener("input", () => (text.value.trim() ? drafts.set(on, text.value) : drafts.delete(on)));
    return make("form", {novalidate: true, onsubmit: async (event) => {
      event.preventDefault();
      const written = text.value.trim(), once = secretName();
      if (!written) return;
      const {status, data} = await reach.send("POST", `collections/${told.comments}/items`, {once, type: "application/geo+json",
        body: {type: "Feature", geometry: null, properties: {text: written, about: on}}});
      if (status >= 200 && status < 300) {
        drafts.delete(on);
        await showComments();
        live.say(words("live.comment_sent"));
      } else complain(data); // what was written stays where it is
    }}, make("div", {class: "field"}, make("label", {for: "live-comment"}, words("live.comment")), text), make("button", {type: "submit"}, words("live.comment_send")));
  }

  window.addEventListener("beforeunload", (event) => {
    if (drafts.size) event.preventDefault();
  });
  page.state.listen((changed) => {
    if (changed.has("selected") || changed.has("group")) show();
  });

  return {
    show() {
      show();
      redraw();
    },
    // Somebody changed or commented on a feature: what is open of it is shown anew.
    changed(collection, id) {
      if (`${collection}:${id}` !== about) return;
      if (opened === "history" && !root.contains(document.activeElement)) showHistory();
      if (opened === "comments") showComments();
    },
  };
}
