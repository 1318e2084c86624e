"""Rows and features as JSON text: what all formats that are JSON have in common."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any

from lcrmap.io.encoding import Encoder
from lcrmap.io.shapes import in_degrees, shape_texts
from lcrmap.io.values import columns_of, rows_of
from lcrmap.layers import Layer

__all__ = ["Collection", "carried_form", "dump", "feature_texts", "row_texts"]

_SCALARS = {str, int, float, bool, type(None)}
_BRACES = str.maketrans({"{": "{{", "}": "}}"})


def carried_form(layer: Layer) -> dict[str, Any]:
    """Return what travels with a layer: its metadata and the files behind it, without any path."""
    resource = layer.metadata.replaced(path="", x="", y="", crs="").to_resource()
    if layer.inputs:
        resource["inputs"] = [each.to_record() for each in layer.inputs]
    return resource


class Collection(Encoder):
    """A JSON object whose last member is a list, one item a line."""

    title = "JSON"

    def __init__(self) -> None:
        super().__init__()
        self._begun = self._filled = False

    def part(self, layer: Layer) -> bytes:
        """Return the next items, and what stands before the first."""
        items = self.items(layer)
        self._count_infinite(layer)
        self._look_at_decimals(layer)
        text = "" if self._begun else self.head(layer)
        self._begun = True
        if items:
            text += (",\n" if self._filled else "") + ",\n".join(items)
            self._filled = True
        return text.encode()

    def end(self) -> bytes:
        """Close the list and the object."""
        return b"\n]}\n"

    @abstractmethod
    def head(self, layer: Layer) -> str:
        """Return the text up to the first item."""

    @abstractmethod
    def items(self, layer: Layer) -> list[str]:
        """Return the text of each row."""


def dump(value: Any) -> str:
    """Return JSON without needless spaces; text stays readable, lone surrogates are escaped.

    Examples
    --------
    >>> dump({"name": "Bootle"})
    '{"name":"Bootle"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text


def feature_texts(layer: Layer, *, with_ids: bool = True) -> tuple[list[str], tuple[str, ...]]:
    """Return each feature in degrees as JSON text, and what must be said of its transformation.

    Parameters
    ----------
    with_ids
        Whether a feature's key is written as its own id too.
    """
    frame, notes = in_degrees(layer.frame)
    columns = columns_of(layer.frame, layer.metadata)
    keys = columns[layer.key] if layer.key and with_ids else None
    ids = _ids(keys, len(frame))
    rows = row_texts(columns, len(frame))
    features = [
        f'{{"type":"Feature",{id_}"properties":{row},"geometry":{shape}}}'
        for id_, row, shape in zip(ids, rows, shape_texts(frame), strict=True)
    ]
    return features, notes


def row_texts(columns: dict[str, list[Any]], count: int) -> list[str]:
    """Return each row as `dump` writes it, having written column by column."""
    texts = [_cell_texts(values) for values in columns.values()]
    names = _cell_texts(list(columns))
    if not columns or names is None or any(each is None for each in texts):
        return [dump(each) for each in rows_of(columns, count)]
    members = ",".join(f"{name.translate(_BRACES)}:{{}}" for name in names)
    return list(map(f"{{{{{members}}}}}".format, *(each for each in texts if each is not None)))


def _cell_texts(values: list[Any]) -> list[str] | None:
    """Return each value as `dump` writes it; None if one holds others or cannot be UTF-8.

    They are written at once, a line each: inside a value JSON writes a line end as an escape.
    """
    if not values:
        return []
    if not set(map(type, values)) <= _SCALARS:
        return None
    text = json.dumps(values, ensure_ascii=False, separators=("\n", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return None
    return text[1:-1].split("\n")


def _ids(keys: list[Any] | None, count: int) -> list[str]:
    if keys is None:
        return [""] * count
    known = [isinstance(each, str | int) and not isinstance(each, bool) for each in keys]
    texts = _cell_texts(keys) or map(dump, keys)
    return [f'"id":{text},' if good else "" for text, good in zip(texts, known, strict=True)]
