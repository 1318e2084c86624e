"""Arrange the rows of an answer, and print them as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from lcrmap.analysis.filtering import choose
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Layer

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["arrange", "main_columns", "print_table"]

MOST_COLUMNS = 8  # what a terminal of usual width holds
LONG_TEXT = {"note", "description", "operator", "aliases", "method"}


def arrange(
    layer: Layer,
    *,
    where: str | None = None,
    columns: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
) -> Layer:
    """Return the layer with some rows and columns, in some order.

    Parameters
    ----------
    layer
        Any layer; it is not changed.
    where
        A CQL2 expression.
    columns
        Column names, comma-separated, in the wanted order.
    sort
        Column names, comma-separated; a minus sign before one sorts from high to low. Empty cells come last,
        ties keep their order.
    limit
        The most rows to keep; a note says how many there were.

    Raises
    ------
    UnknownNameError
        If a column does not exist.
    """
    if where is not None:
        layer = choose(layer, where)
    if sort:
        layer = _sorted(layer, [part.strip() for part in sort.split(",")])
    if limit is not None and limit < len(layer.frame):
        note = f"The first {limit:,} of {len(layer.frame):,} rows (--limit {limit})."
        layer = layer.with_frame(layer.frame.iloc[:limit]).noting(note)
    if columns:
        wanted = [_known(layer, part.strip()) for part in columns.split(",")]
        geometry = layer.frame.geometry.name
        layer = layer.with_frame(layer.frame[[*dict.fromkeys(wanted), geometry]])
    return layer


def _sorted(layer: Layer, terms: list[str]) -> Layer:
    frame = layer.frame
    for term in reversed(terms):  # the least important first: each sort is stable
        column = _known(layer, term.removeprefix("-"))
        frame = frame.sort_values(
            column, ascending=not term.startswith("-"), kind="stable", na_position="last"
        )
    return layer.with_frame(frame)


def _known(layer: Layer, column: str) -> str:
    columns = [each for each in layer.frame.columns if each != layer.frame.geometry.name]
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name)
    return column


def main_columns(layer: Layer) -> list[str]:
    """Choose the columns that tell most of a layer: name, kind, area, confidence, then short fields.

    Returns
    -------
    list of str
        At most eight column names, in the layer's order after the first few.
    """
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    first = [layer.key, layer.label, layer.metadata.category, "in_area", "confidence", "status"]
    chosen = [each for each in dict.fromkeys(first) if each in columns]
    if len(columns) <= MOST_COLUMNS:
        return columns
    short = [
        each
        for each in columns
        if each not in chosen
        and each not in LONG_TEXT
        and not each.startswith(("source_", "label_"))
    ]
    return [*chosen, *short][:MOST_COLUMNS]


def print_table(layer: Layer, *, every_column: bool = False, main: Sequence[str] = ()) -> list[str]:
    """Print a layer as a table on stdout, and return what must be said about it.

    Parameters
    ----------
    layer
        The rows; values that stand for a category are shown by its readable name.
    every_column
        Show all columns instead of the main ones.
    main
        The main columns, where the answer knows them better than `main_columns` does.
    """
    from rich.console import Console

    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    known = [each for each in main if each in columns]
    shown = columns if every_column else known or main_columns(layer)
    # Off a terminal there is no width to fit: as wide as the text needs, so that nothing is cut.
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, emoji=False, markup=False, width=10_000)
    console.print(_rich_table(layer, shown))
    notes = []
    if len(shown) < len(columns):
        notes.append(
            f"{len(shown)} of {len(columns)} columns are shown: choose others with --columns, "
            f"or write them all with -o FILE."
        )
    unplaced = len(layer.features) - layer.placed
    if unplaced and layer.metadata.geometry != "none":
        noun = layer.metadata.noun(unplaced)
        notes.append(f"{unplaced:,} {noun} without a position: not published.")
    if layer.metadata.credit:
        notes.append(layer.metadata.credit)
    return notes


def _rich_table(layer: Layer, columns: list[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        numeric = pd.api.types.is_numeric_dtype(layer.frame[column].dtype)
        field = layer.field(column)
        title = f"{field.title} ({field.unit})" if field.unit else field.title
        table.add_column(Text(title), justify="right" if numeric else "left")
    texts = [as_text(layer, column) for column in columns]
    for row in zip(*texts, strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return table


def as_text(layer: Layer, column: str) -> list[str]:
    """Return a column as a reader should see it: categories by their label, empty cells empty."""
    field = layer.field(column)
    labels = {each.value: each.label for each in field.categories}
    return [_cell(value, labels) for value in layer.frame[column].tolist()]


def _cell(value: object, labels: dict[str, str]) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = labels.get(str(value), str(value))
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
