"""Work that goes on while what came before is used."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, Final, TypeVar

__all__ = ["WORKERS", "ahead", "in_turn"]

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS: Final = min(4, os.cpu_count() or 1)
"""How many threads work at a time: each holds what it makes, and more than a few only wait for each other."""


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the same items, the next one of which is made in a thread of its own while one is used.

    Examples
    --------
    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    end = object()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]  # the end is no item, and was looked for


def in_turn(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int = WORKERS
) -> Iterator[Result]:
    """Yield what a function makes of each item, in their order, while threads work on the next ones.

    Examples
    --------
    >>> list(in_turn(str.upper, "abc"))
    ['A', 'B', 'C']
    """
    left = iter(items)
    with ThreadPoolExecutor(workers) as pool:
        coming: deque[Future[Any]] = deque(
            pool.submit(work, each) for each in islice(left, workers)
        )
        while coming:
            found = coming.popleft().result()
            coming.extend(pool.submit(work, each) for each in islice(left, 1))
            yield found
