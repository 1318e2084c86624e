"""Which features are chosen: by a box, a time, values of fields, and filters in CQL2."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.analysis.filtering import mask
from lcrmap.errors import LcrmapError
from lcrmap.io.features import reading_of
from lcrmap.layers import Layer
from lcrmap.live.asking import Asked, ProblemError
from lcrmap.live.crs import degrees_from, wanted_crs
from lcrmap.live.entries import Held
from lcrmap.live.rules import Collection
from lcrmap.live.store import Shelf

__all__ = ["box_from", "meets", "selected"]

_TIME: Final = "as_of"
_AT_ONCE: Final = 10_000


def box_from(text: str | None, crs: str | None) -> Any:
    """Return the area that a parameter ``bbox`` means, in degrees; None if it is not given."""
    code = wanted_crs(crs, "bbox-crs")
    if text is None:
        return None
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(np.isfinite, numbers)) or numbers[1] > numbers[3]:
        raise ProblemError(400, "'bbox' must be west, south, east and north, with commas between.")
    west, south, east, north = degrees_from(numbers, code)
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def meets(held: Held, area: Any) -> bool:
    """Tell whether a feature's shape meets an area; one without a shape meets none."""
    shape = json.loads(held.body)["geometry"]
    return shape is not None and bool(
        shapely.intersects(shapely.from_geojson(json.dumps(shape)), area)
    )


async def selected(
    asked: Asked,
    shelf: Shelf,
    found: Collection,
    equal: dict[str, str],
    interval: tuple[str, str] | None,
    area: Any,
    at: int | None,
) -> list[Held]:
    """Return the features that all conditions let pass, in the order of their ids."""
    if asked.query("filter-lang") not in (None, "cql2-text"):
        raise ProblemError(400, "'filter-lang' must be cql2-text.")
    wanted_crs(asked.query("filter-crs"), "filter-crs")
    rows: list[Held] = []
    while page := await shelf.page(
        found.name, after=rows[-1].id if rows else "", limit=_AT_ONCE, at=at
    ):
        rows += page
    expression = asked.query("filter")
    return await asyncio.to_thread(_chosen, rows, found, equal, interval, area, expression)


def _chosen(
    rows: list[Held],
    found: Collection,
    equal: dict[str, str],
    interval: tuple[str, str] | None,
    area: Any,
    expression: str | None,
) -> list[Held]:
    layer = _layer(rows, found)
    met = np.ones(len(rows), dtype=bool)
    for name, wanted in equal.items():
        met &= np.array([_is(each, wanted) for each in layer.frame[name].tolist()], dtype=bool)
    if interval is not None and _TIME in layer.frame.columns:
        met &= np.array(
            [_within(each, interval) for each in layer.frame[_TIME].tolist()], dtype=bool
        )
    if area is not None:
        met &= shapely.intersects(layer.frame.geometry.to_numpy(), area)
    if expression is not None:
        try:
            met &= mask(layer, expression).to_numpy()
        except LcrmapError as error:
            raise ProblemError(400, str(error)) from error
    return [each for each, one in zip(rows, met, strict=True) if one]


def _layer(rows: list[Held], found: Collection) -> Layer:
    frame = reading_of([json.loads(each.body) for each in rows], found.head, "The layer").frame
    return Layer(frame, found.metadata)


def _is(value: Any, wanted: str) -> bool:
    """Tell whether a value is what a text of an address says."""
    if isinstance(value, bool):
        return wanted == str(value).lower()
    if isinstance(value, int | float | np.number):
        try:
            return float(wanted) == float(value)
        except ValueError:
            return False
    return str(value) == wanted


def _within(value: Any, interval: tuple[str, str]) -> bool:
    """Tell whether a date of a year, month or day meets an interval; what has none meets each (Part 1, 7.15.4)."""
    if not isinstance(value, str) or not value:
        return True
    first = f"{value}-01-01"[:10] if len(value) == 4 else f"{value}-01"[:10]
    last = f"{value}-12-31"[:10] if len(value) == 4 else f"{value}-31"[:10]
    return first <= interval[1] and last >= interval[0]
