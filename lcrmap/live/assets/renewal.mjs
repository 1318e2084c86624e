// After a layer's data were put in the place of others: where its rows went, and where the focus was.
/** @import {Page, Ref, Renewals} from "../../maps/assets/types.mjs" */

import {byId} from "../../maps/assets/elements.mjs";

const REACHED = "button, a, input, summary"; // what the keyboard reaches in a panel or table

// A feature under its new number; null if it is there no more.
/** @type {(ref: Ref | null, all: Renewals) => Ref | null} */
export function movedRef(ref, all) {
  const rows = ref && all.get(ref.layer)?.rows;
  if (!ref || !rows) return ref;
  const row = rows.get(ref.row);
  return row === undefined ? null : {...ref, row};
}

// Note what has the focus inside an element; what it returns gives the focus back to what stands at the same place later.
/** @type {(root: HTMLElement, all: Renewals) => (instead: HTMLElement) => void} */
function heldFocus(root, all) {
  const active = document.activeElement, line = active?.closest("tr");
  const table = line?.closest("table"), layer = Number(table?.dataset.layer);
  /** @type {(where: ParentNode) => HTMLElement[]} */
  const reached = (where) => [...where.querySelectorAll(REACHED)].map((each) => /** @type {HTMLElement} */ (each));
  if (!active || !root.contains(active)) return () => {};
  const place = reached(line ?? root).findIndex((each) => each === active);
  const row = line && movedRef({layer, row: Number(line.dataset.row)}, all)?.row;
  return (instead) => {
    if (active.isConnected && document.activeElement === active) return;
    const where = line ? table?.querySelector(`tr[data-row="${row}"]`) : root;
    const again = where && reached(where)[place];
    (active.isConnected ? /** @type {HTMLElement} */ (active) : again ?? instead).focus({preventScroll: true});
  };
}

// Shows the layers whose data were put in the place of others; the focus stays where it is, and so does what is selected.
/** @type {(page: Page) => (all: Renewals) => void} */
export function makeRenewal(page) {
  const {state} = page, {container, keys, tables, panel, finder, drawn, showAll} = page.parts;
  return (all) => {
    const held = keys.hold(), back = [byId("panel"), byId("tables")].map((root) => heldFocus(root, all));
    const first = held && held !== "map" ? movedRef(held.first, all) : null;
    state.selected = movedRef(state.selected, all);
    state.group = state.group?.flatMap((ref) => movedRef(ref, all) ?? []) ?? null;
    tables.renew(all);
    drawn.filter(({layer}) => all.has(layer.index)).forEach((part) => part.renew());
    finder.renew();
    showAll(held && held !== "map" ? (first && {...held, first}) ?? "map" : held);
    panel.show();
    tables.select(state.selected);
    back.forEach((give) => give(container));
  };
}
