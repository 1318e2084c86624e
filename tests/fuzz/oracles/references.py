"""What a file of text holds by a reader that is not lcrmap's: json or csv.

Each returns an `Expected`, or None if the file is broken for that reader, which then says nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lcrmap.io.columns import unreserved
from lcrmap.io.encodings import utf16_in
from tests.fuzz.faults import FaultError
from tests.fuzz.oracles.binary_references import BINARY_REFERENCES
from tests.fuzz.oracles.expected import BrokenError, Expected, Positions
from tests.fuzz.oracles.other_references import OTHER_REFERENCES
from tests.fuzz.oracles.rows import of_rows
from tests.fuzz.oracles.said import LeftOut, left_out

__all__ = ["expected_of"]


def of_geojson(data: bytes) -> Expected | None:
    text = _text(data)
    try:
        whole = json.loads(text)
    except RecursionError:
        return None
    except json.JSONDecodeError as error:
        raise BrokenError("it is no JSON") from error
    except ValueError:
        return None  # thousands of digits
    kind = whole.get("type") if isinstance(whole, dict) else None
    if kind == "FeatureCollection":
        made = whole.get("features")
    elif kind == "Feature":
        made = [whole]
    else:
        return None
    if not isinstance(made, list):
        raise BrokenError("it has no list of features")
    return _of_features(made)


def of_geojsonseq(data: bytes) -> Expected | None:
    text = _text(data)
    parts = text.split("\x1e" if "\x1e" in text else "\n")
    try:
        return _of_features([json.loads(each) for each in parts if each.strip()])
    except RecursionError:
        return None
    except json.JSONDecodeError as error:
        raise BrokenError("a record is no JSON") from error
    except ValueError:
        return None


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenError("it is not UTF-8") from error


def _of_table(data: bytes, left: LeftOut, *, tabs: bool) -> Expected | None:
    """Return what stands in a table in UTF-8; of other encodings nothing is expected."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if utf16_in(data) else of_csv(data, left, tabs=tabs)


def _of_features(made: Sequence[Any]) -> Expected:
    for each in made:
        if not isinstance(each, dict) or each.get("type") != "Feature":
            raise BrokenError("an entry is no feature")
    rows = [_row(each) for each in made]
    names = list(dict.fromkeys(name for row in rows for name in row))
    shown = dict(zip(names, unreserved(names), strict=True))
    return Expected(
        len(made),
        [{shown[name]: row.get(name) for name in names} for row in rows],
        [positions_of(each.get("geometry")) for each in made],
    )


def _row(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise BrokenError("properties are no object")
    if feature.get("id") is not None and "id" not in properties:
        return {"id": feature["id"], **properties}
    return properties


def positions_of(geometry: Any) -> Positions | None:
    """Return every position of a geometry of JSON, in order."""
    if geometry is None:
        return []
    if not isinstance(geometry, dict):
        raise BrokenError("a geometry is no object")
    kind = geometry.get("type")
    collects = isinstance(kind, str) and kind.casefold() == "geometrycollection"
    if "geometries" in geometry and collects:  # lcrmap takes a name whatever its case
        parts = geometry["geometries"]
        if not isinstance(parts, list):
            raise BrokenError("a collection has no list of geometries")
        if None in parts:
            raise BrokenError("a part of a collection is null")
        found = [positions_of(each) for each in parts]
        return [each for part in found if part for each in part]
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise BrokenError("coordinates are no list")
    return list(_flat(coordinates))


def _flat(value: list[Any]) -> Any:
    if value and not any(isinstance(each, list) for each in value):
        numbers = value[:2]
        if len(numbers) < 2 or any(
            isinstance(n, bool) or not isinstance(n, int | float) for n in numbers
        ):
            raise BrokenError("a position is no two numbers")
        yield float(numbers[0]), float(numbers[1])
        return
    for each in value:
        if not isinstance(each, list):
            raise BrokenError("a position stands among lists")
        yield from _flat(each)


def of_csv(data: bytes, left: LeftOut, *, tabs: bool = False) -> Expected | None:
    """Return what stands in a table, but for what its reader says that it left out: which must look so."""
    text = _without_foot(_text(data), left)
    found = left.delimiter if left.titles else _delimiter(text)
    csv.field_size_limit(1 << 30)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if tabs else found, strict=True
    )
    try:
        table = [each for each in reader if each][left.titles :]
    except csv.Error:
        return None
    if not table or text.count('"') % 2:
        return None
    header, *rows = table
    if any(len(each) != len(header) for each in rows):
        raise BrokenError("a row is ragged")
    return of_rows(header, rows, left)


def _without_foot(text: str, left: LeftOut) -> str:
    """Return a text without the lines below its table, in each of which one cell may be filled."""
    lines = list(io.StringIO(text, newline=""))
    foot = lines[len(lines) - left.foot :]
    cells = [each.split(left.delimiter) for each in foot]
    if any(sum(1 for cell in each if cell.strip(' "\r\n')) > 1 for each in cells):
        raise FaultError("a line with several cells is left out as a note", f"{foot!r:.300}")
    return "".join(lines[: len(lines) - left.foot])


def _delimiter(text: str) -> str:
    """Return the mark that stands most often outside quotes in the first line."""
    outside, quoted = [], False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif letter in "\r\n" and not quoted:
            break
        elif not quoted:
            outside.append(letter)
    counts = {mark: outside.count(mark) for mark in ",;\t"}
    return max(counts, key=lambda mark: counts[mark])


def expected_of(path: Path, notes: Sequence[str] = ()) -> Expected | None:
    """Return what a file must hold by another reader; None if that one cannot tell.

    Parameters
    ----------
    notes
        What lcrmap says of the file: a table has rows that it says it left out, and no others less.

    Raises
    ------
    BrokenError
        If it must be refused.
    """
    suffix, left = path.suffix, left_out(notes)
    if suffix in (".csv", ".tsv"):
        return _of_table(path.read_bytes(), left, tabs=suffix == ".tsv")
    if suffix in OTHER_REFERENCES:
        return OTHER_REFERENCES[suffix](path, left)
    return REFERENCES[suffix](path)


REFERENCES: dict[str, Callable[[Path], Expected | None]] = {
    **BINARY_REFERENCES,
    ".geojson": lambda path: of_geojson(path.read_bytes()),
    ".geojsonl": lambda path: of_geojsonseq(path.read_bytes()),
}
