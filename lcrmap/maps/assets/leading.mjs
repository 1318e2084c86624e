// Which area has the most, by the least and the most that each may have: as lcrmap/analysis/leading.py says.

/** @type {(least: number[], most: number[]) => {kind: "first" | "tie" | "open" | "none", rows: number[]}} */
export function leading(least, most) {
  const competing = [...most.keys()].filter((row) => most[row] > 0);
  if (!competing.length) return {kind: "none", rows: []};
  const surely = competing.reduce((best, row) => Math.max(best, least[row]), 0);
  const rows = competing.filter((row) => most[row] >= surely);
  if (rows.length === 1) return {kind: "first", rows};
  return {kind: rows.every((row) => least[row] === most[row]) ? "tie" : "open", rows};
}
