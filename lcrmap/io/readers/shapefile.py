"""Shapefiles, zipped or not: whole, and with the files that must lie beside the .shp, before GDAL reads them."""

from __future__ import annotations

import glob
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np

from lcrmap.errors import CRSError, FileError
from lcrmap.io.encodings import codec_named
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.vectors import read_whole

__all__ = ["read"]

_DRIVER = "ESRI Shapefile"
_NEEDED = {".shx": "the index", ".dbf": "the attributes"}
_HEAD = 100  # bytes at the head of a .shp and a .shx
_ENTRY = 8  # bytes of the index for a shape
_RECORD_HEAD = 8  # bytes before each shape: its number and its length
_CODE_PAGE = 29  # the byte of a .dbf that tells its encoding
# What it is where it says nothing, or "ANSI", which programs write by themselves.
_UNSAID = (
    0x00,
    0x03,
    0x57,
)
_FIELD, _NAME = 32, 11  # bytes that describe a field of a .dbf, and those of them that name it


def read(path: Path, asked: Asked) -> Reading:
    """Read all features, from a .shp and its companions.

    Raises
    ------
    FileError
        If it lacks a companion, is cut short, or if its files disagree on the number of rows.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    table = _refuse_partial(path, where)
    encoding, notes = _encoding(path, table, asked.encoding)
    reading = read_whole(path, _DRIVER, where, asked, encoding=encoding)
    gone = _gone(table, len(reading.frame), where)
    return replace(reading, notes=(*notes, *gone, *reading.notes))


def _gone(table: Path, read: int, where: str) -> tuple[str, ...]:
    """Say how many rows are left out since they are marked as deleted; refuse a file that lost others on the way."""
    rows = _rows(table, where)
    if rows == read:
        return ()
    begin, width = struct.unpack("<HH", _head(table, 12)[8:12])
    marks = np.fromfile(table, dtype=np.uint8, count=rows * width, offset=begin)[::width]
    deleted = int((marks == ord("*")).sum())
    if rows - deleted != read:
        raise FileError(
            f"{where} has {rows - deleted:,} rows, of which GDAL reads {read:,}: save it again."
        )
    word = "row is" if deleted == 1 else "rows are"
    return (f"{deleted:,} {word} marked as deleted in the .dbf of {where} and left out.",)


def _encoding(path: Path, table: Path, asked: str) -> tuple[str, tuple[str, ...]]:
    """Return the encoding of the .dbf where a person says it or its files do not, else nothing; and what is said."""
    if asked:
        return codec_named(asked), ()
    if _beside(path, ".cpg") is not None:
        return "", ()
    data = table.read_bytes()
    if data[_CODE_PAGE] not in _UNSAID or data.isascii():
        return "", ()
    text = _texts(data)
    if text.isascii():
        return "", ()
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        letter = text[error.start : error.start + 1].decode("cp1252", "replace")
        note = (
            f"'{path}' has no .cpg that tells its encoding and is read as Windows-1252 (it then has '{letter}'): "
            f"if letters look wrong, name another with --encoding."
        )
        return "cp1252", (note,)
    return "utf-8", ()


def _texts(data: bytes) -> bytes:
    """Return the names of the fields of a .dbf, and its rows."""
    begin = int.from_bytes(data[8:10], "little")
    names = (data[at : at + _NAME].split(b"\0")[0] for at in range(_FIELD, begin - 1, _FIELD))
    return b"\n".join([*names, data[begin:]])


def _refuse_partial(path: Path, where: str) -> Path:
    """Refuse a Shapefile of which a file is missing or cut short, or whose files disagree; return its .dbf."""
    files = _companions(path, where)
    _refuse_cut(path, 2 * int.from_bytes(_head(path, 28)[24:28], "big"), where)
    with files[".shx"].open("rb") as file:
        entries = file.read()[_HEAD:]
    if len(entries) % _ENTRY:
        raise FileError(f"{where} has a .shx that is cut short: save or download it again.")
    index = np.frombuffer(entries, dtype=">u4")
    shapes, rows = len(index) // 2, _rows(files[".dbf"], where)
    if shapes != rows:
        raise FileError(
            f"{where} has {shapes} shapes by its .shx and {rows} rows in its .dbf: these files do not belong "
            f"together, so copy all of them again."
        )
    _refuse_foreign_prj(path, where)
    if shapes:
        starts, lengths = (2 * index[each : 2 * shapes : 2].astype(np.int64) for each in (0, 1))
        last = int(starts.argmax())
        _refuse_foreign_index(path, int(starts[last]), int(lengths[last]), shapes, where)
    return files[".dbf"]


def _refuse_foreign_prj(path: Path, where: str) -> None:
    """Refuse a .prj that is no UTF-8, of which pyogrio makes an error of its own, whatever CRS is asked for."""
    for each in path.parent.glob(f"{glob.escape(path.stem)}.[pP][rR][jJ]"):
        try:
            each.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise CRSError(
                f"{where} has a {each.suffix} that is not in UTF-8: save it again with the encoding UTF-8, "
                f"or take it away and say --crs EPSG:CODE."
            ) from None


def _companions(path: Path, where: str) -> dict[str, Path]:
    found = {}
    for suffix, role in _NEEDED.items():
        companion = _beside(path, suffix)
        if companion is None:
            raise FileError(
                f"{where} lacks its companion {suffix} with {role}: "
                f"a Shapefile is several files, so copy all of them into one folder."
            )
        found[suffix] = companion
    return found


def _beside(path: Path, suffix: str) -> Path | None:
    wanted = f"{path.stem}{suffix}".casefold()
    return next((each for each in path.parent.iterdir() if each.name.casefold() == wanted), None)


def _rows(table: Path, where: str) -> int:
    """Return how many rows a .dbf claims; refuse one that is too short to hold them."""
    head = _head(table, 12)
    rows, begin, width = struct.unpack("<IHH", head[4:12].ljust(8, b"\0"))
    _refuse_cut(table, max(begin, 12) + rows * width, f"{where} has a {table.suffix} that")
    return int(rows)


def _refuse_cut(path: Path, claimed: int, where: str) -> None:
    real = path.stat().st_size
    if claimed > real:
        raise FileError(
            f"{where} is cut short ({real} of {claimed} bytes): save or download it again."
        )


def _refuse_foreign_index(path: Path, start: int, length: int, shapes: int, where: str) -> None:
    """Refuse a .shp that does not hold the last shape of its index where this says, or holds one behind it."""
    end = start + _RECORD_HEAD + length
    _refuse_cut(path, end, where)
    with path.open("rb") as file:
        file.seek(start + 4)
        there = 2 * int.from_bytes(file.read(4), "big")
        file.seek(end)
        behind = int.from_bytes(file.read(4), "big")
    if there != length or behind == shapes + 1:
        raise FileError(
            f"{where} holds other shapes than the {shapes} of its .shx: these files do not belong together, "
            f"so copy all of them again."
        )


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
