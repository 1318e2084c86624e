// The stream of events: opened, lost, opened again from the last number on; closed while nobody looks at the tab.
/** @import {Change, Following, Here, Line, Live} from "./livetypes.mjs" */

import {firstLine, nextLine, patience, takeNumber} from "./connection.mjs";

const LEFT = 3000; // milliseconds after which a hidden tab closes its stream

/** @typedef {{change(change: Change, kind: string): void, presence(here: Here): void, answer(answer: Following): void, reading(): void, reload(seq: number): void, line(line: Line): void}} Takers */

/** @type {(live: Live, take: Takers) => {shown(): void, again(): void}} */
export function makeStream(live, take) {
  let line = firstLine(live.told.seq);
  /** @type {(() => void) | null} */
  let close = null;
  let waiting = 0;

  /** @type {(happening: "opened" | "shown" | "failed" | "hidden") => void} */
  function turn(happening) {
    line = nextLine(line, happening, Date.now());
    take.line(line);
  }

  function stop() {
    window.clearTimeout(waiting);
    close?.();
    close = null;
  }

  function open() {
    stop();
    /** @type {(kind: string) => (change: Change) => void} */
    const taking = (kind) => (change) => {
      const next = change && takeNumber(line, change.seq);
      if (!next) return;
      line = next;
      take.change(change, kind);
    };
    close = live.reach.listen(`events?here=${live.here}&since=${line.seq}`, {
      open: () => turn("opened"),
      error: fail,
      edit: taking("edit"),
      comment: taking("comment"),
      presence: (here) => here && take.presence(here),
      answer: (answer) => answer && take.answer(answer),
      reading: () => take.reading(),
      reload: (told) => {
        line = {...line, seq: told?.seq ?? line.seq};
        take.reload(line.seq);
      },
    });
  }

  function fail() {
    stop();
    turn("failed");
    waiting = window.setTimeout(open, patience(line.tries, Math.random()));
  }

  document.addEventListener("visibilitychange", () => {
    window.clearTimeout(waiting);
    if (document.visibilityState === "hidden") {
      waiting = window.setTimeout(() => {
        stop();
        turn("hidden");
      }, LEFT);
    } else if (!close) open();
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
  open();
  return {shown: () => turn("shown"), again: open};
}
