"""Print rows as a table on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from lcrmap.cli.door import LONGEST_LINE, draw, terminal_width, visible
from lcrmap.layers import Layer
from lcrmap.verbs.arranging import as_text, main_columns

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["fitting", "print_table"]

LONGEST_WORD = 24  # a longer word, such as an address, may be broken
LONGEST_KEY = 200  # a longer key nobody types
GAP = 3  # between two columns
_DISTANCES = ("distance", "straight")  # begin the names of columns that are measured
_DECIMALS = {"m": 0, "km": 2, "mi": 2}


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
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    known = [each for each in main if each in columns]
    shown = columns if every_column else known or main_columns(layer)
    read = _as_read(layer)
    texts = {column: [visible(each) for each in as_text(read, column)] for column in shown}
    # Where there is no width to fit, it is as wide as the text needs, as far as a line goes.
    width = terminal_width() or LONGEST_LINE
    widths = fitting(layer, texts, width, every_column=every_column)
    shown = list(widths)
    # A line may be wider than the terminal, but nothing is ever cut off.
    whole = sum(widths.values()) + GAP * (len(widths) - 1)
    draw(_rich_table(layer, texts, widths), width=max(width, whole))
    notes = []
    if len(shown) < len(columns):
        notes.append(
            f"{len(shown)} of {len(columns)} columns are shown: choose others with --columns, "
            f"or write them all with -o FILE."
        )
    unplaced = len(layer.features) - layer.placed
    if unplaced and layer.metadata.geometry != "none":
        noun = layer.metadata.unplaced_noun(unplaced)
        notes.append(f"{unplaced:,} {noun} without a position: {layer.unplaced_why}.")
    if layer.metadata.credit:
        notes.append(layer.metadata.credit_once)
    return notes


def _as_read(layer: Layer) -> Layer:
    """Return rows with distances no finer than a page has them, which files keep to the millimetre."""
    frame = layer.frame
    coarse = {
        str(name): frame[name].round(_DECIMALS[unit])
        for name in frame.columns
        if str(name).startswith(_DISTANCES)
        and (unit := str(name).rpartition("_")[2]) in _DECIMALS
        and pd.api.types.is_float_dtype(frame[name].dtype)
    }
    return layer.with_frame(frame.assign(**coarse)) if coarse else layer


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
    """Return the narrowest width at which a column can be read: its longest word, or all of a key, within bounds."""
    words = [word for text in (_title(layer, column), *cells) for word in text.split()]
    if column == layer.key:
        words = [*words, *cells]  # a key is typed as it is shown, so it stays in one piece
    return min(max(map(len, words), default=1), _longest_word(layer, column))


def _longest_word(layer: Layer, column: str) -> int:
    return LONGEST_KEY if column == layer.key else LONGEST_WORD


def _title(layer: Layer, column: str) -> str:
    field = layer.field(column)
    return visible(f"{field.title} ({field.unit})" if field.unit else field.title)


def _rich_table(
    layer: Layer, texts: Mapping[str, Sequence[str]], widths: Mapping[str, int]
) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, width in widths.items():
        dtype = layer.frame[column].dtype
        numeric = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)
        numeric = numeric or layer.field(column).type in ("number", "integer")
        table.add_column(
            Text(_title(layer, column)),
            justify="right" if numeric else "left",
            width=width,
            no_wrap=column == layer.key and width < LONGEST_KEY,
            overflow="fold",
        )
    for row in zip(*(texts[column] for column in widths), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return table
