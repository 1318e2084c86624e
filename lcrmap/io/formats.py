"""The file formats that lcrmap reads and writes, one entry each.

A format is fixed from a file's suffix *and* its first bytes, and both must agree, before any reading
library sees the file: what a library would guess by itself may be a file that makes it open other
files or addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lcrmap.errors import FileError, UsageError

__all__ = [
    "FORMATS",
    "HEAD_BYTES",
    "Format",
    "check_head",
    "claimed_format",
    "detect",
    "format_named",
    "format_to_write",
    "listed_suffixes",
    "suffix_format",
]

HEAD_BYTES = 4096
"""How much of a file decides what it is."""

UTF8_MARK = b"\xef\xbb\xbf"
RECORD_SEPARATOR = b"\x1e"
ZIP_MARK = b"PK\x03\x04"

_SPREADSHEETS = (".xls", ".xlsm", ".xlsb", ".numbers")

# What files of other kinds begin with, to say what came in place of what was claimed.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"<OGRVRT", "a GDAL virtual file (VRT), which points to other files"),
    (b"<VRT", "a GDAL virtual file (VRT), which points to other files"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
    (b"<", "XML"),
)


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes
    ----------
    name
        As it is typed after ``--format``.
    title
        As it stands in sentences.
    reads, writes
        The suffixes, with the dot and in lower case, by which it is read and written; empty if it is not.
    begins
        Whether a file that starts with these bytes can be of this format.
    module
        The module of `lcrmap.io.readers` that reads it, and of `lcrmap.io.writers` that writes it.
    layered
        Whether a file of it may hold several layers, each with a name.
    packed
        Whether it is another file, packed, whose own format counts.
    folder
        Whether it is a folder of files.
    """

    name: str
    title: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    begins: Callable[[bytes], bool]
    module: str
    layered: bool = False
    packed: bool = False
    folder: bool = False


def _starts_as_object(head: bytes) -> bool:
    return head.removeprefix(UTF8_MARK).lstrip()[:1] == b"{"


def _starts_as_sequence(head: bytes) -> bool:
    body = head.removeprefix(UTF8_MARK)
    return body.lstrip()[:1] == RECORD_SEPARATOR or _starts_as_object(body)


def _wide(head: bytes) -> str:
    """Return the codec of UTF-16 that some first bytes are in; empty for all that have no zero byte."""
    if b"\x00" not in head:
        return ""
    from lcrmap.io.encodings import utf16_in  # few files need it

    return utf16_in(head)


def _starts_as_text(head: bytes) -> bool:
    wide = _wide(head)
    if wide:
        head = head.decode(wide, "ignore").removeprefix("\ufeff").encode("utf-8", "ignore")
    body = head.removeprefix(UTF8_MARK)
    if b"\x00" in body or _foreign(body):
        return False
    return not (_starts_as_sequence(body) or any(begin(body) for begin in _BINARY))


def _starts_as_geopackage(head: bytes) -> bool:
    return head.startswith(b"SQLite format 3\x00")


def _starts_as_shapefile(head: bytes) -> bool:
    return head.startswith(b"\x00\x00\x27\x0a")


def _starts_as_zip(head: bytes) -> bool:
    return head.startswith(ZIP_MARK)


def _starts_as_tab(head: bytes) -> bool:
    return head.lstrip()[:6].lower() == b"!table"


def _starts_as_mif(head: bytes) -> bool:
    return re.match(rb"\s*version\s+\d+\s*\n", head, re.IGNORECASE) is not None


def _starts_as_gzip(head: bytes) -> bool:
    return head.startswith(b"\x1f\x8b")


def _starts_as_flatgeobuf(head: bytes) -> bool:
    return head.startswith(b"fgb") and head[4:7] == b"fgb"


def _starts_as_parquet(head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _root(head: bytes) -> bytes:
    r"""Return the name of the outermost element without its prefix; empty if the bytes are no XML.

    Examples
    --------
    >>> _root(b'<?xml version="1.0"?>\n<!-- a map --><kml:kml xmlns:kml="k">')
    b'kml'
    """
    body = head.removeprefix(UTF8_MARK).lstrip()
    for begin, end in ((b"<?", b"?>"), (b"<!--", b"-->")) * 8:
        while body.startswith(begin):
            body = body.partition(end)[2].lstrip()
    found = re.match(rb"<(?:[\w.-]{1,80}:)?([\w.-]{1,80})", body)
    return found[1] if found else b""


def _starts_as_kml(head: bytes) -> bool:
    return _root(head) == b"kml"


def _starts_as_gpx(head: bytes) -> bool:
    return _root(head) == b"gpx"


def _starts_as_gml(head: bytes) -> bool:
    return bool(_root(head)) and b"opengis.net/gml" in head


def _never(head: bytes) -> bool:
    return False


_XML = (_starts_as_kml, _starts_as_gpx, _starts_as_gml)
_BINARY = (
    _starts_as_geopackage,
    _starts_as_shapefile,
    _starts_as_zip,
    _starts_as_flatgeobuf,
    _starts_as_parquet,
    _starts_as_tab,
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="geojson",
        title="GeoJSON",
        reads=(".geojson", ".json"),
        writes=(".geojson",),
        begins=_starts_as_object,
        module="geojson",
    ),
    Format(
        name="topojson",
        title="TopoJSON",
        reads=(".topojson",),
        writes=(),
        begins=_starts_as_object,
        module="topojson",
        layered=True,
    ),
    Format(
        name="geojsonl",
        title="GeoJSONSeq",
        reads=(".geojsonl", ".geojsons", ".ndjson"),
        writes=(".geojsonl", ".geojsons", ".ndjson"),
        begins=_starts_as_sequence,
        module="geojsonseq",
    ),
    Format(
        name="gpkg",
        title="GeoPackage",
        reads=(".gpkg",),
        writes=(".gpkg",),
        begins=_starts_as_geopackage,
        module="geopackage",
        layered=True,
    ),
    Format(
        name="gdb",
        title="File Geodatabase",
        reads=(".gdb",),
        writes=(),
        begins=_never,
        module="geodatabase",
        layered=True,
        folder=True,
    ),
    Format(
        name="parquet",
        title="GeoParquet",
        reads=(".parquet",),
        writes=(".parquet",),
        begins=_starts_as_parquet,
        module="geoparquet",
    ),
    Format(
        name="fgb",
        title="FlatGeobuf",
        reads=(".fgb",),
        writes=(),
        begins=_starts_as_flatgeobuf,
        module="flatgeobuf",
    ),
    Format(
        name="shp",
        title="Shapefile",
        reads=(".shp",),
        writes=(),
        begins=_starts_as_shapefile,
        module="shapefile",
    ),
    Format(
        name="zip",
        title="zip",
        reads=(".zip",),
        writes=(),
        begins=_starts_as_zip,
        module="zipped",
        layered=True,
        packed=True,
    ),
    Format(
        name="gz",
        title="gzip",
        reads=(".gz",),
        writes=(),
        begins=_starts_as_gzip,
        module="gzipped",
        layered=True,
        packed=True,
    ),
    Format(
        name="kmz",
        title="KMZ",
        reads=(".kmz",),
        writes=(),
        begins=_starts_as_zip,
        module="kmz",
        layered=True,
    ),
    Format(
        name="tab",
        title="MapInfo TAB",
        reads=(".tab",),
        writes=(),
        begins=_starts_as_tab,
        module="mapinfo",
    ),
    Format(
        name="mif",
        title="MapInfo MIF",
        reads=(".mif",),
        writes=(),
        begins=_starts_as_mif,
        module="mapinfo",
    ),
    Format(
        name="kml",
        title="KML",
        reads=(".kml",),
        writes=(),
        begins=_starts_as_kml,
        module="kml",
        layered=True,
    ),
    Format(
        name="gpx",
        title="GPX",
        reads=(".gpx",),
        writes=(),
        begins=_starts_as_gpx,
        module="gpx",
        layered=True,
    ),
    Format(
        name="gml",
        title="GML",
        reads=(".gml",),
        writes=(),
        begins=_starts_as_gml,
        module="gml",
        layered=True,
    ),
    Format(
        name="xlsx",
        title="Excel workbook",
        reads=(".xlsx",),
        writes=(),
        begins=_starts_as_zip,
        module="spreadsheet",
        layered=True,
    ),
    Format(
        name="ods",
        title="OpenDocument spreadsheet",
        reads=(".ods",),
        writes=(),
        begins=_starts_as_zip,
        module="spreadsheet",
        layered=True,
    ),
    Format(
        name="csv",
        title="CSV",
        reads=(".csv", ".tsv", ".txt"),
        writes=(".csv",),
        begins=_starts_as_text,
        module="csv",
    ),
    Format(name="json", title="JSON", reads=(), writes=(".json",), begins=_never, module="json"),
    Format(
        name="md", title="Markdown", reads=(), writes=(".md",), begins=_never, module="markdown"
    ),
)


def format_named(name: str) -> Format:
    """Return the format called `name`.

    Raises
    ------
    UsageError
        If there is none.

    Examples
    --------
    >>> format_named("gpkg").title
    'GeoPackage'
    """
    for each in FORMATS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in FORMATS if each.writes)
    raise UsageError(f"There is no format '{name}': choose one of {known}.")


_OFFICE: Final = {
    ".xlsx": "a .csv opens in Excel, and 'lcrmap report' makes a workbook of several answers",
    ".docx": "'lcrmap report' makes a Word document of answers",
}
"""What to do instead of writing what an office program alone reads."""


def listed_suffixes(purpose: str) -> str:
    """Return the suffixes that can be read or written, for a sentence.

    Parameters
    ----------
    purpose
        ``"reads"`` or ``"writes"``.

    Examples
    --------
    >>> listed_suffixes("writes")
    '.geojson, .geojsonl, .geojsons, .ndjson, .gpkg, .parquet, .csv, .json or .md'
    """
    suffixes = [suffix for each in FORMATS for suffix in getattr(each, purpose)]
    return f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"


def suffix_format(path: str | Path, purpose: str = "reads") -> Format | None:
    """Return the format that a path's suffix claims, or None if it claims none."""
    name = Path(path).name.casefold()
    for each in FORMATS:
        if any(name.endswith(suffix) for suffix in getattr(each, purpose)):
            return each
    return None


def format_to_write(path: str | Path) -> Format:
    """Return the format in which a file of this name is written.

    Raises
    ------
    UsageError
        If no format has the suffix.

    Examples
    --------
    >>> format_to_write("output/sites.json").name
    'json'
    """
    found = suffix_format(path, "writes")
    if found is None:
        suffix = Path(path).suffix
        start = (
            f"lcrmap cannot write {suffix}, as in '{path}'"
            if suffix
            else f"'{path}' has no suffix that tells its format"
        )
        use = f"use {listed_suffixes('writes')}, .html for a page, or .png, .svg or .pdf for a picture"
        instead = _OFFICE.get(suffix.lower())
        raise UsageError(f"{start}: {f'{instead}; else ' if instead else ''}{use}.")
    return found


def detect(source: str | Path | bytes) -> Format:
    r"""Return the format of a file, by its suffix and first bytes, or of bytes by these alone.

    Parameters
    ----------
    source
        A path of a file that exists, or the whole of what came through a pipe.

    Raises
    ------
    FileError
        If it is empty, if the suffix is unknown, or if suffix and first bytes disagree.

    Examples
    --------
    >>> detect(b"lon,lat\n-2.99,53.40\n").name
    'csv'
    """
    if isinstance(source, bytes):
        return _detect_bytes(source)
    path = Path(source)
    claimed = claimed_format(path)
    with path.open("rb") as file:
        check_head(path, claimed, file.read(HEAD_BYTES))
    return claimed


def claimed_format(path: Path) -> Format:
    """Return the format that a file's suffix claims; raises FileError if lcrmap reads none of that suffix."""
    claimed = suffix_format(path)
    if claimed is not None:
        return claimed
    if path.suffix.casefold() in _SPREADSHEETS:
        raise FileError(
            f"'{path}' is a spreadsheet of an older kind: save it as .xlsx, .ods or CSV UTF-8 and read that."
        )
    raise FileError(
        f"'{path}' has no suffix that lcrmap reads: it reads {listed_suffixes('reads')}."
    )


def check_head(path: Path, claimed: Format, head: bytes) -> None:
    """Refuse a file whose first `HEAD_BYTES` are not of the format that its suffix claims; raises FileError."""
    if not head:
        raise FileError(f"'{path}' is empty (0 bytes): save or download it again.")
    if claimed.name != "csv" and head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(f"'{path}' is in UTF-16: save it again with the encoding UTF-8.")
    if not claimed.begins(head):
        raise FileError(
            f"'{path}' is named as {claimed.title} but begins as {_kind(head)}: "
            f"give it the suffix of what it is, or save it as {claimed.title}."
        )


def _detect_bytes(data: bytes) -> Format:
    head = data[:HEAD_BYTES]
    if not head.strip():
        raise FileError("Nothing came through the pipe: check the command before it.")
    if head.removeprefix(UTF8_MARK).lstrip()[:1] == RECORD_SEPARATOR or _holds_sequence(data):
        return format_named("geojsonl")
    for name in ("geojson", "csv"):
        found = format_named(name)
        if found.begins(head):
            return found
    raise FileError(
        f"'-' (standard input) begins as {_kind(head)}: "
        f"pipe GeoJSON, GeoJSONSeq or CSV, or name the file itself."
    )


def _holds_sequence(data: bytes) -> bool:
    """Tell whether the first line is a whole JSON object and something follows it."""
    if not _starts_as_object(data[:HEAD_BYTES]):
        return False
    body = data.removeprefix(UTF8_MARK).lstrip()
    line, _, rest = body.partition(b"\n")
    if not rest[:HEAD_BYTES].strip() or not line.rstrip().endswith(b"}"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _foreign(head: bytes) -> str:
    body = head.lstrip()
    return next((kind for mark, kind in _FOREIGN if body.startswith(mark)), "")


def _kind(head: bytes) -> str:
    """Say what a file is that begins with `head`."""
    body = head.removeprefix(UTF8_MARK)
    foreign = "" if any(begin(body) for begin in _XML) else _foreign(body)
    if foreign:
        return foreign
    if body.lstrip()[:1] == b"[":
        return "a JSON list"
    if b"\x00" in body and not any(begin(body) for begin in _BINARY):
        return "binary data"
    if _starts_as_zip(body):
        return "a zip archive"
    for each in FORMATS:
        if each.begins(body):
            return "JSON" if each.name == "geojson" else each.title
    return "something unknown"
