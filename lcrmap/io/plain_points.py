"""Collections of nothing but points with plain values, decoded in one pass by msgspec.

Whatever is in any way unusual is left to the reader that takes everything (`lcrmap.io.features`): members that are
not expected, shapes of another kind, heights, features without the same properties, columns of mixed kinds. What is
read here is the same, to the bit, as what that reader reads; a test runs the corpus of input through both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from types import GenericAlias
from typing import Any, Literal

import numpy as np
import shapely

from lcrmap.io.columns import EXACT, Column
from lcrmap.io.json_columns import LONGEST
from lcrmap.io.json_text import count_objects, no_collecting

__all__ = ["PlainPoints", "read_plain_points", "read_plain_sequence"]

_KINDS: dict[frozenset[type], str] = {
    frozenset({int}): "integer",
    frozenset({int, type(None)}): "integer",
    frozenset({float}): "number",
    frozenset({float, type(None)}): "number",
    frozenset({int, float}): "number",
    frozenset({int, float, type(None)}): "number",
    frozenset({str}): "string",
    frozenset({str, type(None)}): "string",
    frozenset({bool}): "boolean",
}
_DTYPES = {"integer": np.int64, "number": np.float64, "boolean": np.bool_}
_HEAD = 1 << 20  # so far into the file the first feature begins
_FIRST_OF_MANY = re.compile(rb'"features"\s*:.*?"properties"\s*:\s*(?=\{)', re.DOTALL)
_FIRST = re.compile(rb'"properties"\s*:\s*(?=\{)')
_PLAIN_NAME = re.compile(r'[^"\\\x00-\x1f]+')
_AROUND = ("name", "crs", "lcrmap")


@dataclass(frozen=True, slots=True)
class PlainPoints:
    """A collection of points as it was decoded.

    Attributes
    ----------
    shapes
        An array of shapely points, None where there is no position.
    around
        The collection's other members by name.
    """

    columns: list[Column]
    shapes: Any
    around: dict[str, Any]


def read_plain_points(data: bytes) -> PlainPoints | None:
    """Read a collection of points with plain values.

    Parameters
    ----------
    data
        The whole file, of which it is known that it is UTF-8.

    Returns
    -------
    PlainPoints or None
        None if it is anything else than a plain collection of points, whole and right or not.

    Examples
    --------
    >>> text = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"n":1},"geometry":null}]}'
    >>> read_plain_points(text).columns[0]
    Column(name='n', type='integer', values=array([1]))
    >>> read_plain_points(b'{"type":"Topology"}') is None
    True
    """
    if data.count(b'"features"') != 1:  # first: to look for names between many would take for ever
        return None
    names = _names(data, _FIRST_OF_MANY)
    if not names:
        return None
    collections, _, refused = _decoders(names)
    with no_collecting():
        try:
            whole = collections.decode(data)
        except refused:
            return None
        around = {each: getattr(whole, each) for each in ("type", *_AROUND)}
        return _taken_apart(whole.features, names, around)


def read_plain_sequence(data: bytes) -> PlainPoints | None:
    """Read a sequence of such features, one a line; see `read_plain_points`."""
    names = _names(data, _FIRST)
    count = count_objects(data)
    if not names or not count:
        return None
    _, features, refused = _decoders(names)
    with no_collecting():
        try:
            found = features.decode_lines(data)
        except refused:
            return None
        # So no feature begins or ends inside a line.
        return _taken_apart(found, names, {}) if len(found) == count else None


def _names(data: bytes, before: re.Pattern[bytes]) -> tuple[str, ...]:
    """Return the names of the first feature's properties; none if there is none or they are odd."""
    found = before.search(data, 0, _HEAD)
    if found is None:
        return ()
    try:
        first = json.JSONDecoder().raw_decode(data[found.end() : _HEAD].decode(errors="ignore"))[0]
    except (ValueError, RecursionError):
        return ()
    names = tuple(first) if isinstance(first, dict) else ()
    return names if all(_PLAIN_NAME.fullmatch(each) for each in names) else ()


@lru_cache(maxsize=8)
def _decoders(names: tuple[str, ...]) -> tuple[Any, Any, tuple[type[Exception], ...]]:
    """Return what decodes such a collection and such features, and what it raises for any other; made when needed."""
    import msgspec

    strictly: dict[str, Any] = {"forbid_unknown_fields": True, "gc": False}
    position = tuple[float, float]
    point = msgspec.defstruct(
        "Point", [("type", Literal["Point"]), ("coordinates", position)], **strictly
    )
    fields = [f"f{number}" for number in range(len(names))]
    values = msgspec.defstruct(
        "Properties",
        [(field, int | float | str | bool | None) for field in fields],
        rename=dict(zip(fields, names, strict=True)),
        **strictly,
    )
    feature = msgspec.defstruct(
        "Feature",
        [
            ("type", Literal["Feature"]),
            ("properties", values),
            ("geometry", point | None),
            ("id", int | str | None, None),
        ],
        **strictly,
    )
    # What stands around the features is read by `lcrmap.io.json_text.head_of`.
    around = [(name, Any, None) for name in _AROUND]
    collection = msgspec.defstruct(
        "Collection",
        [
            ("type", Literal["FeatureCollection"]),
            ("features", GenericAlias(list, (feature,))),
            *around,
        ],
        **strictly,
    )
    refused = (msgspec.DecodeError, UnicodeError, RecursionError)
    return msgspec.json.Decoder(collection), msgspec.json.Decoder(feature), refused


def _taken_apart(
    features: Sequence[Any], names: Sequence[str], around: dict[str, Any]
) -> PlainPoints | None:
    """Return the columns and points of what was decoded, or None if a column is of mixed kinds."""
    if not features:
        return None
    rows = list(map(attrgetter("properties"), features))
    ids = list(map(attrgetter("id"), features)) if "id" not in names else []
    columns = []
    if any(each is not None for each in ids):
        own = None if None in ids else _column("id", ids)
        if own is None:
            return None
        columns.append(own)
    for number, name in enumerate(names):
        column = _column(name, list(map(attrgetter(f"f{number}"), rows)))
        if column is None:
            return None
        columns.append(column)
    shapes = _points(list(map(attrgetter("geometry"), features)))
    return PlainPoints(columns, shapes, around)


def _column(name: str, values: Any) -> Column | None:
    kinds = frozenset(map(type, values))
    kind = _KINDS.get(kinds)
    if kind is None or (int in kinds and _too_long(values, gaps=kinds != {int})):
        return None
    if len(kinds) == 1 and kind in _DTYPES:
        values = np.fromiter(values, _DTYPES[kind], len(values))
    return Column(name, kind, values)


def _too_long(values: Sequence[Any], *, gaps: bool) -> bool:
    """Tell whether a whole number is too long for 64 bits, or for floating point, which holds it beside gaps."""
    whole = [each for each in values if type(each) is int]
    low, high = (1 - EXACT, EXACT) if gaps else (-LONGEST, LONGEST)
    return max(whole) >= high or min(whole) < low


def _points(places: Sequence[Any]) -> Any:
    placed = np.array([each is not None for each in places], dtype=bool)
    there = places if placed.all() else [each for each in places if each is not None]
    flat = chain.from_iterable(map(attrgetter("coordinates"), there))
    points = shapely.points(np.fromiter(flat, np.float64, 2 * len(there)).reshape(-1, 2))
    if there is places:
        return np.asarray(points, dtype=object)
    shapes = np.full(len(places), None, dtype=object)
    shapes[placed] = points
    return shapes
