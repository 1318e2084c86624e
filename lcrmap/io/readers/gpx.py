"""GPX, what a GPS receiver writes: waypoints, routes and tracks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lcrmap.io.columns import build_frame
from lcrmap.io.layered import chosen_layer, contained, is_bare, layer_columns
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.xml_text import plain_copy

__all__ = ["read"]

_DRIVER: Final = "GPX"
_POINTS_OF: Final = ("route_points", "track_points")  # there for who asks for them by name


def read(path: Path, asked: Asked) -> Reading:
    """Read all waypoints, routes or tracks; of the columns that the format has, those that are filled.

    Raises
    ------
    FileError
        If it is not whole, or if the layer is to be chosen.
    UnknownNameError
        If it has no layer of the name asked for.
    GeometryError
        If a shape cannot be understood.
    """
    where = f"'{path}'"
    with plain_copy(path, where, ".gpx") as copy:
        words = {each.name: each.words for each in contained(copy, where, _DRIVER)}
        layer = chosen_layer(
            [each for each in words if each not in _POINTS_OF],
            asked.part,
            path,
            words=lambda some: [words[each] for each in some],
            hidden=[each for each in words if each in _POINTS_OF],
        )
        columns, shapes, crs, notes = layer_columns(
            copy, _DRIVER, path, layer, own_crs=not asked.crs
        )
    filled = [each for each in columns if not is_bare(each)]
    frame, types = build_frame(filled, shapes, crs)
    return Reading(frame, types, notes=tuple(notes), title=layer)
