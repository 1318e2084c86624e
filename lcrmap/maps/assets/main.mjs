// Puts the page together: data, state, and the parts that draw it; what one part asks of another goes through here.
/** @import {Key, Layer, Leaflet, LeafletMap, Page, PageData, Spot, Target} from "./types.mjs" */

import {makeAnnouncer} from "./announcer.mjs";
import {makeAreaBoxes} from "./areaboxes.mjs";
import {makeBeyond} from "./beyond.mjs";
import {makeChart} from "./chart.mjs";
import {makeControls} from "./controls.mjs";
import {makeLayers} from "./data.mjs";
import {byId} from "./elements.mjs";
import {count, finding, passing} from "./filters.mjs";
import {makeFinder} from "./finder.mjs";
import {tellHeight} from "./height.mjs";
import {makeKeys} from "./keys.mjs";
import {kindsOf} from "./kinds.mjs";
import {makeLabels} from "./labels.mjs";
import {makeLegend} from "./legend.mjs";
import {makeLocator} from "./locator.mjs";
import {makePanel} from "./panel.mjs";
import {makePlaces} from "./places.mjs";
import {makePoints} from "./points.mjs";
import {makePrint, watchPrint} from "./print.mjs";
import {makeRings} from "./rings.mjs";
import {findSettings} from "./settings.mjs";
import {choose, firstChoices, isFiltered, makeState, readState} from "./state.mjs";
import {makeTables} from "./tables.mjs";
import {watchTextSize} from "./textsize.mjs";
import {makeTips} from "./tips.mjs";
import {makeTools} from "./tools.mjs";
import {makeVisits} from "./visits.mjs";
import {makeWalked} from "./walked.mjs";
import {makeWords} from "./words.mjs";

const SYMBOLS = 500; // points of a layer that are symbols in the page; more are drawn on canvas

/** @type {(L: Leaflet, foreign?: ((L: Leaflet, map: LeafletMap) => void) | null) => Page} */
export function start(L, foreign = null) {
  /** @type {PageData} */
  const raw = JSON.parse(byId("data").textContent ?? "");
  const layers = makeLayers(raw);
  const words = makeWords(raw.words);
  const settings = findSettings(window);
  const state = makeState(layers);
  if (settings.address) Object.assign(state, readState(window.location.hash, layers));

  for (const id of ["map-part", "map-foot", "skip-to-search"]) byId(id).hidden = false;
  byId("first").classList.add("mapped", ...(settings.framed ? ["framed"] : []));
  const container = byId("map");
  const say = makeAnnouncer(byId("status"));
  const {map, home, shapes} = makeChart(L, container, raw, layers, settings);
  const page = /** @type {Page} the rest follows below */ ({layers, words, settings, state, raw, map, say, shapes: raw.shapes, kinds: kindsOf(layers),
    textScale: watchTextSize(byId("map-frame"), resizeText)});

  const dots = layers.filter((layer) => layer.points).filter((layer) => layer.part !== "backdrop");
  /** @type {(layer: Layer) => boolean} */
  const single = (layer) => layer.placed <= SYMBOLS || layer.style.kind === "circle";
  const few = dots.filter(single);
  const many = dots.filter((layer) => !single(layer)).map((layer) => makePoints(L, map, page, layer));
  const places = makePlaces(L, map, page);
  const rings = makeRings(L, map, page);
  const labels = makeLabels(L, map, page);
  const legend = makeLegend(byId("legend"), page);
  const beyond = makeBeyond(map, page);
  const locator = makeLocator(map, page);
  const tables = makeTables(byId("tables"), page);
  const panel = makePanel(page);
  const finder = makeFinder(byId("find"), page);
  const areaBoxes = makeAreaBoxes(byId("filters"), page);
  const controls = makeControls(page);
  const keys = makeKeys(map, container, page);
  const tools = makeTools(page);
  let passes = layers.map((layer) => passing(layer, state));

  const walked = makeWalked(L, map, page, shapes);
  /** @type {() => Target[]} */
  const targets = () => [...places.targets(), ...many.flatMap((part) => part.targets()), ...walked.targets(passes)];

  function drawMap() {
    places.show(few.filter((layer) => !state.off.has(layer.index)), passes);
    many.forEach((part) => part.show(passes[part.layer.index]));
    shapes.forEach((part) => part.show(passes[part.layer.index]));
    drawOver();
  }

  function showLists() {
    legend.show(passes);
    tables.show(passes);
    areaBoxes.show();
    return showNow();
  }

  function drawOver() {
    rings.draw(passes);
    locator.show();
    beyond.show(passes);
    labels.draw(places.targets(), many.flatMap((part) => part.obstacles()));
    const thinned = many.some((part) => part.thinned());
    controls.showThinned(thinned);
    const view = map.getBounds();
    legend.showDiscs(thinned || places.targets().some(({refs, at}) => refs.length > 1 && view.contains(at)));
  }

  function showNow() {
    const shown = layers.filter((layer) => layer.part === "places");
    const choice = layers.find((layer) => layer.choice && !state.off.has(layer.index))?.choice;
    const off = choice ? choose(layers, state.start.off, choice) : state.start.off; // another choice hides no place
    const total = shown.reduce((sum, layer) => sum + (off.has(layer.index) ? 0 : layer.total), 0);
    const n = shown.reduce((sum, layer) => sum + (off.has(layer.index) ? 0 : count(passes[layer.index])), 0);
    const now = byId("now");
    const before = now.hidden;
    now.hidden = !isFiltered(state) || n === total; // a layer more takes nothing away
    if (now.hidden) return before ? "" : words("filter.all", {n: total});
    const about = raw.about === null ? null : layers[raw.about];
    const found = about && finding(about, passes[about.index], words);
    now.textContent = [words("filter.now", {n, total}), found].filter(Boolean).join(" ");
    return now.textContent;
  }

  function showAll(held = keys.hold()) {
    passes = layers.map((layer) => passing(layer, state));
    drawMap();
    const now = showLists();
    keys.restore(held);
    return now;
  }

  Object.assign(page, makeVisits(L, page, {container, panel, tables, keys, shapes, dots, passes: () => passes}), {
    targets,
    buttonsHeight: () => controls.height(),
    locatorBox: () => locator.box(),
    refreshTables: () => tables.show(passes),
    /** @type {(step: number) => void} */
    zoom(step) {
      const next = map.getZoom() + step;
      if (next > map.getMaxZoom() || next < map.getMinZoom()) say(words(step > 0 ? "say.largest" : "say.smallest"));
      else map.setZoom(next, {animate: false});
    },
    whole: home.go,
    search: () => finder.input.focus(),
    help() {
      controls.help.hidden = false;
      controls.help.querySelector("h3")?.focus();
    },
    closeHelp() {
      if (controls.help.hidden) return false;
      controls.help.hidden = true;
      container.focus({preventScroll: true});
      return true;
    },
    parts: {container, keys, tables, panel, finder, drawn: [...shapes, ...many], showAll},
  });

  for (const {layer, each} of shapes) each((shape, row) => shape.on("click", () => page.choose({layer: layer.index, row}, container)));
  makeTips(map, page, {shapes, many});
  map.on("click", (event) => {
    for (const part of many) {
      const target = part.at(event.latlng);
      if (target) {
        page.open(target);
        return;
      }
    }
  });
  byId("panel").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && page.back()) event.preventDefault();
  });
  // A skip link moves the focus alone: the address is the reader's choices, and in a frame it may be another page's.
  const skips = {"skip-to-search": page.search, "skip-to-tables": () => byId("tables-title").focus()};
  for (const [id, go] of Object.entries(skips)) {
    byId(id).addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      finder.input.focus();
      event.preventDefault();
    }
  });

  let zoom = 0;
  let fitting = false; // the map changes its size, and its scale with it: nobody asked for that
  function zoomed() {
    const held = keys.hold();
    places.draw();
    keys.restore(held);
    controls.zoomed();
    const now = map.getZoom();
    if (now !== zoom && !fitting) sayScale(now > zoom ? "say.zoomed_in" : "say.zoomed_out");
    zoom = now;
  }
  function moved() {
    drawOver();
    if (fitting) return;
    const at = map.getCenter();
    state.view = home.isHere() ? null : [Math.round(map.getZoom() * 100) / 100, Number(at.lat.toFixed(5)), Number(at.lng.toFixed(5))];
    tools.remember();
  }

  /** @type {(key: Key) => void} */
  function sayScale(key) {
    const box = map.getBounds(), middle = map.getCenter();
    /** @type {(a: Spot, b: Spot) => number} */
    const km = (a, b) => Math.max(1, Math.round(L.latLng(a).distanceTo(b) / 1000));
    const inside = targets().filter((target) => box.contains(target.at)).reduce((sum, target) => sum + target.refs.length, 0);
    say(words(key, {
      n: inside, width: km([middle.lat, box.getWest()], [middle.lat, box.getEast()]),
      height: km([box.getSouth(), middle.lng], [box.getNorth(), middle.lng]),
    }), 500);
  }

  const FILTERS = ["off", "without", "apart", "areas", "unsure", "everySymbol"];
  state.listen((changed) => {
    if (FILTERS.some((name) => changed.has(name))) {
      const now = showAll();
      if (now) say(now, 500);
    } else if (changed.has("selected") || changed.has("everyRing")) {
      const held = keys.hold();
      places.draw();
      drawOver();
      keys.restore(held);
    }
    if (changed.has("selected") || changed.has("group")) {
      panel.show();
      tables.select(state.selected);
      container.classList.toggle("has-selected", Boolean(state.selected));
    }
    if (changed.has("theme")) recolour();
    controls.show();
    tools.show();
    tools.remember();
  });

  function resizeText() {
    const held = keys.hold();
    many.forEach((part) => part.resize());
    places.draw();
    drawOver();
    keys.restore(held);
  }
  function recolour() {
    tools.show();
    many.forEach((part) => part.recolour());
    shapes.forEach((part) => part.recolour());
  }
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) window.matchMedia(query).addEventListener("change", recolour);
  window.addEventListener("hashchange", () => {
    const found = {...firstChoices(layers), ...readState(window.location.hash, layers)};
    state.change(found); // what the new address does not say is as at first
    if (found.view) map.setView([found.view[1], found.view[2]], found.view[0], {animate: false});
    else home.go();
  });
  /** @type {(fit: () => void) => void} */
  function fitted(fit) {
    fitting = true;
    fit();
    fitting = false;
  }
  const resized = () => {
    const before = map.getSize(), middle = map.getCenter();
    map.invalidateSize({animate: false, pan: false});
    if (map.getSize().equals(before)) return;
    if (!before.x || !before.y) map.setView(middle, map.getZoom(), {animate: false}); // shown for the first time
    fitted(home.refit);
  };
  const print = makePrint(map, home, {container, keys, tables, recolour});
  watchPrint((on) => fitted(() => print(on)));

  // All that is not the map first, then the map at the size that this leaves it: the browser lays the page out once.
  tools.show();
  showLists();
  panel.show();
  tables.select(state.selected);
  controls.show();
  controls.height();
  home.go();
  if (state.view) map.setView([state.view[1], state.view[2]], state.view[0], {animate: false});
  zoom = map.getZoom();
  drawMap();
  controls.zoomed();
  map.on("zoomend", zoomed);
  map.on("moveend", moved);
  new ResizeObserver(resized).observe(container);
  if (foreign) foreign(L, map);
  document.documentElement.classList.add("ready");
  tellHeight(window);
  return page;
}
