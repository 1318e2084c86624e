"""The tables of a page as static text: every feature of a layer, up to a limit, with its main fields and source."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lcrmap.layers.addresses import is_link
from lcrmap.maps.columns import Column
from lcrmap.maps.model import PageLayer
from lcrmap.maps.words import Words

__all__ = ["MOST_ROWS", "Cell", "Row", "Table", "distance_text", "make_table"]

MOST_ROWS: Final = 1000  # rows that stand in the file as text; the page lists the rest itself
SHORT_PAGE: Final = 100  # of a longer table: rows on its first page, with scripts; see tables.mjs
_METRES_IN_A_KM: Final = 1000
_SHORT: Final = 16  # letters that stand on one line
_LONG: Final = 60  # letters that want a wide column


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, an address if it is a link, and whether it is a number."""

    text: str
    link: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One feature: its row number in the layer, its name, the cells after it, and what is said below its name."""

    number: int
    name: str
    cells: tuple[Cell, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A layer's table: the heads (the name's first), the rows that stand in the file, and those that close it.

    The rows of a table of more than `MOST_ROWS` are in two parts: those of its first page, and the `further`
    ones, which only a reader without scripts meets; a browser that runs scripts never parses them. `looks`
    has each column's class: "number", "short" where no cell needs a second line, "long" where many do, or none;
    `falling` is the column by which the rows are sorted, the highest first.
    """

    caption: str
    heads: tuple[str, ...]
    looks: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    closing: tuple[Row, ...] = ()
    further: tuple[Row, ...] = ()
    further_caption: str = ""
    falling: int | None = None


def make_table(layer: PageLayer, words: Words, what: str) -> Table:
    """Make the static table of a layer.

    Parameters
    ----------
    what
        The layer's count in words, such as "57 innovation assets".
    """
    columns = [layer.columns[each] for each in layer.main if each != layer.label]
    name = words("table.name") if layer.label is None else layer.columns[layer.label].title
    heads = [name, *(_head(layer, each, words) for each in columns)]
    if layer.source:
        heads.append(words("table.source"))
    count = min(layer.total, MOST_ROWS)
    rows = tuple(
        Row(
            row,
            layer.name_of(row) or words("table.row", n=row + 1),
            tuple(_cells(layer, columns, row, words)),
            _remark(layer, row, words),
        )
        for row in range(count)
    )
    caption = _caption(layer, what, words)
    closing = _closing(layer, len(heads))
    first = SHORT_PAGE if count < layer.total else count
    return Table(
        caption,
        tuple(heads),
        ("", *(_look([row.cells[place] for row in rows]) for place in range(len(heads) - 1))),
        rows[:first],
        layer.total,
        closing,
        rows[first:],
        words("table.further", title=layer.title, first=first + 1, last=count),
        _falling(layer, columns),
    )


def _falling(layer: PageLayer, columns: list[Column]) -> int | None:
    """Return the place of the column by which areas are shaded, if the highest come first."""
    places = [place for place, each in enumerate(columns, 1) if each.name == layer.style.field]
    if layer.style.kind != "shade" or not places:
        return None
    values = [-math.inf if each is None else each for each in columns[places[0] - 1].values]
    return places[0] if all(a >= b for a, b in pairwise(values)) else None


def _remark(layer: PageLayer, row: int, words: Words) -> str:
    """Say that a feature has no position, where no column of the table does."""
    shown = layer.error in layer.main
    return "" if shown or layer.shapes.placed[row] else words("position.unknown")


def _look(cells: list[Cell]) -> str:
    """Return the class of a column, from its cells."""
    longest = max((len(each.text) for each in cells), default=0)
    if any(each.number for each in cells):
        return "number"
    if longest <= _SHORT:
        return "short"
    return "long" if longest >= _LONG else ""


def _closing(layer: PageLayer, width: int) -> tuple[Row, ...]:
    """Return the rows that stand for no feature, cell by cell under the same heads."""
    if not layer.closing:
        return ()
    packed = {each.name: each for each in layer.closing}
    shown = [packed[layer.columns[each].name] for each in layer.main if each != layer.label]
    names = layer.closing[0] if layer.label is None else packed[layer.columns[layer.label].name]
    rows = []
    for row in range(len(names.values)):
        cells = [Cell(each.text(row), number=each.kind == "number") for each in shown]
        cells += [Cell("")] * (width - 1 - len(cells))
        rows.append(Row(row, names.text(row), tuple(cells)))
    return tuple(rows)


def distance_text(metres: float, words: Words) -> str:
    """Write a distance: below 1 km to 10 m, from there to 0.1 km; below 10 m as it is."""
    if metres < _METRES_IN_A_KM:
        return words("distance.m", n=round(metres, -1) if metres >= 10 else round(metres))
    return words("distance.km", n=round(metres / _METRES_IN_A_KM, 1))


def _caption(layer: PageLayer, what: str, words: Words) -> str:
    if layer.title.casefold() not in what.casefold():
        what = words("table.caption_title", title=layer.heading, what=what)
    if layer.placed < layer.named:
        return words("table.caption_placed", what=what, placed=layer.placed)
    return words("table.caption", what=what)


def _is_error(layer: PageLayer, column: Column) -> bool:
    return layer.error is not None and layer.columns[layer.error] is column


def _head(layer: PageLayer, column: Column, words: Words) -> str:
    if _is_error(layer, column):
        return words("position.title")
    return column.title


def _cells(layer: PageLayer, columns: list[Column], row: int, words: Words) -> Iterator[Cell]:
    for column in columns:
        if _is_error(layer, column):
            yield Cell(_position(layer, column, row, words))
            continue
        text = column.text(row)
        if not text and column.name == "confidence":
            text = words("table.not_stated")
        link = text if column.kind == "link" and is_link(text) else ""
        yield Cell(text, link, column.kind == "number")
    if layer.source:
        text = layer.source.words(layer.columns, row) or words("table.not_stated")
        yield Cell(text, layer.source.link(layer.columns, row))


def _position(layer: PageLayer, column: Column, row: int, words: Words) -> str:
    if not layer.shapes.placed[row]:
        return words("position.unknown")
    if not column.has(row) or column.kind != "number":
        return column.text(row)
    return words("position.within", distance=distance_text(column.values[row], words))
