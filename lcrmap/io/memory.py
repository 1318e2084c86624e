"""How much memory a file takes when it is read whole, as far as its size tells, and how much there is."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lcrmap.io.formats import suffix_format

__all__ = ["MAIL", "expected_bytes", "machine_bytes", "mail_note"]

MAIL: Final = 20_000_000
"""Bytes that most mail takes."""

# How many times its size a file takes, measured at points with three columns and at areas of a hundred vertices:
# the greater of the two.
_TIMES: Final[Mapping[str, float]] = {
    "csv": 12,
    "fgb": 4,
    "geojson": 7,
    "geojsonl": 7,
    "gdb": 8,
    "gpkg": 5,
    "parquet": 20,
    "shp": 4,
    "zip": 4,
    "gml": 8,
    "gpx": 8,
    "gz": 12,
    "mif": 8,
    "tab": 8,
    "kml": 8,
    "kmz": 8,
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
    return sum(int(_times(name) * size) for name, size in _sizes(path))


def _times(name: str) -> float:
    found = suffix_format(name)
    return 0 if found is None else _TIMES.get(found.name, 0)


def _sizes(path: Path) -> list[tuple[str, int]]:
    """Return the names and sizes of what is read: of a Shapefile its parts, of an archive what is in it."""
    match path.suffix.casefold():
        case ".zip" | ".kmz":
            try:
                with zipfile.ZipFile(path) as archive:
                    return [
                        (_counted(each.filename), each.file_size) for each in archive.infolist()
                    ]
            except (zipfile.BadZipFile, OSError, NotImplementedError):
                return []  # broken, or packed in a way that Python does not know: whoever reads it says so
        case ".gz" if path.is_file():
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - 4))
                claimed = int.from_bytes(file.read(4), "little")  # of as much as four bytes can say
            return [(path.stem, max(claimed, path.stat().st_size))]
        case ".gdb" if path.is_dir():
            return [(path.name, each.stat().st_size) for each in path.iterdir() if each.is_file()]
        case ".shp":
            table = path.with_suffix(".dbf")
            return [(path.name, e.stat().st_size) for e in (path, table) if e.is_file()]
    return [(path.name, path.stat().st_size)] if suffix_format(path) is not None else []


def _counted(name: str) -> str:
    """Return the name by which a file in an archive counts: the parts of a Shapefile or a geodatabase as such."""
    if name.casefold().endswith(".dbf"):
        return f"{name[:-4]}.shp"
    parent = name.rpartition("/")[0]
    return parent if parent.casefold().endswith(".gdb") else name


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


def mail_note(size: int, *, what: str, less: str, most: int = MAIL) -> str:
    """Say of something larger than most mail takes how large it is, and what to do; empty if it is not.

    Examples
    --------
    >>> mail_note(34_000_000, what="The report", less="send its page alone")
    'The report has 34 MB, more than most mail takes (20 MB): send its page alone.'
    """
    if size <= most:
        return ""
    return f"{what} has {size / 1e6:,.0f} MB, more than most mail takes ({most / 1e6:,.0f} MB): {less}."
