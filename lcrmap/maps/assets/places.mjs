// Places as symbols in the page: up to some hundreds, each a button with a name; those too close together as one disc.
/** @import {Layer, Leaflet, LeafletMap, Page, Passes, PointLayer, Ref, Spot, Target, Words} from "./types.mjs" */
/** @typedef {{show(drawn: PointLayer[], passes: Passes): void, draw(): void, targets(): Target[]}} Places */

import {SURE, areaOf, entryOf, errorOf, isAnswer, isPlaced, kindOf, latLngOf, nameOf, positionText, sameRef, sureOf, valueText} from "./data.mjs";
import {groupPoints, joinGroups} from "./grid.mjs";
import {make} from "./elements.mjs";
import {dividedCircle, dividedDisc} from "./divided.mjs";
import {countKinds, discText} from "./kinds.mjs";
import {symbol} from "./symbols.mjs";

const APART = 18; // pixels under which two symbols become one disc
const KEEPS_OFF = 13.5; // pixels that a disc keeps from the middle of a symbol beside it, at the usual size of text
const ROUND = 13.5; // pixels of its radius; of one divided by kind the least
const LARGEST_ROUND = 26; // pixels, of one divided by kind
const SMALL_MAP = 600; // pixels of a map on which all discs are of that size, so that the names of areas find room
const MOST_ANSWERS = 40; // places of an answer that are drawn singly, however close together
const DOUBTFUL = 2000; // metres of error from which no symbol is drawn as if it were exact

// What a screen reader says of a place: name, number or kind, area, confidence, and a large error of position.
/** @type {(layer: Layer, row: number, words: Words) => string} */
export function spokenName(layer, row, words) {
  const kind = layer.style.value === undefined ? kindOf(layer, row) : valueText(layer, row, words);
  const parts = [nameOf(layer, row, words), kind, areaOf(layer, row)];
  if (layer.sure !== false) parts.push(words(`sure.${SURE[sureOf(layer, row)]}`));
  if (errorOf(layer, row) >= 1000) parts.push(`${words("position.title")} ${positionText(layer, row, words)}`);
  return parts.filter(Boolean).join(", ");
}

/** @type {(L: Leaflet, map: LeafletMap, page: Page) => Places} */
export function makePlaces(L, map, page) {
  const {layers, state, words, shapes, kinds} = page;
  const group = L.layerGroup().addTo(map);
  /** @type {(layer: Layer, row: number) => number | null} */
  const radii = (layer, row) => (layer.style.kind === "circle" ? layer.style.radii[row] : null);
  /** @type {Ref[]} */
  let items = [];
  /** @type {Passes} */
  let shown = []; // what passes, layer by layer; also of the layers that are drawn on canvas
  /** @type {(ref: Ref) => boolean} */
  const isShown = (ref) => layers[ref.layer].points && isPlaced(layers[ref.layer], ref.row) && shown[ref.layer][ref.row] === 1;
  /** @type {Target[]} */
  let targets = [];

  /** @type {(layer: Layer, row: number) => HTMLElement | SVGElement} */
  function element(layer, row) {
    const {style} = layer;
    const radius = style.kind === "circle" ? style.radii[row] : null;
    if (style.kind === "circle" && radius !== null) return style.parts ? dividedCircle(shapes, style, row, radius) : sizedCircle(radius, style.negative?.includes(row) ?? false);
    const hollow = errorOf(layer, row) > DOUBTFUL;
    const entry = layer.style.entries[entryOf(layer, row)] || {shape: "circle", hue: "other"};
    return symbol(shapes, entry, hollow ? 2 : sureOf(layer, row));
  }

  /** @type {(at: Spot, content: HTMLElement | SVGElement, name: string, label: string, refs: Ref[], radius?: number) => HTMLElement} */
  function addMarker(at, content, name, label, refs, radius = 14) {
    const icon = L.divIcon({html: content, className: name, iconSize: undefined});
    const above = name.includes("selected") ? 2000 : 0;
    const marker = L.marker(at, {icon, keyboard: false, riseOnHover: true, zIndexOffset: above}).addTo(group);
    const node = /** @type {HTMLElement} */ (marker.getElement());
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", label);
    if (refs.length === 1) node.title = label;
    const target = {refs, label, first: refs[0], radius, at: L.latLng(at), element: node};
    marker.on("click", () => page.open(target));
    targets.push(target);
    return node;
  }

  /** @type {(ref: Ref) => void} */
  function addSingle(ref) {
    const layer = layers[ref.layer];
    const chosen = sameRef(state.selected, ref) ? " selected" : "";
    const faint = layer.answers && !isAnswer(layer, ref.row) && !chosen ? " faint" : "";
    const small = layer.singly ? " singly" : "";
    const name = spokenName(layer, ref.row, words);
    addMarker(latLngOf(layer, ref.row), element(layer, ref.row), `place${chosen}${faint}${small}`, name, [ref], radii(layer, ref.row) ?? undefined);
  }

  /** @type {(refs: Ref[]) => void} */
  function addGroup(refs) {
    let south = 0, west = 0;
    for (const ref of refs) {
      const [lat, lon] = latLngOf(layers[ref.layer], ref.row);
      south += lat / refs.length;
      west += lon / refs.length;
    }
    const near = words("map.group_near", {n: refs.length, name: nameOf(layers[refs[0].layer], refs[0].row, words)});
    const radius = radiusOf(refs.length);
    if (kinds.length < 2) {
      addMarker([south, west], make("span", {}, String(refs.length)), "group", near, refs, radius);
      return;
    }
    const counts = countKinds(layers, refs), label = discText(near, kinds, counts, words);
    const node = addMarker([south, west], dividedDisc(shapes, kinds, counts, radius), "group parted", label, refs, radius);
    node.title = label;
    node.style.width = node.style.height = `${2 * radius}px`;
    node.style.margin = `${-radius}px 0 0 ${-radius}px`;
  }

  // The radius of a disc; of a symbol what a disc keeps from its middle.
  /** @type {(size: number) => number} */
  function radiusOf(size) {
    const alike = kinds.length < 2 || map.getSize().x < SMALL_MAP;
    return (size === 1 ? KEEPS_OFF : alike ? ROUND : Math.min(LARGEST_ROUND, ROUND + 2 * Math.sqrt(size))) * page.textScale();
  }

  return {
    // Draw the rows of `drawnLayers` that pass; `passes` has one array a layer.
    show(drawnLayers, passes) {
      items = [];
      shown = passes;
      for (const layer of drawnLayers) {
        for (let row = 0; row < layer.total; row += 1) {
          if (passes[layer.index][row] && isPlaced(layer, row)) items.push({layer: layer.index, row});
        }
      }
      this.draw();
    },
    // Draw again, as after each zoom: which symbols are too close together depends on the scale.
    draw() {
      group.clearLayers();
      targets = [];
      // The selected place stands by itself, above the others; so do the few of which an answer speaks, and single layers.
      const rest = items.filter((ref) => !sameRef(ref, state.selected));
      const answers = rest.filter((ref) => isAnswer(layers[ref.layer], ref.row));
      const few = answers.length <= MOST_ANSWERS ? answers : [];
      const single = [...rest.filter((ref) => layers[ref.layer].singly && !few.includes(ref)), ...few];
      const others = rest.filter((ref) => !single.includes(ref));
      /** @type {Spot[]} */
      const points = others.map((ref) => {
        const {x, y} = map.latLngToLayerPoint(latLngOf(layers[ref.layer], ref.row));
        return [x, y];
      });
      const sized = items.some((ref) => layers[ref.layer].style.kind === "circle");
      const apart = state.everySymbol || sized ? 0 : APART;
      const groups = apart ? joinGroups(points, groupPoints(points, apart), radiusOf) : others.map((_, index) => [index]);
      for (const members of groups) {
        const refs = members.map((index) => others[index]);
        if (refs.length === 1) addSingle(refs[0]);
        else addGroup(refs);
      }
      single.forEach(addSingle);
      if (state.selected && isShown(state.selected)) addSingle(state.selected);
    },
    targets: () => targets,
  };
}

/** @type {(radius: number, hollow: boolean) => HTMLElement} */
function sizedCircle(radius, hollow) {
  const side = Math.max(radius * 2, 1);
  const node = make("span", {class: `sized hue-navy${hollow ? " hollow" : ""}`});
  node.style.width = node.style.height = `${side}px`;
  return node;
}
