"""What workbooks, TopoJSON and Esri JSON hold by openpyxl, ElementTree and json."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from lcrmap.io.columns import unreserved
from tests.fuzz.oracles.expected import BrokenError, Expected, Positions
from tests.fuzz.oracles.rows import of_rows
from tests.fuzz.oracles.said import LeftOut

__all__ = ["OTHER_REFERENCES"]

EXACT = 2**53
Cells = list[list[str]]


def of_xlsx(path: Path, left: LeftOut) -> Expected | None:
    book = openpyxl.load_workbook(path, data_only=True)
    sheets = [[[_shown(cell) for cell in row] for row in sheet.values] for sheet in book]
    return _of_sheets([each for each in sheets if len(each) > 1], left)


def of_ods(path: Path, left: LeftOut) -> Expected | None:
    with zipfile.ZipFile(path) as archive:
        content = ET.fromstring(archive.read("content.xml"))
    rows = [
        [_ods_shown(cell) for cell in row] for row in content.iter() if _named(row, "table-row")
    ]
    return _of_sheets([rows], left)


def _named(element: ET.Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


def _ods_shown(cell: ET.Element) -> str:
    values = {name.rpartition("}")[2]: value for name, value in cell.attrib.items()}
    if "value" in values:
        return _shown(float(values["value"]))
    found = values.get("boolean-value") or values.get("date-value")
    return found or "\n".join(each.text or "" for each in cell)


def _shown(cell: Any) -> str:
    """Return what a cell shows, as CSV would have it; a workbook knows no numbers but floating ones."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case int() | float():
            number = float(cell)
            whole = number.is_integer() and abs(number) < EXACT
            return str(int(number)) if whole else repr(number)
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.date():
            return cell.isoformat()
    return str(cell)


def _of_sheets(sheets: Sequence[Cells], left: LeftOut) -> Expected | None:
    if len(sheets) != 1:
        return None
    (rows,) = sheets
    filled = [n for n, row in enumerate(rows) if any(map(str.strip, row))]
    if len(filled) < 2 or filled[0] + left.titles >= len(rows):
        return None
    header, *below = rows[filled[0] + left.titles : filled[-1] + 1]
    width = max(n for row in [header, *below] for n, cell in enumerate(row, 1) if cell)
    padded = [[*row, *[""] * width][:width] for row in (header, *below)]
    return of_rows(padded[0], padded[1:], left)


def of_other_json(data: bytes) -> Expected | None:
    """Return what a TopoJSON of one object, or an Esri JSON, holds: how many features, and where its points are."""
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        return None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BrokenError("it is no JSON") from error
    except ValueError:
        return None  # thousands of digits
    if not isinstance(whole, dict):
        return None
    if whole.get("type") == "Topology":
        return _of_topology(whole)
    return _of_answer(whole) if whole.get("geometryType") == "esriGeometryPoint" else None


def _of_topology(whole: dict[str, Any]) -> Expected | None:
    objects = whole.get("objects")
    (layer,) = objects.values() if isinstance(objects, dict) and len(objects) == 1 else (None,)
    shapes = layer.get("geometries") if isinstance(layer, dict) else None
    if not isinstance(shapes, list) or not all(isinstance(each, dict) for each in shapes):
        return None
    positions = [
        None if "transform" in whole else _point(each.get("coordinates"), each) for each in shapes
    ]
    return _of_features(positions, [each.get("properties") or {} for each in shapes])


def _of_answer(whole: dict[str, Any]) -> Expected | None:
    features = whole.get("features")
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        return None
    rows = [each.get("attributes") or {} for each in features]
    fields = whole.get("fields")
    told = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    dates = {str(each.get("name")) for each in told if each.get("type") == "esriFieldTypeDate"}
    plain = [_without(each, dates) if isinstance(each, dict) else each for each in rows]
    return _of_features([None] * len(features), plain)


def _without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _point(coordinates: Any, shape: dict[str, Any]) -> Positions | None:
    """Return the position of a lawful point, in the form of those of a feature; None of any other shape."""
    numbers = isinstance(coordinates, list) and all(type(each) is float for each in coordinates)
    if shape.get("type") != "Point" or not numbers or len(coordinates) not in (2, 3):
        return None
    return [(coordinates[0], coordinates[1])]


def _of_features(positions: list[Positions | None], rows: list[Any]) -> Expected:
    """Return features with the values of the columns whose values are all of one plain type."""
    if not all(isinstance(each, dict) for each in rows):
        return Expected(len(rows), positions=positions)
    names = list(dict.fromkeys(name for row in rows for name in row))
    shown = zip(names, unreserved(names), strict=True)
    plain = {new: name for name, new in shown if _is_plain([row.get(name) for row in rows])}
    values = [{new: row.get(name) for new, name in plain.items()} for row in rows]
    return Expected(len(rows), values, positions)


def _is_plain(values: list[Any]) -> bool:
    kinds = {type(each) for each in values} - {type(None)}
    if kinds == {str}:
        return not any("\0" in each or _is_odd(each) for each in values if each is not None)
    return kinds == {int} and all(abs(each) < EXACT for each in values if each is not None)


def _is_odd(text: str) -> bool:
    return not text.isprintable()


OTHER_REFERENCES: dict[str, Callable[[Path, LeftOut], Expected | None]] = {
    ".xlsx": of_xlsx,
    ".ods": of_ods,
    ".topojson": lambda path, _: of_other_json(path.read_bytes()),
    ".json": lambda path, _: of_other_json(path.read_bytes()),
}
