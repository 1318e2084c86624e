"""Faults that a run with workers survives, done to real processes: it writes the same bytes, or nothing."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.points import write_points
from lcrmap.engines import dask as engine
from lcrmap.engines.dask import Cluster, Dask, opened
from lcrmap.errors import DataError, MachinesLostError, OutputError
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Runner, Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.question import Rows
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.tallies import Kept
from lcrmap.verbs.work import answer_in_parts
from tests.engines.test_dask import outside, until

MOST = 18_000


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("faults") / "points"
    write_points(120_000, folder, files=8)
    return f"{folder}/"


@pytest.fixture(scope="module")
def undisturbed(pack: Pack, points: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what a question gives where nothing goes wrong."""
    made: dict[str, Any] = {}

    def of(question: Rows) -> Any:
        key = repr(question)
        if key not in made:
            made[key] = answered(question, pack, in_order, tmp_path_factory.mktemp("one") / "x")
        return made[key]

    return of


@pytest.fixture(scope="module")
def workers() -> Iterator[Dask]:
    with opened(Cluster(workers=2, patience=60)) as runner:
        yield runner


def answered(question: Rows, pack: Pack, runner: Runner, to: Path) -> Any:
    """Return all that is written and said of an answer; of a count, its rows."""
    sources = Sources(pack, runner=runner)
    if isinstance(question, Count):
        counted = answer_in_parts(question, sources, runner=runner)
        return counted.layer.frame.drop(columns="geometry").to_csv(), counted.notes
    to.mkdir(exist_ok=True)
    made, manifest = answer_in_portions(
        question, sources, place_of(f"{to}/"), most=MOST, runner=runner
    )
    data = [(to / each.name).read_bytes() for each in manifest.files]
    return data, manifest, made.finding, made.sentences, made.notes


class Disturbed:
    """A runner at which something happens when the first results of each pass are there."""

    def __init__(self, runner: Runner, happens: Callable[[str], None], after: int = 1) -> None:
        self.runner, self.happens, self.after = runner, happens, after

    def __call__(self, task: Task[Any, Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        for done, each in enumerate(self.runner(task, items), start=1):
            if done == self.after:
                self.happens(type(task).__name__)
            yield each


def kill_in_turn(runner: Dask) -> Callable[[str], None]:
    """Return what kills a worker each time, whose turn it is; each comes back."""
    killed: Counter[str] = Counter()

    def kill(name: str) -> None:
        runner._client.wait_for_workers(2, timeout=60)  # the one killed before may not be back yet
        pids = runner._client.run(os.getpid, on_error="ignore")
        told = runner._client.scheduler_info(n_workers=-1)["workers"]
        turn = min(pids, key=lambda each: (killed[told[each]["nanny"]], each))
        killed[told[turn]["nanny"]] += 1
        os.kill(pids[turn], signal.SIGKILL)

    kill.killed = killed  # type: ignore[attr-defined]
    return kill


@pytest.mark.parametrize(
    "question",
    [
        lambda points: Join(left=points, right="boroughs", take=("name", "code")),
        lambda points: Count(layers=points, areas="boroughs", by="class"),
    ],
    ids=["join", "count"],
)
def test_a_worker_killed_in_each_pass_and_each_of_them_in_turn_costs_time_alone(
    workers: Dask, pack: Pack, points: str, undisturbed: Any, question: Any, tmp_path: Path
) -> None:
    asked = question(points)
    kill: Any = kill_in_turn(workers)
    assert answered(asked, pack, Disturbed(workers, kill), tmp_path / "x") == undisturbed(asked)
    assert sorted(kill.killed.values()) in ([1, 1], [1, 2])


def test_a_file_that_changes_between_the_passes_is_named_and_the_others_are_finished(
    workers: Dask, pack: Pack, points: str, tmp_path: Path
) -> None:
    copied = shutil.copytree(points, tmp_path / "points")
    asked = Join(left=f"{copied}/", right="boroughs")

    def change(name: str) -> None:
        if name == "Looking":
            write_points(15_000, tmp_path / "other", files=1, seed=2)
            shutil.copy(tmp_path / "other" / "part-00000.parquet", copied / "part-00003.parquet")

    with pytest.raises(DataError, match=r"part-00003\.parquet' (changed|cannot be read)"):
        answered(asked, pack, Disturbed(workers, change, after=8), tmp_path / "x")
    assert len(list((tmp_path / "x").glob("*.tally"))) == 7


def limit_files(size: int) -> None:
    """Let no file of this process be larger: as on a disk that is full, but for the words."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_what_one_worker_cannot_write_another_does(
    workers: Dask,
    pack: Pack,
    points: str,
    undisturbed: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_PAUSES", (0.1, 0.2, 0.4, 0.8))
    asked = Join(left=points, right="boroughs", take=("name", "code"))
    client = workers._client
    assert until(lambda: len(client.scheduler_info(n_workers=-1)["workers"]) == 2, seconds=30)
    first, *_ = client.scheduler_info(n_workers=-1)["workers"]
    client.run(limit_files, 100_000, workers=[first])
    try:
        assert answered(asked, pack, workers, tmp_path / "x") == undisturbed(asked)
    finally:
        client.run(limit_files, resource.RLIM_INFINITY, workers=[first])


def may_not_write(user: int) -> None:
    """Become another user, who may not enter the run's folder; 0 to be oneself again."""
    os.seteuid(0)
    if user:
        os.seteuid(user)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_worker_without_permission_leaves_the_rows_to_the_other(
    workers: Dask, pack: Pack, undisturbed: Any, points: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PAUSES", (0.1, 0.2, 0.4, 0.8))
    client = workers._client
    first, *_ = client.scheduler_info(n_workers=-1)["workers"]
    with tempfile.TemporaryDirectory(prefix="lcrmap-test-") as folder:
        Path(folder).chmod(0o755)
        copied = shutil.copytree(points, Path(folder, "points"))
        asked = Join(left=f"{copied}/", right="boroughs", take=("name", "code"))
        made = Path(folder, "x")
        made.mkdir(mode=0o700)
        client.run(may_not_write, 65_534, workers=[first])
        try:
            data, *_ = answered(asked, pack, workers, made)
        finally:
            client.run(may_not_write, 0, workers=[first])
    assert data == undisturbed(Join(left=points, right="boroughs", take=("name", "code")))[0]


def test_what_no_worker_can_write_is_tried_five_times_and_nothing_of_it_stays(
    workers: Dask, pack: Pack, points: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PAUSES", (0.1, 0.2, 0.4, 0.8))
    asked = Join(left=points, right="boroughs", take=("name", "code"))
    client = workers._client
    client.run(limit_files, 100_000)
    begun = time.monotonic()
    try:
        with pytest.raises(OutputError, match="larger than files may be here"):
            answered(asked, pack, workers, tmp_path / "x")
    finally:
        client.run(limit_files, resource.RLIM_INFINITY)
    assert time.monotonic() - begun > 1.5  # after each of the pauses
    assert [each.name for each in (tmp_path / "x").iterdir() if each.name[0] != "."] == [
        "plan.json"
    ]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB, where this machine lets one have it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3M", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_ends_the_run_and_with_room_it_goes_on(
    lcrmap: Any, points: str, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PAUSES", (0.1, 0.1, 0.1, 0.1))
    monkeypatch.chdir(tmp_path)
    words = ("join", points, "boroughs", "--rows-per-file", str(MOST), "-o")
    full = lcrmap(*words, "disk/made/", "--engine", "dask", "--workers", "2")
    assert (full.code, "cannot be written: the disk is full" in full.err) == (4, True), full.err
    assert len(full.err.splitlines()) == 1
    (left,) = disk.iterdir()
    done = {each.name: each.stat().st_mtime_ns for each in left.glob("*.tally")}
    assert done
    subprocess.run(["mount", "-o", "remount,size=200M", str(disk)], check=True)
    assert lcrmap(*words, "disk/made/", "--resume").code == 0
    assert lcrmap(*words, "again/").code == 0
    same(disk / "made", tmp_path / "again")


def same(one: Path, other: Path) -> None:
    """Hold the files of two folders to be the same."""
    names = sorted(each.name for each in one.iterdir())
    assert names == sorted(each.name for each in other.iterdir())
    assert not [each for each in names if (one / each).read_bytes() != (other / each).read_bytes()]


def test_a_worker_that_never_comes_back_costs_time_alone(
    pack: Pack, points: str, undisturbed: Any, tmp_path: Path
) -> None:
    asked = Join(left=points, right="boroughs", take=("name", "code"))
    with outside(workers=2) as (address, _, machines):

        def kill(name: str) -> None:
            if name == "_Writing":
                machines[0].kill()

        with opened(Cluster(scheduler=address, patience=30)) as runner:
            made = answered(asked, pack, Disturbed(runner, kill), tmp_path / "x")
    assert made == undisturbed(asked)


def test_when_all_workers_are_gone_the_command_says_so_and_is_gone_on_with(
    points: str, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "lcrmap", "near", points, "rail-stations", "-k", "2"]
    words += ["--rows-per-file", str(MOST), "-o", "made/"]
    with outside(workers=2) as (address, _, machines):
        with opened(Cluster(scheduler=address, patience=60)) as runner:
            runner._client.wait_for_workers(2, timeout=60)
        machine = ["--engine", "dask", "--scheduler", address, "--patience", "6"]
        with subprocess.Popen(
            [*words, *machine], cwd=tmp_path, stderr=subprocess.PIPE, text=True
        ) as process:
            assert until(lambda: process.poll() is not None or finished(tmp_path), seconds=120)
            for each in machines:
                each.kill()
            _, said = process.communicate(timeout=120)
    assert process.returncode == 5, said
    lost = "Error: All workers went away and did not come back within 6 seconds: start the machines"
    assert said == f"{lost} anew, and run it again with --resume.\n"
    assert not (tmp_path / "made").exists()
    (left,) = tmp_path.glob(".made.*")
    done = {(left / f"{each.stem}-0000.parquet").stat().st_ino for each in left.glob("*.tally")}
    subprocess.run([*words, "--resume"], cwd=tmp_path, check=True, capture_output=True)
    assert done <= {each.stat().st_ino for each in (tmp_path / "made").iterdir()}
    subprocess.run([*words[:-1], "again/"], cwd=tmp_path, check=True, capture_output=True)
    same(tmp_path / "made", tmp_path / "again")


def finished(folder: Path) -> list[Path]:
    return list(folder.glob(".made.*.lcrmap-part/*.tally"))


def test_when_the_scheduler_is_gone_a_count_is_gone_on_with(
    pack: Pack, points: str, tmp_path: Path
) -> None:
    asked = Count(layers=points, areas="boroughs", by="class")
    (tmp_path / "x").mkdir()
    kept = Kept(place_of(f"{tmp_path}/x/"), most=1)
    with outside(workers=2) as (address, scheduler, _):

        def kill(name: str) -> None:
            if name == "Working":
                scheduler.kill()

        with (
            opened(Cluster(scheduler=address, patience=30)) as runner,
            pytest.raises(MachinesLostError, match="The scheduler went away"),
        ):
            runner._patience = 3
            sources = Sources(pack, runner=runner)
            answer_in_parts(asked, sources, doing=kept, runner=Disturbed(runner, kill, after=3))
    assert len(list((tmp_path / "x").glob("*.tally"))) >= 3
    left: list[int] = []

    def counting(task: Task[Any, Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        left.append(len(items))
        return in_order(task, items)

    made = answer_in_parts(asked, Sources(pack), doing=kept, runner=counting)
    assert left[-1] <= 5
    whole = answer_in_parts(asked, Sources(pack))
    assert made.layer.frame.equals(whole.layer.frame)
    assert (made.finding, made.notes) == (whole.finding, whole.notes)
