"""``python -m benchmarks.scale``: join, count and near on a data set, in one process and by workers of Dask.

Writes ``scale.md``. Seconds are those of the processors, of the process that asks and of all workers together; memory
is the most that the process held, and the most that any worker did. Points are made on the spot, from a seed. With
``--larger`` the workers do each verb on so many rows besides: what they hold then shows whether it grows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.points import write_points

__all__ = ["measured"]

_HERE = Path(__file__).parent
_ROWS_A_FILE = 1_000_000
_MANY_FILES = ("--rows-per-file", "250000")  # so that two workers end at about the same time

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


def measured(rows: int, folder: Path, ways: Sequence[str] = (*WAYS,)) -> dict[str, dict[str, Run]]:
    """Measure each verb each way, on points that are written to a folder."""
    write_points(rows, folder / "points", files=max(1, rows // _ROWS_A_FILE))
    if "one file" in ways:
        write_points(rows, folder / "points.parquet", files=1)
    found: dict[str, dict[str, Run]] = {}
    for name, words in VERBS.items():
        for way in ways:
            points, out, more = WAYS[way]
            told = [each.format(points=points, folder=out) for each in words]
            if "out/" in told:
                told += _MANY_FILES
            found.setdefault(name, {})[way] = _run(f"{name}: {way}", [*told, *more], folder)
    return found


def bound(folder: Path) -> dict[str, list[Run]]:
    """Measure the verbs that write with one and with two workers, each bound to a core of its own."""
    found: dict[str, list[Run]] = {}
    for name, words in VERBS.items():
        if "{folder}" not in words:
            continue
        for workers in (1, 2):
            told = [each.format(points="points/", folder="out/") for each in words]
            with _bound_workers(workers) as address:
                scheduler = ("--engine", "dask", "--scheduler", address)
                run = _run(f"{name}: {workers} bound", [*told, *_MANY_FILES, *scheduler], folder)
            found.setdefault(name, []).append(run)
    return found


@contextlib.contextmanager
def _bound_workers(count: int) -> Iterator[str]:
    """Start a scheduler and so many workers on this machine; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    begun = (sys.executable, "-m")
    scheduler = [*begun, "distributed.cli.dask_scheduler", "--host", address, "--port", str(port)]
    worker = [*begun, "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1"]
    with contextlib.ExitStack() as stack:
        for number, words in enumerate([scheduler, *[worker] * count]):
            process = subprocess.Popen(
                [*words, "--no-dashboard"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            if number:
                os.sched_setaffinity(process.pid, {number - 1})
        time.sleep(5)  # until they have started
        yield address


def idle(folder: Path) -> Run:
    """Measure two workers that start, do next to nothing, and end."""
    write_points(1, folder / "point", files=1)
    words = ["show", "point/", "-o", "out/", "--engine", "dask", "--workers", "2"]
    return _run("nothing to do", words, folder)


def apart(rows: int, folder: Path) -> dict[str, Run]:
    """Measure an inner join of points that are sorted from west to east, to all boroughs and to those in the west."""
    write_points(rows, folder / "sorted", files=max(8, rows // _ROWS_A_FILE), ordered=True)
    _run("sorted points", ["show", "sorted/", "-o", "apart/"], folder)
    west = ["show", "boroughs", "--where", "name = 'Wirral'", "-o", "west.geojson"]
    _run("the west", west, folder)
    return {
        areas: _run(
            f"inner join: {areas}",
            ["join", "apart/", areas, "--how", "inner", "-o", "out/"],
            folder,
        )
        for areas in ("boroughs", "west.geojson")
    }


def _run(name: str, words: list[str], folder: Path) -> Run:
    """Run a command in a folder, over what another wrote there."""
    print(name, file=sys.stderr, flush=True)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *words, "--overwrite"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    clock = time.perf_counter() - start
    told = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"code": done.returncode}
    if told["code"]:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-300:]}")
    unit = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2
    return Run(clock, told["cpu"], told["own"] * unit, told["others"] * unit)


def written(rows: int, found: Mapping[str, Mapping[str, Run]]) -> list[str]:
    """Return the table of all verbs and ways in Markdown."""
    lines = [
        "| verb | way | processor, s | to one file | clock, s | MB here | MB of a worker | microseconds a row |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, ways in found.items():
        base = ways["one file"].cpu if "one file" in ways else 0.0
        for way, run in ways.items():
            worker = f"{run.worker:,.0f}" if "workers" in way else ""
            ratio = f"{run.cpu / base:.2f}" if base else ""
            lines.append(
                f"| {name} | {way} | {run.cpu:.1f} | {ratio} | {run.clock:.1f} | {run.own:,.0f} "
                f"| {worker} | {run.cpu / rows * 1e6:.2f} |"
            )
    return lines


def page(rows: int, larger: int, folder: Path) -> str:
    """Measure all, and return the page in Markdown."""
    every = written(rows, measured(rows, folder))
    workers = [
        f"| {name} | {one.clock:.1f} | {two.clock:.1f} | {one.clock / two.clock:.2f} |"
        for name, (one, two) in bound(folder).items()
    ]
    start = idle(folder)
    west = [
        f"| {areas} | {run.cpu:.1f} | {run.clock:.1f} |"
        for areas, run in apart(rows, folder).items()
    ]
    preface = (
        f"Written by `python -m benchmarks.scale --rows {rows}{f' --larger {larger}' if larger else ''}`: {rows:,} "
        f"points in files of {_ROWS_A_FILE:,}. Processor seconds count; those by the clock are this machine's. "
        f"{machine.described()}"
    )
    lines = [
        "# Data sets and workers",
        "",
        preface,
        "",
        *every,
        "",
        "Workers of Dask, each bound to a core of its own; the process that asks and the scheduler share these cores.",
        "",
        "| verb | one worker: clock, s | two: clock, s | times as fast |",
        "|---|---:|---:|---:|",
        *workers,
        "",
        f"Two workers that start, write one point and end: {start.clock:.1f} s by the clock.",
        "",
        "Inner join of points that are sorted from west to east, in files that lcrmap wrote.",
        "",
        "| areas | processor, s | clock, s |",
        "|---|---:|---:|",
        *west,
    ]
    if larger:
        with tempfile.TemporaryDirectory(prefix="lcrmap-scale-") as other:
            more = measured(larger, Path(other), ["data set, 2 workers"])
        lines += ["", f"The same of {larger:,} points.", "", *written(larger, more)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="how many points")
    parser.add_argument(
        "--larger", type=int, default=0, help="how many more the workers do besides"
    )
    parser.add_argument("-o", "--output", type=Path, default=_HERE / "scale.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lcrmap-scale-") as folder:
        text = page(asked.rows, asked.larger, Path(folder))
    asked.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
