"""MapInfo's TAB, with its companions, and its exchange format MIF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pyproj

from lcrmap.errors import FileError
from lcrmap.io.crs import named_crs
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.vectors import read_whole

__all__ = ["read"]

_DRIVER: Final = "MapInfo File"
_NEEDED: Final = {
    ".tab": {".dat": "the attributes", ".map": "the shapes", ".id": "their index"},
    ".mif": {".mid": "the attributes"},
}
_LONGEST: Final = 1_000_000
# A table that is stored in these files, not one that stands for others: a view, a link, a seamless set of tables.
_NATIVE: Final = re.compile(rb"^\s*type\s+native\b", re.IGNORECASE | re.MULTILINE)
_OTHERS: Final = re.compile(rb"create\s+view|\bopen\s+table|isseamless", re.IGNORECASE)


def read(path: Path, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If it is broken, lacks a companion, or stands for other files.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    _refuse_partial(path)
    if path.suffix.casefold() == ".tab":
        _refuse_tables_elsewhere(path)
    reading = read_whole(path, _DRIVER, f"'{path}'", asked)
    if path.suffix.casefold() == ".mif":
        _refuse_cut(path, len(reading.frame))
    crs = reading.frame.crs
    if crs is not None:
        reading.frame.set_crs(_registered(crs), allow_override=True, inplace=True)
    return reading


def _registered(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the CRS of the register that MapInfo spells out by its numbers, if there is one; else as it is."""
    found = crs.to_authority()
    return crs if found is None else named_crs(":".join(found))


def _refuse_partial(path: Path) -> None:
    for suffix, role in _NEEDED[path.suffix.casefold()].items():
        if _beside(path, suffix) is None:
            raise FileError(
                f"'{path}' lacks its companion {suffix} with {role}: MapInfo keeps a layer in several files, "
                f"so copy all of them into one folder."
            )


def _beside(path: Path, suffix: str) -> Path | None:
    wanted = f"{path.stem}{suffix}".casefold()
    return next((each for each in path.parent.iterdir() if each.name.casefold() == wanted), None)


def _refuse_cut(path: Path, shapes: int) -> None:
    """Refuse a MIF that holds fewer shapes than its .mid has rows, which GDAL takes for its end."""
    attributes = _beside(path, ".mid")
    rows, quotes = 0, 0
    for line in attributes.read_bytes().splitlines() if attributes is not None else ():
        quotes += line.count(b'"')
        rows += bool(line) and quotes % 2 == 0  # a line end within quotes ends no row
    if rows > shapes:
        raise FileError(
            f"'{path}' holds {shapes} shapes and its .mid {rows} rows: one is cut short, or they do not belong "
            f"together, so copy both again."
        )


def _refuse_tables_elsewhere(path: Path) -> None:
    with path.open("rb") as file:
        text = file.read(_LONGEST)
    if not _NATIVE.search(text) or _OTHERS.search(text):
        raise FileError(
            f"'{path}' is not read: it stands for tables in other files, so name the one that you mean, "
            f"or save it as a native MapInfo table."
        )
