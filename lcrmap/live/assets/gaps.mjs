// Readings in the order of time, and where one is missing: a gap is a gap, never a line or 0. No document here: Node tests it.
/** @import {Dot} from "./livetypes.mjs" */

const LATE = 2; // intervals after which a reading is missing, as a station is stale

/** @type {(features: import("./livetypes.mjs").Feature[]) => Dot[]} */
export function dotsOf(features) {
  return features.map(({properties: {time, value}}) => ({time: Date.parse(String(time)), value: Number(value)}))
    .filter(({time}) => Number.isFinite(time))
    .sort((one, two) => one.time - two.time);
}

// Parts in which no reading is missing. Where the interval is not known, nothing says that none is: each stands alone.
/** @type {(dots: Dot[], interval: number | null) => Dot[][]} */
export function runsOf(dots, interval) {
  /** @type {Dot[][]} */
  const runs = [];
  for (const dot of dots) {
    const last = runs.at(-1), before = last?.at(-1);
    if (last && before && interval && dot.time - before.time <= LATE * interval * 1000) last.push(dot);
    else runs.push([dot]);
  }
  return runs;
}

// Where a value and a moment stand in a picture; what never changes is a line in the middle.
/** @type {(dots: Dot[], levels: number[], width: number, height: number) => {x(time: number): number, y(value: number): number, low: number, high: number}} */
export function scaleOf(dots, levels, width, height) {
  const values = [...dots.map(({value}) => value), ...levels], low = smallest(values), high = -smallest(values.map((value) => -value));
  const first = dots[0].time, span = dots[dots.length - 1].time - first;
  return {
    low, high,
    x: (time) => (span ? ((time - first) / span) * width : width / 2),
    y: (value) => (high > low ? height - ((value - low) / (high - low)) * height : height / 2),
  };
}

/** @type {(values: number[]) => number} */
function smallest(values) {
  return values.reduce((one, two) => Math.min(one, two));
}

/** @type {(run: Dot[], scale: {x(time: number): number, y(value: number): number}) => string} */
export function runPath(run, {x, y}) {
  return run.map(({time, value}, index) => `${index ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}
