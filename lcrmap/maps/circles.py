"""Circles whose areas stand for numbers: how large they are, and the legend that says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from lcrmap.maps.columns import MISSING, Column
from lcrmap.maps.style import OTHER, SHAPES
from lcrmap.maps.styling import (
    CirclePart,
    Circles,
    CircleStyle,
    LegendEntry,
    entry_of,
    floats_of,
    numbers_of,
)
from lcrmap.maps.words import Words, number_text, with_unit

__all__ = ["circle_style"]

LARGEST_CIRCLE: Final = 28.0
LARGEST_RING: Final = 42.0  # of circles that are divided: their parts must be told apart
SMALLEST_CIRCLE: Final = 3.0
_LEAST_LARGEST: Final = 7.0  # of many circles; smaller ones tell no sizes apart
_PHONE: Final = 330.0  # pixels of a small screen along the longer side of what is drawn
_MOST_COMPARED: Final = 2000  # circles
_MET: Final = 0.04  # the share of the circles whose middle may lie in another
_ROUND: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # times a power of ten
_LEGEND_STEPS: Final = (1.0, 0.5, 0.2)  # nested circles, as shares of the largest


def circle_style(
    columns: Sequence[Column], wish: Circles, placed: Any, words: Words, spots: Any
) -> CircleStyle:
    """Draw a circle for each feature, as large as allows to tell them apart; see `make_style`."""
    column = numbers_of(columns, wish.column)
    values = floats_of(column)
    sizes = np.abs(values)
    known = sizes[~np.isnan(sizes)]
    top = _round_up(float(known.max())) if len(known) else 0.0
    largest = LARGEST_RING if wish.parts else _largest_circle(sizes, top, spots)
    radii = [None if math.isnan(v) else _radius(v, top, largest) for v in sizes]
    steps = [float(f"{top * share:.1g}") for share in _LEGEND_STEPS] if top else []
    steps[:1] = [top] if top else []
    if bool(np.all(known == np.floor(known))):  # counts have no halves
        steps = [each for each in dict.fromkeys(map(math.floor, steps)) if each]
    entries = [
        _size_entry(with_unit(number_text(step), column.unit), _radius(step, top, largest))
        for step in steps
    ]
    parts = [_part_values(columns, each) for each in wish.parts]
    negative = np.flatnonzero(values < 0).tolist()
    if negative:
        size = _radius(top * _LEGEND_STEPS[-1], top, largest)
        entries.append(_size_entry(words("legend.positive"), size))
        entries.append(replace(_size_entry(words("legend.negative"), size), swatch="ring"))
    if np.isnan(values).any():
        hue, shape = OTHER
        entries.append(
            entry_of(words("legend.no_data"), np.isnan(values), placed, "symbol", shape, hue)
        )
    return CircleStyle(
        (*entries, *map(_part_entry, wish.parts, parts)),
        [MISSING] * len(values),
        column.name,
        radii,
        column.unit,
        tuple(zip(*(each.tolist() for each in parts), strict=True)),
        tuple(negative),
    )


def _largest_circle(sizes: Any, top: float, spots: Any) -> float:
    """Return how large the largest circle may be so that few lie on the middle of another, on a phone too."""
    if spots is None or not top:
        return LARGEST_CIRCLE
    if len(spots) > _MOST_COMPARED:
        return _LEAST_LARGEST
    known = ~np.isnan(spots).any(axis=1) & (np.nan_to_num(sizes) > 0)
    if known.sum() < 2:
        return LARGEST_CIRCLE
    at = spots[known] * (np.cos(np.radians(spots[known, 1].mean())), 1.0)
    at = at * (_PHONE / max(np.ptp(at, axis=0).max(), 1e-9))
    apart = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    # How large the largest may be for the middle of each to lie in no other.
    needed = (apart / np.sqrt(sizes[known] / top)).min(axis=1)
    return min(LARGEST_CIRCLE, max(_LEAST_LARGEST, float(np.quantile(needed, _MET))))


def _size_entry(label: str, radius: float) -> LegendEntry:
    return LegendEntry(label, 0, 0, "circle", "", "navy", radius)


def _part_values(columns: Sequence[Column], part: CirclePart) -> Any:
    numbers = [np.nan_to_num(floats_of(numbers_of(columns, name))) for name in part.columns]
    return np.sum(numbers, axis=0)


def _part_entry(part: CirclePart, values: Any) -> LegendEntry:
    size = float(SHAPES[part.shape].size)
    total = int(values.sum())
    return LegendEntry(part.label, total, total, "symbol", part.shape, part.hue, size)


def _radius(value: float, top: float, largest: float) -> float:
    """Return the radius in pixels: area in proportion, but a small number is not drawn as nothing."""
    if value <= 0 or top <= 0:
        return 0.0
    return round(max(SMALLEST_CIRCLE, largest * math.sqrt(value / top)), 1)


def _round_up(value: float) -> float:
    """Return the next round number at or above `value`, near it: no circle of a legend is far above the largest."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(_clear(step * power) for step in _ROUND if step * power >= value * (1 - 1e-12))


def _clear(value: float) -> float:
    return float(f"{value:.12g}")
