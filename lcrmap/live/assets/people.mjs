// Who is here and where they look: a list to go to them and to follow them, and outlines on the map.
/** @import {Here, Live, Person} from "./livetypes.mjs" */

import {byId, isolated, make, makeSwitch} from "../../maps/assets/elements.mjs";

const RARELY = 2000; // milliseconds between two tellings of where one looks
const ALIVE = 25_000; // milliseconds after which the server is told again
const MOST_OUTLINES = 12;

/** @typedef {{person: Person, item: HTMLElement, text: HTMLElement, follow: HTMLElement, box: import("leaflet").Rectangle, label: import("leaflet").Marker}} Shown */

/** @type {(live: Live) => {show(here: Here): void, tell(): void, forget(): void}} */
export function makePeople(live) {
  const {L, page, words, reach} = live, {map, state} = page;
  const group = L.layerGroup().addTo(map);
  /** @type {Map<string, Shown>} */
  const people = new Map();
  let following = "", invisible = false, moving = false, told = 0, waiting = 0, count = 1;

  const number = make("p", {}, words("live.here_alone"));
  const note = make("p", {class: "hint", hidden: true});
  const list = make("ul", {class: "live-list"});
  const {box: hide, label: hidden} = makeSwitch((on) => {
    invisible = on;
    if (on) reach.send("POST", "presence", {body: {here: live.here, invisible: true}});
    else tell();
  }, words("live.invisible"));
  byId("live-parts").append(make("section", {"aria-labelledby": "live-here"}, make("h3", {id: "live-here"}, words("live.here")), number, list, note, hidden));
  hidden.hidden = true;

  /** @type {(id: string) => Shown} */
  function add(id) {
    const text = make("span", {}), buttons = make("span", {class: "panel-tools"});
    const go = make("button", {type: "button", onclick: () => lookWith(id)}, words("live.go"));
    const follow = make("button", {type: "button", "aria-pressed": "false", onclick: () => setFollowing(following === id ? "" : id)}, words("live.follow"));
    buttons.append(go, follow);
    const item = make("li", {}, text, buttons);
    list.append(item);
    const box = L.rectangle([[0, 0], [0, 0]], {className: "others", interactive: false, pane: "rings", fill: false});
    const label = L.marker([0, 0], {icon: L.divIcon({className: "others-name", html: make("bdi", {"aria-hidden": "true"}), iconSize: undefined}), interactive: false, keyboard: false, pane: "names"});
    return {person: {here: id, name: "", view: [0, 0, 0, 0], selected: null}, item, text, follow, box, label};
  }

  /** @type {(shown: Shown, person: Person) => void} */
  function put(shown, person) {
    shown.person = person;
    const name = person.name || words("live.somebody");
    const [layer, ...rest] = (person.selected ?? "").split(":"), about = person.selected ? live.nameOf(layer, rest.join(":")) : "";
    shown.text.replaceChildren(isolated(name), ...(about ? [" ", isolated(words("live.looks_at", {name: about}))] : []));
    const [go] = shown.item.querySelectorAll("button");
    go.setAttribute("aria-label", words("live.goes_to", {name}));
    shown.follow.setAttribute("aria-label", words("live.follows", {name}));
    const [west, south, east, north] = person.view;
    shown.box.setBounds(L.latLngBounds([south, west], [north, east]));
    shown.label.setLatLng([north, west]);
    shown.label.getElement()?.querySelector("bdi")?.replaceChildren(name);
    if (following === person.here) lookWith(person.here);
  }

  /** @type {(id: string) => void} */
  function remove(id) {
    const shown = people.get(id);
    if (!shown) return;
    if (shown.item.contains(document.activeElement)) byId("together-title").focus({preventScroll: true});
    if (following === id) setFollowing("");
    shown.item.remove();
    people.delete(id);
  }

  /** @type {(id: string) => void} */
  function lookWith(id) {
    const shown = people.get(id);
    if (!shown) return;
    moving = true;
    map.fitBounds(shown.box.getBounds(), {animate: false});
    moving = false;
  }

  /** @type {(id: string) => void} */
  function setFollowing(id) {
    const last = people.get(following), next = people.get(id);
    following = id;
    for (const [one, {follow}] of people) follow.setAttribute("aria-pressed", String(one === id));
    if (next) lookWith(id);
    note.hidden = !next;
    note.textContent = next ? words("live.following", {name: next.person.name}) : "";
    if (next) live.say(note.textContent);
    else if (last) live.say(words("live.followed", {name: last.person.name}));
  }

  function outline() {
    group.clearLayers();
    for (const shown of [...people.values()].slice(0, MOST_OUTLINES)) {
      group.addLayer(shown.box).addLayer(shown.label);
      shown.label.getElement()?.querySelector("bdi")?.replaceChildren(shown.person.name || words("live.somebody"));
    }
  }

  // Tell where one looks, at most every two seconds, and before one is forgotten.
  function tell() {
    window.clearTimeout(waiting);
    hidden.hidden = !live.me;
    if (!live.me || document.visibilityState === "hidden") return;
    waiting = window.setTimeout(tell, ALIVE);
    if (invisible) return;
    const since = Date.now() - told;
    if (since < RARELY) {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(tell, RARELY - since);
      return;
    }
    told = Date.now();
    const view = map.getBounds();
    const selected = state.selected ? live.idOf(state.selected) : null;
    const {west, south, east, north} = {west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth()};
    reach.send("POST", "presence", {body: {here: live.here, view: [west, south, east, north], selected}});
  }

  map.on("moveend", () => {
    if (following && !moving) setFollowing("");
    tell();
  });
  state.listen((changed) => {
    if (changed.has("selected")) tell();
  });
  hide.checked = false;

  return {
    tell,
    show(here) {
      count = here.count;
      here.left.forEach(remove);
      for (const person of here.people) {
        const shown = people.get(person.here) ?? add(person.here);
        people.set(person.here, shown);
        put(shown, person);
      }
      const others = Math.max(count - 1, people.size);
      number.textContent = [others ? words("live.here_count", {n: others}) : words("live.here_alone"),
        others > people.size ? words("live.here_unnamed", {n: others - people.size}) : ""].filter(Boolean).join(" ");
      outline();
    },
    forget() {
      [...people.keys()].forEach(remove);
      outline();
    },
  };
}
