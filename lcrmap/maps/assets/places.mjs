// Places as symbols in the page: up to some hundreds, each a button with a name; those too close together as one disc.

import {anchorOf, areaOf, entryOf, errorOf, isPlaced, kindOf, nameOf, positionText, sameRef, sureOf} from "./data.mjs";
import {groupPoints, joinGroups} from "./grid.mjs";
import {make} from "./elements.mjs";
import {symbol} from "./symbols.mjs";

const APART = 18; // pixels under which two symbols become one disc
const DISC = 27; // pixels that the centre of a disc keeps from its neighbours
const DOUBTFUL = 2000; // metres of error from which no symbol is drawn as if it were exact
const SURE = ["confirmed", "reported", "reconstructed"];

// What a screen reader says of a place: its name, kind, area, confidence, and the position's error if it is large.
export function spokenName(layer, row, words) {
  const parts = [nameOf(layer, row, words), kindOf(layer, row), areaOf(layer, row)];
  if (layer.sure !== false) parts.push(words(`sure.${SURE[sureOf(layer, row)]}`));
  if (errorOf(layer, row) >= 1000) parts.push(`${words("position.title")} ${positionText(layer, row, words)}`);
  return parts.filter(Boolean).join(", ");
}

export function makePlaces(L, map, page) {
  const {layers, state, words, shapes} = page;
  const group = L.layerGroup().addTo(map);
  const radii = (layer, row) => (layer.style.kind === "circle" ? layer.style.radii[row] : null);
  let items = [];
  let shown = []; // what passes, layer by layer; also of the layers that are drawn on canvas
  const isShown = (ref) => ref !== null && layers[ref.layer].points && isPlaced(layers[ref.layer], ref.row) && shown[ref.layer][ref.row];
  let targets = [];

  function element(layer, row) {
    const radius = radii(layer, row);
    if (radius !== null) return sizedCircle(radius);
    const hollow = errorOf(layer, row) > DOUBTFUL;
    const entry = layer.style.entries[entryOf(layer, row)] || {shape: "circle", hue: "other"};
    return symbol(shapes, entry, hollow ? 2 : sureOf(layer, row));
  }

  function addMarker(at, content, name, label, refs, radius = 14) {
    const icon = L.divIcon({html: content, className: name, iconSize: null});
    const above = name.includes("selected") ? 2000 : 0;
    const marker = L.marker(at, {icon, keyboard: false, riseOnHover: true, zIndexOffset: above}).addTo(group);
    const node = marker.getElement();
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", label);
    if (refs.length === 1) node.title = label;
    const target = {refs, label, radius, at: L.latLng(at), element: node, key: `${refs[0].layer}-${refs[0].row}`};
    marker.on("click", () => page.open(target));
    targets.push(target);
  }

  function addSingle(ref) {
    const layer = layers[ref.layer];
    const [lon, lat] = anchorOf(layer, ref.row);
    const chosen = sameRef(state.selected, ref) ? " selected" : "";
    addMarker([lat, lon], element(layer, ref.row), `place${chosen}`, spokenName(layer, ref.row, words), [ref], radii(layer, ref.row) ?? undefined);
  }

  function addGroup(refs) {
    let south = 0, west = 0;
    for (const ref of refs) {
      const [lon, lat] = anchorOf(layers[ref.layer], ref.row);
      south += lat / refs.length;
      west += lon / refs.length;
    }
    const near = nameOf(layers[refs[0].layer], refs[0].row, words);
    const label = words("map.group_near", {n: refs.length, name: near});
    addMarker([south, west], make("span", {}, String(refs.length)), "group", label, refs);
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
      // The selected place stands by itself, above the others.
      const others = items.filter((ref) => !sameRef(ref, state.selected));
      const points = others.map((ref) => {
        const [lon, lat] = anchorOf(layers[ref.layer], ref.row);
        const {x, y} = map.latLngToLayerPoint([lat, lon]);
        return [x, y];
      });
      const sized = items.some((ref) => layers[ref.layer].style.kind === "circle");
      const apart = state.everySymbol || sized ? 0 : APART;
      const groups = apart ? joinGroups(points, groupPoints(points, apart), DISC) : others.map((_, index) => [index]);
      for (const members of groups) {
        const refs = members.map((index) => others[index]);
        if (refs.length === 1) addSingle(refs[0]);
        else addGroup(refs);
      }
      if (isShown(state.selected)) addSingle(state.selected);
    },
    targets: () => targets,
  };
}

function sizedCircle(radius) {
  const side = Math.max(radius * 2, 1);
  const node = make("span", {class: "sized hue-navy"});
  node.style.width = node.style.height = `${side}px`;
  return node;
}
