"""Reading a file, or what came through a pipe, into a frame: a format is one file of this folder.

Nothing is checked here but the file's form; what stands in it is looked at by `lcrmap.checks`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from lcrmap.errors import FileError, LcrmapError, UsageError
from lcrmap.io.formats import HEAD_BYTES, Format, check_head, claimed_format, detect
from lcrmap.io.reading import Asked, Reading, with_crs

if TYPE_CHECKING:
    from lcrmap.io.parts import Box, Progress
    from lcrmap.io.survey import Surveyed

__all__ = ["Survey", "in_parts", "read_file", "read_stream"]

_TABLES: Final = ("csv", "xlsx", "ods")
"""Formats in which columns tell where a row is."""

_ENCODED: Final = ("csv", "shp")
"""Formats of text in any encoding, of which they may say nothing."""


class Survey(Protocol):
    """The first pass over a file in parts, by which is found what its rows can only tell together."""

    def __call__(
        self,
        path: Path,
        asked: Asked,
        *,
        region: Box | None,
        block: int | None,
        progress: Progress,
    ) -> Surveyed:
        """Pass over a file once.

        Parameters
        ----------
        region
            West, south, east and north of the pack's region in degrees; None if unknown.
        block
            How many bytes of text a split has; None for what is usual. Other formats take no notice.
        progress
            Told how many bytes, or rows, of the file are done.

        Raises
        ------
        WholeNeededError
            If there is anything unusual about it: the reader that takes it whole knows what.
        """


def read_file(path: Path, asked: Asked) -> Reading:
    """Read a layer from a file that exists.

    A file of text is opened once: what is checked, read and digested are the same bytes. The libraries that read the
    other formats open them by themselves.

    Raises
    ------
    FileError
        If it is not whole, not readable or not what its name says.
    CRSError, GeometryError
        If its coordinate reference system or positions cannot be understood.
    """
    try:
        found = claimed_format(path)
        reader = _reader(found)
        data = (
            None if found.folder else _looked_at(path, found, whole=hasattr(reader, "read_bytes"))
        )
        if asked.part and not found.layered:
            raise UsageError(
                f"'{path}' is {found.title}, which holds one layer: leave out ':{asked.part}'."
            )
        if found.name not in _TABLES and not found.packed and (asked.x or asked.y):
            raise UsageError(f"--x and --y are for tables, and '{path}' is {found.title}.")
        if found.name not in _ENCODED and not found.packed and asked.encoding:
            raise UsageError(
                f"--encoding is for CSV and Shapefiles, and '{path}' is {found.title}."
            )
        reading = _read(reader, path, asked, data)
    except LcrmapError:
        raise  # some of ours are OSErrors too
    except PermissionError:
        raise FileError(f"'{path}' may not be read: ask its owner for permission.") from None
    except IsADirectoryError:
        raise FileError(f"'{path}' is a folder: name a file in it.") from None
    except OSError as error:
        raise FileError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    own = found.name in _TABLES or found.packed  # these know the CRS that was asked for
    return reading if own else with_crs(reading, asked.crs, f"'{path.name}'")


def _looked_at(path: Path, found: Format, *, whole: bool) -> bytes | None:
    """Check how a file begins; return all of it, if that is wanted."""
    with path.open("rb") as file:
        check_head(path, found, file.read(HEAD_BYTES))
        file.seek(0)
        return file.read() if whole else None


def _read(reader: Any, path: Path, asked: Asked, data: bytes | None) -> Reading:
    reading: Reading
    if data is None:
        reading = reader.read(path, asked)
        return reading
    reading = reader.read(path, asked, data)
    return replace(reading, sha256=hashlib.sha256(data).hexdigest())


def read_stream(data: bytes, asked: Asked) -> Reading:
    """Read a layer from the whole of what came through a pipe: GeoJSON, GeoJSONSeq or CSV."""
    found = detect(data)
    where = "'-' (standard input)"
    if asked.part:
        raise UsageError("What comes through a pipe is one layer: write '-' alone.")
    reading: Reading = _reader(found).read_bytes(data, where, asked)
    return reading if found.name == "csv" else with_crs(reading, asked.crs, where)


def in_parts(found: Format) -> Survey | None:
    """Return what makes the first pass over a file of a format that comes in parts; None for any other."""
    survey: Survey | None = getattr(_reader(found), "survey", None)
    return survey


def _reader(found: Format) -> Any:
    """Return the module that reads a format; none is loaded that is not needed."""
    return import_module(f"{__name__}.{found.module}")
