"""``results.md``: one table of all workloads, and one of each."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

from benchmarks import machine, pages
from benchmarks.contract import Aim, Measured, Outcome, Workload

__all__ = ["BEGIN", "END", "overview", "ratio", "written"]

BEGIN, END = "<!-- overview -->", "<!-- end of overview -->"
"""What stands around the table that the README quotes."""

_DISTRIBUTIONS = (
    *("lcrmap", "click", "geopandas", "pyogrio", "fiona", "folium", "shapely", "pyproj", "numpy"),
    *("pandas", "pyarrow", "duckdb", "duckdb-extension-spatial", "sedonadb", "mapshaper", "node"),
)

_PREFACE = (
    "Written by `make bench`. In each workload all programs take turns in one run; a ratio is the median over the "
    "rounds of lcrmap's time divided by the other's in the same round. Ratios count: seconds are this machine's. "
    "Memory is the most that the process held at once."
)

Results = Sequence[tuple[Workload, Sequence[Outcome]]]


def written(
    results: Results, *, quick: bool = False, minutes: float = 0.0, page_table: str = ""
) -> str:
    """Return the whole page in Markdown; `page_table` is what `benchmarks.pages` measured."""
    versions = ", ".join(f"{name} {v}" for name in _DISTRIBUTIONS if (v := machine.version(name)))
    quickly = (
        ["", "**A quick run on tiny inputs: it shows that the harness works, and no more.**"]
        if quick
        else []
    )
    lines = [
        "# What lcrmap costs beside its peers",
        "",
        _PREFACE,
        *quickly,
        "",
        f"Machine: {machine.described()} The run took {minutes:.1f} minutes.",
        "",
        f"Versions: {versions}.",
        "",
        BEGIN,
        *overview(results),
        *pages.aims_met(pages.parsed(page_table)),
        END,
    ]
    for workload, outcomes in results:
        lines += ["", *_section(workload, outcomes)]
    if page_table:
        lines += ["", *pages.section(page_table)]
    return "\n".join(lines) + "\n"


def overview(results: Results) -> list[str]:
    """Return the table of all workloads: lcrmap beside what its aim is measured against."""
    rows = [
        "| workload | lcrmap | peer | its time | ratio | aim | met |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    return rows + [
        _overview_row(workload, outcomes, aim)
        for workload, outcomes in results
        for aim in workload.aims
    ]


def ratio(first: Outcome, other: Outcome) -> float:
    """Return the median over the rounds of the first one's time as a multiple of the other's.

    One that ran once is set against the median of the rest.
    """
    if len(other.runs) < len(first.runs):
        return median(each.seconds for each in first.runs) / other.runs[0].seconds
    pairs = zip(first.runs, other.runs, strict=False)
    return median(one.seconds / two.seconds for one, two in pairs)


def _overview_row(workload: Workload, outcomes: Sequence[Outcome], aim: Aim) -> str:
    first = outcomes[0]
    peers = [each for each in outcomes if each.contender in aim.against and each.runs]
    if not first.runs or not peers:
        why = first.reason or "no peer could run"
        return f"| {workload.title} | {why} | | | | {_multiple(aim.ratio)} | not measured |"
    fastest = min(peers, key=lambda each: _median(each.runs))
    found = ratio(first, fastest)
    met = "yes" if found <= aim.ratio else f"no: {found / aim.ratio:.2f} times the aim"
    cells = [
        workload.title,
        f"{_seconds(_median(first.runs))}",
        fastest.contender,
        f"{_seconds(_median(fastest.runs))}",
        _multiple(found),
        _multiple(aim.ratio),
        met,
    ]
    return f"| {' | '.join(cells)} |"


def _section(workload: Workload, outcomes: Sequence[Outcome]) -> list[str]:
    lines = [
        f"## {workload.title}",
        "",
        "| program | median | quartiles | peak memory | lcrmap's time / its | same answers |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for each in outcomes:
        if not each.runs:
            lines.append(f"| {each.contender} | {each.reason} | | | | |")
            continue
        low, high = _quartiles(each.runs)
        against = "1" if each is outcomes[0] else ""
        if not against and outcomes[0].runs:
            against = _multiple(ratio(outcomes[0], each))
        cells = [
            each.contender + (" (ran once)" if len(each.runs) == 1 < workload.rounds else ""),
            _seconds(_median(each.runs)),
            f"{_seconds(low)} to {_seconds(high)}",
            f"{max(run.megabytes for run in each.runs):,.0f} MB",
            against,
            f"{each.agreement.same:,} of {each.agreement.of:,}" if each.agreement else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    first = outcomes[0]
    quicker = [
        each.contender
        for each in outcomes[1:]
        if each.runs and first.runs and ratio(first, each) > 1
    ]
    if quicker:
        lines += ["", f"lcrmap is not first: {', '.join(quicker)} took less time."]
    if workload.note:
        lines += ["", workload.note]
    return lines


def _median(runs: Sequence[Measured]) -> float:
    return median(each.seconds for each in runs)


def _quartiles(runs: Sequence[Measured]) -> tuple[float, float]:
    times = [each.seconds for each in runs]
    if len(times) < 2:
        return times[0], times[0]
    low, _, high = quantiles(times, n=4, method="inclusive")
    return low, high


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def _multiple(value: float) -> str:
    return f"{value:.2f}"
