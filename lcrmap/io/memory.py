"""How much memory a file takes when it is read whole, as far as its size tells, and how much there is."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lcrmap.io.formats import suffix_format

__all__ = ["expected_bytes", "machine_bytes"]

# How many times its size a file takes, measured at points with three columns and at areas of a hundred vertices:
# the greater of the two.
_TIMES: Final[Mapping[str, float]] = {
    "csv": 12,
    "fgb": 4,
    "geojson": 7,
    "geojsonl": 7,
    "gpkg": 5,
    "parquet": 20,
    "shp": 4,
    "zip": 4,
    "gml": 8,
    "gpx": 8,
    "kml": 8,
}
_CGROUPS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def expected_bytes(path: Path) -> int:
    """Return about how many bytes of memory a file takes when it is read whole; 0 if lcrmap reads none of its kind.

    Examples
    --------
    >>> expected_bytes(Path("nowhere.docx"))
    0
    """
    found = suffix_format(path)
    if found is None or found.name not in _TIMES:
        return 0
    return int(_TIMES[found.name] * sum(_sizes(path)))


def _sizes(path: Path) -> list[int]:
    """Return the sizes of what is read: of a Shapefile its parts, of a zip what is in it."""
    match path.suffix.casefold():
        case ".zip":
            try:
                with zipfile.ZipFile(path) as archive:
                    return [each.file_size for each in archive.infolist()]
            except (zipfile.BadZipFile, OSError, NotImplementedError):
                return []  # broken, or packed in a way that Python does not know: whoever reads it says so
        case ".shp":
            table = path.with_suffix(".dbf")
            return [each.stat().st_size for each in (path, table) if each.is_file()]
    return [path.stat().st_size]


def machine_bytes() -> int | None:
    """Return how much memory the machine, or the container, has; None if it does not tell."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return min([whole, *filter(None, map(_bound, _CGROUPS))])


def _bound(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # there is none, or it is "max"
        return None
