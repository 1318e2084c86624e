// Elements are made here and nowhere else; text goes in as text, so that data cannot become markup.
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} Attributes */

/** @type {<T extends keyof HTMLElementTagNameMap>(tag: T, attributes?: Attributes, ...children: (Node | string | null)[]) => HTMLElementTagNameMap[T]} */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// A check box and what it stands for, all in one label.
/** @type {(change: (on: boolean) => void, ...shown: (Node | string)[]) => {box: HTMLInputElement, label: HTMLLabelElement}} */
export function makeSwitch(change, ...shown) {
  const box = make("input", {type: "checkbox"});
  box.addEventListener("change", () => change(box.checked));
  return {box, label: make("label", {class: "switch"}, box, ...shown)};
}

// Text out of the data, isolated so that its direction cannot turn what stands around it.
/** @type {(text: string) => HTMLElement} */
export function isolated(text) {
  return make("bdi", {}, text);
}

/** @type {<T extends keyof SVGElementTagNameMap>(tag: T, attributes?: Attributes, ...children: Node[]) => SVGElementTagNameMap[T]} */
export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @type {(id: string) => HTMLElement} */
export function byId(id) {
  return /** @type {HTMLElement} the template has it */ (document.getElementById(id));
}
