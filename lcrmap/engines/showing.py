"""The features of a layer in parts: conversion from one format to another."""

from __future__ import annotations

from collections.abc import Iterator

from lcrmap.engines.answer import PartsAnswer, Rows, chosen
from lcrmap.errors import NothingFoundError
from lcrmap.io.parts import Parts
from lcrmap.verbs.show import nothing_left

__all__ = ["show_in_parts"]


def show_in_parts(layer: Parts, *, where: str | None = None) -> PartsAnswer:
    r"""Return the features of a layer, as `lcrmap.verbs.show.show_layer` would.

    Parameters
    ----------
    where
        A CQL2 expression; None for all rows.

    Raises
    ------
    NothingFoundError
        When all parts were taken, if `where` left no row.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from lcrmap.io.opening_parts import open_parts
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "sites.csv"
    ...     _ = path.write_text("id,lon,lat\n1,-2.99,53.4\n2,-2.98,53.5\n")
    ...     answer = show_in_parts(open_parts(str(path)))
    ...     [len(rows.layer.frame) for rows in answer.parts]
    [2]
    """

    def parts() -> Iterator[Rows]:
        done = kept = 0
        for each in layer.layers():
            done += len(each.frame)
            some = each if where is None else chosen(each, where, layer.rows)
            kept += len(some.frame)
            yield Rows(some, None, done)
        if where is not None and not kept:
            raise NothingFoundError(nothing_left(layer.rows, layer.name, where))

    return PartsAnswer(parts(), layer.rows, lambda: layer.notes, layer.rows)
