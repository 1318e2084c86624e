"""``python -m benchmarks.scale``: join, count and near on a data set, in one process and by workers of Dask.

Writes ``scale.md``. Seconds are those of the processors, of the process that asks and of all workers together; memory
is the most that the process held, and the most that any worker did. Points are made on the spot, from a seed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.points import write_points

__all__ = ["measured"]

_HERE = Path(__file__).parent
_ROWS_A_FILE = 1_000_000

VERBS = {
    "join to boroughs": ("join", "{points}", "boroughs", "--take", "name,code", "-o", "{folder}"),
    "count in neighbourhoods by class": (
        *("count", "{points}", "--in", "neighbourhoods", "--by", "class"),
        *("-o", "counts.csv"),
    ),
    "near, a station within 800 m": (
        *("near", "{points}", "rail-stations", "--within", "800m"),
        *("-o", "{folder}"),
    ),
}
"""Each verb as it is typed."""

WAYS = {
    "one file": ("points.parquet", "out.parquet", ()),
    "data set": ("points/", "out/", ()),
    "data set, 2 workers": ("points/", "out/", ("--engine", "dask", "--workers", "2")),
}
"""What is read, what is written, and by whom."""

# Runs the command in this process, and tells what it and its children took.
_PROBE = """
import json, resource, sys
from lcrmap.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
own, others = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"code": code or 0, "cpu": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
                  "own": own.ru_maxrss, "others": others.ru_maxrss}))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds by the clock and of the processors, megabytes here and of a worker."""

    clock: float
    cpu: float
    own: float
    worker: float


def measured(rows: int, folder: Path) -> dict[str, dict[str, Run]]:
    """Measure each verb each way, on points that are written to a folder."""
    files = max(1, rows // _ROWS_A_FILE)
    write_points(rows, folder / "points", files=files)
    write_points(rows, folder / "points.parquet", files=1)
    found: dict[str, dict[str, Run]] = {}
    for name, words in VERBS.items():
        for way, (points, out, more) in WAYS.items():
            print(f"{name}: {way}", file=sys.stderr, flush=True)
            told = [each.format(points=points, folder=out) for each in words]
            found.setdefault(name, {})[way] = _run([*told, *more, "--overwrite"], folder)
    return found


def _run(words: list[str], folder: Path) -> Run:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *words], cwd=folder, capture_output=True, text=True
    )
    clock = time.perf_counter() - start
    told = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"code": done.returncode}
    if told["code"]:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-300:]}")
    unit = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2
    return Run(clock, told["cpu"], told["own"] * unit, told["others"] * unit)


def written(rows: int, found: dict[str, dict[str, Run]]) -> str:
    """Return the page in Markdown."""
    preface = (
        f"Written by `python -m benchmarks.scale --rows {rows}`: {rows:,} points in files of {_ROWS_A_FILE:,}. "
        f"Processor seconds count; those by the clock are this machine's. {machine.described()}"
    )
    lines = [
        "# Data sets and workers",
        "",
        preface,
        "",
        "| verb | way | processor, s | to one file | clock, s | MB here | MB of a worker | microseconds a row |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, ways in found.items():
        base = ways["one file"].cpu
        for way, run in ways.items():
            worker = f"{run.worker:,.0f}" if "workers" in way else ""
            lines.append(
                f"| {name} | {way} | {run.cpu:.1f} | {run.cpu / base:.2f} | {run.clock:.1f} | {run.own:,.0f} "
                f"| {worker} | {run.cpu / rows * 1e6:.2f} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="how many points")
    parser.add_argument("-o", "--output", type=Path, default=_HERE / "scale.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lcrmap-scale-") as folder:
        text = written(asked.rows, measured(asked.rows, Path(folder)))
    asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
