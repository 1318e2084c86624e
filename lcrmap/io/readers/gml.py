"""GML, as INSPIRE and the Land Registry publish it; its schema, which lies elsewhere, is not asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lcrmap.io.columns import build_frame
from lcrmap.io.layered import chosen_of, contained, layer_columns, typed_texts
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.xml_text import plain_copy

__all__ = ["read"]

_DRIVER: Final = "GML"
# Latitude comes first where the name of the CRS says so (urn:ogc:def:crs:EPSG::4326), not in the short form EPSG:4326.
_OPENING: Final = {"INVERT_AXIS_ORDER_IF_LAT_LONG": "YES", "DOWNLOAD_SCHEMA": "NO"}


def read(path: Path, asked: Asked) -> Reading:
    """Read all features of a type; the types of columns are those of their cells, as in a table.

    Raises
    ------
    FileError
        If it is not whole, or if the layer is to be chosen.
    UnknownNameError
        If it has no layer of the name asked for.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    with plain_copy(path, where, ".gml") as copy:
        layers = contained(copy, where, _DRIVER)
        layer = chosen_of(layers, asked.part, path)
        columns, shapes, crs, notes = layer_columns(
            copy, _DRIVER, path, layer, options=_OPENING, own_crs=not asked.crs
        )
    columns, said = typed_texts(columns, where)
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, notes=(*notes, *said), title=layer if len(layers) > 1 else "")
