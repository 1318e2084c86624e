"""Esri JSON, as an ArcGIS server answers a query.

GDAL makes the shapes. The attributes go the way of GeoJSON's: GDAL changes a value that is not of its field's type.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from lcrmap.errors import FileError
from lcrmap.io.columns import Column, broken_shapes, build_frame, reserved_note
from lcrmap.io.features import property_columns
from lcrmap.io.json_copy import lone_copy
from lcrmap.io.layered import layer_columns
from lcrmap.io.reading import Asked, Reading

__all__ = ["read_answer"]

_DRIVER: Final = "ESRIJSON"
_MEMBERS: Final[tuple[str, ...]] = ("geometryType", "spatialReference", "hasZ", "hasM")
_PARTS: Final = ("rings", "paths", "points", "curveRings", "curvePaths")
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def read_answer(whole: dict[str, Any], path: Path, asked: Asked) -> Reading:
    """Read all features of an answer that is decoded.

    Raises
    ------
    FileError
        If it has no features, or GDAL cannot read it.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    features = whole.get("features")
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise FileError(f"{where} is Esri JSON without a list of features: ask for them again.")
    columns = _columns(features, _fields(whole), where)
    plain: dict[str, Any] = {name: whole[name] for name in _MEMBERS if name in whole}
    plain |= {"fields": [], "features": [{"geometry": each.get("geometry")} for each in features]}
    with lone_copy(plain, where, ".json") as copy:
        _, shapes, crs, notes = layer_columns(copy, _DRIVER, path, "", own_crs=not asked.crs)
    if len(shapes) != len(features):
        raise FileError(
            f"{where} has {len(features):,} features, of which GDAL reads {len(shapes):,}: ask for them again."
        )
    _refuse_lost(features, shapes, where)
    if whole.get("exceededTransferLimit") is True:
        notes.append(
            f"{where} says that the server had more features than it gave: ask for the rest, or for a file."
        )
    notes += reserved_note([each.name for each in columns], where)
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, notes=tuple(notes))


def _fields(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the types of the fields that an answer declares, by name."""
    fields = whole.get("fields")
    told = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    return {each["name"]: each.get("type") for each in told if isinstance(each.get("name"), str)}


def _columns(
    features: Sequence[dict[str, Any]], fields: dict[str, Any], where: str
) -> list[Column]:
    rows = []
    for number, each in enumerate(features, 1):
        attributes = each.get("attributes")
        if not isinstance(attributes, dict | None):
            raise FileError(
                f"Feature {number} of {where} has attributes that are no object: ask for them again."
            )
        rows.append({"properties": {**dict.fromkeys(fields), **(attributes or {})}})
    found = property_columns(rows, where)
    return [
        _dated(each) if fields.get(each.name) == "esriFieldTypeDate" else each for each in found
    ]


def _dated(column: Column) -> Column:
    """Return a column of dates, which are milliseconds since 1970, as texts; as it is if one of them is no date."""
    try:
        texts = [None if each is None else _moment(each) for each in column.values]
    except (TypeError, OverflowError):
        return column
    return Column(column.name, "datetime", np.array(texts, dtype=object))


def _moment(milliseconds: Any) -> str:
    if not isinstance(milliseconds, int | np.integer) or isinstance(milliseconds, bool):
        raise TypeError("A moment is a whole number.")
    moment = _EPOCH + datetime.timedelta(milliseconds=int(milliseconds))
    exact = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=exact).replace("+00:00", "Z")


def _refuse_lost(features: Sequence[dict[str, Any]], shapes: Any, where: str) -> None:
    """Refuse shapes that the answer has and GDAL leaves out."""
    lost = [
        row
        for row, (each, shape) in enumerate(zip(features, shapes, strict=True))
        if shape is None and _is_placed(each.get("geometry"))
    ]
    if lost:
        raise broken_shapes(lost, where)


def _is_placed(geometry: Any) -> bool:
    """Tell whether a geometry says where something is; a server writes an empty point as null or as "NaN"."""
    if not isinstance(geometry, dict):
        return geometry is not None
    if "x" in geometry or "y" in geometry:
        return any(geometry.get(name) not in (None, "NaN") for name in "xy")
    return any(geometry.get(name) for name in _PARTS)
