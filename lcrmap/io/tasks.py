"""Work that is divided: a task, its items, and what does them, here or elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar

__all__ = ["Runner", "Sum", "Task", "by_number", "in_order", "in_threads"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class Task(ABC, Generic[Item, Result]):
    """What is done with each of many items, whichever of them comes first; it pickles."""

    def read(self, item: Item) -> Any:
        """Read what is needed for an item: this may be done ahead, in a thread of its own."""
        return None

    @abstractmethod
    def do(self, item: Item, read: Any) -> Result:
        """Do an item with what was read for it."""


class Runner(Protocol):
    """Decides where and in which order the items of a task are done."""

    def __call__(
        self, task: Task[Item, Result], items: Sequence[Item], /
    ) -> Iterator[tuple[int, Result]]:
        """Do all items; yield the number of each and what came of it, in any order."""


def in_order(task: Task[Item, Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
    """Do one item after the other.

    Examples
    --------
    >>> class Double(Task[int, int]):
    ...     def do(self, item, read):
    ...         return 2 * item
    >>> list(in_order(Double(), [4, 5]))
    [(0, 8), (1, 10)]
    """
    for number, item in enumerate(items):
        yield number, task.do(item, task.read(item))


def in_threads(workers: int) -> Runner:
    """Return what does items in so many threads, and yields what came of them in their order."""
    from lcrmap.io.ahead import in_turn

    def run(task: Task[Item, Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        def done(item: Item) -> Result:
            return task.do(item, task.read(item))

        yield from enumerate(in_turn(done, items, workers=workers))

    return run


class Sum(Generic[Result]):
    """Adds values in their order, like to like in size, so that none is copied more than a few times.

    Examples
    --------
    >>> words = Sum()
    >>> for word in ("a", "b", "c"):
    ...     words.add(word)
    >>> words.value
    'abc'
    """

    def __init__(self) -> None:
        self._values: list[tuple[int, Any]] = []

    def add(self, value: Result) -> None:
        """Take the next value."""
        size, both = 1, value
        while self._values and self._values[-1][0] == size:
            both = self._values.pop()[1] + both
            size *= 2
        self._values.append((size, both))

    @property
    def value(self) -> Any:
        """All values together; None if there was none."""
        values = [each for _, each in self._values]
        return reduce(lambda first, second: first + second, values) if values else None


def by_number(results: Iterable[tuple[int, Result]]) -> Iterator[Result]:
    """Yield what came of the items in their order; what came early is held.

    Examples
    --------
    >>> list(by_number([(1, "b"), (0, "a")]))
    ['a', 'b']
    """
    early: dict[int, Result] = {}
    due = 0
    for number, result in results:
        early[number] = result
        while due in early:
            yield early.pop(due)
            due += 1
