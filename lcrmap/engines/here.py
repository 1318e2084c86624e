"""The runner on this machine: one item after the other, what the next one needs read while one is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from lcrmap.io.tasks import Task

__all__ = ["read_ahead"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def read_ahead(task: Task[Item, Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
    """Do the items in their order; see `lcrmap.io.tasks.Runner`."""
    from lcrmap.io.ahead import ahead  # which what is small does without

    reading = ((number, item, task.read(item)) for number, item in enumerate(items))
    for number, item, read in ahead(reading):
        yield number, task.do(item, read)
