// How large the reader has text, as a multiple of the usual: names and discs on the map grow with it.

const USUAL = 16; // pixels of text as browsers have it at first

/** @type {(frame: HTMLElement, tell: () => void) => () => number} */
export function watchTextSize(frame, tell) {
  const read = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL || 1;
  let scale = read();
  const probe = document.createElement("span"); // as wide as the text is high
  probe.className = "text-probe";
  probe.setAttribute("aria-hidden", "true");
  frame.append(probe);
  new ResizeObserver(() => {
    const now = read();
    if (now === scale) return;
    scale = now;
    tell();
  }).observe(probe);
  return () => scale;
}
