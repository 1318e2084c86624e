"""Collections of nothing but points with plain values, decoded in one pass by msgspec.

Whatever is in any way unusual is left to the reader that takes everything (`lcrmap.io.features`): members that are
not expected, shapes of another kind, heights, features without the same properties, columns of mixed kinds. What is
read here is the same, to the bit, as what that reader reads; a test runs the corpus of input through both.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from types import GenericAlias
from typing import Any, Literal

import numpy as np
import shapely

from lcrmap.io.columns import Column

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
_WHOLE = 10**18  # GDAL takes some longer numbers for floating point
_HEAD = 1 << 20  # so far into the file the first feature begins
_FIRST = re.compile(rb'"features"\s*:.*?"properties"\s*:\s*(?=\{)', re.DOTALL)
_PLAIN_NAME = re.compile(r'[^"\\\x00-\x1f]+')
_COLLECTION = b'{"type":"FeatureCollection","features":['
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
    names = _names(data)
    if not names or b"\\u0000" in data or data.count(b'"features"') != 1:
        return None
    decoder, refused = _decoder(names)
    with _no_collecting():
        try:
            return _taken_apart(decoder.decode(data), names)
        except refused:
            return None


def read_plain_sequence(data: bytes) -> PlainPoints | None:
    """Read a sequence of such features, one a line; see `read_plain_points`."""
    lines = [each for line in data.split(b"\n") if (each := line.strip())]
    # So no feature begins or ends inside a line: in a plain one, a brace after a comma begins the next.
    if not all(each.startswith(b"{") and each.endswith(b"}") for each in lines):
        return None
    plain = read_plain_points(_COLLECTION + b",".join(lines) + b"]}")
    return plain if plain is not None and len(plain.shapes) == len(lines) else None


def _names(data: bytes) -> tuple[str, ...]:
    """Return the names of the first feature's properties; none if there is none or they are odd."""
    found = _FIRST.search(data, 0, _HEAD)
    if found is None:
        return ()
    try:
        first = json.JSONDecoder().raw_decode(data[found.end() : _HEAD].decode(errors="ignore"))[0]
    except (ValueError, RecursionError):
        return ()
    names = tuple(first) if isinstance(first, dict) else ()
    return names if all(_PLAIN_NAME.fullmatch(each) for each in names) else ()


@lru_cache(maxsize=8)
def _decoder(names: tuple[str, ...]) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return what decodes such a collection and what it raises for any other; made when it is first needed."""
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
    # What stands around the features is read by `lcrmap.io.json_text.read_head`.
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
    return msgspec.json.Decoder(collection), (msgspec.DecodeError, UnicodeError, RecursionError)


def _taken_apart(whole: Any, names: Sequence[str]) -> PlainPoints | None:
    """Return the columns and points of what was decoded, or None if a column is of mixed kinds."""
    if not whole.features:
        return None
    rows = list(map(attrgetter("properties"), whole.features))
    ids = list(map(attrgetter("id"), whole.features))
    columns = []
    if any(each is not None for each in ids):
        own = None if "id" in names or None in ids else _column("id", ids)
        if own is None:
            return None
        columns.append(own)
    for number, name in enumerate(names):
        column = _column(name, list(map(attrgetter(f"f{number}"), rows)))
        if column is None:
            return None
        columns.append(column)
    shapes = _points(list(map(attrgetter("geometry"), whole.features)))
    return PlainPoints(columns, shapes, {each: getattr(whole, each) for each in ("type", *_AROUND)})


def _column(name: str, values: Any) -> Column | None:
    kinds = frozenset(map(type, values))
    kind = _KINDS.get(kinds)
    if kind is None or (int in kinds and _too_long(values)):
        return None
    if len(kinds) == 1 and kind in _DTYPES:
        values = np.fromiter(values, _DTYPES[kind], len(values))
    return Column(name, kind, values)


def _too_long(values: Sequence[Any]) -> bool:
    """Tell whether a whole number is so long that it may not stay one."""
    whole = [each for each in values if type(each) is int]
    return max(whole) >= _WHOLE or min(whole) <= -_WHOLE


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


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep Python from looking for circles among millions of new objects, in which there are none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
