"""Copies of files in which what can be mended without a choice is mended: rings, digits, encoding."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import shapely

from lcrmap.errors import UsageError
from lcrmap.io.encodings import in_utf8
from lcrmap.io.formats import UTF8_MARK, claimed_format
from lcrmap.io.json_text import parse

__all__ = ["fixed_path", "mended"]

DIGITS: Final = 7
"""Decimals of a degree: about a centimetre, as RFC 7946 (section 11.2) advises."""


def fixed_path(path: Path) -> Path:
    """Return where the mended copy of a file is written: beside it, never over it.

    Examples
    --------
    >>> fixed_path(Path("data/sites.geojson")).as_posix()
    'data/sites.fixed.geojson'
    """
    return path.with_name(f"{path.stem}.fixed{path.suffix}")


def mended(path: Path) -> tuple[bytes, list[str]]:
    """Return a mended copy of a file, and what was mended in it; nothing if all was well.

    Raises
    ------
    UsageError
        If it is of a format that cannot be mended so.
    FileError
        If it is broken beyond that.
    """
    found = claimed_format(path)
    if found.name not in ("csv", "geojson"):
        raise UsageError(f"--fix mends GeoJSON and CSV, and '{path}' is {found.title}.")
    mend = _as_utf8 if found.name == "csv" else _mended_json
    return mend(path.read_bytes(), path)


def _as_utf8(data: bytes, path: Path) -> tuple[bytes, list[str]]:
    text, notes = in_utf8(data, f"'{path}'")
    if text == data:
        return data, []
    return text, ["its text in UTF-8", *notes]


def _mended_json(data: bytes, path: Path) -> tuple[bytes, list[str]]:
    document = parse(data.removeprefix(UTF8_MARK), f"'{path}'")
    counts = dict.fromkeys(("rings closed", "rings turned", "positions rounded"), 0)

    def count(what: str, number: int = 1) -> None:
        counts[what] += number

    features = document.get("features")
    for feature in features if isinstance(features, list) else [document]:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(geometry, dict):
            _mend_geometry(geometry, count)
    said = [f"{number:,} {what}" for what, number in counts.items() if number]
    if not said:
        return data, []
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", said


def _mend_geometry(geometry: dict[str, Any], count: Callable[..., None]) -> None:
    for part in geometry.get("geometries", []) if "geometries" in geometry else []:
        if isinstance(part, dict):
            _mend_geometry(part, count)
    places = geometry.get("coordinates")
    if isinstance(places, list):
        geometry["coordinates"] = _rounded(places, count)
    match geometry.get("type"):
        case "Polygon":
            _mend_rings(geometry["coordinates"], count)
        case "MultiPolygon":
            for rings in geometry["coordinates"]:
                _mend_rings(rings, count)


def _rounded(places: list[Any], count: Callable[..., None]) -> list[Any]:
    if places and all(isinstance(each, int | float) for each in places):
        short = [round(each, DIGITS) if isinstance(each, float) else each for each in places]
        if short != places:
            count("positions rounded")
        return short
    return [_rounded(each, count) if isinstance(each, list) else each for each in places]


def _mend_rings(rings: Any, count: Callable[..., None]) -> None:
    for number, ring in enumerate(rings if isinstance(rings, list) else []):
        if not isinstance(ring, list) or len(ring) < 3:
            continue
        if ring[0] != ring[-1]:
            ring.append(list(ring[0]))
            count("rings closed")
        try:
            counterclockwise = bool(
                shapely.is_ccw(shapely.linearrings([each[:2] for each in ring]))
            )
        except (TypeError, ValueError, IndexError, shapely.errors.GEOSException):
            continue  # the reader says what is wrong with it
        if counterclockwise != (number == 0):
            ring.reverse()
            count("rings turned")
