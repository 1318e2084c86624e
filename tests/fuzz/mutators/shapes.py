"""Geometry as WKB: lawful, then cut, nested, of unknown kinds, and with counts that nothing follows."""

from __future__ import annotations

import struct
from random import Random

import shapely

from tests.fuzz.mutators.texts import damaged, position

__all__ = ["lawful_wkb", "odd_wkb"]


def lawful_wkb(rng: Random) -> bytes:
    x, y = position(rng)
    shape = rng.choice(
        [
            shapely.Point(x, y),
            shapely.Point(x, y),
            shapely.Point(x, y, 3),
            shapely.LineString([(x, y), (x + 0.01, y)]),
            shapely.box(x, y, x + 0.01, y + 0.01),
            shapely.MultiPoint([(x, y), (x, y + 0.01)]),
            shapely.GeometryCollection([shapely.Point(x, y)]),
            shapely.MultiPolygon([shapely.box(x, y, x + 0.01, y + 0.01)]),
        ]
    )
    order = rng.choice([0, 1])
    return bytes(shapely.to_wkb(shape, byte_order=order, flavor=rng.choice(["extended", "iso"])))


def odd_wkb(rng: Random) -> bytes:
    lawful = lawful_wkb(rng)
    nan, inf = float("nan"), float("inf")
    odd = [
        b"",
        b"\x01",
        lawful[:-3],
        lawful + b"\x00",
        damaged(lawful, rng),
        struct.pack("<BIdd", 1, 1, nan, nan),
        struct.pack("<BIdd", 1, 1, inf, 53),
        struct.pack("<BIdd", 1, 1, nan, 53),
        struct.pack("<BIdd", 1, 1, -3, 1e300),
        struct.pack(
            "<BI", 1, rng.choice([8, 9, 10, 15, 17, 99, 1008, 2001, 3001, 2**31, 2**32 - 1])
        ),
        struct.pack("<BII", 1, rng.choice([2, 3, 4, 5, 6, 7]), 2**32 - 1),
        struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", -3, 53, -2.9, 53.1, -2.8, 53),
        struct.pack("<BII", 1, 10, 0),
        struct.pack("<BII", 1, 7, 1) * rng.choice([3, 40, 3000]) + lawful,
        struct.pack("<BII", 1, 3, 0),
        struct.pack("<BIIdd", 1, 2, 1, -3, 53),
        struct.pack("<BIII", 1, 3, 1, 2) + struct.pack("<4d", -3, 53, -2.9, 53),
        struct.pack("<BIIdd", 1, 0x20000001, 27700, -3, 53),
    ]
    return rng.choice(odd)
