"""A layer of a File Geodatabase, as ArcGIS keeps them: a folder, or unpacked from a zip."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lcrmap.io.columns import build_frame
from lcrmap.io.geodatabases import digest_of, tables_of
from lcrmap.io.layered import chosen_of, contained, layer_columns
from lcrmap.io.reading import Asked, Reading

__all__ = ["read"]

_DRIVER: Final = "OpenFileGDB"


def read(path: Path, asked: Asked) -> Reading:
    """Read all features of a layer.

    Raises
    ------
    FileError
        If it is not whole, holds a link or no layer, or if the layer is to be chosen.
    UnknownNameError
        If it has no layer of the name asked for.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    files = tables_of(path, where)
    layers = contained(path, where, _DRIVER)
    layer = chosen_of(layers, asked.part, path)
    columns, shapes, crs, notes = layer_columns(path, _DRIVER, path, layer, own_crs=not asked.crs)
    frame, types = build_frame(columns, shapes, crs)
    title = layer if len(layers) > 1 else ""
    return Reading(frame, types, notes=tuple(notes), title=title, sha256=digest_of(files))
