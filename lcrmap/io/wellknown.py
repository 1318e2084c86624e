"""Shapes in their well-known binary form, as far as one can do without building them.

GEOS reads collections within collections by recursion and runs out of stack on a hundred thousand of
them, which ends the whole process; so deep ones are found here first. Points on a plane are 21 bytes each, of which
coordinates are made, and which are made of coordinates, many at a time.
"""

from __future__ import annotations

import re
import struct
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.layers.points import PointArray, are_positions

__all__ = ["nests_too_deep", "points_from_wkb", "wkb_of_points"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

_POINT_HEAD: Final = np.frombuffer(b"\x01\x01\0\0\0", dtype=np.uint8)
_POINT_BYTES: Final = 21

DEEPEST = 32
"""How deep collections may nest: GDAL's own bound, far beyond any map."""

# The head of something that holds other shapes, in either byte order: a cheap first sieve.
_HEAD = re.compile(
    rb"\x01[\x04-\x0f\xec-\xff\xd4-\xe7\xbc-\xcf]|\x00\x00\x00[\x00-\x0b][\x04-\xff]"
)


def nests_too_deep(binary: bytes) -> bool:
    """Tell whether a shape holds shapes within each other deeper than `DEEPEST`.

    Examples
    --------
    >>> import shapely
    >>> nests_too_deep(shapely.to_wkb(shapely.Point(0, 0)))
    False
    """
    if len(binary) < DEEPEST * 9 or binary[1:5] in (b"\x01\0\0\0", b"\x03\0\0\0", b"\x02\0\0\0"):
        return False
    for count, _ in enumerate(_HEAD.finditer(binary)):
        if count >= DEEPEST:
            break
    else:
        return False
    try:
        return _depth(binary) > DEEPEST
    except struct.error:
        return False  # truncated: GEOS says so


def _depth(binary: bytes) -> int:
    """Walk over the shapes with a list of how many are still to come on each level."""
    at, deepest = 0, 0
    to_come = [1]
    while to_come:
        if to_come[-1] == 0:
            to_come.pop()
            continue
        to_come[-1] -= 1
        order = "<" if binary[at] == 1 else ">"
        (raw,) = struct.unpack_from(f"{order}I", binary, at + 1)
        at += 9 if raw & 0x20000000 else 5
        kind, width = raw & 0xFFFF, _width(raw)
        if kind % 1000 == 1:
            at += width
            continue
        (count,) = struct.unpack_from(f"{order}I", binary, at)
        at += 4
        match kind % 1000:
            case 2 | 8:
                at += count * width
            case 3 | 17:
                for _ in range(count):
                    (points,) = struct.unpack_from(f"{order}I", binary, at)
                    at += 4 + points * width
            case _:
                to_come.append(count)
                deepest = max(deepest, len(to_come) - 1)
                if deepest > DEEPEST:
                    return deepest
    return deepest


def _width(raw: int) -> int:
    """Return the bytes of one position: two to four numbers, by ISO or by PostGIS' flags."""
    iso = (raw & 0xFFFF) // 1000
    extra = {0: 0, 1: 1, 2: 1, 3: 2}.get(iso, 0)
    extra += bool(raw & 0x80000000) + bool(raw & 0x40000000)
    return 8 * (2 + extra)


def points_from_wkb(cells: pa.ChunkedArray) -> PointArray | None:
    """Return shapes as points, if each is one on a plane, empty or missing; None if there is any other.

    Parameters
    ----------
    cells
        Binary, in little-endian order as nearly everybody writes it; of any other nothing is said.

    Examples
    --------
    >>> import shapely
    >>> cells = pa.chunked_array([[shapely.to_wkb(shapely.Point(-3, 53.4), byte_order=1), None]])
    >>> points_from_wkb(cells).numbers
    (array([-3., nan]), array([53.4,  nan]))
    """
    if not (pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type)):
        return None
    ends = pc.min_max(pc.binary_length(cells)).as_py()
    if {ends["min"], ends["max"]} != {_POINT_BYTES}:
        return None
    there = cells.drop_null().cast(pa.large_binary()).combine_chunks()
    _, offsets, data = there.buffers()
    begin = int(np.frombuffer(offsets, dtype=np.int64)[there.offset])
    size = len(there) * _POINT_BYTES
    raw = np.frombuffer(data, dtype=np.uint8, count=size, offset=begin).reshape(-1, _POINT_BYTES)
    if not (raw[:, :5] == _POINT_HEAD).all():
        return None
    x, y = (np.ascontiguousarray(raw[:, at : at + 8]).view("<f8")[:, 0] for at in (5, 13))
    if not (np.isfinite(x) & np.isfinite(y) | np.isnan(x) & np.isnan(y)).all():
        return None
    if not cells.null_count:
        return PointArray.of(x, y)
    filled = cells.is_valid().to_numpy()
    wide = np.full((2, len(cells)), np.nan)
    wide[:, filled] = x, y
    return PointArray.of(wide[0], wide[1])


def wkb_of_points(x: Floats, y: Floats) -> pa.Array:
    """Return points as shapely writes them, missing where a coordinate is.

    Examples
    --------
    >>> import shapely
    >>> found = wkb_of_points(np.array([-3, np.nan]), np.array([53.4, np.nan])).to_pylist()
    >>> found[0] == shapely.to_wkb(shapely.Point(-3, 53.4), byte_order=1), found[1]
    (True, None)
    """
    placed = are_positions(x, y)
    raw = np.empty((int(placed.sum()), _POINT_BYTES), dtype=np.uint8)
    raw[:, :5] = _POINT_HEAD
    for at, numbers in ((5, x), (13, y)):
        bits = np.ascontiguousarray(numbers[placed], dtype="<f8")
        raw[:, at : at + 8] = bits.view(np.uint8).reshape(-1, 8)
    offsets = np.zeros(len(x) + 1, dtype=np.int64)
    np.cumsum(placed * _POINT_BYTES, out=offsets[1:])
    valid = None if placed.all() else pa.array(placed).buffers()[1]
    buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(raw)]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(x), buffers)
