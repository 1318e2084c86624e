"""Which item of a task is awaited: when one takes much longer than the others, a terminal says which."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event, Thread
from typing import Any, Final, Self, TypeVar

from lcrmap.io.parts import row_groups
from lcrmap.io.tasks import Runner, Task

__all__ = ["PATIENCE", "named", "telling_awaited"]

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE: Final = 10.0
"""Seconds for which an item is awaited in silence."""


def telling_awaited(
    runner: Runner, tell: Callable[[str], None], *, patience: float | None = None
) -> Runner:
    """Return a runner that does the same, and tells which item it has awaited for long.

    Parameters
    ----------
    tell
        Told its name, from a thread of its own; empty as soon as it came.
    patience
        After how many seconds; None for what is usual.
    """

    def run(task: Task[Item, Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        with _Watch(items, tell, PATIENCE if patience is None else patience) as watch:
            for number, result in runner(task, items):
                watch.came(number)
                yield number, result
                watch.waits()

    return run


class _Watch:
    """Looks now and then for how long the first item that has not come is awaited."""

    def __init__(self, items: Sequence[Any], tell: Callable[[str], None], patience: float) -> None:
        self._items, self._tell, self._patience = items, tell, patience
        self._early: set[int] = set()
        self._first = 0
        self._since: float | None = time.monotonic()
        self._waits, self._told = True, False
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._take_back()

    def came(self, number: int) -> None:
        """Take note that an item came, with which whoever asked is busy now."""
        self._waits = False
        self._early.add(number)
        before = self._first
        while self._first in self._early:
            self._early.remove(self._first)
            self._first += 1
        if self._first != before:
            self._since = None
            self._take_back()

    def waits(self) -> None:
        """Take note that the next one is waited for."""
        if self._since is None:
            self._since = time.monotonic()
        self._waits = True

    def _look(self) -> None:
        while not self._ended.wait(self._patience / 4):
            since, first = self._since, self._first
            if not self._waits or self._told or since is None or first >= len(self._items):
                continue
            if time.monotonic() - since >= self._patience:
                self._told = True
                self._tell(named(self._items[first]))

    def _take_back(self) -> None:
        if self._told:
            self._told = False
            self._tell("")


def named(item: Any) -> str:
    """Return what people call an item: its file and row groups, or the first files where there are several.

    Examples
    --------
    >>> from pathlib import Path
    >>> from lcrmap.io.parts import Split
    >>> named(Split(Path("a.parquet"), 2, 4)), named(5)
    ("'a.parquet', row groups 3 to 4", 'item 5')
    """
    pieces = getattr(item, "pieces", None) or (item,)
    splits = [getattr(each, "split", None) or each for each in pieces]
    splits = [part for each in splits for part in getattr(each, "together", ()) or (each,)]
    files = list(dict.fromkeys(str(each.file) for each in splits if hasattr(each, "file")))
    if not files:
        return f"item {item}"[:80]
    if len(splits) == 1:
        return f"'{files[0]}', {row_groups(splits[0])}"
    more = f" and {len(files) - 3:,} more" if len(files) > 3 else ""
    return f"something in {', '.join(map(repr, files[:3]))}{more}"
