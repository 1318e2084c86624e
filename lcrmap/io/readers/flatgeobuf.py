"""FlatGeobuf through GDAL: whole, as its header says."""

from __future__ import annotations

from pathlib import Path

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from lcrmap.errors import FileError
from lcrmap.io.guard import guarded
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.vectors import read_whole

__all__ = ["read"]


def read(path: Path, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If it is broken or cut short.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    reading = read_whole(path, "FlatGeobuf", f"'{path}'", asked)
    claimed, found = _claimed_count(path), len(reading.frame)
    if found < claimed:
        raise FileError(
            f"'{path}' is cut short ({found} of {claimed} features): save or download it again."
        )
    return reading


def _claimed_count(path: Path) -> int:
    """Return how many features the header says that the file holds; -1 if it does not say."""
    with guarded():
        try:
            return int(pyogrio.read_info(path.resolve(), force_feature_count=False)["features"])
        except (DataSourceError, DataLayerError, IndexError):
            return -1
