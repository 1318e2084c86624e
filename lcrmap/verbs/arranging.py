"""Choose and sort the rows of an answer, and its columns for a reader; make such rows of what has no place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from lcrmap.errors import UnknownNameError
from lcrmap.io.values import cell_text
from lcrmap.layers import FEATURE_ROW, TOTAL_ROW, Category, Layer

__all__ = ["arrange", "as_text", "main_columns", "total_note", "without_places"]

MOST_COLUMNS = 8  # what a terminal of usual width holds
LONG_TEXT = {"note", "description", "operator", "aliases", "method"}


def arrange(
    layer: Layer,
    *,
    where: str | None = None,
    columns: Sequence[str] = (),
    sort: Sequence[str] = (),
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
        Column names in the wanted order; none for all.
    sort
        Column names; a minus sign before one sorts from high to low. Empty cells come last, ties keep their order.
    limit
        The most rows to keep; a note says how many there were.

    Raises
    ------
    UnknownNameError
        If a column does not exist.
    """
    if where is not None:
        from lcrmap.analysis.filtering import choose  # which most questions do without

        try:
            layer = choose(layer, where)
        except UnknownNameError as error:
            told = "--where filters the result: to filter what is asked about, use 'lcrmap show' first."
            error.args = (f"{error} {told}",)
            raise
    if sort:
        layer = _sorted(layer, sort)
    if limit is not None and limit < len(layer.frame):
        note = f"The first {limit:,} of {len(layer.frame):,} rows (--limit {limit})."
        layer = layer.with_frame(layer.frame.iloc[:limit]).noting(note)
    if columns:
        wanted = [_known(layer, each) for each in columns]
        geometry = layer.frame.geometry.name
        layer = layer.with_frame(layer.frame[[*dict.fromkeys(wanted), geometry]])
    return layer


def total_note(whole: Layer, chosen: Layer, shown: Layer, remainders: Sequence[str] = ()) -> str:
    """Say that a total which is shown is also of rows that are not; empty if it adds up or is not shown.

    Parameters
    ----------
    whole, chosen, shown
        All rows, those that ``--where`` keeps of them, and those that ``--limit`` keeps of these; under one index.
    remainders
        The kinds of rows that the total sums besides those of features, such as ``outside``.
    """
    column = whole.metadata.row
    if column not in whole.frame.columns:
        return ""
    kinds = whole.frame[column]
    if not (kinds[shown.frame.index] == TOTAL_ROW).any():
        return ""
    summed = kinds[kinds.isin({FEATURE_ROW, *remainders} - {TOTAL_ROW})].index
    chosen_of = summed.intersection(chosen.frame.index)
    shown_of = summed.intersection(shown.frame.index)
    by = ["--where"] * (len(chosen_of) < len(summed)) + ["--limit"] * (
        len(shown_of) < len(chosen_of)
    )
    if not by:
        return ""
    lost = kinds[summed.difference(shown_of, sort=False)]
    leave = "leaves" if len(by) == 1 else "leave"
    return (
        f"The row '{_kind_label(whole, TOTAL_ROW)}' is also of {_kinds_words(whole, lost)}, which "
        f"{' and '.join(by)} {leave} out."
    )


def _kinds_words(layer: Layer, kinds: pd.Series[Any]) -> str:
    """Return what some rows are: "2 boroughs, Outside and No position"."""
    from lcrmap.verbs.numbers import listed  # which most questions do without

    features = int((kinds == FEATURE_ROW).sum())
    words = [f"{features:,} {layer.metadata.noun(features)}"] if features else []
    return listed([*words, *(_kind_label(layer, each) for each in kinds if each != FEATURE_ROW)])


def _kind_label(layer: Layer, kind: str) -> str:
    known = layer.field(layer.metadata.row).category(kind)
    return (known or Category(kind, kind.capitalize())).label


def without_places(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return rows that have no place at all as an answer holds them: with an empty column of shapes, ``place``.

    Examples
    --------
    >>> without_places(pd.DataFrame({"name": ["a"]})).geometry.isna().tolist()
    [True]
    """
    nowhere = gpd.array.from_shapely([None] * len(rows), crs="EPSG:4326")
    return gpd.GeoDataFrame(rows.assign(place=nowhere), geometry="place")


def _sorted(layer: Layer, terms: Sequence[str]) -> Layer:
    frame = layer.frame
    for term in reversed(terms):  # the least important first: each sort is stable
        column = _known(layer, term.removeprefix("-"))
        frame = frame.sort_values(
            column,
            ascending=not term.startswith("-"),
            kind="stable",
            na_position="last",
            key=_comparable,
        )
    return layer.with_frame(frame)


def _comparable(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return what orders values of several kinds: numbers come before texts, and these before lists and objects."""
    if values.dtype != object:
        return values
    return pd.Series([_rank(each) for each in values], index=values.index, dtype=object)


def _rank(value: Any) -> tuple[int, Any] | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool | int | float):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, cell_text(value))


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


def as_text(layer: Layer, column: str) -> list[str]:
    """Return a column as a reader should see it: categories by their label, empty cells empty."""
    field = layer.field(column)
    labels = {each.value: each.label for each in field.categories}
    return [_cell(value, labels) for value in layer.frame[column].tolist()]


def _cell(value: Any, labels: dict[str, str]) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        from lcrmap.verbs.numbers import number_words  # which a table in a file does without

        return number_words(value, 6)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, bool) and str(value) not in labels:
        return "Yes" if value else "No"
    return labels.get(str(value), str(value))
