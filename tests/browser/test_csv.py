"""The CSV that a page gives: what our own files hold, cell by cell, and what lcrmap reads again."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Texts that spreadsheets run, numbers that scripts cannot hold, labels that stand for values.
ROWS: list[dict[str, Any]] = [
    {"id": 100023336956, "name": "=1+1", "n": 2**53 + 1, "v": 0.1234567890123, "open": True, "kind": 10.5},
    {"id": 7, "name": "＝2", "n": -(2**60) - 1, "v": 1e-7, "open": False, "kind": 10.5},
    {"id": 8, "name": " +a", "n": 12, "v": 1e21, "open": None, "kind": None},
    {"id": 9, "name": '"Quay", north\nof it', "n": None, "v": -0.5, "open": True, "kind": -3},
    {"id": 10, "name": "-5", "n": 0, "v": None, "open": None, "kind": 10.5},
]  # fmt: skip
POINTS = [(-2.9123456, 53.4), (-2.91, 53.41), (-2.92, 53.42), None, (-2.8, 53.3)]


def geojson() -> str:
    shapes = [at and {"type": "Point", "coordinates": at} for at in POINTS]
    features = [
        {"type": "Feature", "properties": row, "geometry": shape}
        for row, shape in zip(ROWS, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


INPUTS = {
    "own.csv": "lon,lat,name,uprn\n-2.91234567,53.41234567,A,100023336956\n-2.9,53.4,@b,10\n",
    "grid.csv": "easting,northing,name\n334000,390000,A\n335000,391000,B\n",
    "made.geojson": geojson(),
}


def downloaded(opened: Any, name: str) -> str:
    with opened.page.expect_download() as waiting:
        opened.view.get_by_role("button", name=name).first.click()
    return Path(waiting.value.path()).read_text("utf-8-sig")


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def same(one: str, other: str, column: str) -> bool:
    """Tell whether two cells say the same: numbers by value, added positions as closely as a page has them."""
    if column in ("longitude", "latitude") and one and other:
        return abs(float(one) - float(other)) < 6e-6
    if column in ("v", "kind") and one and other:  # a script writes 1e-7 where Python writes 1e-07
        return float(one) == float(other)
    return one == other


@pytest.mark.parametrize("file", INPUTS)
def test_the_csv_of_a_page_holds_what_our_files_hold_and_is_read_again(
    file: str, lcrmap: Callable, open_page: Callable, tmp_path: Path
) -> None:
    Path(file).write_text(INPUTS[file], encoding="utf-8")
    assert lcrmap("map", file, "-o", "page.html").code == 0
    assert lcrmap("show", file, "-o", "ours.csv").code == 0
    opened = open_page(Path("page.html").read_text(encoding="utf-8"))
    given = downloaded(opened, "as CSV")
    theirs, ours = cells(given), cells(Path("ours.csv").read_text(encoding="utf-8"))
    assert set(theirs[0]) - {"in_area"} == set(ours[0])  # the page says where each lies
    for one, other in zip(theirs, ours, strict=True):
        assert {
            name: (one[name], other[name])
            for name in other
            if not same(one[name], other[name], name)
        } == {}
    Path("again.csv").write_text(given, encoding="utf-8-sig")
    again, direct = (lcrmap("show", each, "--format", "json") for each in ("again.csv", "ours.csv"))
    assert (again.code, direct.code) == (0, 0), again.err
    assert len(json.loads(again.out)) == len(json.loads(direct.out))
    assert "without a position" not in again.err or "without a position" in direct.err
    assert opened.said == []


def test_an_answer_with_sums_is_read_again(lcrmap: Callable, open_page: Callable) -> None:
    asked = ("count", "innovation-assets", "--in", "boroughs", "--by", "sector")
    assert lcrmap(*asked, "-o", "page.html", "-o", "ours.csv").code == 0
    opened = open_page(Path("page.html").read_text(encoding="utf-8"))
    given = downloaded(opened, "as CSV")
    theirs, ours = cells(given), cells(Path("ours.csv").read_text(encoding="utf-8"))
    for one, other in zip(theirs, ours, strict=True):
        assert {
            name: (one.get(name), other[name]) for name in other if one.get(name) != other[name]
        } == {}
    Path("again.csv").write_text(given, encoding="utf-8-sig")
    assert lcrmap("show", "again.csv").code == 0


def test_while_a_filter_hides_rows_both_tables_are_offered(
    lcrmap: Callable, open_page: Callable
) -> None:
    Path("made.geojson").write_text(geojson(), encoding="utf-8")
    assert lcrmap("map", "made.geojson", "innovation-assets", "-o", "page.html").code == 0
    opened = open_page(Path("page.html").read_text(encoding="utf-8"))
    some = opened.view.get_by_role("button", name="Download only the")
    assert some.count() == 0
    opened.view.locator("#legend [data-entry] input").first.click()
    opened.settle()
    words = some.first.inner_text()
    shown = cells(downloaded(opened, words))
    assert (words, 0 < len(shown) < 57) == (f"Download only the {len(shown)} shown", True)
    assert len(cells(downloaded(opened, "Download Innovation assets as CSV"))) == 57


def test_columns_that_the_table_leaves_out_are_said_to_be_elsewhere(
    lcrmap: Callable, open_page: Callable
) -> None:
    names = [f"c{number}" for number in range(60)]
    lines = [["lon", "lat", "name", *names], ["-2.9", "53.4", "A", *(f"v{n}" for n in range(60))]]
    Path("wide.csv").write_text("".join(",".join(each) + "\n" for each in lines), encoding="utf-8")
    assert lcrmap("map", "wide.csv", "-o", "page.html").code == 0
    opened = open_page(Path("page.html").read_text(encoding="utf-8"))
    part = opened.view.locator(".table-part").first
    (n,) = re.findall(r"(\d+) further columns are in the CSV and in the details", part.inner_text())
    assert int(n) == 63 + 1 - part.locator("thead th").count()  # and the borough of each
    part.locator("button.open").first.click()
    opened.settle()
    details = opened.text("#panel-body")
    assert [n for n in range(60) if f"v{n}" not in details.split()] == []
    assert len(cells(downloaded(opened, "as CSV"))[0]) == 64
