"""What lcrmap writes it reads, with the values and positions that were written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lcrmap.errors import LcrmapError
from lcrmap.io.values import cell_text
from lcrmap.io.writing import write_layer
from lcrmap.layers import Layer
from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError, became, without_data
from tests.fuzz.oracles.expected import Text, kept
from tests.fuzz.oracles.opening import attempted, opened, rows_of, same
from tests.fuzz.oracles.said import left_out, written_as

__all__ = ["again"]

SUFFIXES = ("geojson", "geojsonl", "parquet", "gpkg", "csv")
NEAR = 1e-3
ROUNDED = 5.1e-8
"""Degrees; GeoJSON is written with seven decimals."""
SLANT = math.sqrt(2)
"""What no two positions of a layer are likely to have in common, if they differ."""


def again(case: Case) -> None:
    """Write what was read in one of the formats, and hold what is read again to it."""
    layer = opened(case.subject)
    if isinstance(layer, LcrmapError) or not len(layer.frame):
        return
    suffix = case.rng().choice(SUFFIXES)
    path = Path(f"again.{suffix}")
    said = attempted(lambda: write_layer(layer, path))
    if isinstance(said, LcrmapError):
        return
    if suffix == "csv" and not _all_points(layer):
        return  # a table without positions is no layer
    crs = layer.frame.crs
    if crs is not None and crs.to_epsg() is None:
        return  # a system of somebody's own, from which positions need not be on earth
    other = opened(path.name)
    if isinstance(other, LcrmapError):
        key = f"what lcrmap wrote as {suffix} it refuses: {without_data(other)}"
        raise FaultError(key, str(other))
    _hold(layer, other, suffix, said)


def _all_points(layer: Layer) -> bool:
    shapes = layer.frame.geometry.to_numpy()
    return bool((shapely.get_type_id(shapes) == shapely.GeometryType.POINT).any())


def _hold(layer: Layer, other: Layer, suffix: str, said: Sequence[str]) -> None:
    left = left_out(other.notes).rows(len(layer.frame))  # of a table, such as blank rows at its end
    if len(other.frame) != len(left):
        raise FaultError(
            f"written as {suffix}: other rows", f"{len(layer.frame)} {len(other.frame)}"
        )
    written = rows_of(layer)[left.start : left.stop]
    for mine, theirs in zip(written, rows_of(other), strict=True):
        for name, value, read in _pairs(mine, theirs, suffix, said):
            if not _is_same(value, read, suffix):
                told = f"{name!r:.80}: {value!r:.300} became {read!r:.300}"
                raise FaultError(f"written as {suffix}: {became(value, read)}", told)
    if layer.frame.crs == other.frame.crs and suffix != "csv":
        one, two = (_positions(each) for each in (layer, other))
        most = ROUNDED if suffix.startswith("geojson") else 0
        bounds = most * np.array([1, 1, 1 + SLANT])
        if one.shape != two.shape or not np.allclose(one, two, rtol=1e-15, atol=bounds):
            raise FaultError(f"written as {suffix}: other positions", f"{one[:5]}\n{two[:5]}")


def _positions(layer: Layer) -> Any:
    """Return the positions along three directions, each in order: where a ring begins, and rounding, change nothing."""
    east, north = shapely.get_coordinates(layer.frame.geometry.to_numpy()).T
    return np.sort(np.column_stack([east, north, east + SLANT * north]), axis=0)


def _pairs(
    mine: dict[str, Any], theirs: dict[str, Any], suffix: str, said: Sequence[str]
) -> list[tuple[str, Any, Any]]:
    """Return each name with what was written and read; a table may have other names in its header."""
    if suffix == "csv":
        read = [*theirs.values(), *[None] * len(mine)]
        return [
            (name, value, read[at])
            for at, (name, value) in enumerate(mine.items())
            if not (name in ("longitude", "latitude") and _is_near(value, read[at]))
        ]
    return [
        (name, value, theirs.get(written_as(name, theirs, said))) for name, value in mine.items()
    ]


def _is_near(value: Any, read: Any) -> bool:
    """Tell whether a coordinate is that of the position, which is written in place of a column of its name."""
    numbers = all(isinstance(each, int | float) for each in (value, read))
    return numbers and abs(value - read) <= NEAR


def _is_same(value: Any, read: Any, suffix: str) -> bool:
    """Tell whether a value is the one that was written, or the text for it where a format knows no other form."""
    if same(value, read):
        return True
    if suffix.startswith("geojson"):
        return False
    text = cell_text(value)
    if suffix == "csv":
        return (not text and read is None) or kept(Text(text), read) or f"'{text}" == read
    return text == cell_text(read)
