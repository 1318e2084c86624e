// What the place where the page stands allows: found out once, without leaving a message in the console.

/** @param {Window} window */
export function findSettings(window) {
  const framed = window.parent !== window;
  const opaque = window.origin === "null";
  // A frame without an origin of its own is sandboxed, or shows a document from disk: what it may not do it
  // would only say in the console, so links, downloads and the address are not tried there.
  const confined = framed && opaque;
  const ownAddress = !confined && !["about:", "data:", "blob:"].includes(window.location.protocol);
  return {
    framed,
    links: !confined,
    downloads: !confined,
    address: ownAddress && canReplace(window),
    fullScreen: Boolean(window.document.fullscreenEnabled),
    clipboard: !framed && Boolean(window.isSecureContext && window.navigator.clipboard),
    coarse: window.matchMedia("(pointer: coarse)").matches,
    still: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

/** @type {(window: Window) => boolean} */
function canReplace(window) {
  try {
    window.history.replaceState(null, "", window.location.href);
    return true;
  } catch {
    return false;
  }
}
