// What folium children find of Leaflet on a closed page, and how the keys reach what they draw. Leaflet takes texts for
// markup, which could lead a reader elsewhere even where no script runs: here a text is a text.
/** @import {DivIcon, Layer as Mark, Popup} from "leaflet" */
/** @import {Leaflet, LeafletMap} from "./types.mjs" */
/** @typedef {new (...given: unknown[]) => object} Made a class that Leaflet's `extend` makes, of whose arguments its types say nothing */
/** @typedef {{_layersLink: HTMLElement, expand(): void, collapse(): void}} Switches the control of layers, with the button of which Leaflet says nothing */

import {drawn, make} from "./elements.mjs";
import {start} from "./main.mjs";

// The colours by folium's names: `folium.Icon.color_options`.
const PIN_COLOURS = {
  red: "#d63e2a", darkred: "#a23336", lightred: "#ff8e7f", orange: "#f69730", beige: "#ffcb92", green: "#72af26",
  darkgreen: "#728224", lightgreen: "#bbf970", blue: "#38aadd", darkblue: "#0067a3", cadetblue: "#436978", lightblue: "#8adaff",
  purple: "#d252b9", darkpurple: "#5b396b", pink: "#ff91ea", white: "#fbfbfb", gray: "#575757", lightgray: "#a3a3a3", black: "#303030",
};
const PIN_SHAPE = "M12.5 .5C5.9.5.5 5.9.5 12.5c0 9 9 17 12 28 3-11 12-19 12-28C24.5 5.9 19.1.5 12.5.5z";
const PIN_SIGN = "M11 5.5h3v3h-3zM10 10h4v7h1.5v2h-6v-2H11v-5h-1z"; // the letter i, which is folium's default

/** @type {(L: Leaflet, draw: (L: Leaflet, map: LeafletMap) => void) => void} */
export function startWith(L, draw) {
  start(L, (_, map) => {
    draw(guarded(L), map);
    openByKeys(map);
  });
}

/** @type {(L: Leaflet) => Leaflet} */
function guarded(L) {
  const TextIcon = /** @type {Made} */ (L.DivIcon.extend({
    /** @this {DivIcon} @param {HTMLElement} [old] */
    createIcon(old) {
      const {html} = this.options;
      const bare = Object.create(this, {options: {value: {...this.options, html: false}}});
      const icon = L.DivIcon.prototype.createIcon.call(bare, old);
      icon.append(html || "");
      return icon;
    },
  }));
  const Pin = /** @type {Made} */ (L.DivIcon.extend({
    options: {className: "pin", iconSize: [25, 41], iconAnchor: [12, 41], popupAnchor: [1, -34], tooltipAnchor: [16, -28]},
    /** @this {{options: {markerColor?: keyof typeof PIN_COLOURS, iconColor?: string}}} @param {HTMLElement} [old] */
    createIcon(old) {
      const icon = L.DivIcon.prototype.createIcon.call(/** @type {DivIcon} */ (this), old);
      icon.replaceChildren(drawn("svg", {viewBox: "0 0 25 41", width: 25, height: 41, "aria-hidden": "true"},
        drawn("path", {d: PIN_SHAPE, fill: PIN_COLOURS[this.options.markerColor ?? "blue"] ?? PIN_COLOURS.blue, stroke: "#303030"}),
        drawn("path", {d: PIN_SIGN, fill: this.options.iconColor ?? "white"})));
      return icon;
    },
  }));
  return Object.create(L, {
    DivIcon: {value: TextIcon},
    divIcon: {value: (/** @type {object} */ options) => new TextIcon(options)},
    AwesomeMarkers: {value: {Icon: Pin, icon: (/** @type {object} */ options) => new Pin(options)}},
    control: {value: Object.assign({}, L.control, {layers: makeSwitches(L)})},
    saying: {value: saying},
    listing: {value: listing},
  });
}

// The control that shows and hides layers. Enter opens it and goes to the first of them, Escape closes it.
/** @type {(L: Leaflet) => (...given: unknown[]) => object} */
function makeSwitches(L) {
  const plain = /** @type {{onAdd(map: LeafletMap): HTMLElement, _addItem(entry: object): HTMLElement}} */ (/** @type {unknown} */ (L.Control.Layers.prototype));
  const Layers = /** @type {Made} */ (L.Control.Layers.extend({
    /** @this {Switches} @param {LeafletMap} map */
    onAdd(map) {
      const box = plain.onAdd.call(this, map);
      box.addEventListener("keydown", (event) => {
        event.stopPropagation(); // the keys of the map are not those of its control
        if (event.key === "Escape") {
          this.collapse();
          this._layersLink.focus();
        } else if (event.target === this._layersLink && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          this.expand();
          box.querySelector("input")?.focus();
        }
      });
      return box;
    },
    /** @param {{name: string}} entry */
    _addItem(entry) {
      const label = plain._addItem.call(this, {...entry, name: ""});
      label.append(make("bdi", {}, entry.name));
      return label;
    },
  }));
  return (...given) => new Layers(...given);
}

// What a tooltip or popup shows: each time a node of its own, since several layers may share the one text.
/** @type {(text: string, style?: string) => () => HTMLElement} */
function saying(text, style = "") {
  return () => {
    const node = make("div", {class: "said", dir: "auto"}, text);
    node.style.cssText = style;
    return node;
  };
}

// The properties of a feature as a table, as folium's GeoJsonTooltip and GeoJsonPopup list them.
/** @type {(fields: string[], names: string[], labels: boolean, local: boolean) => (mark: Mark) => HTMLElement} */
function listing(fields, names, labels, local) {
  /** @type {(value: unknown) => string} */
  const text = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "object") return JSON.stringify(value);
    return local && typeof value === "number" ? value.toLocaleString() : String(value);
  };
  return (mark) => {
    const {properties} = /** @type {{feature: {properties: Record<string, unknown>}}} */ (/** @type {unknown} */ (mark)).feature;
    const rows = fields.map((field, place) => make("tr", {},
      labels ? make("th", {scope: "row", dir: "auto"}, names[place]) : null,
      make("td", {dir: "auto"}, Object.hasOwn(properties, field) ? text(properties[field]) : "")));
    return make("div", {class: "said"}, make("table", {}, make("tbody", {}, ...rows)));
  };
}

// A mark that has something to say can be reached by Tab; Enter or Space does what a click does, Escape closes the popup.
/** @type {(map: LeafletMap) => void} */
function openByKeys(map) {
  /** @type {Popup | null} */
  let popup = null;
  /** @type {SVGElement | HTMLElement | null} */
  let opener = null; // what the keys opened the popup from, to which they go back
  let byKeys = false;
  const keep = (/** @type {KeyboardEvent} */ event) => event.stopPropagation();

  /** @type {(mark: Mark) => void} */
  function reach(mark) {
    if ("getContent" in mark) return; // a popup or tooltip itself
    const node = /** @type {SVGElement | HTMLElement | undefined} */ ("getElement" in mark && typeof mark.getElement === "function" ? mark.getElement() : undefined);
    if (!node || !carriers(mark).some((each) => each.getPopup() ?? each.getTooltip())) return;
    const name = spokenText(mark);
    for (const [key, value] of Object.entries({tabindex: "0", role: mark.listens("click", true) ? "button" : "img", "aria-label": name})) node.setAttribute(key, value);
    if (node.tagName === "IMG") node.setAttribute("alt", name);
    node.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      opener = node;
      byKeys = true;
      mark.fire("click", {latlng: middleOfMark(mark)}, true);
      byKeys = false;
    };
  }
  map.eachLayer(reach);
  map.on("layeradd", ({layer}) => reach(layer));
  map.on("popupopen", (event) => {
    popup = event.popup;
    const box = /** @type {HTMLElement} it is open */ (popup.getElement());
    box.addEventListener("keydown", keep);
    const content = /** @type {HTMLElement} Leaflet makes it */ (box.querySelector(".leaflet-popup-content"));
    content.tabIndex = -1;
    if (byKeys) content.focus({preventScroll: true});
    else opener = null;
  });
  map.on("popupclose", (event) => {
    if (popup === event.popup) popup = null;
    if (document.activeElement === document.body) opener?.focus({preventScroll: true});
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !popup) return;
    event.stopPropagation();
    popup.close();
  }, true);
}

// A mark, and the groups that it lies in: a popup or tooltip of theirs is its own too.
/** @type {(mark: Mark) => Mark[]} */
function carriers(mark) {
  const {_eventParents: groups} = /** @type {{_eventParents?: Record<string, Mark>}} */ (/** @type {unknown} */ (mark));
  return [mark, ...Object.values(groups ?? {}).flatMap(carriers)];
}

/** @type {(mark: Mark) => string} */
function spokenText(mark) {
  const all = carriers(mark);
  const shown = all.map((each) => each.getTooltip()).find(Boolean) ?? all.map((each) => each.getPopup()).find(Boolean);
  const content = shown?.getContent();
  const node = typeof content === "function" ? content(mark) : content;
  if (!node || typeof node === "string") return node ?? "";
  const rows = [...node.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent).join(" "));
  return rows.join(", ") || (node.textContent ?? "");
}

/** @type {(mark: Mark) => import("leaflet").LatLng | undefined} */
function middleOfMark(mark) {
  if ("getLatLng" in mark && typeof mark.getLatLng === "function") return mark.getLatLng();
  return "getCenter" in mark && typeof mark.getCenter === "function" ? mark.getCenter() : undefined;
}
