"""The features of a layer in parts: conversion from one format to another."""

from __future__ import annotations

from collections.abc import Iterator

from lcrmap.engines.answer import PartsAnswer, Rows
from lcrmap.io.parts import Parts

__all__ = ["show_in_parts"]


def show_in_parts(layer: Parts) -> PartsAnswer:
    r"""Return the features of a layer, as `lcrmap.verbs.show.show_layer` would.

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
        done = 0
        for each in layer.layers():
            done += len(each.frame)
            yield Rows(each, None, done)

    return PartsAnswer(parts(), layer.rows, lambda: layer.notes, layer.rows)
