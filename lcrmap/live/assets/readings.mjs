// What stations measure: a table of the latest readings, and of one property a chart with its table.
/** @import {Dot, Feature, Latest, Live, LiveKey} from "./livetypes.mjs" */

import {byId, drawn, isolated, make} from "../../maps/assets/elements.mjs";
import {numberText, withUnit} from "../../maps/assets/words.mjs";
import {dotsOf, runPath, runsOf, scaleOf} from "./gaps.mjs";
import {makeStationMap} from "./stationmap.mjs";

const LOOKS_SOON = 500; // milliseconds in which readings are taken as one
const LOOKS_AGAIN = 60_000; // after which it is seen what is overdue
const CHART_DAYS = 7;
const MOST_READINGS = 10_000;
const ROWS_FIRST = 20;
const CHART_HEIGHT = 200;
const CHART_ABOVE = 24;
const CHART_BELOW = 28;
/** @type {Record<string, LiveKey>} */
const STATE_WORDS = {
  flood: "live.state_flood", high: "live.state_high", stale: "live.state_stale",
  normal: "live.state_normal", unknown: "live.state_unknown", none: "live.state_none",
};
const STATE_ORDER = Object.keys(STATE_WORDS);

/** @typedef {{item: HTMLTableRowElement, cells: HTMLElement[], state: string}} Shown */

/** @type {(live: Live, say: (text: string) => void) => {take(): void, look(): Promise<void>}} */
export function makeReadings(live, say) {
  const {words, reach, told} = live;
  const body = make("tbody", {}), chart = make("div", {class: "live-chart"});
  const heads = /** @type {LiveKey[]} */ (["live.station", "live.property", "live.latest_value", "live.measured", "live.state"]);
  const all = make("button", {type: "button", hidden: true, onclick: () => showAll()});
  const none = make("p", {}, words("live.readings_none"));
  const table = make("div", {class: "table-scroll", hidden: true}, make("table", {"aria-labelledby": "live-readings"},
    make("thead", {}, make("tr", {}, ...heads.map((key) => make("th", {scope: "col"}, words(key))), make("td", {}))), body));
  const root = make("section", {class: "live-readings", "aria-labelledby": "live-readings"}, make("h3", {id: "live-readings"}, words("live.readings")),
    none, table, make("p", {class: "panel-tools"}, all), chart, told.readings ? make("p", {class: "hint"}, isolated(told.readings)) : null);
  byId("live-parts").append(root);
  /** @type {Map<string, Shown>} */
  const shown = new Map();
  const onMap = makeStationMap(live, {states: STATE_WORDS, chart: openChart, told: (latest) => {
    const value = valueOf(latest);
    return value ? words("live.reading_says", {property: latest.title, value, time: dayAndTime(latest.time ?? ""), state: words(STATE_WORDS[latest.state] ?? "live.state_unknown")})
      : words("live.reading_none", {property: latest.title, state: words("live.state_none")});
  }});
  let waiting = 0, opened = /** @type {(() => Promise<void>) | null} */ (null), whole = false;

  async function look() {
    const {status, data} = await reach.send("GET", "collections/stations/items?limit=10000");
    if (status !== 200) return;
    onMap.show(data.features);
    const rows = /** @type {Feature[]} */ (data.features).flatMap((station) => /** @type {Latest[]} */ (station.properties.latest).map((latest) => ({station, latest})));
    if (!shown.size) rows.sort((one, two) => STATE_ORDER.indexOf(one.latest.state) - STATE_ORDER.indexOf(two.latest.state)); // the worst first; later each keeps its place
    rows.forEach(({station, latest}) => show(station, latest));
    none.hidden = shown.size > 0;
    table.hidden = shown.size === 0;
    shorten();
  }

  /** @type {(station: Feature, latest: Latest) => void} */
  function show(station, latest) {
    const name = String(station.properties.title), id = JSON.stringify([station.id, latest.property]);
    const value = valueOf(latest);
    const texts = [latest.title, value, latest.time ? dayAndTime(latest.time) : "", words(STATE_WORDS[latest.state] ?? "live.state_unknown")];
    const known = shown.get(id) ?? begun(station, name, latest);
    known.cells.forEach((cell, index) => {
      if (cell.textContent !== texts[index]) cell.replaceChildren(...(texts[index] ? [isolated(texts[index])] : [])); // an empty cell takes no room
    });
    if (known.state && known.state !== latest.state) {
      known.item.hidden = false;
      say(words("live.reading_now", {name, property: latest.title, value, state: texts[3]}));
    }
    known.state = latest.state;
    known.item.dataset.state = latest.state;
    shown.set(id, known);
  }

  /** @type {(station: Feature, name: string, latest: Latest) => Shown} */
  function begun(station, name, latest) {
    const cells = heads.slice(1).map((key) => make("td", {"data-head": words(key)}));
    const button = make("button", {type: "button", "aria-label": words("live.chart_of", {name, property: latest.title}), onclick: () => openChart(station, latest)}, words("live.chart"));
    const place = station.geometry ? make("button", {type: "button", "aria-label": words("live.on_map_of", {name}), onclick: () => onMap.open(String(station.id))}, words("live.on_map")) : null;
    const item = make("tr", {}, make("th", {scope: "row"}, isolated(name)), ...cells, make("td", {class: "panel-tools"}, button, place));
    body.append(item);
    return {item, cells, state: ""};
  }

  /** @type {(station: Feature, latest: Latest) => void} */
  function openChart(station, latest) {
    const name = String(station.properties.title);
    opened = () => draw(String(station.id), name, latest, false);
    draw(String(station.id), name, latest, true);
  }

  function shorten() {
    const rows = [...shown.values()], more = rows.length > ROWS_FIRST && !whole;
    if (more && all.hidden) rows.slice(ROWS_FIRST).forEach(({item}) => (item.hidden = true));
    all.hidden = !more;
    all.textContent = words("live.readings_all", {n: rows.length});
  }

  function showAll() {
    whole = true;
    const [first] = [...shown.values()].filter(({item}) => item.hidden);
    shown.forEach(({item}) => (item.hidden = false));
    all.hidden = true;
    first?.item.querySelector("button")?.focus();
  }

  /** @type {(id: string, name: string, latest: Latest, focus: boolean) => Promise<void>} */
  async function draw(id, name, latest, focus) {
    const since = new Date(Date.now() - CHART_DAYS * 86_400_000).toISOString(), mine = opened;
    const chosen = `station=${encodeURIComponent(id)}&property=${encodeURIComponent(latest.property)}&datetime=${since}/..`;
    const {status, data} = await reach.send("GET", `collections/readings/items?limit=${MOST_READINGS}&${chosen}`);
    if (mine !== opened || (!focus && chart.contains(document.activeElement))) return;
    const title = make("h4", {tabindex: -1}, isolated(words("live.chart_title", {name, property: latest.title, n: CHART_DAYS})));
    const close = make("button", {type: "button", onclick: () => {
      opened = null;
      chart.replaceChildren();
      shown.get(JSON.stringify([id, latest.property]))?.item.querySelector("button")?.focus();
    }}, words("live.close"));
    const dots = status === 200 ? dotsOf(data.features) : [];
    const parts = status !== 200 ? [make("p", {}, words("live.no_answer"))] : dots.length ? [picture(dots, latest), listed(dots, latest)] : [make("p", {}, words("live.chart_none", {n: CHART_DAYS}))];
    chart.replaceChildren(title, ...parts, make("p", {class: "panel-tools"}, close));
    if (focus) title.focus();
  }

  /** @type {(dots: Dot[], latest: Latest) => HTMLElement} */
  function picture(dots, latest) {
    const width = Math.max(280, Math.min(900, chart.clientWidth)), runs = runsOf(dots, latest.interval);
    const levels = [latest.high, latest.flood].filter((level) => level !== null);
    const scale = scaleOf(dots, levels, width - 16, CHART_HEIGHT), {x, y, low, high} = scale;
    const text = (/** @type {number} */ value) => withUnit(numberText(value), latest.unit);
    const label = (/** @type {string} */ words_, /** @type {number} */ at, /** @type {number} */ top, anchor = "start") =>
      drawn("text", {x: at, y: top, "text-anchor": anchor}, document.createTextNode(words_));
    const last = dots[dots.length - 1];
    const lines = runs.map((run) => (run.length > 1 ? drawn("path", {class: "run", d: runPath(run, scale)}) : drawn("circle", {class: "alone", cx: x(run[0].time), cy: y(run[0].value), r: 2.5})));
    const marks = levels.map((level) => drawn("path", {class: "level", d: `M0 ${y(level).toFixed(1)}H${width - 16}`}));
    const svg = drawn("svg", {viewBox: `-8 ${-CHART_ABOVE} ${width} ${CHART_HEIGHT + CHART_ABOVE + CHART_BELOW}`, width, height: CHART_HEIGHT + CHART_ABOVE + CHART_BELOW, role: "img",
      "aria-label": words("live.chart_says", {n: dots.length, low: text(valueAt(dots, Math.min)), high: text(valueAt(dots, Math.max)), gaps: words("live.gaps", {n: latest.interval ? runs.length - 1 : 0})})},
    ...marks, ...lines, label(text(high), 0, -8), label(text(low), 0, CHART_HEIGHT + 20), label(`${dayAndTime(dots[0].time)} \u2013 ${dayAndTime(last.time)}`, width - 16, CHART_HEIGHT + 20, "end"));
    const told_ = /** @type {[LiveKey, number | null][]} */ ([["live.level_high", latest.high], ["live.level_flood", latest.flood]]).filter(([, level]) => level !== null);
    const legend = told_.map(([key, level]) => words(key, {value: text(Number(level))})).join(" ");
    const note = `${legend} ${words(latest.interval ? "live.gap_note" : "live.gap_unknown")}`.trim();
    return make("figure", {}, svg, make("figcaption", {class: "hint"}, isolated(note)));
  }

  // The newest first; between two readings of which others are missing it says so.
  /** @type {(dots: Dot[], latest: Latest) => HTMLElement} */
  function listed(dots, latest) {
    const rows = runsOf(dots, latest.interval).reverse().flatMap((run, index) => {
      const gap = index && latest.interval ? [make("tr", {}, make("td", {colspan: 2}, words("live.gap")))] : [];
      return [...gap, ...[...run].reverse().map(({time, value}) => make("tr", {}, make("th", {scope: "row"}, dayAndTime(time)), make("td", {}, withUnit(numberText(value), latest.unit))))];
    });
    const title = words("live.chart_table", {n: dots.length});
    return make("details", {}, make("summary", {}, title), make("section", {class: "table-scroll", tabindex: 0, "aria-label": title}, make("table", {},
      make("thead", {}, make("tr", {}, make("th", {scope: "col"}, words("live.measured")), make("th", {scope: "col"}, words("live.value")))), make("tbody", {}, ...rows))));
  }

  async function again() {
    if (document.visibilityState === "hidden") return;
    await look();
    await opened?.();
  }
  window.setInterval(again, LOOKS_AGAIN);
  return {
    look,
    take() {
      if (waiting) return; // many readings at once are looked at once
      waiting = window.setTimeout(() => {
        waiting = 0;
        again();
      }, LOOKS_SOON);
    },
  };
}

/** @type {(latest: Latest) => string} */
function valueOf({value, unit}) {
  return value === null ? "" : withUnit(numberText(value), unit);
}

/** @type {(dots: Dot[], choose: (one: number, two: number) => number) => number} */
function valueAt(dots, choose) {
  return dots.map(({value}) => value).reduce((one, two) => choose(one, two));
}

/** @type {(when: string | number) => string} */
function dayAndTime(when) {
  return new Date(when).toLocaleString("en-GB", {day: "numeric", month: "short", hour: "2-digit", minute: "2-digit"});
}
