// The tables: the static rows where there are any, further ones made when their page is shown; filters, order, pages.
/** @import {Cell, Layer, Page, Ref, Renewed, Tables, Words} from "./types.mjs" */
/** @typedef {{title: string, look: string | null}} Head */
/** @typedef {Omit<Tables, "select" | "renew"> & {layer: Layer, mark(ref: Ref | null): void, renew(renewed: Renewed): void}} Table */

import {cellText, isLink, isPlaced, nameOf, positionText, sourceOf} from "./data.mjs";
import {addDownloads} from "./csv.mjs";
import {isolated, make} from "./elements.mjs";

const PAGE = 1000; // rows of a table that is not longer stand on one page
const SHORT_PAGE = 100; // of a longer one only so many at a time
const NARROW_PAGE = 20; // and on a narrow screen, where each row is a card

/** @type {(root: HTMLElement, page: Page) => Tables} */
export function makeTables(root, page) {
  const tables = [...root.querySelectorAll("table")].map((table) => makeTable(table, page));
  return {
    show(passes) {
      tables.forEach((table) => table.show(passes));
    },
    select(ref) {
      tables.forEach((table) => table.mark(ref));
    },
    // For print: every row, up to the usual number of a long page.
    unfold(on) {
      tables.forEach((table) => table.unfold(on));
    },
    reveal(ref) {
      return tables.find((table) => table.layer.index === ref.layer)?.reveal(ref) ?? false;
    },
    renew(all) {
      for (const table of tables) {
        const renewed = all.get(table.layer.index);
        if (renewed) table.renew(renewed);
      }
    },
  };
}

// A table too wide for the page scrolls sideways in a frame that the keyboard reaches and that has the table's name.
/** @type {(frame: HTMLElement, table: HTMLTableElement, words: Words) => void} */
function letScroll(frame, table, words) {
  const hint = make("p", {class: "hint", hidden: true}, words("table.scroll"));
  frame.before(hint);
  const caption = /** @type {HTMLElement} */ (table.caption);
  const observer = new ResizeObserver(() => {
    const wide = frame.scrollWidth > frame.clientWidth + 1;
    for (const [name, value] of [["role", "group"], ["tabindex", "0"], ["aria-labelledby", caption.id]]) {
      if (wide) frame.setAttribute(name, value);
      else frame.removeAttribute(name);
    }
    hint.hidden = !wide;
  });
  observer.observe(table);
  observer.observe(frame);
}

/** @type {(table: HTMLTableElement, page: Page) => Table} */
function makeTable(table, page) {
  const {layers, state, words} = page;
  const layer = layers[Number(table.dataset.layer)];
  const header = /** @type {HTMLTableSectionElement} */ (table.tHead), body = table.tBodies[0];
  const frame = /** @type {HTMLElement} */ (table.parentElement), part = /** @type {HTMLElement} */ (table.closest(".table-part"));
  const narrow = window.matchMedia("(max-width: 640px)");
  const usual = () => (narrow.matches ? NARROW_PAGE : layer.total > PAGE ? SHORT_PAGE : PAGE);
  let unfolded = false;
  let size = usual();
  let ready = new Map([...body.rows].map((row) => [Number(row.dataset.row), row]));
  const heads = [...header.rows[0].cells];
  const others = layer.main.filter((index) => index !== layer.label);
  const columns = heads.map((head) => ({title: head.textContent, look: head.className || null}));
  let order = Array.from({length: layer.total}, (_, row) => row);
  let listed = order;
  let sheet = 0;
  /** @type {{place: number, up: boolean} | null} */
  let sorted = heads.some((head) => head.ariaSort) ? {place: heads.findIndex((head) => head.ariaSort), up: false} : null;

  /** @type {(row: number) => HTMLTableRowElement} */
  function rowOf(row) {
    let node = ready.get(row);
    if (!node) {
      node = buildRow(layer, row, others, columns, words, page.settings.links);
      ready.set(row, node);
    }
    if (!node.dataset.live) enliven(node);
    return node;
  }

  // The name becomes a button that opens the place.
  /** @type {(node: HTMLTableRowElement) => void} */
  function enliven(node) {
    node.dataset.live = "1";
    const head = node.cells[0];
    const button = make("button", {type: "button", class: "open", onclick: () => page.choose({layer: layer.index, row: Number(node.dataset.row)}, button)},
      head.firstChild);
    head.prepend(button);
    if (!page.settings.links) node.querySelectorAll("a").forEach(unlink);
  }

  function draw() {
    const first = sheet * size;
    const rows = listed.slice(first, first + size).map(rowOf);
    body.replaceChildren(...rows);
    if (!rows.length) {
      body.append(make("tr", {class: "none"}, make("td", {colspan: heads.length}, words("table.empty"))));
    }
    mark(state.selected);
    pager.show(sheet, Math.max(1, Math.ceil(listed.length / size)));
  }

  /** @type {(ref: Ref | null) => void} */
  function mark(ref) {
    for (const row of body.rows) {
      const on = ref !== null && ref.layer === layer.index && row.dataset.row === String(ref.row);
      row.classList.toggle("selected", on);
    }
  }

  /** @type {() => number[]} */
  function inOrder() {
    if (!sorted) return Array.from({length: layer.total}, (_, row) => row);
    return sortedRows(layer, sorted.place === 0 ? layer.label : others[sorted.place - 1] ?? "source", sorted.up, words);
  }

  /** @type {(place: number) => void} */
  function sort(place) {
    const up = !(sorted && sorted.place === place && sorted.up);
    sorted = {place, up};
    heads.forEach((head, index) => {
      if (index === place) head.setAttribute("aria-sort", up ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    order = inOrder();
    page.refreshTables();
    page.say(words(up ? "say.sorted_up" : "say.sorted_down", {title: layer.title, column: columns[place].title}));
  }

  heads.forEach((head, place) => {
    const button = make("button", {type: "button", class: "sort", onclick: () => sort(place)}, ...head.childNodes);
    head.append(button);
  });
  header.dataset.sort = words("table.sort"); // said where the heads do not stand over their columns
  const pager = makePager(frame, layer, words, (move) => {
    sheet += move;
    draw();
  });
  letScroll(frame, table, words);
  sayFurther(frame, layer, page);
  // A window made narrower or wider: as many rows a page as suit it, from the row that stood first.
  narrow.addEventListener("change", () => {
    if (unfolded) return;
    const first = sheet * size;
    size = usual();
    sheet = Math.floor(first / size);
    draw();
  });
  const downloads = page.settings.downloads ? addDownloads(frame, layer, words, () => listed) : null;
  const printed = make("p", {class: "remark", hidden: true});
  frame.after(printed);
  let left = 0; // the page of the table before printing
  return {
    layer,
    mark,
    show(passes) {
      part.hidden = state.off.has(layer.index);
      listed = order.filter((row) => passes[layer.index][row]);
      sheet = Math.min(sheet, Math.max(0, Math.ceil(listed.length / size) - 1));
      draw();
      downloads?.show();
    },
    unfold(on) {
      if (on) left = sheet;
      unfolded = on;
      size = on ? PAGE : usual();
      sheet = on ? 0 : left;
      draw();
      printed.hidden = !on || listed.length <= PAGE;
      printed.textContent = words(page.settings.downloads ? "table.printed" : "table.printed_page", {shown: PAGE, total: listed.length});
    },
    // After a change of the layer's data: rows that are as they were keep their nodes, under their new numbers.
    renew({rows, changed}) {
      const kept = [...ready].flatMap(([old, node]) => {
        const row = rows.get(old);
        if (row === undefined || changed.has(row)) return [];
        node.dataset.row = String(row);
        return [/** @type {const} */ ([row, node])];
      });
      ready = new Map(kept);
      order = inOrder();
    },
    // Turn to the page with a row and give its button the focus.
    reveal(ref) {
      const at = listed.indexOf(ref.row);
      if (at < 0) return false;
      sheet = Math.floor(at / size);
      draw();
      rowOf(ref.row).querySelector("button")?.focus();
      return true;
    },
  };
}

// The row numbers in the order of a column, rows without a value last; null is the name of a layer without one.
/** @type {(layer: Layer, index: number | "source" | null, up: boolean, words: Words) => number[]} */
export function sortedRows(layer, index, up, words) {
  /** @type {(row: number) => Cell} */
  const value = (row) => {
    if (index === "source") return (sourceOf(layer, row, words) || {text: ""}).text;
    if (index === null) return nameOf(layer, row, words);
    const column = layer.columns[index];
    return column.kind === "number" ? column.values[row] : cellText(column, row);
  };
  const values = Array.from({length: layer.total}, (_, row) => value(row));
  const text = new Intl.Collator("en", {numeric: true});
  /** @type {(a: Cell, b: Cell) => number} */
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : text.compare(String(a), String(b)));
  /** @type {(one: Cell) => boolean} */
  const empty = (one) => one === null || one === "";
  return values.map((_, row) => row).sort((a, b) => {
    if (empty(values[a]) !== empty(values[b])) return empty(values[a]) ? 1 : -1;
    const order = compare(values[a], values[b]);
    return (up ? order : -order) || a - b;
  });
}

/** @type {(layer: Layer, row: number, others: number[], columns: Head[], words: Words, links: boolean) => HTMLTableRowElement} */
function buildRow(layer, row, others, columns, words, links) {
  const node = make("tr", {"data-row": row}, make("th", {scope: "row"}, isolated(nameOf(layer, row, words)), remark(layer, row, words)));
  others.forEach((index, place) => {
    const column = layer.columns[index];
    const error = index === layer.error;
    let text = error ? positionText(layer, row, words) : cellText(column, row);
    if (!text && column.name === "confidence") text = words("table.not_stated");
    const content = links && column.kind === "link" && isLink(text) ? linkTo(text, text) : isolated(text);
    const {title, look} = columns[place + 1];
    node.append(make("td", {"data-head": title, class: look}, text ? content : ""));
  });
  const source = sourceOf(layer, row, words);
  if (source) {
    const content = links && source.link ? linkTo(source.link, source.text) : isolated(source.text);
    const {title, look} = columns[columns.length - 1];
    node.append(make("td", {"data-head": title, class: look}, content));
  }
  return node;
}

// Which columns the table leaves out, and where they are.
/** @type {(frame: HTMLElement, layer: Layer, page: Page) => void} */
function sayFurther(frame, layer, {words, settings}) {
  const known = new Set([...layer.main, layer.label, layer.key, ...(layer.source ?? [])]);
  const n = layer.columns.filter((_, index) => !known.has(index)).length;
  if (n) frame.after(make("p", {class: "hint"}, words(settings.downloads ? "table.columns_csv" : "table.columns", {n, noun: layer.one})));
}

// That a feature has no position is said below its name, where no column of the table says it.
/** @type {(layer: Layer, row: number, words: Words) => HTMLElement | null} */
function remark(layer, row, words) {
  if (isPlaced(layer, row) || (layer.error !== null && layer.main.includes(layer.error))) return null;
  return make("span", {class: "remark"}, words("position.unknown"));
}

/** @type {(address: string, text: string) => HTMLAnchorElement} */
export function linkTo(address, text) {
  return make("a", {href: address, rel: "noopener noreferrer", target: "_blank"}, isolated(text));
}

// Where links lead nowhere, the address itself is shown, to be copied.
/** @type {(link: HTMLAnchorElement) => void} */
export function unlink(link) {
  const address = link.getAttribute("href") ?? "";
  const text = link.textContent;
  link.replaceWith(isolated(text), ...(text === address ? [] : [" (", isolated(address), ")"]));
}

/** @type {(frame: HTMLElement, layer: Layer, words: Words, turn: (by: number) => void) => {show: (sheet: number, sheets: number) => void}} */
function makePager(frame, layer, words, turn) {
  const where = make("span", {});
  const back = make("button", {type: "button", onclick: () => turn(-1)}, words("table.previous"));
  const on = make("button", {type: "button", onclick: () => turn(1)}, words("table.next"));
  const bar = make("nav", {class: "pager", "aria-label": words("table.pages", {title: layer.title}), hidden: true}, back, where, on);
  frame.after(bar);
  return {
    show(sheet, sheets) {
      bar.hidden = sheets < 2;
      where.textContent = words("table.page", {page: sheet + 1, pages: sheets});
      back.disabled = sheet === 0;
      on.disabled = sheet >= sheets - 1;
    },
  };
}
