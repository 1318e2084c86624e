// How a page stands to its server, as a value that events turn into the next one. No document here: Node tests it.
/** @import {Line} from "./livetypes.mjs" */

const [SHORTEST, LONGEST] = [500, 15_000]; // milliseconds until the page tries again

/** @type {(seq: number) => Line} */
export function firstLine(seq) {
  return {at: "connecting", seq, since: null, tries: 0};
}

// What happens: the stream opens, all that was missed is shown, it fails, the tab is hidden.
/** @type {(line: Line, happening: "opened" | "shown" | "failed" | "hidden", now: number) => Line} */
export function nextLine(line, happening, now) {
  switch (happening) {
    case "opened": return {...line, at: "catching", tries: 0};
    case "shown": return line.at === "catching" ? {...line, at: "connected", since: null} : line;
    case "hidden": return {...line, at: "asleep", since: line.since ?? now};
    default: return {...line, at: "lost", since: line.since ?? now, tries: line.tries + 1};
  }
}

// Take a number of the log; null if it was taken before, as after a reconnection.
/** @type {(line: Line, seq: number) => Line | null} */
export function takeNumber(line, seq) {
  return Number.isInteger(seq) && seq > line.seq ? {...line, seq} : null;
}

// How long to wait before trying again: longer each time, and not the same for all who lost the server at once.
/** @type {(tries: number, chance: number) => number} */
export function patience(tries, chance) {
  const most = Math.min(LONGEST, SHORTEST * 2 ** tries);
  return Math.round(most / 2 + (most / 2) * chance);
}
