"""Workbooks of Excel and LibreOffice: the tables that CSV has, in cells of all types, and broken packing."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from tests.fuzz.cases import Case
from tests.fuzz.mutators.delimited import table
from tests.fuzz.mutators.texts import damaged, odd_text

__all__ = ["make_ods", "make_xlsx"]

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?")
_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_DAYS = (dt.date(2026, 4, 1), dt.datetime(2026, 4, 1, 12, 30), dt.date(1900, 3, 1))  # noqa: DTZ001 - no zones in sheets


def _cell(text: str, rng: Random) -> Any:
    """Return what a cell holds: numbers and truth values as such, most often."""
    if rng.random() < 0.02:
        return rng.choice(_DAYS)
    if _NUMBER.fullmatch(text) and rng.random() < 0.9:
        return float(text) if "." in text else int(text)
    if text in ("true", "false"):
        return text == "true"
    return _NO_XML.sub("", text)[:300] or None


def _sheet(rng: Random) -> list[list[Any]]:
    """Return the cells of a sheet, with what people put above and below a table now and then."""
    (header, *rows), _ = table(rng)
    cells = [
        [_NO_XML.sub("", each) for each in header],
        *([_cell(c, rng) for c in r] for r in rows),
    ]
    if rng.random() < 0.1:
        cells = [["A title"], [], *cells]
    if rng.random() < 0.1:
        cells += [[], [rng.choice(["Source: x", "Total", "Notes", odd_text(rng)[:50]])]]
        cells = [[_NO_XML.sub("", c) if isinstance(c, str) else c for c in row] for row in cells]
    return cells


def _finished(kind: str, data: bytes, rng: Random) -> Case:
    if rng.random() < 0.2:
        data = damaged(data, rng)
        return Case(kind, 0, {f"a.{kind}": data}, f"a.{kind}", ("again",))
    return Case(kind, 0, {f"a.{kind}": data}, f"a.{kind}", ("reads", "again"))


def make_xlsx(rng: Random) -> Case:
    """Make a workbook of Excel."""
    book = openpyxl.Workbook()
    for row in _sheet(rng):
        book.active.append(row)
    for _ in range(rng.choice([0, 0, 0, 1])):
        book.create_sheet(rng.choice(["Notes", "b"])).append(rng.choice([[], ["x"]]))
    buffer = io.BytesIO()
    book.save(buffer)
    return _finished("xlsx", buffer.getvalue(), rng)


def make_ods(rng: Random) -> Case:
    """Make a workbook of LibreOffice."""
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in _sheet(rng)
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {_SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        parts = {"mimetype": _MIME, "content.xml": content, "META-INF/manifest.xml": manifest}
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return _finished("ods", buffer.getvalue(), rng)


def _ods_cell(value: Any) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            kind = f'office:value-type="float" office:value="{value!r}"'
        case dt.date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            lines = "".join(f"<text:p>{escape(each)}</text:p>" for each in value.split("\n"))
            return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
    return f"<table:table-cell {kind}/>"
