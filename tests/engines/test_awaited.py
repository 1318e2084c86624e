"""A straggler: the rest goes on, and a terminal says which split is awaited."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from lcrmap.cli.door import Shown
from lcrmap.engines.awaited import named, telling_awaited
from lcrmap.engines.here import read_ahead
from lcrmap.io.parts import Split
from lcrmap.io.stores import Place, Stored
from lcrmap.io.tasks import Runner, Task, in_order, in_threads
from lcrmap.verbs.portions import Portion
from lcrmap.verbs.work import Piece
from tests.engines.conftest import Divide


class Slow(Task[str, str]):
    """Takes a second for an item that says so."""

    def do(self, item: str, read: Any) -> str:
        time.sleep(1.0 if "slow" in item else 0.01)
        return item.upper()


@pytest.mark.parametrize("runner", [in_order, read_ahead, in_threads(3)])
def test_a_straggler_is_told_once_and_taken_back_when_it_came(runner: Runner) -> None:
    told: list[str] = []
    items = ["a", "b", "slow one", "c", "d"]
    found = dict(telling_awaited(runner, told.append, patience=0.3)(Slow(), items))
    assert found == {number: each.upper() for number, each in enumerate(items)}
    assert told == ["item slow one", ""]


def test_others_that_come_meanwhile_are_no_reason_to_be_silent() -> None:
    told: list[str] = []

    def shuffled(task: Task[Any, Any], items: Any) -> Any:
        for number in (1, 2, 3, 4, 0):
            yield number, task.do(items[number], None)

    class Steady(Task[str, str]):
        def do(self, item: str, read: Any) -> str:
            time.sleep(0.15)
            return item

    list(telling_awaited(shuffled, told.append, patience=0.4)(Steady(), list("abcde")))
    assert told == ["item a", ""]


def test_nothing_is_told_while_whoever_asked_is_busy() -> None:
    told: list[str] = []
    for _ in telling_awaited(in_order, told.append, patience=0.2)(Slow(), ["a", "b"]):
        time.sleep(0.5)
    assert told == []


def test_items_that_come_one_after_the_other_are_not_told() -> None:
    told: list[str] = []
    items = [f"a little slow {number}" for number in range(3)]
    list(telling_awaited(in_order, told.append, patience=1.5)(Slow(), items))
    assert told == []


def test_a_straggler_that_fails_is_taken_back_too() -> None:
    told: list[str] = []

    class Failing(Task[str, str]):
        def do(self, item: str, read: Any) -> str:
            time.sleep(0.6)
            raise ValueError(item)

    with pytest.raises(ValueError, match="a"):
        list(telling_awaited(in_order, told.append, patience=0.2)(Failing(), ["a"]))
    assert told == ["item a", ""]


def test_workers_of_dask_are_awaited_too() -> None:
    """The slow one is given to a worker, while others are done by the second."""
    from lcrmap.engines.dask import Cluster, opened

    told: list[str] = []
    items = ["slow", *"abcdefgh"]
    with opened(Cluster(workers=2)) as runner:
        found = dict(telling_awaited(runner, told.append, patience=0.4)(Slow(), items))
    assert sorted(found) == list(range(9))
    assert told == ["item slow", ""]


def split(name: str, **changed: Any) -> Split:
    return Split(Stored(Place("set/", "", "/x"), name, 9), 0, 1, **changed)


def test_an_item_is_named_by_its_files() -> None:
    several = tuple(split(each) for each in "abcde")
    assert named(split("a")) == "'set/a', row group 1"
    assert named(Piece(0, split("a"))) == "'set/a', row group 1"
    pieces = tuple(Piece(0, each) for each in several[:2])
    assert named(Portion(0, pieces)) == "something in 'set/a', 'set/b'"
    assert (
        named(split("a", together=several)) == "something in 'set/a', 'set/b', 'set/c' and 2 more"
    )


def test_a_bar_says_what_is_awaited_until_it_came() -> None:
    shown: list[tuple[str, int, int]] = []
    bar = Shown(lambda *each: shown.append(each))
    bar("Writing", 3, 9)
    bar.awaits("'a'")
    bar("Writing", 4, 9)
    bar.awaits("")
    assert [each[0] for each in shown] == [
        "Writing",
        "Writing; waiting for 'a'",
        "Writing; waiting for 'a'",
        "Writing",
    ]


SCRIPT = """
import sys, time
from lcrmap.engines import awaited
from lcrmap.io import datasets
from lcrmap.io.stores import Stored
from lcrmap.cli import main

datasets._SMALL = 8
awaited.PATIENCE = 0.5
own = Stored.open
def slow(stored):  # as on a disk that fails
    if stored.name == "part-001.parquet":
        time.sleep(1.5)
    return own(stored)
Stored.open = slow
main()
"""


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_says_which_split_is_awaited_and_nothing_else_does(
    tmp_path: Path, places: gpd.GeoDataFrame, divide: Divide, terminal: bool
) -> None:
    divide(places.iloc[:300], (100, 100), tmp_path / "set")
    command = [sys.executable, "-c", SCRIPT, "show", "set/", "-o", "made/"]
    said = spoken(command, tmp_path, terminal=terminal)
    assert (tmp_path / "made").exists(), said
    assert ("waiting for" in said) is terminal, said


def spoken(command: list[str], folder: Path, *, terminal: bool) -> str:
    """Return what a command says on stderr."""
    if not terminal:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False
        ).stderr
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "200", "TERM": "xterm"}
    with subprocess.Popen(command, cwd=folder, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                some = os.read(ours, 4096)
            except OSError:  # how Linux says that nobody is at the other end
                break
            if not some:
                break
            said += some
    os.close(ours)
    assert process.returncode == 0, said
    return said.decode()
