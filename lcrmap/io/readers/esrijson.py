"""Esri JSON, as an ArcGIS server answers a query."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError
from lcrmap.io.columns import build_frame
from lcrmap.io.json_copy import lone_copy
from lcrmap.io.layered import layer_columns
from lcrmap.io.reading import Asked, Reading

__all__ = ["read_answer"]

_DRIVER: Final = "ESRIJSON"
_MEMBERS: Final[tuple[str, ...]] = (
    "geometryType",
    "spatialReference",
    "hasZ",
    "hasM",
    "fields",
    "features",
)


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
    plain = {name: whole[name] for name in _MEMBERS if name in whole}
    with lone_copy(plain, where, ".json") as copy:
        columns, shapes, crs, notes = layer_columns(copy, _DRIVER, path, "", own_crs=not asked.crs)
    if whole.get("exceededTransferLimit") is True:
        notes.append(
            f"{where} says that the server had more features than it gave: ask for the rest, or for a file."
        )
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, notes=tuple(notes))
