"""A file packed with gzip, such as sites.csv.gz."""

from __future__ import annotations

from pathlib import Path

from lcrmap.errors import FileError
from lcrmap.io.archives import known_as, unpacked_gzip
from lcrmap.io.formats import suffix_format
from lcrmap.io.readers import read_file
from lcrmap.io.reading import Asked, Reading

__all__ = ["read"]


def read(path: Path, asked: Asked) -> Reading:
    """Read the file that is packed, whose format its name tells without ``.gz``.

    Raises
    ------
    FileError
        If it is broken, unpacks to too much, or if what is packed cannot be read.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    packed = suffix_format(path.stem)
    if packed is None or packed.packed or packed.name in ("shp", "kmz"):
        raise FileError(
            f"'{path}' does not tell by its name what is packed: name it such as 'sites.csv.gz', or unpack it."
        )
    suffix = next(each for each in packed.reads if path.stem.casefold().endswith(each))
    with unpacked_gzip(path, suffix) as inner:
        return known_as(inner, str(path), lambda: read_file(inner, asked))
