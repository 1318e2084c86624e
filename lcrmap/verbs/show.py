"""Show the features of one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from lcrmap.analysis.filtering import choose
from lcrmap.errors import NothingFoundError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.answer import Answer

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["nothing_left", "show_layer"]


def show_layer(
    name: str,
    *,
    pack: Pack | None = None,
    where: str | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    stdin: BinaryIO | None = None,
) -> Answer:
    """Return the features of a layer.

    Parameters
    ----------
    name
        A layer of the pack, a file, or ``-`` for `stdin`.
    pack
        The data pack; None for lcrmap's own.
    where
        A CQL2 expression; None for all rows.
    x, y, crs
        How to read a CSV or a file without a CRS; see `lcrmap.io.opening.open_layer`.
    stdin
        What ``-`` reads.

    Raises
    ------
    NothingFoundError
        If `where` leaves no row.

    Examples
    --------
    >>> len(show_layer("boroughs").layer.frame)
    6
    """
    pack = pack or open_pack()
    layer = open_layer(name, pack=pack, x=x, y=y, crs=crs, stdin=stdin)
    if where is not None:
        chosen = choose(layer, where)
        if len(chosen.frame) == 0:
            raise NothingFoundError(nothing_left(len(layer.frame), layer.name, where))
        layer = chosen

    def page(arranged: Layer) -> Page:
        from lcrmap.verbs.map import make_map

        return make_map(arranged, pack=pack)

    return Answer(layer, page)


def nothing_left(rows: int, name: str, where: str) -> str:
    """Say that a filter leaves no row."""
    return f"None of the {rows:,} rows of {name} meets the filter: {where}"
