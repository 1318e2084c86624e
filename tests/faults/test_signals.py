"""A signal that asks to end, at the moments that matter: a sentence, its code, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from tests.faults.runs import ROOT

ROWS = 400_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a CSV that is read in parts, and a Shapefile in a zip."""
    folder = tmp_path_factory.mktemp("large")
    random = np.random.default_rng(0)
    east, north = random.uniform(-3.2, -2.4, ROWS), random.uniform(53.2, 53.7, ROWS)
    lines = (f"{n},{x:.7f},{y:.7f}\n" for n, (x, y) in enumerate(zip(east, north, strict=True)))
    (folder / "big.csv").write_text("id,lon,lat\n" + "".join(lines))
    points = gpd.points_from_xy(east, north, crs="EPSG:4326")
    gpd.GeoDataFrame({"n": range(ROWS)}, geometry=points).to_file(folder / "big.shp")
    with zipfile.ZipFile(folder / "big.zip", "w") as archive:
        for each in sorted(folder.glob("big.[sdp]*")):
            archive.write(each, each.name)
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return what starts lcrmap in a folder of its own, with a folder for temporary files beside it."""
    (tmp_path / "work").mkdir()
    (tmp_path / "temporary").mkdir()
    started = []

    def run(*words: str, **more: object) -> subprocess.Popen[str]:
        path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        running = subprocess.Popen(
            [sys.executable, "-m", "lcrmap", *words],
            cwd=tmp_path / "work",
            env={**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,  # type: ignore[call-overload]
        )
        started.append(running)
        return running

    yield run
    for each in started:
        each.kill()
        each.communicate()


def seconds_of(running: subprocess.Popen[str]) -> float:
    """Return the processor time that a process has taken: on a busy machine the clock says nothing."""
    fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def wait_for(happens: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    while not happens():
        assert running.poll() is None, "it ended before the moment came"
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGTERM, "Error: Stopped by SIGTERM; no file was left half-written.\n"),
        (signal.SIGHUP, "Error: Stopped by SIGHUP; no file was left half-written.\n"),
        (signal.SIGINT, "Error: Interrupted; no file was left half-written.\n"),
    ],
)
@pytest.mark.parametrize("suffix", ["parquet", "csv", "geojson"])
def test_a_signal_during_a_join_in_parts_leaves_nothing(
    start: Callable, large: Path, tmp_path: Path, number: signal.Signals, said: str, suffix: str
) -> None:
    work = tmp_path / "work"
    running = start("join", str(large / "big.csv"), "boroughs", "-o", f"j.{suffix}")
    wait_for(lambda: any(each.stat().st_size for each in work.iterdir()), running)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (128 + number, "", said)
    assert list(work.iterdir()) == []
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processor time is read in /proc")
def test_a_search_that_is_interrupted_ends_at_once_with_the_best_so_far(
    start: Callable, tmp_path: Path
) -> None:
    words = ["locate", "rail-stations", "--from", "small-areas", "--choose", "5..500"]
    running = start(*words, "-o", "where.csv")
    wait_for(lambda: seconds_of(running) > 4, running)  # it searches from the third second on
    before, ended = seconds_of(running), resource.getrusage(resource.RUSAGE_CHILDREN)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - ended.ru_utime - ended.ru_stime - before
    assert (running.returncode, out) == (130, "")
    first, last = err.splitlines()
    assert first == "Error: Interrupted; no file was left half-written."
    assert re.match(r"The best so far, (without proof|of \d+): .* and .*\.$", last)
    assert took < 1
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_an_old_file_as_it_was(
    start: Callable, large: Path, tmp_path: Path, number: signal.Signals
) -> None:
    work = tmp_path / "work"
    (work / "j.csv").write_text("old")
    words = ["join", str(large / "big.csv"), "boroughs", "-o", "j.csv", "--overwrite"]
    running = start(*words)
    wait_for(lambda: len(list(work.iterdir())) > 1, running)
    running.send_signal(number)
    running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert {each.name: each.read_text() for each in work.iterdir()} == {"j.csv": "old"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_in_the_temporary_folder(
    start: Callable, large: Path, tmp_path: Path, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    running = start("show", str(large / "big.zip"), "-o", "a.csv")
    wait_for(lambda: any(temporary.glob("lcrmap-*")), running)
    running.send_signal(number)
    running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert list(temporary.iterdir()) == []
    assert list((tmp_path / "work").iterdir()) == []


def holds_rows(running: subprocess.Popen[str], temporary: Path) -> bool:
    """Tell whether a process holds rows in a file without a name, until all of them are known."""
    for each in Path(f"/proc/{running.pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if str(temporary) in str(each.readlink()) and each.stat().st_size:
                return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is seen in /proc")
def test_a_signal_stops_a_table_that_goes_to_stdout(
    start: Callable, large: Path, tmp_path: Path
) -> None:
    running = start("join", str(large / "big.csv"), "boroughs", "-f", "csv")
    wait_for(lambda: holds_rows(running, tmp_path / "temporary"), running)
    running.terminate()
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 143
    assert out == ""
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_signal_that_the_caller_ignores_stays_ignored(start: Callable, tmp_path: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does

    running = start("show", "boroughs", "-o", "a.csv", preexec_fn=ignore)
    for _ in range(20):
        time.sleep(0.05)
        running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=60) == 0
    assert (tmp_path / "work" / "a.csv").is_file()
