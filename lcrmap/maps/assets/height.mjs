// In a frame: tell the page around it how high this one is, so that a host that listens can make room for all of it.

/** @type {(window: Window) => void} */
export function tellHeight(window) {
  if (window.parent === window) return;
  const root = window.document.documentElement;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({lcrmapHeight: height}, "*"); // a number, and nothing that is on the page
  };
  new ResizeObserver(tell).observe(root);
  tell();
}
