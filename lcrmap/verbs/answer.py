"""What a question gives back: rows with their metadata, what must be said, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lcrmap.layers import Layer

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["Answer"]


@dataclass(frozen=True)
class Answer:
    """An answer, before it is written anywhere.

    Attributes
    ----------
    layer
        The rows: what a table, a file and the page's table hold.
    page
        Makes the page that shows a layer with these rows (or fewer, once arranged).
    notes
        Sentences for stderr.
    main
        The columns that a table on a terminal shows unless others are asked for; empty for those that tell most of
        any layer.
    """

    layer: Layer
    page: Callable[[Layer], Page]
    notes: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
