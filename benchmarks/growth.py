"""``python -m benchmarks.growth``: time and memory of each verb as its input grows, with the slope.

Writes ``growth.md`` and the plot ``growth.svg``. A slope of 1 means that ten times the rows take ten times the time.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.contract import Measured
from benchmarks.measuring import FailedError, measure
from benchmarks.plot import Line, drawn

_HERE = Path(__file__).parent
_ROOT = _HERE.parent

_PREFACE = (
    "Written by `python -m benchmarks.growth`. Whole processes, the best of three runs (of one from 100,000 rows); "
    "seconds and peak memory. The slope is of the last tenfold step: 1 grows as the rows do."
)

# Each verb as it is typed, with a file of points in the place of {points}.
VERBS = {
    "show, CSV to GeoJSON": ("show", "{points}", "-o", "out.geojson"),
    "show, CSV to GeoParquet": ("show", "{points}", "-o", "out.parquet"),
    "join to boroughs": ("join", "{points}", "boroughs", "--take", "code", "-o", "out.csv"),
    "count in boroughs": ("count", "{points}", "--in", "boroughs", "-o", "out.csv"),
    "near, a station each": ("near", "{points}", "rail-stations", "-o", "out.csv"),
}


@dataclass(frozen=True, slots=True)
class Grown:
    """What a verb took for a number of rows; None where it failed."""

    rows: int
    measured: Measured | None


def main() -> None:
    """Measure each verb at each power of ten."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--most", type=int, default=10_000_000, help="the largest number of rows")
    parser.add_argument("-o", "--output", type=Path, default=_HERE, help="the folder to write to")
    asked = parser.parse_args()
    sizes = [10**power for power in range(3, int(math.log10(asked.most)) + 1)]
    with tempfile.TemporaryDirectory(prefix="lcrmap-growth-") as folder:
        found = {name: _grown(words, sizes, Path(folder)) for name, words in VERBS.items()}
    (asked.output / "growth.md").write_text(table(found), encoding="utf-8")
    lines = [
        Line(name, [(g.rows, g.measured.seconds) for g in grown if g.measured])
        for name, grown in found.items()
    ]
    svg = drawn(lines, title="Seconds by rows", across="rows", up="seconds")
    (asked.output / "growth.svg").write_text(svg, encoding="utf-8")


def _grown(words: tuple[str, ...], sizes: list[int], folder: Path) -> list[Grown]:
    program = str(Path(sys.executable).parent / "lcrmap")
    found = []
    for size in sizes:
        points = folder / f"points-{size}.csv"
        if not points.exists():
            made = ["-m", "benchmarks.inputs", "points_csv", str(size), str(points)]
            subprocess.run([sys.executable, *made], cwd=_ROOT, check=True)
        command = [program, *(word.format(points=points) for word in words), "--overwrite"]
        print(f"{words[0]}, {size:,} rows", file=sys.stderr, flush=True)
        try:
            runs = [measure(command, folder) for _ in range(3 if size < 100_000 else 1)]
            found.append(Grown(size, min(runs, key=lambda each: each.seconds)))
        except FailedError as error:
            print(f"  failed: {error}", file=sys.stderr)
            found.append(Grown(size, None))
    return found


def slope(grown: list[Grown]) -> float | None:
    """Return by which power of the rows the time grows over the last decade, or None if it failed.

    Examples
    --------
    >>> round(slope([Grown(1000, Measured(1.0, 9.0)), Grown(10_000, Measured(10.0, 9.0))]), 2)
    1.0
    """
    done = [each for each in grown if each.measured is not None]
    if len(done) < 2 or done[-1] is not grown[-1]:
        return None
    (n, first), (m, last) = ((each.rows, each.measured) for each in done[-2:])
    if first is None or last is None:
        return None
    return math.log(last.seconds / first.seconds) / math.log(m / n)


def table(found: dict[str, list[Grown]]) -> str:
    """Return the page in Markdown."""
    sizes = [each.rows for each in next(iter(found.values()))]
    lines = [
        "# Cost as the work grows",
        "",
        f"{_PREFACE} {machine.described()}",
        "",
        "![Seconds by rows](growth.svg)",
        "",
        f"| verb | {' | '.join(f'{size:,}' for size in sizes)} | slope |",
        f"|---|{'---:|' * len(sizes)}---:|",
    ]
    for name, grown in found.items():
        cells = [_cell(each.measured) for each in grown]
        steep = slope(grown)
        last = "" if steep is None else f"{steep:.2f}"
        lines.append(f"| {name} | {' | '.join(cells)} | {last} |")
    return "\n".join(lines) + "\n"


def _cell(measured: Measured | None) -> str:
    if measured is None:
        return "failed"
    return f"{measured.seconds:.2f} s, {measured.megabytes:,.0f} MB"


if __name__ == "__main__":
    main()
