"""What must be known of a GeoJSON text before GDAL sees it.

GDAL guesses the kind of a JSON file, follows a ``"crs"`` that is an address, and passes in silence over
entries that are not features; all of that is settled here first.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from json import JSONDecodeError
from json.decoder import JSONDecoder
from typing import Any

import pyproj

from lcrmap.errors import CRSError, FileError
from lcrmap.io.crs import DEGREES, named_crs

__all__ = [
    "Head",
    "all_finite",
    "claims_position",
    "head_of",
    "parse",
    "read_document",
    "read_head",
    "read_text",
    "refuse_non_feature",
    "too_deep",
]

SHAPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = JSONDecoder()
# The key "crs" written with escapes, which a search for its plain letters would miss.
_ESCAPED_CRS = re.compile(r'"(?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)"', re.IGNORECASE)

_OTHER_KINDS = {
    "Topology": "TopoJSON: convert it to GeoJSON first",
    "gdal_streamed_alg": "a GDAL pipeline, which runs commands and opens other files: "
    "run it with GDAL and give lcrmap its result",
}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the features: the CRS, and lcrmap's own metadata if it wrote the file."""

    crs: pyproj.CRS
    carried: Any = None
    name: str = ""


def read_text(data: bytes, where: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    FileError
        If a byte is not UTF-8; the message names it and its line.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{where} is not in UTF-8: line {line} holds the byte 0x{data[error.start]:02X}; "
            f"save it again with the encoding UTF-8."
        ) from None


def read_head(text: str, where: str) -> Head:
    """Read what stands around the features, and refuse JSON that is not GeoJSON.

    Members are read one by one up to ``"features"``, so that the features themselves are parsed once,
    by GDAL; only a ``"crs"`` behind them makes it needful to parse the whole.

    Raises
    ------
    FileError
        If it is broken or is JSON of another kind.
    CRSError
        If its CRS is not the name of a registered one.
    """
    try:
        members, end = _members_before_features(text)
        if "type" not in members or _ESCAPED_CRS.search(text, end):
            whole = json.loads(text)
            members = {k: v for k, v in whole.items() if k != "features"}
    except JSONDecodeError as error:
        raise FileError(_broken(error, where)) from None
    except RecursionError:
        raise FileError(too_deep(where)) from None
    return head_of(members, where)


def head_of(members: dict[str, Any], where: str) -> Head:
    """Return what the members around the features say; raises what `read_head` does."""
    _refuse_other_kinds(members, where)
    return Head(
        crs=_named_in(members.get("crs"), where),
        carried=members.get("lcrmap"),
        name=members["name"] if isinstance(members.get("name"), str) else "",
    )


def _members_before_features(text: str) -> tuple[dict[str, Any], int]:
    """Return the members of the outermost object up to "features", and where reading stopped."""
    members: dict[str, Any] = {}
    at = _after_space(text, 0)
    if text[at : at + 1] != "{":
        raise JSONDecodeError("Expecting an object", text, at)
    at = _after_space(text, at + 1)
    while text[at : at + 1] != "}":
        if text[at : at + 1] != '"':
            raise JSONDecodeError("Expecting a name in double quotes", text, at)
        key, at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] != ":":
            raise JSONDecodeError("Expecting ':'", text, at)
        at = _after_space(text, at + 1)
        if key == "features":
            return members, at
        members[key], at = _DECODER.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "}":
            raise JSONDecodeError("Expecting ',' or '}'", text, at)
    return members, at


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _refuse_other_kinds(members: dict[str, Any], where: str) -> None:
    kind = members.get("type")
    if isinstance(kind, str) and kind in ("FeatureCollection", "Feature", *SHAPES):
        return
    if "rows" in members and "lcrmap" in members:
        raise FileError(
            f"{where} is a table of rows without shapes: give lcrmap the layer as .geojson or .gpkg."
        )
    if "geometryType" in members or "spatialReference" in members:
        raise FileError(f"{where} is Esri JSON, not GeoJSON: export it as GeoJSON.")
    if isinstance(kind, str) and kind in _OTHER_KINDS:
        raise FileError(f"{where} is not GeoJSON but {_OTHER_KINDS[kind]}.")
    said = f"its type is '{kind:.40}'" if isinstance(kind, str) else "it has no type"
    raise FileError(
        f"{where} is JSON but not GeoJSON: {said}, and a layer's is 'FeatureCollection'."
    )


def _named_in(member: Any, where: str) -> pyproj.CRS:
    if member is None:
        return named_crs(DEGREES)
    if not isinstance(member, dict) or member.get("type") != "name":
        raise CRSError(
            f'The "crs" of {where} does not name a coordinate reference system but points '
            f"elsewhere, which lcrmap does not follow: take it out and say --crs EPSG:CODE."
        )
    properties = member.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise CRSError(f'The "crs" of {where} has no name: take it out and say --crs EPSG:CODE.')
    return named_crs(name, where=f'"crs" of {where}')


def read_document(text: str, where: str) -> dict[str, Any]:
    """Parse a whole GeoJSON text, having refused what GDAL would pass over in silence.

    Returns
    -------
    dict
        The outermost object; a single feature or shape is returned as a collection of one.

    Raises
    ------
    FileError
        If it is broken, or if one of its features is not a feature.
    """
    whole = parse(text, where)
    _refuse_other_kinds(whole, where)
    if whole["type"] in SHAPES:
        return {"features": [{"type": "Feature", "properties": {}, "geometry": whole}]}
    if whole["type"] == "Feature":
        return {"features": [whole]}
    features = whole.get("features")
    if not isinstance(features, list):
        raise FileError(f'The "features" of {where} are not a list: see RFC 7946 for the form.')
    for number, each in enumerate(features, 1):
        refuse_non_feature(each, f"Feature {number} of {where}")
    return whole


def parse(text: str, where: str, *, line: int = 1) -> dict[str, Any]:
    """Parse one JSON object that begins in a line of a file.

    Raises
    ------
    FileError
        If it is broken (the message says line and column), nests too deep, or is not an object.
    """
    try:
        whole = json.loads(text)
    except JSONDecodeError as error:
        raise FileError(_broken(error, where, line)) from None
    except (RecursionError, ValueError):  # a number of thousands of digits is a ValueError
        raise FileError(too_deep(where)) from None
    if not isinstance(whole, dict):
        raise FileError(
            f"Line {line} of {where} is JSON but not an object in braces, as GeoJSON is."
        )
    return whole


def refuse_non_feature(value: Any, where: str) -> None:
    """Refuse an entry of a collection or sequence that GDAL would drop without a word.

    Raises
    ------
    FileError
        If it is no object of type "Feature", or its properties or geometry are not objects.
    """
    if not isinstance(value, dict) or value.get("type") != "Feature":
        raise FileError(f'{where} is not of the type "Feature": see RFC 7946 for the form.')
    for part in ("properties", "geometry"):
        if not isinstance(value.get(part), dict | None):
            raise FileError(f'{where} has a "{part}" that is not an object: see RFC 7946.')


def claims_position(feature: dict[str, Any]) -> bool:
    """Tell whether a feature says that it has a shape with at least one vertex."""
    geometry = feature.get("geometry")
    if geometry is None:
        return False
    inner = geometry.get("coordinates", geometry.get("geometries"))
    while isinstance(inner, list) and inner and isinstance(inner[0], list):
        inner = inner[0]
    return bool(inner != [])


def all_finite(value: Any) -> bool:
    """Tell whether no number anywhere inside is infinite or not a number."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(all_finite(each) for each in value.values())
    if isinstance(value, list):
        return all(all_finite(each) for each in value)
    return True


def _broken(error: JSONDecodeError, where: str, line: int = 1) -> str:
    what = error.msg[0].lower() + error.msg[1:]
    number = error.lineno + line - 1
    return f"{where} is broken JSON at line {number}, column {error.colno}: {what.removesuffix(' at')}."


def too_deep(where: str) -> str:
    """Return the sentence that says that a text nests too deep."""
    return f"{where} nests lists or objects deeper than any map data do: it is not read."
