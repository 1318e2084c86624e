// The map by keyboard: one stop; arrow keys go from place to place, Enter opens, Escape goes back, ? helps.
/** @import {Keys, LeafletMap, Page, Spot, Target} from "./types.mjs" */

import {nearest, nearestInDirection} from "./grid.mjs";
import {make} from "./elements.mjs";

const STEP = 160; // pixels by which Shift and an arrow key move the map
const MARGIN = 48; // pixels that a focused symbol keeps from the edge

/** @type {(map: LeafletMap, container: HTMLElement, page: Page) => Keys} */
export function makeKeys(map, container, page) {
  /** @type {HTMLElement | null} */
  let proxy = null; // the button that stands for a point drawn on canvas, or for a line or area
  /** @type {Target | null} */
  let current = null; // the target that has, or last had, the focus

  /** @type {(targets: Target[]) => Spot[]} */
  const points = (targets) => targets.map((target) => {
    const {x, y} = map.latLngToContainerPoint(target.at);
    return [x, y];
  });

  /** @type {(target: Target) => void} */
  function focus(target) {
    current = target;
    const {x, y} = map.latLngToContainerPoint(target.at);
    const size = map.getSize();
    /** @type {(value: number, most: number) => number} */
    const off = (value, most) => (value < MARGIN ? value - MARGIN : value > most - MARGIN ? value - most + MARGIN : 0);
    /** @type {Spot} */
    const move = [off(x, size.x), off(y, size.y)];
    if (move[0] || move[1]) map.panBy(move, {animate: false});
    proxy?.remove();
    proxy = null;
    if (target.element && target.element.isConnected) target.element.focus({preventScroll: true});
    else {
      proxy = standIn(target);
      proxy.focus({preventScroll: true});
    }
  }

  /** @type {(target: Target) => HTMLElement} */
  function standIn(target) {
    const node = make("button", {type: "button", class: "stand-in", tabindex: "-1", "aria-label": target.label,
      onclick: () => page.open(target)});
    container.append(node);
    put(node, target);
    return node;
  }

  /** @type {(node: HTMLElement, target: Target) => void} */
  function put(node, target) {
    const {x, y} = map.latLngToContainerPoint(target.at);
    node.style.left = `${x - 16}px`;
    node.style.top = `${y - 16}px`;
  }
  map.on("move", () => {
    if (proxy && current) put(proxy, current);
  });

  /** @type {(key: string) => void} */
  function step(key) {
    const all = page.targets();
    if (!all.length) return;
    const size = map.getSize();
    const inside = document.activeElement === container ? null : current;
    /** @type {Spot} */
    const from = inside ? points([inside])[0] : [size.x / 2, size.y / 2];
    let place = nearestInDirection(points(all), from, key);
    if (place < 0 && !inside) place = nearest(points(all), from);
    if (place < 0) page.say(page.words("say.nothing_there"));
    else focus(all[place]);
  }

  /** @type {(last: boolean) => void} */
  function ends(last) {
    const all = [...page.targets()].sort((a, b) => a.first.layer - b.first.layer || a.first.row - b.first.row);
    if (all.length) focus(all[last ? all.length - 1 : 0]);
  }

  function enter() {
    if (document.activeElement === container) {
      const all = page.targets();
      const size = map.getSize();
      const place = nearest(points(all), [size.x / 2, size.y / 2]);
      if (place >= 0) focus(all[place]);
    } else if (current) page.open(current);
  }

  /** @type {Record<string, [x: number, y: number, where: "west" | "east" | "north" | "south"]>} */
  const moves = {ArrowLeft: [-STEP, 0, "west"], ArrowRight: [STEP, 0, "east"], ArrowUp: [0, -STEP, "north"], ArrowDown: [0, STEP, "south"]};

  /** @type {(event: KeyboardEvent) => boolean} */
  function act(event) {
    const {key} = event;
    if (key in moves && event.shiftKey) {
      const [x, y, where] = moves[key];
      map.panBy([x, y], {animate: false});
      page.say(page.words("say.moved", {where: page.words(`say.${where}`)}), 500);
    } else if (key in moves) step(key);
    else if (key === "Home" || key === "End") ends(key === "End");
    else if (key === "Enter" || key === " ") enter();
    else if (key === "+" || key === "=") page.zoom(1);
    else if (key === "-" || key === "_") page.zoom(-1);
    else if (key === "0") page.whole();
    else if (key === "?") page.help();
    else if (key === "/") page.search();
    else if (key === "Escape") return escape();
    else return false;
    return true;
  }

  function escape() {
    if (page.closeHelp() || page.back()) return true;
    if (document.activeElement !== container) {
      container.focus({preventScroll: true});
      return true;
    }
    return false;
  }

  container.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (act(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  return {
    // After the symbols were drawn anew: the focus goes to what stands for the same place; to the map, if it was
    // a pointer that put it on a symbol.
    hold() {
      const active = document.activeElement;
      if (!active || active === container || !container.contains(active)) return null;
      return active.matches(":focus-visible") && current ? current : "map";
    },
    restore(held) {
      if (held === "map") container.focus({preventScroll: true});
      else if (held) this.goTo(held.first);
    },
    goTo(ref) {
      const again = page.targets().find((target) => target.refs.some((one) => one.layer === ref.layer && one.row === ref.row));
      if (again) focus(again);
      else container.focus({preventScroll: true});
    },
  };
}
