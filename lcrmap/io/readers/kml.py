"""KML of Google Earth and Google My Maps: each folder with places is a layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.errors import FileError
from lcrmap.io.columns import Column, build_frame
from lcrmap.io.layered import chosen_of, contained, is_bare, layer_columns, typed_texts
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.xml_text import plain_copy

__all__ = ["read", "read_copy"]

_DRIVER: Final = "LIBKML"
# How a globe draws a place; of a file that does not say, the driver makes numbers.
_DRAWING: Final = frozenset(
    {"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet"}
)
_OWN: Final = frozenset({"id", "Name", "description", "timestamp", "begin", "end"})


def read(path: Path, asked: Asked) -> Reading:
    """Read all places of a layer.

    Raises
    ------
    FileError
        If it is not whole, holds no places or only links to them, or if the layer is to be chosen.
    UnknownNameError
        If it has no layer of the name asked for.
    GeometryError
        If a shape cannot be understood.
    """
    with plain_copy(path, f"'{path}'", ".kml") as copy:
        return read_copy(copy, path, asked)


def read_copy(copy: Path, path: Path, asked: Asked) -> Reading:
    """Read a copy that has been looked through; `path` is what the user knows it by. Raises as `read` does."""
    where = f"'{path}'"
    layers = contained(copy, where, _DRIVER)
    if not layers and b"NetworkLink" in copy.read_bytes():
        raise FileError(
            f"{where} holds no places, only a link to where they are: export it again with its places in it "
            f"(in Google My Maps, leave 'Keep data up to date' unticked)."
        )
    layer = chosen_of(layers, asked.part, path)
    columns, shapes, crs, notes = layer_columns(copy, _DRIVER, path, layer, own_crs=not asked.crs)
    columns, said = typed_texts(_filled(columns), where, but=_OWN)
    frame, types = build_frame(columns, _on_the_ground(shapes), crs)
    return Reading(frame, types, notes=(*notes, *said), title=layer if len(layers) > 1 else "")


def _filled(columns: list[Column]) -> list[Column]:
    """Return the columns that the file fills."""
    kept = [each for each in columns if each.name not in _DRAWING]
    return [each for each in kept if each.name not in _OWN or not is_bare(each)]


def _on_the_ground(shapes: Any) -> Any:
    """Return the shapes without their heights if all of these are 0, which Google writes for none."""
    heights = shapely.get_coordinates(shapes, include_z=True)[:, 2]
    return shapes if np.any(np.nan_to_num(heights) != 0) else shapely.force_2d(shapes)
