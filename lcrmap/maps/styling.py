"""How a layer is drawn, and the legend that says so: symbols by category, shading by class, or sized circles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from lcrmap.errors import UsageError
from lcrmap.layers import Category, Layer, Metadata
from lcrmap.maps.columns import MISSING, Column
from lcrmap.maps.style import (
    CROSSED,
    OTHER,
    PALETTE,
    RAMPS,
    SHAPES,
    TWO_SIDED,
    class_hues,
    hue_of,
    named_hue,
)
from lcrmap.maps.words import Words, with_unit

if TYPE_CHECKING:
    from lcrmap.maps.bars import Bar
    from lcrmap.maps.crossing import Crossed, Grid

__all__ = [
    "CONFIDENCE",
    "CirclePart",
    "CircleStyle",
    "Circles",
    "Given",
    "LegendEntry",
    "ShadeStyle",
    "Shading",
    "Style",
    "SymbolStyle",
    "class_labels",
    "entry_of",
    "floats_of",
    "looks_of",
    "make_style",
    "numbers_of",
    "with_default_look",
]

CONFIDENCE: Final = ("confirmed", "reported", "reconstructed")  # solid, half, hollow

Swatch = Literal["symbol", "outline", "area", "line", "box", "hatch", "circle", "ring"]


@dataclass(frozen=True, slots=True)
class Shading:
    """A wish to shade areas by a column.

    Attributes
    ----------
    column
        The numbers to shade by: a rate, an index or a rank, not a total.
    breaks
        Where one class ends and the next begins, rising; `n` breaks make `n` + 1 classes, at most five.
        A class includes its lower bound.
    ramp
        ``teal`` or ``plum``.
    middle
        The break at which two colours meet instead of the one of a ramp, each with at most three classes.
    neutral
        Whether the breaks lie alike on both sides of nought and the class about it has neither colour.
    sides
        What a number below nought and one above it are called, of a neutral shading: the legend says them instead of
        signs, in a list.
    falling
        Whether less is better, so that the colour of gain stands for numbers below nought.
    unknown
        What the legend calls areas whose number is missing; empty for the page's own words.
    """

    column: str
    breaks: tuple[float, ...]
    ramp: str = "teal"
    middle: float | None = None
    neutral: bool = False
    unknown: str = ""
    sides: tuple[str, str] | None = None
    falling: bool = False


@dataclass(frozen=True, slots=True)
class CirclePart:
    """A category by which circles are divided: the columns that make it up, and how it looks."""

    label: str
    columns: tuple[str, ...]
    hue: str
    shape: str


@dataclass(frozen=True, slots=True)
class Circles:
    """A wish to draw a circle for each feature, its area in proportion to a column of totals.

    Attributes
    ----------
    parts
        What the totals are made of: each circle is a ring of them, clockwise from the top. Empty for whole circles.
    """

    column: str
    parts: tuple[CirclePart, ...] = ()


class Given(IntEnum):
    """How much of the look of a class its metadata say; the more, the sooner it gets the rest."""

    WHOLLY = 0
    PARTLY = 1
    NOT = 2
    REST = 3  # what has no category of its own looks like `OTHER`, if that is free


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: what it stands for, how many features, and how it looks.

    Attributes
    ----------
    categories
        The codes of the categories that it stands for, in the order of the column: one, or those that share its look;
        none if it stands for what has no category or for numbers.
    given
        Of a symbol, a line or an area that `make_style` has made: how much of its look is said. What is not is empty,
        until `lcrmap.maps.looks` has told it from the other classes of its page.
    """

    label: str
    count: int
    placed: int
    swatch: Swatch
    shape: str = ""
    hue: str = ""
    size: float = 0.0
    categories: tuple[int, ...] = ()
    given: Given = Given.NOT


@dataclass(frozen=True, slots=True, eq=False)
class SymbolStyle:
    """Features by category: `codes` names each row's legend entry."""

    entries: tuple[LegendEntry, ...]
    codes: list[int]
    field: str = ""
    kind: Literal["symbol"] = "symbol"


@dataclass(frozen=True, slots=True, eq=False)
class ShadeStyle:
    """Areas by class: the classes from low to high, then "no data" if there are any such areas.

    Attributes
    ----------
    codes
        The legend entry of each row; of a row that is not on the map, `MISSING`.
    bar
        The numbers of the legend's bar; None if the classes are listed instead.
    grid
        What stands beside and below the classes of two columns, which lie in three rows of three; None for one column.
    """

    entries: tuple[LegendEntry, ...]
    codes: list[int]
    field: str
    breaks: tuple[float, ...]
    middle: float | None = None
    unit: str = ""
    bar: Bar | None = None
    grid: Grid | None = None
    kind: Literal["shade"] = "shade"


@dataclass(frozen=True, slots=True, eq=False)
class CircleStyle:
    """A circle a feature; `radii` in pixels, None where there is no number; a nought has a radius of 0.

    Attributes
    ----------
    entries
        The sizes, what is hollow and what has no number, and behind them the parts, if the circles are divided.
    parts
        Row by row the numbers that make up the circle's; empty if the circles are whole.
    negative
        The rows whose number is less than nought: their circles are hollow.
    """

    entries: tuple[LegendEntry, ...]
    codes: list[int]
    field: str
    radii: list[float | None]
    unit: str = ""
    parts: tuple[tuple[float, ...], ...] = ()
    negative: tuple[int, ...] = ()
    kind: Literal["circle"] = "circle"


Style = SymbolStyle | ShadeStyle | CircleStyle


def make_style(
    layer: Layer,
    columns: Sequence[Column],
    *,
    drawn_as: str,
    placed: Any,
    words: Words,
    wish: Shading | Circles | Crossed | None = None,
    outline: bool = False,
    spots: Any = None,
) -> Style:
    """Decide how a layer is drawn.

    Parameters
    ----------
    layer
        The layer; its metadata name the field and the looks of the categories.
    columns
        The layer's columns as packed for the page.
    drawn_as
        ``point``, ``line``, ``area``, ``mixed`` or ``none``.
    placed
        One truth value a row: whether it has a position.
    wish
        Shading by one column or by two, or circles; None for symbols by category.
    outline
        Whether areas are outlines of the land that places lie in, without a colour of their own.
    spots
        One pair of longitude and latitude a row, NaN where there is none: circles are so small that they can be told
        apart; None for circles of the usual size.

    Raises
    ------
    UsageError
        If the wish names a column that is not there or holds no numbers.
    """
    if isinstance(wish, Shading):
        return _shade(numbers_of(columns, wish.column), wish, placed, words)
    if isinstance(wish, Circles):
        from lcrmap.maps.circles import circle_style  # which most pages do not need

        return circle_style(columns, wish, placed, words, spots)
    if wish is not None:
        from lcrmap.maps.crossing import crossed_style  # which most pages do not need

        return crossed_style(columns, wish, placed, words)
    category = next((each for each in columns if each.name == layer.metadata.category), None)
    swatches: dict[str, Swatch] = {"area": "outline" if outline else "area", "line": "line"}
    swatch = swatches.get(drawn_as, "symbol")
    if category is None or category.kind != "code":
        return _single(layer, swatch, placed)
    return _by_category(layer, category, swatch, placed, words)


def _single(layer: Layer, swatch: Swatch, placed: Any) -> SymbolStyle:
    metadata = layer.metadata
    hue, shape, given = _wish(Category("", "", colour=metadata.colour, symbol=metadata.symbol))
    count = len(placed)
    entry = LegendEntry(metadata.title, count, int(placed.sum()), swatch, shape, hue, given=given)
    return SymbolStyle((entry,), [0] * count)


def _by_category(
    layer: Layer, column: Column, swatch: Swatch, placed: Any, words: Words
) -> SymbolStyle:
    """One entry for each category that occurs or is described; past the palette's end the rarest share one."""
    described = {each.value: each for each in layer.field(column.name).categories}
    codes = np.asarray(column.values, dtype=np.int64)
    entries: list[LegendEntry] = []
    target = np.full(len(column.labels) + 1, MISSING, dtype=np.int64)
    shared: list[int] = []
    common = _most_common(codes, len(column.labels))
    several = len(column.labels) > len(common) + 1  # one alone is no "other": it keeps its name
    for place, (raw, label) in enumerate(zip(column.raw, column.labels, strict=True)):
        plain = described.get(raw, Category(raw, label))
        known = with_default_look(plain, described.values())
        if known is plain and place not in common and several:
            shared.append(place)
            continue
        hue, shape, given = _wish(known, layer.metadata)
        if known is not plain or not (hue or shape or place in common):
            hue, shape, given = *OTHER, Given.REST
        title = known.plural or label
        target[place] = len(entries)
        entry = entry_of(title, codes == place, placed, swatch, shape, hue, (place,))
        entries.append(replace(entry, given=given))
    if shared:
        target[shared] = len(entries)
        among = np.isin(codes, shared)
        hue, shape = OTHER
        label = words("legend.other", n=len(shared))
        entry = entry_of(label, among, placed, swatch, shape, hue, tuple(shared))
        entries.append(replace(entry, given=Given.REST))
    if (codes == MISSING).any():
        target[MISSING] = len(entries)
        hue, shape = OTHER
        entry = entry_of(words("legend.none"), codes == MISSING, placed, swatch, shape, hue)
        entries.append(replace(entry, given=Given.REST))
    return SymbolStyle(tuple(entries), target[codes].tolist(), column.name)


def _wish(category: Category, layer: Metadata | None = None) -> tuple[str, str, Given]:
    """Return the hue and the shape that metadata name, empty where they do not, and how much that is.

    What a layer says for all its categories is said of none of them wholly: only one can have it.
    """
    own = named_hue(category.colour), category.symbol if category.symbol in SHAPES else ""
    if all(own) or layer is None:
        return *own, Given.WHOLLY if all(own) else Given.PARTLY if any(own) else Given.NOT
    hue, shape, _ = _wish(Category("", "", colour=layer.colour, symbol=layer.symbol))
    hue, shape = own[0] or hue, own[1] or shape
    return hue, shape, Given.PARTLY if hue or shape else Given.NOT


def _most_common(codes: Any, count: int) -> dict[int, int]:
    """Return the categories that get looks of their own, as many as there are, each with its place among them."""
    counts = np.bincount(codes[codes >= 0], minlength=count)
    largest = np.argsort(-counts, kind="stable")[: len(PALETTE)]
    return {int(place): number for number, place in enumerate(sorted(largest.tolist()))}


def with_default_look(category: Category, among: Iterable[Category]) -> Category:
    """Return a category with the looks of `OTHER` if it has none and others of its field have some; else itself."""
    given = any(each.colour or each.symbol for each in among)
    if not given or category.colour or category.symbol:
        return category
    return replace(category, colour=OTHER[0], symbol=OTHER[1])


def looks_of(category: Category, slot: int) -> tuple[str, str]:
    """Return hue and shape: those that the metadata name if lcrmap has them, else the palette's."""
    default = PALETTE[slot][1] if slot < len(PALETTE) else OTHER[1]
    shape = category.symbol if category.symbol in SHAPES else default
    return hue_of(category.colour, slot), shape


def entry_of(
    label: str,
    rows: Any,
    placed: Any,
    swatch: Swatch,
    shape: str,
    hue: str,
    categories: tuple[int, ...] = (),
) -> LegendEntry:
    """Return the line of a symbol, with how many rows it stands for and how many of these are placed."""
    size = float(SHAPES[shape].size if shape else 0)
    count, drawn = int(rows.sum()), int((rows & placed).sum())
    return LegendEntry(label, count, drawn, swatch, shape, hue, size, categories)


def numbers_of(columns: Sequence[Column], name: str) -> Column:
    """Return the column of numbers of this name.

    Raises
    ------
    UsageError
        If there is none.
    """
    column = next((each for each in columns if each.name == name), None)
    if column is None or column.kind != "number":
        known = ", ".join(each.name for each in columns if each.kind == "number") or "none"
        raise UsageError(f"'{name}' is no column of numbers: choose one of those ({known}).")
    return column


def _shade(column: Column, wish: Shading, placed: Any, words: Words) -> ShadeStyle:
    from lcrmap.maps.bars import make_bar  # which a page without shades does not need

    classes = len(wish.breaks) + 1
    _check_shading(wish)
    two_sided = wish.middle is not None or wish.neutral
    hues = class_hues(TWO_SIDED if two_sided else wish.ramp, wish.breaks, wish.middle)
    hues = hues[::-1] if wish.falling else hues
    placed = np.asarray(placed, dtype=bool)
    values = np.where(placed, floats_of(column), np.nan)
    known = ~np.isnan(values)
    codes = np.searchsorted(np.array(wish.breaks), values, side="right")
    codes[~known] = classes
    codes[~placed] = MISSING
    *counts, none = (int((codes == number).sum()) for number in range(classes + 1))
    labels = class_labels(wish, values[known], column.unit, words)
    entries = [
        LegendEntry(label, count, count, "box", hue=hue)
        for label, count, hue in zip(labels, counts, hues, strict=True)
    ]
    if none:
        label = wish.unknown or words("legend.no_data")
        entries.append(LegendEntry(label, none, none, "hatch"))
    listed = wish.sides is not None  # words instead of signs stand in lines
    bar = (
        None
        if listed
        else make_bar(
            wish.breaks,
            (float(values[known].min()), float(values[known].max())) if known.any() else None,
            [each.count for each in entries],
            middle=wish.middle,
            unit=column.unit,
            no_data=none > 0,
        )
    )
    return ShadeStyle(
        tuple(entries), codes.tolist(), column.name, wish.breaks, wish.middle, column.unit, bar
    )


def _check_shading(wish: Shading) -> None:
    """Refuse breaks for which there are no colours."""
    if wish.neutral:
        mirrored = tuple(-each for each in reversed(wish.breaks))
        known = len(wish.breaks) in (2, 4) and mirrored == wish.breaks and wish.middle is None
    elif wish.middle is not None:
        below = sum(each <= wish.middle for each in wish.breaks)
        known = wish.middle in wish.breaks and max(below, len(wish.breaks) + 1 - below) <= 3
    else:
        one = wish.ramp in RAMPS and wish.ramp not in (TWO_SIDED, CROSSED)
        known = one and len(wish.breaks) < 5
    if not known or list(wish.breaks) != sorted(set(wish.breaks)):
        raise UsageError(
            "Shading needs a known ramp and at most four breaks that rise, or a middle among them "
            "with at most two on each side, or two or four that lie alike on both sides of a neutral class."
        )


def class_labels(wish: Shading, values: Any, unit: str, words: Words) -> list[str]:
    """Return what each class is called, from low to high; one that holds a single value by that value."""
    breaks = wish.breaks
    if not breaks:
        return [words("legend.all_values")]
    from lcrmap.maps.bars import told_apart

    texts = told_apart(breaks)
    if wish.sides is not None:
        return _side_labels(texts[len(texts) // 2 :], wish.sides, unit, words)
    first = words("legend.under", high=with_unit(texts[0], unit))
    between = [
        words(
            "legend.between",
            low=with_unit(low, unit) if unit.startswith("%") else low,
            high=with_unit(high, unit),
        )
        for low, high in pairwise(texts)
    ]
    last = with_unit(texts[-1], unit)
    if not len(values) or values.max() != breaks[-1]:
        last = words("legend.from", low=last)
    if wish.neutral:
        middle = len(breaks) // 2
        between[middle - 1] = words("legend.within", n=with_unit(texts[middle], unit))
    return [first, *between, last]


def _side_labels(
    texts: Sequence[str], sides: tuple[str, str], unit: str, words: Words
) -> list[str]:
    """Return what classes are called that lie alike on both sides of nought, given their breaks above it."""
    below, above = sides
    one = unit.removesuffix("s") if texts[0] == "1" else unit
    labels = [words("legend.within", n=with_unit(texts[0], one))]
    for low, high in pairwise(texts):
        far = with_unit(high, unit)
        labels.insert(0, words("legend.side_below", low=low, high=far, side=below))
        labels.append(words("legend.side_above", low=low, high=far, side=above))
    last = with_unit(texts[-1], unit if len(texts) > 1 else one)
    labels.insert(0, words("legend.side_lowest", n=last, side=below))
    return [*labels, words("legend.side_highest", n=last, side=above)]


def floats_of(column: Column) -> Any:
    """Return the numbers of a column as an array; NaN where there is none."""
    return np.array([math.nan if each is None else float(each) for each in column.values])
