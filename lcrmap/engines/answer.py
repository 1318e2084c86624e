"""An answer whose rows come in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lcrmap.analysis.filtering import choose
from lcrmap.layers import Layer

__all__ = ["PartsAnswer", "Rows", "chosen"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of an answer.

    Attributes
    ----------
    layer
        What a table or a file holds of them; index, types and metadata are those of the whole.
    beside
        What goes into a file of its own: of a join what matched nothing, of distances the lines. None if the verb
        has no such thing.
    done
        How many features have been asked about so far.
    """

    layer: Layer
    beside: Layer | None
    done: int


@dataclass(frozen=True, slots=True)
class PartsAnswer:
    """The answer to a question about a layer in parts.

    Attributes
    ----------
    parts
        The rows, at least one part of them, possibly without any row; they are worked out as they are taken.
    features
        How many features are asked about.
    notes
        Returns the sentences to be said, which are known when all parts were taken.
    rows
        How many rows there will be; None if only the end will tell.
    """

    parts: Iterator[Rows]
    features: int
    notes: Callable[[], tuple[str, ...]]
    rows: int | None = None


def chosen(part: Layer, where: str, rows: int) -> Layer:
    """Return the rows of a part for which an expression is true; the metadata say it of the whole, of so many rows."""
    some = choose(part, where)
    whole = part.metadata.selected_from or rows
    return replace(some, metadata=some.metadata.replaced(selected_from=whole))
