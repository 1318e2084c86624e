"""The page of many points beside ``GeoDataFrame.explore()``, as `page_many` measures it in Chromium."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import machine

__all__ = ["PageFigures", "aims_met", "measured", "parsed", "section"]

PageFigures = dict[int, dict[str, dict[str, float]]]
"""For each number of points, of each page (``lcrmap``, ``explore``): figures by the table's heading."""

_ROOT = Path(__file__).resolve().parents[1]
_NEEDS = ("playwright", "matplotlib", "mapclassify")
# What the aims are about: a heading of the table, and the most that lcrmap's may be of explore()'s.
_AIMS = {
    "write, s": ("time to write", 0.1),
    "open, s": ("time to open", 0.1),
    "file, MB": ("bytes", 0.5),
    "heap, MB": ("memory", 0.25),
}


def measured(*, quick: bool = False) -> str:
    """Return the table that `page_many` prints, or a sentence that begins with "Not measured"."""
    lacking = [each for each in _NEEDS if not machine.has(each)]
    if lacking:
        return f"Not measured: {', '.join(lacking)} not installed."
    counts = ("200",) if quick else ("10000", "100000")
    done = subprocess.run(
        [sys.executable, str(_ROOT / "benchmarks/page_many.py"), *counts],
        cwd=_ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"Not measured: {last[:160]}"
    return done.stdout.strip()


def parsed(table: str) -> PageFigures:
    r"""Return the figures of a table.

    Examples
    --------
    >>> parsed("| points | page | open, s |\n|---|---|---|\n| 1,000 | lcrmap | 0.5 |")
    {1000: {'lcrmap': {'open, s': 0.5}}}
    """
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    if not rows:
        return {}
    header, figures = rows[0], PageFigures()
    for row in rows[2:]:
        if row[1] in ("lcrmap", "explore"):
            values = [float(cell.replace(",", "")) for cell in row[2:]]
            of_count = figures.setdefault(int(row[0].replace(",", "")), {})
            of_count[row[1]] = dict(zip(header[2:], values, strict=True))
    return figures


def aims_met(figures: PageFigures) -> list[str]:
    """Return rows of the overview, one for each aim and number of points."""
    rows = []
    for count, pages in figures.items():
        for heading, (words, aim) in _AIMS.items():
            one, other = (pages.get(name, {}).get(heading) for name in ("lcrmap", "explore"))
            if one is None or not other:
                continue
            share = one / other
            met = "yes" if share <= aim else f"no: {share / aim:.2f} times the aim"
            unit = heading.rsplit(", ")[-1]
            rows.append(
                f"| Page of {count:,} points: {words} | {one:g} {unit} | `explore()` | {other:g} {unit} "
                f"| {share:.2f} | {aim:.2f} | {met} |"
            )
    return rows


def section(table: str) -> list[str]:
    """Return the part of ``results.md`` about pages."""
    return [
        "## Pages of many points in Chromium",
        "",
        table,
        "",
        (
            "Both pages are files; Leaflet is served from this machine, so that no network is in any figure. The file "
            "holds the points' attributes too."
        ),
    ]
