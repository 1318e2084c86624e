"""The runner on this machine: one piece after the other, the next one read while one is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from lcrmap.io.ahead import ahead
from lcrmap.io.parts import Wanted
from lcrmap.verbs.work import Piece, Read, Work, rows_of

__all__ = ["read_ahead"]

Result = TypeVar("Result")


def read_ahead(
    work: Work[Any, Any],
    pieces: Sequence[Piece],
    wanted: Wanted,
    step: Callable[[Piece, Read], Result],
) -> Iterator[tuple[Result, int]]:
    """Work on the pieces in their order; see `lcrmap.verbs.work.Runner`."""
    reading = ((piece, work.read(piece, wanted)) for piece in pieces)
    for piece, read in ahead(reading):
        yield step(piece, read), rows_of(read)
