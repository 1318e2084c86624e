"""Shapefiles: the files that must lie beside the .shp, before GDAL looks for them."""

from __future__ import annotations

from pathlib import Path

from lcrmap.errors import FileError

__all__ = ["companions_there"]

_NEEDED = {".shx": "the index", ".dbf": "the attributes"}


def companions_there(path: Path, where: str) -> None:
    """Refuse a Shapefile that lacks a companion, or has one that is not a file.

    Raises
    ------
    FileError
        If one is missing; the message names it.
    """
    names = {each.name.casefold() for each in path.parent.iterdir()}
    for suffix, role in _NEEDED.items():
        companion = f"{path.stem}{suffix}"
        if companion.casefold() not in names:
            raise FileError(
                f"{where} lacks its companion {suffix} with {role}: "
                f"a Shapefile is several files, so copy all of them into one folder."
            )
