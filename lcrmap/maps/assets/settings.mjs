// What the place where the page stands allows, found out without a message in the console; what can change while the
// page is open (a mouse, motion, another screen) is asked each time.

const TOUCH = "(any-pointer: coarse)"; // a finger, whatever the first pointer is
const MOUSE = "(any-pointer: fine)";
const STILL = "(prefers-reduced-motion: reduce)";

/** @param {Window} window */
export function findSettings(window) {
  const framed = window.parent !== window;
  const opaque = window.origin === "null";
  // A frame without an origin is sandboxed, or shows a document from disk: what it may not do it would only say in
  // the console, so links, downloads and the address are not tried there.
  const confined = framed && opaque;
  return {
    framed,
    links: !confined,
    downloads: !confined,
    address: !confined && !["about:", "data:", "blob:"].includes(window.location.protocol),
    fullScreen: Boolean(window.document.fullscreenEnabled),
    clipboard: !framed && Boolean(window.isSecureContext && window.navigator.clipboard),
    get touch() {
      return window.matchMedia(TOUCH).matches;
    },
    get mouse() {
      return window.matchMedia(MOUSE).matches;
    },
    get still() {
      return window.matchMedia(STILL).matches;
    },
  };
}

// Tell when a hand or the wish for less motion comes or goes.
/** @type {(window: Window, tell: () => void) => void} */
export function watchHands(window, tell) {
  for (const query of [TOUCH, MOUSE, STILL]) window.matchMedia(query).addEventListener("change", tell);
}

// Tell when the pixels of the screen become finer or coarser: by the zoom of the browser, or on another screen.
/** @type {(window: Window, tell: () => void) => void} */
export function watchDensity(window, tell) {
  const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener("change", () => {
    tell();
    watchDensity(window, tell);
  }, {once: true});
}
