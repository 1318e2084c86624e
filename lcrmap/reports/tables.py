"""Arrange the rows of an answer, and print them as a table on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from lcrmap.analysis.filtering import choose
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Layer

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["arrange", "main_columns", "print_table"]

MOST_COLUMNS = 8  # what a terminal of usual width holds
LONGEST_WORD = 24  # a longer word, such as an address, may be broken
GAP = 3  # between two columns
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
    known = layer.metadata
    first = [
        layer.key,
        layer.label,
        known.category,
        "in_area",
        "confidence",
        "position_error_m",
        "status",
    ]
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
    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        # There is no width to fit: as wide as the text needs, so that nothing is cut.
        console = Console(highlight=False, emoji=False, markup=False, width=10_000)
    texts = {column: as_text(layer, column) for column in shown}
    widths = fitting(layer, texts, console.width, every_column=every_column)
    shown = list(widths)
    # A line may be wider than the terminal, but nothing is ever cut off.
    console.width = max(console.width, sum(widths.values()) + GAP * (len(widths) - 1))
    console.print(_rich_table(layer, texts, widths))
    notes = []
    if len(shown) < len(columns):
        notes.append(
            f"{len(shown)} of {len(columns)} columns are shown: choose others with --columns, "
            f"or write them all with -o FILE."
        )
    unplaced = len(layer.features) - layer.placed
    if unplaced and layer.metadata.geometry != "none":
        noun = layer.metadata.noun(unplaced)
        why = "not published" if layer.metadata.sources else "the file gives none"
        notes.append(f"{unplaced:,} {noun} without a position: {why}.")
    if layer.metadata.credit:
        notes.append(layer.metadata.credit)
    return notes


def fitting(
    layer: Layer, texts: Mapping[str, Sequence[str]], width: int, *, every_column: bool = False
) -> dict[str, int]:
    """Choose the first columns that fit a terminal with their words whole, at least two, and their widths.

    Parameters
    ----------
    texts
        The cells of each column, in order.
    width
        Characters in a line of the terminal.
    every_column
        Whether all columns stay, even if the lines become wider than the terminal.

    Returns
    -------
    dict
        The width of each chosen column; what is left of the line goes to those that could use it, in order.
    """
    chosen: dict[str, int] = {}
    left = width + GAP
    for column, cells in texts.items():
        least = _least_width(layer, column, cells)
        if len(chosen) >= 2 and least + GAP > left and not every_column:
            break
        chosen[column] = least
        left -= least + GAP
    for column, least in chosen.items():
        whole = max(map(len, (_title(layer, column), *texts[column])))
        more = max(0, min(whole - least, left))
        chosen[column] = least + more
        left -= more
    return chosen


def _least_width(layer: Layer, column: str, cells: Sequence[str]) -> int:
    """Return the narrowest width at which a column can be read: its longest word, or all of a key."""
    words = [word for text in (_title(layer, column), *cells) for word in text.split()]
    if column == layer.key:
        words = [*words, *cells]  # a key is typed as it is shown, so it stays in one piece
    longest = max(map(len, words), default=1)
    return longest if column == layer.key else min(longest, LONGEST_WORD)


def _title(layer: Layer, column: str) -> str:
    field = layer.field(column)
    return f"{field.title} ({field.unit})" if field.unit else field.title


def _rich_table(
    layer: Layer, texts: Mapping[str, Sequence[str]], widths: Mapping[str, int]
) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, width in widths.items():
        numeric = pd.api.types.is_numeric_dtype(layer.frame[column].dtype)
        table.add_column(
            Text(_title(layer, column)),
            justify="right" if numeric else "left",
            width=width,
            no_wrap=column == layer.key,
            overflow="fold",
        )
    for row in zip(*(texts[column] for column in widths), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return table


def as_text(layer: Layer, column: str) -> list[str]:
    """Return a column as a reader should see it: categories by their label, empty cells empty."""
    field = layer.field(column)
    labels = {each.value: each.label for each in field.categories}
    return [_cell(value, labels) for value in layer.frame[column].tolist()]


def _cell(value: Any, labels: dict[str, str]) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = labels.get(str(value), str(value))
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
