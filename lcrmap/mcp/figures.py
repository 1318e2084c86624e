"""Which numbers of a table are figures, the range of each, and whether it is certain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lcrmap.layers import Layer

__all__ = ["ends_of", "figures_of"]

_UNIT: Final = re.compile(r"(.*)(_(?:m|km|mi|pct))")
_NUMBERS: Final = ("integer", "number")


def ends_of(column: str, columns: Sequence[str]) -> tuple[str, str] | None:
    """Return the columns that hold the range of a column's values; None if there are none.

    Examples
    --------
    >>> ends_of("residents", ["residents", "residents_min", "residents_max"])
    ('residents_min', 'residents_max')
    >>> ends_of("distance_km", ["distance_km", "distance_min_km", "distance_max_km"])
    ('distance_min_km', 'distance_max_km')
    >>> ends_of("count", ["count", "min", "max"])
    ('min', 'max')
    """
    pairs = [(f"{column}_min", f"{column}_max")]
    if found := _UNIT.fullmatch(column):
        pairs.append((f"{found[1]}_min{found[2]}", f"{found[1]}_max{found[2]}"))
    if column == "count":
        pairs.append(("min", "max"))
    return next((each for each in pairs if set(each) <= set(columns)), None)


def figures_of(
    layer: Layer, rows: Sequence[Mapping[str, Any]], main: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the figures of rows: each number that has a range, or is among the main columns.

    Parameters
    ----------
    layer
        What is known of the columns.
    rows
        The rows as plain values.
    main
        The columns that the answer is about.
    """
    columns = [str(each) for each in layer.frame.columns]
    ends = {each: found for each in columns if (found := ends_of(each, columns)) is not None}
    bounds = {each for pair in ends.values() for each in pair}
    told = [
        each
        for each in columns
        if each in ends or (each not in bounds and each in main and _is_number(layer, each))
    ]
    named = [layer.label] if layer.label else [each for each in main if _is_text(layer, each)]
    return [
        _figure(layer, row, number, column, ends.get(column), named)
        for number, row in enumerate(rows)
        for column in told
        if isinstance(row.get(column), int | float)
    ]


def _is_number(layer: Layer, column: str) -> bool:
    return layer.field(column).type in _NUMBERS


def _is_text(layer: Layer, column: str) -> bool:
    return column in layer.frame.columns and layer.field(column).type == "string"


def _figure(
    layer: Layer,
    row: Mapping[str, Any],
    number: int,
    column: str,
    ends: tuple[str, str] | None,
    named: Sequence[str],
) -> dict[str, Any]:
    field = layer.field(column)
    least, most = (row.get(each) for each in ends) if ends else (None, None)
    certain = None if ends is None or least is None or most is None else least == most
    unit = field.unit or str(row.get(field.unit_in, "") if field.unit_in else "")
    return {
        "row": number,
        "of": ", ".join(str(row[each]) for each in named if row.get(each) is not None),
        "name": column,
        "value": row[column],
        "min": least,
        "max": most,
        "unit": unit,
        "certain": certain,
    }
