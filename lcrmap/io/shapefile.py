"""Shapefiles: whole, and with the files that must lie beside the .shp, before GDAL reads them."""

from __future__ import annotations

from pathlib import Path

from lcrmap.errors import FileError

__all__ = ["refuse_partial"]

_NEEDED = {".shx": "the index", ".dbf": "the attributes"}


def refuse_partial(path: Path, where: str) -> None:
    """Refuse a Shapefile that lacks a companion or is shorter than it says.

    Raises
    ------
    FileError
        If it is; the message names what is missing.
    """
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
