"""Tables with one column that holds a whole position: WKT, WKB, GeoJSON, two numbers, degrees, a grid reference.

The form is told from the cells, and by the column's name where two numbers could be anything. A cell of another form
costs its row the position and not the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.errors import UsageError
from lcrmap.io.coordinate_columns import NATIONAL_GRID
from lcrmap.io.crs import DEGREES, asked_crs, named_crs
from lcrmap.io.json_shapes import TooDeepError, json_shapes
from lcrmap.io.positions_typed import grid_reference
from lcrmap.io.wellknown import DEEPEST, nests_too_deep

__all__ = ["CellPositions", "plus_code_column", "read_position_column"]

_HEAD: Final = 200  # cells that are looked at first
_MOST: Final = 0.5  # of them that must have a form
_NAMED: Final = re.compile(
    r"lat|lon|coord|locat|position|point|geo|grid|centroid|marker", re.IGNORECASE
)
_NUMBER: Final = r"[+-]?\d+(?:\.\d*)?"
_PAIR: Final = re.compile(rf"[(\[]?\s*({_NUMBER})(?:\s*[,;]\s*|\s+)({_NUMBER})\s*[)\]]?")
_WKT: Final = re.compile(
    r"(?:SRID=(\d+);\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(?:\(.*\)|EMPTY)",
    re.IGNORECASE | re.DOTALL,
)
_WKB: Final = re.compile(r"0[01](?:[0-9A-F]{2}){8,}", re.IGNORECASE)
_ANGLE: Final = (
    r"(\d{1,3}(?:\.\d+)?)\s*[°º]\s*"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*['\u2032\u2019]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"\u2033\u201d]|'')\s*)?"
)
_DEGREES: Final = re.compile(rf"{_ANGLE}([NS])[\s,;]*{_ANGLE}([EW])", re.IGNORECASE)
_GRID_REFERENCE: Final = re.compile(r"[HJNOST][A-HJ-Z](?: ?\d){4,10}", re.IGNORECASE)


_PLUS_CODE: Final = re.compile(
    r"[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,7}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CellPositions:
    """What one column tells of where the rows are.

    Attributes
    ----------
    column, form
        Which column, and what its cells are.
    shapes
        An array, None where a cell holds no position.
    error_m
        By how many metres each may be off; NaN where the form does not tell.
    wrong
        The rows with a cell of another form.
    """

    column: str
    form: str
    shapes: Any
    crs: pyproj.CRS
    error_m: Any
    wrong: Any


def read_position_column(frame: pd.DataFrame, crs: str) -> CellPositions | None:
    """Read the positions of a table off the one column that holds them; None if there is none.

    Parameters
    ----------
    frame
        The table; its columns of text are looked at.
    crs
        The CRS that was asked for; empty to go by the cells.

    Examples
    --------
    >>> table = pd.DataFrame({"location": ["53.40, -2.99", "here"]})
    >>> found = read_position_column(table, "")
    >>> found.form, found.shapes[0].wkt, found.wrong.tolist()
    ('latitude and longitude', 'POINT (-2.99 53.4)', [1])
    """
    for name, values in frame.items():
        if not pd.api.types.is_string_dtype(values):
            continue
        texts = values.fillna("").astype("str").str.strip()
        head = texts[texts != ""].head(_HEAD)
        for form in _FORMS:
            if len(head) and _is_form(form, str(name), head):
                return _read(str(name), form, texts, crs)
    return None


def plus_code_column(frame: pd.DataFrame) -> str:
    """Return the column of which most cells are Plus Codes, which nothing here reads; empty if there is none.

    Examples
    --------
    >>> plus_code_column(pd.DataFrame({"name": ["Lime Street"], "code": ["9C5VC24C+QX"]}))
    'code'
    """
    for name, values in frame.items():
        if pd.api.types.is_string_dtype(values):
            texts = values.dropna().astype("str").str.strip()
            head = texts[texts != ""].head(_HEAD)
            if len(head) and head.str.fullmatch(_PLUS_CODE).mean() > _MOST:
                return str(name)
    return ""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a position in one cell: what it looks like, and what reads cells of it."""

    title: str
    looks: re.Pattern[str]
    read: Callable[[list[str]], tuple[list[Any], str, Any]]
    by_name: bool = False


def _is_form(form: _Form, name: str, head: pd.Series[str]) -> bool:
    if form.by_name and not _NAMED.search(name):
        return False
    fits = sum(form.looks.fullmatch(each) is not None for each in head)
    return fits >= _MOST * len(head)


def _read(name: str, form: _Form, texts: pd.Series[str], crs: str) -> CellPositions:
    cells = texts.tolist()
    fit = np.array([form.looks.fullmatch(each) is not None for each in cells], dtype=bool)
    read, system, errors = form.read([each for each, good in zip(cells, fit, strict=True) if good])
    shapes = np.full(len(cells), None, dtype=object)
    shapes[fit] = np.array([*read, None], dtype=object)[:-1]
    shapes[shapely.is_empty(shapes)] = None
    error_m = np.full(len(cells), np.nan)
    error_m[fit] = errors
    wrong = np.flatnonzero((texts != "").to_numpy() & (shapes == None))  # noqa: E711 (cell by cell)
    title = form.title
    if form.by_name and system == NATIONAL_GRID:
        title = "easting and northing"
    known = asked_crs(crs) if crs else named_crs(system)
    return CellPositions(name, title, shapes, known, error_m, wrong)


def _system(shapes: list[Any]) -> str:
    """Tell degrees from metres of the National Grid by the numbers."""
    bounds = shapely.total_bounds(np.array([*shapes, None], dtype=object))
    with np.errstate(invalid="ignore"):
        metres = (np.abs(bounds[[0, 2]]) > 180).any() or (np.abs(bounds[[1, 3]]) > 90).any()
    return NATIONAL_GRID if metres else DEGREES


def _wkt(cells: list[str]) -> tuple[list[Any], str, Any]:
    codes, plain = set(), []
    for cell in cells:
        found = _WKT.fullmatch(cell)
        codes.add(found[1] if found else None)
        deep = cell.upper().count("GEOMETRYCOLLECTION") > DEEPEST
        plain.append("" if deep else cell.rpartition(";")[2])
    shapes = list(shapely.from_wkt(plain, on_invalid="ignore"))
    code = codes.pop() if len(codes) == 1 else None
    return shapes, f"EPSG:{code}" if code else _system(shapes), np.nan


def _wkb(cells: list[str]) -> tuple[list[Any], str, Any]:
    binary = [bytes.fromhex(each) for each in cells]
    safe = [None if nests_too_deep(each) else each for each in binary]
    shapes = list(shapely.from_wkb(safe, on_invalid="ignore"))
    codes = {int(each) for each in shapely.get_srid(shapes) if each > 0}
    code = codes.pop() if len(codes) == 1 else 0
    return list(shapely.set_srid(shapes, 0)), f"EPSG:{code}" if code else _system(shapes), np.nan


def _geojson(cells: list[str]) -> tuple[list[Any], str, Any]:
    found: list[Any] = []
    for cell in cells:
        try:
            geometry = json.loads(cell)
            found.append(json_shapes([geometry if isinstance(geometry, dict) else None])[0][0])
        except (ValueError, RecursionError, TooDeepError):
            found.append(None)
    return found, DEGREES, np.nan


def _pairs(cells: list[str]) -> tuple[list[Any], str, Any]:
    numbers = np.array([_PAIR.fullmatch(each).groups() for each in cells], dtype=np.float64)  # type: ignore[union-attr]  # each fits
    first, second = numbers.reshape(-1, 2).T
    if len(first) and (np.abs(numbers) > 180).any():
        return _points(first, second), NATIONAL_GRID, np.nan
    east = first if _longitude_first(first, second) else second
    north = second if east is first else first
    return _points(east, north), DEGREES, np.nan


def _points(east: Any, north: Any) -> list[Any]:
    return list(np.asarray(shapely.points(east, north), dtype=object))


def _longitude_first(first: Any, second: Any) -> bool:
    """Tell whether two numbers stand as on a plan; as a rule latitude comes first."""
    if (np.abs(first) > 90).any():
        return True
    british = (second > 49) & (second < 61.5) & (first > -9) & (first < 2.5)
    return bool(british.mean() > _MOST)


def _degrees(cells: list[str]) -> tuple[list[Any], str, Any]:
    points = []
    for cell in cells:
        found = _DEGREES.fullmatch(cell)
        parts = found.groups() if found else ()
        south, west = parts[3].upper() == "S", parts[7].upper() == "W"
        lat, lon = _angle(parts[:3]), _angle(parts[4:7])
        lawful = lat <= 90 and lon <= 180
        points.append(
            shapely.Point(-lon if west else lon, -lat if south else lat) if lawful else None
        )
    return points, DEGREES, np.nan


def _angle(parts: tuple[str | None, ...]) -> float:
    return sum((float(each or 0) / 60**n for n, each in enumerate(parts)), 0.0)


def _grid_references(cells: list[str]) -> tuple[list[Any], str, Any]:
    known: dict[str, tuple[Any, float]] = {}
    for cell in dict.fromkeys(cells):
        try:
            layer = grid_reference(cell)
        except UsageError:
            layer = None
        if layer is None:
            known[cell] = None, np.nan
        else:
            known[cell] = layer.frame.geometry[0], float(layer.frame["position_error_m"][0])
    return [known[each][0] for each in cells], NATIONAL_GRID, [known[each][1] for each in cells]


_FORMS: Final = (
    _Form("WKT", _WKT, _wkt),
    _Form("WKB", _WKB, _wkb),
    _Form("GeoJSON", re.compile(r"\{.*\"coordinates\".*\}", re.DOTALL), _geojson),
    _Form("degrees and minutes", _DEGREES, _degrees),
    _Form("grid references", _GRID_REFERENCE, _grid_references),
    _Form("latitude and longitude", _PAIR, _pairs, by_name=True),
)
