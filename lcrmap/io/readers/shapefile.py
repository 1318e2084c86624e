"""Shapefiles, zipped or not: whole, and with the files that must lie beside the .shp, before GDAL reads them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lcrmap.errors import FileError
from lcrmap.io.archives import unpacked_shapefile
from lcrmap.io.formats import detect
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.vectors import read_whole

__all__ = ["read"]

_DRIVER = "ESRI Shapefile"
_NEEDED = {".shx": "the index", ".dbf": "the attributes"}


def read(path: Path, asked: Asked) -> Reading:
    """Read all features, from a .shp or from the one in a zip.

    Raises
    ------
    FileError
        If it lacks a companion, is cut short, or if the archive is not to be trusted.
    UnknownNameError
        If the archive holds no Shapefile of the name asked for.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    if path.suffix.casefold() != ".zip":
        _refuse_partial(path, f"'{path}'")
        return read_whole(path, _DRIVER, f"'{path}'", asked)
    where = f"The Shapefile in '{path}'"
    with unpacked_shapefile(path, asked.part) as inner:
        if detect(inner).name != "shp":
            raise FileError(f"{where} is not one.")
        _refuse_partial(inner, where)
        return replace(read_whole(inner, _DRIVER, where, asked), title=asked.part)


def _refuse_partial(path: Path, where: str) -> None:
    """Refuse a Shapefile that lacks a companion or is shorter than it says."""
    names = {each.name.casefold() for each in path.parent.iterdir()}
    for suffix, role in _NEEDED.items():
        companion = f"{path.stem}{suffix}"
        if companion.casefold() not in names:
            raise FileError(
                f"{where} lacks its companion {suffix} with {role}: "
                f"a Shapefile is several files, so copy all of them into one folder."
            )
    with path.open("rb") as file:
        head = file.read(28)
    claimed, real = 2 * int.from_bytes(head[24:28], "big"), path.stat().st_size
    if claimed > real:
        raise FileError(
            f"{where} is cut short ({real} of {claimed} bytes): save or download it again."
        )
