// Says to a screen reader what happened: one region, emptied and then filled, the last of quick ones wins.
/** @import {Say} from "./types.mjs" */

/** @type {(element: HTMLElement) => Say} */
export function makeAnnouncer(element) {
  const loaded = performance.now();
  let waiting = 0;
  return function say(text, delay = 100) {
    if (performance.now() - loaded < 1000) return;
    clearTimeout(waiting);
    element.textContent = "";
    waiting = setTimeout(() => {
      element.textContent = text;
    }, delay);
  };
}
