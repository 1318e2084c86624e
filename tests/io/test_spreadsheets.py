"""Workbooks of Excel and LibreOffice: what a cell shows is what is read."""

from __future__ import annotations

import datetime
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lcrmap.errors import FileError, UnknownNameError
from lcrmap.layers import Layer

Open = Callable[..., Layer]
HEAD = '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'  # noqa: E501 (one line of XML)
FOOT = "</office:spreadsheet></office:body></office:document-content>"
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def excel(path: Path, **sheets: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def libre(path: Path, rows: list[list[Any]], repeated: str = "") -> None:
    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"{repeated}/>'

    body = "".join(
        f"<table:table-row{repeated}>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", MIME)
        book.writestr(
            "content.xml", f'{HEAD}<table:table table:name="One">{body}</table:table>{FOOT}'
        )
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/></manifest:manifest>',
        )


PLACES: list[list[Any]] = [["name", "lon", "lat"], ["A", -2.9, 53.4], ["B", -2.8, 53.3]]


@pytest.mark.parametrize(
    "write", [lambda path: excel(path, S=PLACES), lambda path: libre(path, PLACES)]
)
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_sheet_is_a_table(
    opened: Open, tmp_path: Path, suffix: str, write: Callable[[Path], None]
) -> None:
    write(tmp_path / f"a{suffix}")  # what it is, is told from what it holds
    layer = opened(f"a{suffix}")
    assert layer.frame["name"].tolist() == ["A", "B"]
    assert [each.wkt for each in layer.frame.geometry] == ["POINT (-2.9 53.4)", "POINT (-2.8 53.3)"]
    assert "its columns 'lon' and 'lat'" in layer.notes[0]


def test_cells_are_as_they_are_shown(opened: Open, tmp_path: Path) -> None:
    rows = [
        ["name", "lon", "lat", "uprn", "phone", "day", "at", "ok", "share", "none"],
        ["A", -2.9, 53.4, 100012345678, "0151 123", datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31, 12, 30), True, 0.1, None],  # noqa: E501, DTZ001 (a row; a workbook has no zones)
        ["B", -2.8, 53.3, 123456789012345, "007", datetime.date(2024, 2, 1), datetime.datetime(2024, 2, 1), False, 1 / 3, None],  # noqa: E501, DTZ001 (a row; a workbook has no zones)
    ]  # fmt: skip
    excel(tmp_path / "a.xlsx", S=rows)
    frame = opened("a.xlsx").frame
    assert frame["uprn"].tolist() == [100012345678, 123456789012345]
    assert frame["phone"].tolist() == ["0151 123", "007"]
    assert frame["day"].tolist() == ["2024-01-31", "2024-02-01"]
    assert frame["at"].tolist() == ["2024-01-31T12:30:00", "2024-02-01"]
    assert frame["ok"].tolist() == [True, False]
    assert frame["share"].tolist() == [0.1, 1 / 3]


def test_a_row_is_named_as_the_sheet_numbers_it(opened: Open, tmp_path: Path) -> None:
    excel(
        tmp_path / "a.xlsx",
        S=[["Title"], [], PLACES[0], ["", "(deg)", "(deg)"], *PLACES[1:], ["C", -2.9, None]],
    )
    layer = opened("a.xlsx")
    assert [each.split(" ")[0] for each in layer.notes[:2]] == ["The", "The"]
    assert "'a.xlsx' has one coordinate without the other in row 7: this row" in layer.notes[-1]


def test_sheets_are_layers(opened: Open, tmp_path: Path) -> None:
    excel(tmp_path / "a.xlsx", Notes=[["Read me"]], Data=PLACES)
    assert len(opened("a.xlsx").frame) == 2
    excel(tmp_path / "a.xlsx", One=PLACES[:2], Two=PLACES)
    assert [len(opened(f"a.xlsx:{each}").frame) for each in ("One", "two")] == [1, 2]
    with pytest.raises(
        FileError, match=r"holds 2 sheets \(One, Two\): name one, such as 'a.xlsx:One'"
    ):
        opened("a.xlsx")
    with pytest.raises(UnknownNameError, match="did you mean 'Two'"):
        opened("a.xlsx:Tow")


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PK\x03\x04" + bytes(100)])
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_broken_workbook_is_one_sentence(opened: Open, suffix: str, content: bytes) -> None:
    with pytest.raises(FileError, match=f"'a{suffix}' is not a whole workbook"):
        opened(f"a{suffix}", content)


def test_a_workbook_without_a_table_is_said(opened: Open, tmp_path: Path) -> None:
    excel(tmp_path / "a.xlsx", One=[], Two=[["Read me"]])
    with pytest.raises(FileError, match="no sheet with a table in it"):
        opened("a.xlsx")


def test_a_cell_far_out_does_not_take_all_memory(opened: Open, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "lon", "lat"])
    book.active.cell(row=1_048_576, column=16_384, value=1)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(
        FileError, match=r"1,048,576 rows and 16,384 columns, and 50,000,000 cells are the bound"
    ):
        opened("a.xlsx")
    libre(
        tmp_path / "a.ods",
        [[1]],
        ' table:number-rows-repeated="1048576" table:number-columns-repeated="16384"',
    )
    with pytest.raises(FileError):
        opened("a.ods")


def test_without_the_extra_the_install_line_is_printed(tmp_path: Path) -> None:
    excel(tmp_path / "a.xlsx", S=PLACES)
    code = (
        "import sys; sys.modules['python_calamine'] = None\n"
        f"sys.argv = ['lcrmap', 'show', {str(tmp_path / 'a.xlsx')!r}]\n"
        "from lcrmap.cli import main; main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "needs python-calamine: pip install 'lcrmap[xlsx]'" in run.stderr


def test_a_sheet_that_cannot_be_unpacked_is_a_sentence(opened: Open, tmp_path: Path) -> None:
    excel(tmp_path / "a.xlsx", S=PLACES)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        info = book.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray((tmp_path / "a.xlsx").read_bytes())
    at = info.header_offset + 30 + len(info.filename)
    data[at + 5 : at + 40] = b"\xff" * 35
    with pytest.raises(FileError, match=r"^'b\.xlsx' is not a whole workbook"):
        opened("b.xlsx", bytes(data))
