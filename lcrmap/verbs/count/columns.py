"""How counts are shown: one row an area and three that close the account, and the words that go with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.counting import EXTRA_ROWS, Figure
from lcrmap.errors import UsageError
from lcrmap.layers import FEATURE_ROW, Category, Field, Layer
from lcrmap.layers.naming import named_apart, words_apart
from lcrmap.verbs.areas import area_names, with_sources_of
from lcrmap.verbs.count.rates import Base
from lcrmap.verbs.keeping import kept_names, kept_of
from lcrmap.verbs.numbers import HIGHEST, LOWEST, counted_title, listed, snake

__all__ = [
    "MOST_CATEGORIES",
    "STATISTIC_HEADS",
    "Account",
    "Counted",
    "FigureNames",
    "category_columns",
    "counted_layer",
    "main_columns",
    "rows_apart",
    "too_many_categories",
    "with_names_apart",
]

MOST_CATEGORIES: Final = 40
MOST_COLUMNS = 12  # what a terminal shows of a count

STATISTIC_HEADS = {
    "sum": "Sum of",
    "mean": "Mean of",
    "min": "Least of",
    "max": "Greatest of",
    "median": "Median of",
}
"""What stands before a column's title in the title of each of its statistics."""

FigureNames = dict[tuple[int, str], str]
"""The column of each figure: by the number of its layer and its own name, with ``:low`` and ``:high`` for its range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is counted of a layer besides its figures; ``+`` counts other features too.

    Attributes
    ----------
    on_border
        How many lie on a border that areas share.
    open
        How many may lie elsewhere within the error of their position; None if no error is known.
    unknown
        How many have a position of unknown error.
    missing
        How many have no number in the column that is summarised.
    kinds
        How many there are of each value of the column by which a total must be broken down.
    """

    on_border: int
    open: int | None
    unknown: int
    missing: int
    kinds: Mapping[Any, int]

    def __add__(self, other: Account) -> Account:
        some = [each.open for each in (self, other) if each.open is not None]
        return Account(
            on_border=self.on_border + other.on_border,
            open=sum(some) if some else None,
            unknown=self.unknown + other.unknown,
            missing=self.missing + other.missing,
            kinds=dict(Counter(self.kinds) + Counter(other.kinds)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """The figures of one layer, of which the features are left out, and what else was counted of it."""

    layer: Layer
    account: Account
    figures: tuple[Figure, ...]

    @property
    def main(self) -> Figure:
        """The figure that was asked for: the statistic if there is one, else the count."""
        return next((each for each in self.figures if each.kind == "statistic"), self.figures[0])

    @property
    def rate(self) -> Figure | None:
        """The rate, if one was asked for."""
        return next((each for each in self.figures if each.kind == "rate"), None)


def category_columns(
    layer: Layer, column: str, found: Collection[Any]
) -> tuple[dict[Any, int], list[tuple[str, str]]]:
    """Return the column of each value that was found, and a name and title for each column.

    The categories that the layer's metadata describe come first and in their order, whether or not any row has them;
    then other values in theirs; a last one takes the rows without a value, which is None, if there are any.

    Raises
    ------
    UsageError
        If it has too many different values to be columns.
    """
    described = {each.value: each.label for each in layer.field(column).categories}
    values = [each for each in found if each is not None]
    codes, ordered = pd.factorize(np.array([*values, None], dtype=object)[:-1], sort=True)
    texts = [str(each) for each in _whole(ordered)]
    every = [*described, *(each for each in dict.fromkeys(texts) if each not in described)]
    if len(every) > MOST_CATEGORIES:
        raise too_many_categories(layer, column)
    named = [(f"{column}_{snake(each)}", described.get(each, each)) for each in every]
    places = {value: every.index(texts[code]) for value, code in zip(values, codes, strict=True)}
    if None in found:
        places[None] = len(named)
        named.append((f"{column}_not_stated", "Not stated"))
    return places, _unique(named)


def too_many_categories(layer: Layer, column: str) -> UsageError:
    """Say that a column has too many different values to be columns."""
    return UsageError(
        f"--by needs at most {MOST_CATEGORIES} different values, and '{column}' of {layer.name} has more: "
        f"choose a column of categories."
    )


def _whole(values: Any) -> Any:
    """Return numbers as whole ones, if all are: gaps make floating point of whole numbers."""
    if not len(values) or not all(isinstance(each, float) for each in values):
        return values
    numbers = np.asarray(values, dtype=np.float64)
    all_whole = np.isfinite(numbers).all() and (numbers == np.trunc(numbers)).all()
    return [int(each) for each in numbers] if all_whole else values


def counted_layer(
    counted: Sequence[Counted],
    areas: Layer,
    base: Base | None,
    *,
    key: str = "",
    keep: Sequence[str] = (),
) -> tuple[Layer, FigureNames]:
    """Put the figures of all layers side by side, with the areas' shapes.

    Parameters
    ----------
    key
        The column of the areas that decides on shared borders, which is always shown.
    keep
        Further columns of the areas that are to be shown.

    Returns
    -------
    tuple of Layer and FigureNames
        Rows as `lcrmap.analysis.counting` orders them; and the name of each figure's column.
    """
    columns, fields, primary = _who(areas, key)
    further = [each for each in keep if each == "row" or each not in columns]
    label = areas.label or "area"
    if base is not None:
        padded = np.append(base.values, [np.nan] * len(EXTRA_ROWS))
        columns[base.column] = pd.array(padded, dtype="Int64") if base.whole else padded
        kind = "integer" if base.whole else "number"
        fields.append(Field(base.column, base.title, kind, unit=base.unit))
    names: FigureNames = {}
    for number, each in enumerate(counted):
        for figure in each.figures:
            for part, values, title in _parts(figure, _title(counted, each, figure)):
                name = _column_name(counted, number, figure, part, columns)
                names[number, figure.name + part] = name
                columns[name] = _array(figure, values)
                fields.append(_field(name, title, figure, part))
    _carry(areas, further, columns, fields)
    shapes = [*areas.frame.geometry, *([None] * len(EXTRA_ROWS))]
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=areas.frame.crs))
    titles = listed([each.main.title for each in counted])
    metadata = areas.metadata
    whole = with_sources_of(metadata, *(each.layer.metadata for each in counted)).replaced(
        name="-".join([*(each.layer.name for each in counted), "in", areas.name]),
        title=f"{titles} by {metadata.noun_one}",
        description="",
        key=primary,
        label=label,
        category="",
        row="row",
        as_of=max(each.layer.metadata.as_of for each in counted),
        fields=tuple(fields),
    )
    inputs = [*areas.inputs, *(one for each in counted for one in each.layer.inputs)]
    return Layer(frame, whole, tuple(dict.fromkeys(inputs))), names


def _who(areas: Layer, key: str) -> tuple[dict[str, Any], list[Field], str]:
    """Return the columns that say which area a row is, their fields, and which of them is the key of the rows."""
    metadata = areas.metadata
    label = areas.label or "area"
    kinds = (
        Category(FEATURE_ROW, metadata.noun_one.capitalize()),
        Category("outside", "Outside"),
        Category("no-position", "No position"),
        Category("total", "Total"),
    )
    about = "Kind of row: an area, a remainder or the total"
    columns: dict[str, Any] = {"row": [FEATURE_ROW] * len(areas.frame) + list(EXTRA_ROWS)}
    fields = [Field("row", "Row", description=about, categories=kinds)]
    values = areas.frame[key] if key else None
    names_rows = values is not None and bool(values.notna().all() and values.is_unique)
    primary = key if names_rows else areas.key
    for column in dict.fromkeys(filter(None, (key, primary, label))):
        columns[column] = _naming(areas, column, label)
        fields.append(areas.field(column))
    return columns, fields, primary


def _carry(areas: Layer, keep: Sequence[str], columns: dict[str, Any], fields: list[Field]) -> None:
    """Put further columns of the areas behind the figures, which keep their names."""
    clash = snake(areas.metadata.noun_one) + "_"
    for old, new in kept_names([areas], keep, list(columns), clash=clash).items():
        rows = [*range(len(areas.frame)), *([-1] * len(EXTRA_ROWS))]
        columns[new], field = kept_of([areas], old, new, [rows])
        fields.append(field)


def _naming(areas: Layer, column: str, label: str) -> list[object]:
    """Return a column that names the areas; the label also names the rows that close the account."""
    if column not in areas.frame.columns:
        values: list[object] = list(area_names(areas))
    else:
        values = areas.frame[column].astype(object).tolist()
    if column != label:
        return [*values, None, None, None]
    named = areas.named
    return [*values, f"Outside the {named:,} {areas.metadata.noun(named)}", "No position", "Total"]


def _parts(figure: Figure, title: str) -> list[tuple[str, Any, str]]:
    """Return the columns of one figure: its numbers, and their range where one is known.

    A category has its range only where it matters, so that a cross-tabulation stays readable.
    """
    parts = [("", figure.values, title)]
    if figure.low is None or (figure.kind == "category" and not figure.uncertain):
        return parts
    return [*parts, (":low", figure.low, f"{title}, min"), (":high", figure.high, f"{title}, max")]


def _title(counted: Sequence[Counted], each: Counted, figure: Figure) -> str:
    """Return a column's title: short beside one layer, with the layer's name beside several."""
    if len(counted) == 1:
        return "Share" if figure.kind == "share" else figure.title
    own = counted_title(each.layer.metadata)
    return figure.title if figure.title.startswith(own) else f"{own}: {figure.title}"


def _column_name(
    counted: Sequence[Counted], number: int, figure: Figure, part: str, taken: dict[str, Any]
) -> str:
    """Name a column: ``count``, ``min``, ``max`` for one layer; after the layer where there are several."""
    ends = {"": "", ":low": "_min", ":high": "_max"}
    name = figure.name
    if len(counted) > 1:
        own = snake(counted[number].layer.name)
        name = own if name == "count" else f"{own}_{name.removeprefix('count_')}"
    elif name == "count" and part:
        name = ""
    elif name.startswith("count_"):
        name = name.removeprefix("count_")
    name = (name + ends[part]).lstrip("_")
    new, repeat = name, 2
    while new in taken:
        new, repeat = f"{name}_{repeat}", repeat + 1
    return new


def _array(figure: Figure, values: Any) -> Any:
    if not figure.whole:
        return values
    return pd.arrays.IntegerArray(np.nan_to_num(values).astype(np.int64), np.isnan(values))


def _field(name: str, title: str, figure: Figure, part: str) -> Field:
    about = {"": "", ":low": LOWEST, ":high": HIGHEST}[part]
    return Field(name, title, "integer" if figure.whole else "number", about, figure.unit)


def main_columns(
    layer: Layer,
    counted: Sequence[Counted],
    names: FigureNames,
    asked: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the columns that a terminal shows: names, then figures, with ranges while there is room.

    Parameters
    ----------
    asked
        Columns of the areas that were asked for by name.
    """
    wanted: list[str] = []
    for number, each in enumerate(counted):
        for figure in each.figures:
            if figure.kind == "share" and (len(counted) > 1 or len(each.figures) > 2):
                continue
            parts = (
                ["", ":low", ":high"] if figure.uncertain and figure.kind != "category" else [""]
            )
            wanted += [names[number, figure.name + part] for part in parts]
    if len(wanted) >= MOST_COLUMNS:
        ends = ("_min", "_max")
        ranges = {name for (_, own), name in names.items() if ":" in own}
        wanted = [each for each in wanted if each not in ranges or not each.endswith(ends)]
    named = [each for each in asked if each in layer.frame.columns]
    return tuple(dict.fromkeys((layer.label, *named, *wanted)))


def rows_apart(layer: Layer, areas: Layer) -> dict[int, str]:
    """Return by the row number of a table what tells areas of one name apart, such as the borough of wards."""
    key, words = areas.key, words_apart(areas)
    if not words or key not in layer.frame.columns:
        return {}
    keys = areas.frame[key].astype(str).tolist()
    told = {keys[row]: each for row, each in words.items()}
    found = (told.get(str(each)) for each in layer.frame[key].tolist())
    return {row: each for row, each in enumerate(found) if each is not None}


def with_names_apart(layer: Layer, *, areas: Layer) -> Layer:
    """Return the rows of a table in which areas of one name have behind it what tells them apart."""
    label, words = areas.label, rows_apart(layer, areas)
    if not words or label not in layer.frame.columns:
        return layer
    names = enumerate(layer.frame[label].tolist())
    called = [named_apart(name, words.get(row)) for row, name in names]
    return layer.with_frame(layer.frame.assign(**{label: called}))


def _unique(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: dict[str, int] = {}
    result = []
    for name, title in named:
        seen[name] = seen.get(name, 0) + 1
        result.append((name if seen[name] == 1 else f"{name}_{seen[name]}", title))
    return result
