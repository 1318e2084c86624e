"""How deep a shape nests in its well-known binary form, told without building it.

GEOS reads collections within collections by recursion and runs out of stack on a hundred thousand of
them, which ends the whole process; so deep ones are found here first.
"""

from __future__ import annotations

import re
import struct

__all__ = ["nests_too_deep"]

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
