"""JSON text into Python's objects, and what makes it GeoJSON.

All features come this way, from a file, a sequence or a pipe, so that the same text gives the same rows. msgspec
decodes what is plain JSON; what it refuses goes to Python's own decoder, which also takes ``NaN``, and knows lines.
"""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

import pyproj

from lcrmap.errors import CRSError, FileError
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.formats import UTF8_MARK

__all__ = [
    "SHAPES",
    "Head",
    "all_finite",
    "count_objects",
    "feature_fault",
    "head_of",
    "is_esri",
    "no_collecting",
    "parse",
    "parse_lines",
    "read_document",
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

_OTHER_KINDS = {
    "Topology": "TopoJSON: save it as a file that ends with .topojson or .json",
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


def head_of(members: dict[str, Any], where: str) -> Head:
    """Return what the members around the features say.

    Raises
    ------
    FileError
        If they are those of JSON of another kind.
    CRSError
        If the CRS is not the name of a registered one.
    """
    _refuse_other_kinds(members, where)
    return Head(
        crs=_named_in(members.get("crs"), where),
        carried=members.get("lcrmap"),
        name=members["name"] if isinstance(members.get("name"), str) else "",
    )


def _refuse_other_kinds(members: dict[str, Any], where: str) -> None:
    kind = members.get("type")
    if isinstance(kind, str) and kind in ("FeatureCollection", "Feature", *SHAPES):
        return
    if "rows" in members and "lcrmap" in members:
        raise FileError(
            f"{where} is a table of rows without shapes: give lcrmap the layer as .geojson or .gpkg."
        )
    if is_esri(members):
        raise FileError(
            f"{where} is Esri JSON, not GeoJSON: save it as a file that ends with .json."
        )
    if isinstance(kind, str) and kind in _OTHER_KINDS:
        raise FileError(f"{where} is not GeoJSON but {_OTHER_KINDS[kind]}.")
    said = f"its type is '{kind:.40}'" if isinstance(kind, str) else "it has no type"
    raise FileError(
        f"{where} is JSON but not GeoJSON: {said}, and a layer's is 'FeatureCollection'."
    )


def is_esri(members: dict[str, Any]) -> bool:
    """Tell whether an object is what an ArcGIS server answers, and not GeoJSON."""
    return "geometryType" in members or "spatialReference" in members


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


def read_document(data: bytes, where: str) -> tuple[Head, list[dict[str, Any]]]:
    """Parse a whole GeoJSON text in UTF-8; a single feature or shape is a collection of one.

    Returns
    -------
    tuple
        What stands around the features, and the features.

    Raises
    ------
    FileError
        If it is broken, or JSON of another kind, or if one of its features is not a feature.
    CRSError
        If its CRS is not the name of a registered one.
    """
    whole = parse(data.removeprefix(UTF8_MARK), where)
    head = head_of(whole, where)
    if whole["type"] in SHAPES:
        return head, [{"type": "Feature", "properties": {}, "geometry": whole}]
    features = [whole] if whole["type"] == "Feature" else whole.get("features")
    if not isinstance(features, list):
        raise FileError(f'The "features" of {where} are not a list: see RFC 7946 for the form.')
    for number, each in enumerate(features, 1):
        refuse_non_feature(each, f"Feature {number} of {where}")
    return head, features


def parse(data: bytes, where: str, *, line: int = 1) -> dict[str, Any]:
    """Parse one JSON object, of which it is known that it is UTF-8, and which begins in a line of a file.

    Raises
    ------
    FileError
        If it is broken (the message says line and column), nests too deep, holds a number that is too large, or is
        not an object.
    """
    try:
        whole, infinite = _decoded(data)
    except JSONDecodeError as error:
        raise FileError(_broken(error, where, line)) from None
    except RecursionError:
        raise FileError(too_deep(where)) from None
    except ValueError:  # Python's bound for the digits of a whole number
        raise FileError(
            f"{where} holds a whole number of thousands of digits, which no data need: "
            f"correct it, or write it as text in quotes."
        ) from None
    if not isinstance(whole, dict):
        raise FileError(
            f"Line {line} of {where} is JSON but not an object in braces, as GeoJSON is."
        )
    if infinite and all(map(all_finite, _geometries(whole))):  # else the shapes are spoken of
        raise FileError(
            f"{where} holds the number {infinite:.40}, which is larger than any can be: "
            f"correct it, or write it as text in quotes."
        )
    return whole


def _decoded(data: bytes) -> tuple[Any, str]:
    """Return what a text means, and the first number in it that is infinite; empty if none is."""
    import msgspec

    infinite: list[str] = []

    def number(text: str) -> float:
        value = float(text)
        if math.isinf(value):
            infinite.append(text)
        return value

    with no_collecting():
        try:
            return msgspec.json.decode(data), ""
        except (msgspec.DecodeError, UnicodeError):
            whole = json.loads(data.decode(), parse_float=number, parse_constant=number)
    return whole, infinite[0] if infinite else ""


def _geometries(whole: dict[str, Any]) -> list[Any]:
    features = whole.get("features")
    each = features if isinstance(features, list) else [whole]
    return [one.get("geometry", one.get("coordinates")) for one in each if isinstance(one, dict)]


def parse_lines(data: bytes) -> list[Any] | None:
    """Return the objects of a text in which each line is one; None if it may be anything else, or wrong."""
    import msgspec

    count = count_objects(data)
    if not count:
        return None
    with no_collecting():
        try:
            found = msgspec.json.Decoder().decode_lines(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
    return found if len(found) == count else None


def count_objects(data: bytes) -> int:
    """Return how many lines are not blank; 0 if one of them does not begin and end with a brace.

    If there are as many objects, each line is one: none can go on over such a line end, at which a comma is missing.
    """
    lines = [each for line in data.split(b"\n") if (each := line.strip())]
    braced = all(each.startswith(b"{") and each.endswith(b"}") for each in lines)
    return len(lines) if braced else 0


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep Python from looking for circles among millions of new objects, in which there are none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def refuse_non_feature(value: Any, where: str) -> None:
    """Refuse an entry of a collection or sequence that is no feature.

    Raises
    ------
    FileError
        If it is no object of type "Feature", or its properties or geometry are not objects.
    """
    fault = feature_fault(value)
    if fault:
        raise FileError(f"{where} {fault}.")


def feature_fault(value: Any) -> str:
    """Return why a value is no feature, as the rest of a sentence; empty if it is one."""
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return 'is not of the type "Feature": see RFC 7946 for the form'
    for part in ("properties", "geometry"):
        if not isinstance(value.get(part), dict | None):
            return f'has a "{part}" that is not an object: see RFC 7946'
    return ""


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
