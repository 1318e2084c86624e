// The form by which a feature is edited. What stands in it is kept until it is saved or discarded, whatever the server does.
/** @import {Feature, FormField, Live, OpenLayer} from "./livetypes.mjs" */
/** @import {Asked} from "./inputs.mjs" */
/** @typedef {{layer: OpenLayer, id: string | null, etag: string, was: Feature, asked: Asked[], placing: import("./placing.mjs").Placing, fault: HTMLElement, body: HTMLElement, once: string, name: string}} Editing */

import {byId, isolated, make} from "../../maps/assets/elements.mjs";
import {changedFields} from "./changes.mjs";
import {showClash} from "./clash.mjs";
import {isThere} from "./conflict.mjs";
import {fieldsOf} from "./fields.mjs";
import {makeInput} from "./inputs.mjs";
import {makePlacing} from "./placing.mjs";
import {secretName} from "./reach.mjs";

const ERROR_FIELD = "position_error_m";
const MERGE = "application/merge-patch+json";

/** @type {(live: Live) => {edit(collection: string, id: string | null): Promise<void>, isOpen(): boolean, again(): void}} */
export function makeForm(live) {
  const {page, reach, words} = live, root = byId("live-form");
  /** @type {Editing | null} */
  let editing = null;
  /** @type {Feature | null} */
  let unsent = null; // what waits for the server to be back
  let sending = false;

  window.addEventListener("beforeunload", (event) => {
    if (editing && isTouched()) event.preventDefault();
  });

  /** @type {(collection: string, id: string | null) => Promise<void>} */
  async function edit(collection, id) {
    const layer = live.told.open.find(({name}) => name === collection);
    if (!layer) return;
    if (editing && isTouched()) {
      tell(words("live.unsaved"));
      return;
    }
    const path = `collections/${encodeURIComponent(collection)}`;
    const schema = await reach.send("GET", `${path}/schema`);
    const there = id === null ? null : await reach.send("GET", `${path}/items/${encodeURIComponent(id)}`);
    if (schema.status !== 200 || (there && there.status !== 200)) {
      live.say(words("live.no_answer"));
      return;
    }
    /** @type {Feature} */
    const was = there?.data ?? {type: "Feature", geometry: null, properties: {}};
    open(layer, id, there?.etag ?? "", was, fieldsOf(schema.data, layer.choices));
  }

  /** @type {(layer: OpenLayer, id: string | null, etag: string, was: Feature, fields: FormField[]) => void} */
  function open(layer, id, etag, was, fields) {
    close();
    const name = String((layer.label && was.properties[layer.label]) || id || "");
    const asked = fields.filter(({fixed, name: one}) => id === null ? !fixed || one === layer.key : !fixed && one !== layer.key).map((field) => makeInput(field, was.properties[field.name], words));
    const placing = makePlacing(live, layer.geometry, was.geometry, (error) => moved(asked, error));
    const title = make("h3", {id: "form-title", tabindex: -1}, isolated(id === null ? words("live.new_title", {title: layer.title}) : words("live.edit_of", {name})));
    const fault = make("div", {class: "notice fault", tabindex: -1, hidden: true});
    const body = make("form", {novalidate: true, autocomplete: "off", onsubmit: (event) => {
      event.preventDefault();
      save();
    }}, placing.node, ...asked.map(({node}) => node), make("p", {class: "panel-tools"}, make("button", {type: "submit"}, words("live.save")),
      make("button", {type: "button", onclick: discard}, words("live.discard")), id === null ? null : deleteButton()));
    root.replaceChildren(title, fault, body);
    root.hidden = false;
    editing = {layer, id, etag, was, asked, placing, fault, body, once: secretName(), name};
    title.focus();
  }

  // A position that is another is as exact as is said of it, and never as the old one was.
  /** @type {(asked: Asked[], error: number | null) => void} */
  function moved(asked, error) {
    const input = asked.find(({field}) => field.name === ERROR_FIELD);
    if (!input) return;
    input.control.value = error === null ? "" : String(error);
    if (!input.node.querySelector(".moved")) input.node.insertBefore(make("span", {class: "hint moved"}, words("live.position_moved")), input.control);
  }

  function deleteButton() {
    let sure = false;
    const button = make("button", {type: "button", onclick: async () => {
      if (!sure) {
        sure = true;
        button.textContent = words("live.delete_sure");
        return;
      }
      await remove();
    }}, words("live.delete"));
    return button;
  }

  /** @type {() => Feature} */
  function mine() {
    const {was, asked, placing} = /** @type {Editing} */ (editing);
    const values = asked.map((one) => [one.field.name, /** @type {{value?: unknown}} */ (one.read()).value ?? null]);
    return {...was, geometry: placing.geometry(), properties: {...was.properties, ...Object.fromEntries(values)}};
  }
  const isTouched = () => editing !== null && (unsent !== null || changedFields(editing.was, mine()).length > 0 || Boolean(root.querySelector("[aria-invalid], .clash")));

  /** @type {(text: string) => void} */
  function tell(text) {
    if (!editing) return;
    editing.fault.replaceChildren(make("p", {}, isolated(text)));
    editing.fault.hidden = !text;
    if (text) editing.fault.focus();
  }

  async function save() {
    if (!editing || sending) return;
    const wrong = await editing.placing.settle();
    let faults = wrong ? 1 : 0;
    for (const one of editing.asked) {
      const read = one.read(), key = "fault" in read ? read.fault : null;
      one.fault(key);
      if (key) faults += 1;
    }
    if (faults) {
      tell(words("live.fault_some", {n: faults}));
      root.querySelector("[aria-invalid]")?.scrollIntoView({block: "nearest"});
      return;
    }
    await send(mine());
  }

  // Send a feature: of one that is there only what is another than it was, on the condition that it still is so.
  /** @type {(feature: Feature) => Promise<void>} */
  async function send(feature) {
    if (!editing || sending) return;
    const {layer, id, etag, was, once} = editing, changed = changedFields(was, feature);
    if (!changed.length) {
      live.say(words("live.unchanged"));
      close(true);
      return;
    }
    sending = true;
    const values = Object.fromEntries(changed.filter(({name}) => name !== "geometry").map(({name, now}) => [name, now]));
    const placed = changed.some(({name}) => name === "geometry") ? {geometry: feature.geometry} : {};
    // Of a new position its error is said in any case: also one that is as large as the old one's.
    if (placed.geometry && ERROR_FIELD in feature.properties) values[ERROR_FIELD] = feature.properties[ERROR_FIELD];
    const path = `collections/${encodeURIComponent(layer.name)}/items`;
    const answer = id === null
      ? await reach.send("POST", path, {body: {type: "Feature", geometry: feature.geometry, properties: feature.properties}, type: "application/geo+json", once})
      : await reach.send("PATCH", `${path}/${encodeURIComponent(id)}`, {body: {properties: values, ...placed}, type: MERGE, etag});
    take(answer, feature);
  }

  /** @type {(answer: import("./livetypes.mjs").Answered, feature: Feature) => void} */
  function take({status, data, wait, etag}, feature) {
    sending = false;
    if (!editing) return;
    unsent = null;
    const {was, layer} = editing, theirs = data?.now;
    if (status >= 200 && status < 300) done("live.saved");
    else if (status === 0 || status >= 500 || status === 429) {
      unsent = feature;
      tell(words("live.unsent"));
      if (wait) window.setTimeout(again, wait * 1000);
    } else if (status === 412 && theirs && isThere(feature, theirs)) done("live.saved"); // it got there before the answer was lost
    else if (status === 412 && theirs) {
      editing.etag = data.etag ?? etag;
      editing.was = theirs;
      const clash = {who: data.who || words("live.somebody"), time: live.time(data.time), was, mine: feature, theirs, titles: layer.fields};
      const shown = showClash(clash, words, {save: send, discard});
      root.querySelector(".clash")?.remove();
      editing.body.hidden = true;
      tell("");
      root.append(shown);
      shown.querySelector("h3")?.focus();
    } else if (status === 404 || status === 410 || status === 412) tell(words("live.conflict_gone"));
    else tell(words("live.refused", {why: data?.detail ?? data?.title ?? String(status)}));
  }

  async function remove() {
    if (!editing || editing.id === null) return;
    const {layer, id, etag, was} = editing;
    const {status, data} = await reach.send("DELETE", `collections/${encodeURIComponent(layer.name)}/items/${encodeURIComponent(id)}`, {etag});
    if (status >= 200 && status < 300) done("live.deleted");
    else if (status === 412 && data?.now) take({status, data, etag: "", wait: 0}, was);
    else tell(words("live.not_done", {why: data?.detail ?? words("live.no_answer")}));
  }

  /** @type {(key: "live.saved" | "live.deleted") => void} */
  function done(key) {
    const {name, asked, layer} = /** @type {Editing} */ (editing);
    const label = asked.find(({field}) => field.name === layer.label)?.control.value;
    close(true);
    live.say(words(key, {name: label || name}));
  }

  function discard() {
    unsent = null;
    close(true);
  }

  /** @type {(focused?: boolean) => void} */
  function close(focused = false) {
    editing?.placing.close();
    editing = null;
    unsent = null;
    root.hidden = true;
    root.replaceChildren();
    if (!focused) return;
    const button = byId("panel").hidden ? null : byId("panel-live").querySelector("button");
    (button ?? page.map.getContainer()).focus({preventScroll: true});
  }

  // The server is back: what waits for it is sent, unless somebody is typing.
  function again() {
    if (!unsent || !editing) return;
    if (root.contains(document.activeElement) && document.activeElement?.matches("input, select, textarea")) {
      editing.fault.replaceChildren(make("p", {}, words("live.back")));
      live.say(words("live.back"));
    } else if (root.querySelector(".clash")) send(unsent);
    else save();
  }
  return {edit, isOpen: () => editing !== null, again};
}
