// Stations on the map: a plate whose sign tells the state, the same in the legend, and what was measured last in a popup.
/** @import {Feature, Latest, Live, LiveKey} from "./livetypes.mjs" */
/** @typedef {{marker: import("leaflet").Marker, label: string, state: string}} Plate */

import {byId, drawn, isolated, make, makeSwitch} from "../../maps/assets/elements.mjs";

const MOST_PLATES = 500; // in view, as of the symbols of a page
const WIDEST = 300; // pixels of a popup
const BESIDE_BUTTONS = 60; // pixels that the buttons take on the left of a map
// The signs, in a square of 24: three waves for a flood, one and an arrow for high, one for normal, a clock, a question mark, a stroke.
/** @type {Record<string, string>} */
const SIGNS = {
  flood: "M3 7q3-4 6 0t6 0 6 0M3 13q3-4 6 0t6 0 6 0M3 19q3-4 6 0t6 0 6 0",
  high: "M3 20q3-4 6 0t6 0 6 0M12 14V3M8 7l4-4 4 4",
  stale: "M12 3a9 9 0 1 0 .01 0M12 7v6l4 2",
  normal: "M3 13q3-4 6 0t6 0 6 0",
  unknown: "M8 8a4 4 0 1 1 5.5 4q-1.5 1-1.5 3M12 19v.5",
  none: "M6 12h12",
};

/** @type {(state: string) => SVGSVGElement} */
function plate(state) {
  return drawn("svg", {class: "plate", "data-state": state, viewBox: "-4 -4 32 32", width: 32, height: 32, "aria-hidden": "true", focusable: "false"},
    drawn("rect", {class: "plate-halo", x: -2, y: -2, width: 28, height: 28, rx: 5}), drawn("rect", {class: "plate-ground", x: -2, y: -2, width: 28, height: 28, rx: 5}),
    drawn("path", {class: "plate-sign", d: SIGNS[state] ?? SIGNS.unknown}));
}

// `told` puts a reading into words, `chart` opens one; `states` are the words of all states, the worst first.
/** @typedef {{states: Record<string, LiveKey>, told(latest: Latest): string, chart(station: Feature, latest: Latest): void}} Telling */

/** @type {(live: Live, telling: Telling) => {show(stations: Feature[]): void, open(id: string): void}} */
export function makeStationMap(live, {states, told, chart}) {
  const {L, page, words} = live, {map} = page, order = Object.keys(states);
  const group = L.layerGroup().addTo(map);
  /** @type {Feature[]} */
  let stations = [];
  /** @type {Map<string, Plate>} */
  const plates = new Map();
  let opened = "", from = /** @type {Element | null} */ (null), on = true;
  const content = make("section", {class: "station", tabindex: -1});
  const popup = L.popup({closeButton: false, autoPanPaddingTopLeft: L.point(BESIDE_BUTTONS, 8), autoPanPaddingBottomRight: L.point(8, 8), className: "station-popup"}).setContent(content);
  /** @type {(station: Feature) => string} */
  const stateOf = ({properties: {state}}) => (String(state) in SIGNS ? String(state) : "unknown");
  /** @type {(station: Feature) => string} */
  const labelOf = (station) => [String(station.properties.title), words(states[stateOf(station)]), .../** @type {Latest[]} */ (station.properties.latest).map(told)].join(", ");

  // The legend: how many stand how, with a switch for all.
  const all = makeSwitch((next) => {
    on = next;
    if (!on) close();
    draw();
    live.say(words(on ? "live.stations_shown" : "live.stations_hidden"));
  }, make("span", {class: "label"}, words("live.stations")), " ", make("span", {class: "count"}));
  all.box.checked = true;
  const list = make("ul", {});
  const legend = make("div", {class: "legend-layer live-stations", role: "group", "aria-label": words("live.stations"), hidden: true}, make("div", {class: "legend-title"}, all.label), list);
  [...byId("legend").querySelectorAll("[data-layer]")].pop()?.after(legend);

  function tally() {
    const counts = order.map((state) => stations.filter((one) => stateOf(one) === state).length);
    list.replaceChildren(...order.flatMap((state, index) => (counts[index] ? [make("li", {}, plate(state), " ", make("span", {class: "label"}, words(states[state])), " ", make("span", {class: "count"}, `(${counts[index]})`))] : [])));
    all.label.querySelector(".count")?.replaceChildren(`(${stations.length})`);
    legend.hidden = !stations.length;
  }

  // Those in view; each keeps its plate while its state stays.
  function draw() {
    const view = map.getBounds().pad(0.1);
    const near = on ? stations.filter(({geometry}) => geometry && view.contains([geometry.coordinates[1], geometry.coordinates[0]])).slice(0, MOST_PLATES) : [];
    const ids = new Set(near.map(({id}) => String(id)));
    for (const [id, {marker}] of plates) if (!ids.has(id)) {
      marker.remove();
      plates.delete(id);
    }
    near.forEach(put);
  }

  /** @type {(station: Feature) => void} */
  function put(station) {
    const id = String(station.id), state = stateOf(station), label = labelOf(station), [lon, lat] = station.geometry?.coordinates ?? [0, 0];
    const known = plates.get(id);
    if (known?.state === state && known.label === label) return;
    const icon = L.divIcon({html: /** @type {any} */ (plate(state)), className: "station-mark", iconSize: undefined});
    const marker = known?.marker ?? L.marker([lat, lon], {icon, keyboard: false, riseOnHover: true}).on("click", () => open(id)).addTo(group);
    if (known && known.state !== state) marker.setIcon(icon);
    marker.setZIndexOffset(1000 - 100 * order.indexOf(state)); // the worst lies above
    const node = /** @type {HTMLElement} */ (marker.getElement());
    for (const [name, text] of Object.entries({role: "button", tabindex: "-1", "aria-label": label, title: label})) node.setAttribute(name, text);
    plates.set(id, {marker, label, state});
  }

  /** @type {(station: Feature) => void} */
  function fill(station) {
    const rows = /** @type {Latest[]} */ (station.properties.latest).map((latest) => make("li", {}, isolated(told(latest)), " ",
      make("button", {type: "button", "aria-label": words("live.chart_of", {name: String(station.properties.title), property: latest.title}), onclick: () => chart(station, latest)}, words("live.chart"))));
    const title = make("h3", {id: "station-title"}, isolated(String(station.properties.title)));
    const state = make("p", {class: "station-state"}, plate(stateOf(station)), " ", words(states[stateOf(station)]));
    const focused = [...content.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
    content.replaceChildren(title, state, make("ul", {}, ...rows), make("p", {class: "panel-tools"}, make("button", {type: "button", onclick: back}, words("live.close"))));
    content.setAttribute("aria-labelledby", "station-title");
    if (focused >= 0) content.querySelectorAll("button")[focused]?.focus(); // a new reading takes nobody's place
  }

  /** @type {(id: string) => void} */
  function open(id) {
    const station = stations.find((one) => String(one.id) === id);
    if (!station?.geometry) return;
    const [lon, lat] = station.geometry.coordinates;
    if (!on) all.box.click();
    if (!content.contains(document.activeElement)) from = document.activeElement;
    opened = id;
    fill(station);
    popup.options.maxWidth = Math.min(WIDEST, map.getSize().x - BESIDE_BUTTONS - 50); // beside the buttons of a narrow map
    popup.options.minWidth = popup.options.maxWidth; // of one width it needs no update, which would take the focus
    popup.setLatLng([lat, lon]).openOn(map);
    content.focus({preventScroll: true});
    byId("map-frame").scrollIntoView({block: "nearest"});
  }
  function close() {
    opened = "";
    popup.remove();
  }
  function back() {
    close();
    (from instanceof HTMLElement && from.isConnected ? from : map.getContainer()).focus({preventScroll: from === map.getContainer()});
  }
  // The keys of the map are not those of what stands in it.
  content.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    back();
  });
  map.on("moveend", draw);
  map.on("popupclose", () => (opened = ""));

  return {
    show(next) {
      stations = [...next].sort((one, two) => order.indexOf(stateOf(one)) - order.indexOf(stateOf(two)));
      tally();
      draw();
      const station = opened && stations.find((one) => String(one.id) === opened);
      if (station) fill(station);
    },
    open,
  };
}
