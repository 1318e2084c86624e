// Four buttons by which a position goes some metres; the arrow keys on them do the same.
/** @import {LiveKey, LiveWords} from "./livetypes.mjs" */

import {make} from "../../maps/assets/elements.mjs";

const STEPS = [1, 10, 100, 1000]; // metres
/** @type {Record<string, {key: "ArrowUp" | "ArrowLeft" | "ArrowRight" | "ArrowDown", by: [east: number, north: number]}>} */
const WAYS = {north: {key: "ArrowUp", by: [0, 1]}, west: {key: "ArrowLeft", by: [-1, 0]}, east: {key: "ArrowRight", by: [1, 0]}, south: {key: "ArrowDown", by: [0, -1]}};

// The choice of a step and the buttons; `go` is called with the metres and with what is said of them.
/** @type {(words: LiveWords, go: (by: [east: number, north: number], said: string) => void) => HTMLElement[]} */
export function makeWays(words, go) {
  const step = make("select", {id: "field-step"}, ...STEPS.map((n) => make("option", {value: n}, words("live.step_m", {n}))));
  step.value = "10";
  const called = (/** @type {string} */ way) => words(/** @type {LiveKey} */ (`live.${way}`));
  /** @type {(way: string) => void} */
  function take(way) {
    const n = Number(step.value), [east, north] = WAYS[way].by;
    go([east * n, north * n], words("live.position_to", {n, where: called(way)}));
  }
  const ways = make("div", {class: "ways"}, ...Object.keys(WAYS).map((way) => make("button", {type: "button", class: way, onclick: () => take(way)}, called(way))));
  ways.addEventListener("keydown", (event) => {
    const way = Object.keys(WAYS).find((each) => WAYS[each].key === event.key);
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    take(way);
  });
  return [make("label", {class: "go"}, words("live.step"), step), ways];
}
