"""Titles above a header, units below it, totals and notes at the end: found by form, in CSV and in sheets alike."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from lcrmap.errors import FileError, WholeNeededError
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.tables import column_names, ending_rows, header_row, without_units
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]
BODY = "name,lon,lat,n\nA,-2.9,53.4,1\nB,-2.8,53.3,2\n"


def column(*cells: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells, pa.string())])


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("Libraries\n", "The first line is a title above the header of 'a.csv' and left out."),
        ("Libraries,,,\n", "The first line is a title above the header of 'a.csv' and left out."),
        ("Libraries\n\n\n", "The first line is a title above the header of 'a.csv' and left out."),
        (
            '"Libraries,\n2024"\nAs of,March\n',
            "The first 2 lines are titles above the header of 'a.csv' and left out.",
        ),
        (
            "\ufeffLibraries\r\n",
            "The first line is a title above the header of 'a.csv' and left out.",
        ),
    ],
)
def test_titles_above_the_header_are_left_out(opened: Open, above: str, said: str) -> None:
    layer = opened("a.csv", above + BODY)
    assert layer.frame["name"].tolist() == ["A", "B"]
    assert layer.notes[0] == said


def test_lines_below_titles_and_units_are_those_of_an_editor(opened: Open) -> None:
    text = "Libraries\n\nname,lon,lat,n\n,(deg),(deg),people\nA,-2.9,53.4,1\nB,-2.9,,2\nC,x,53.4,3\nD,-3,53.4,4\n"
    layer = opened("a.csv", text)
    assert any("without the other in line 6:" in each for each in layer.notes)
    assert any("('x' in 'lon') in line 7:" in each for each in layer.notes)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["name", "lon", "lat"], ["A", "-2", "53"]], 0),
        ([["name", "lon", "lat"]], 0),
        ([["name"], ["A"], ["B"]], 0),
        ([["T", "", ""], ["name", "lon", "lat"], ["A", "-2", "53"]], 1),
        ([["T", "", ""], ["A", "-2", "53"], ["B", "-2", "53"]], 0),  # no header has numbers
        ([["a", "b", "c", "", ""], ["1", "2", "3", "4", "5"]], 0),  # three cells are no title
        ([["T"], ["name", "lon", "lat"]], 0),  # nothing stands below
        ([["Schools", ""], ["School", "Postcode"], ["A", "L1 1AA"]], 1),
        ([["Schools"], ["A"], ["B"]], 0),
        ([], 0),
    ],
)
def test_a_header_is_the_first_row_as_wide_as_the_table(rows: list[list[str]], header: int) -> None:
    assert header_row(rows) == header


@pytest.mark.parametrize(
    ("last", "left"),
    [
        ([["Total", None, "3"]], 1),
        ([["Grand total", "x", "3"]], 1),
        ([["Totals", None, None], [None, None, None], ["Source: DfE", None, None]], 3),
        ([["Totally fine", None, "3"]], 0),
        ([["Total Fitness", "-2", "53"]], 0),
        ([["Source", "-2", "53"]], 0),
        ([["Sourceforge", None, None]], 0),
        ([["A", None, None]], 0),
    ],
)
def test_totals_and_sources_at_the_end_are_no_rows(last: list[list[str | None]], left: int) -> None:
    rows: list[list[str | None]] = [["A", "-2", "53"], ["B", "-3", "53"], *last]
    assert ending_rows([column(*cells) for cells in zip(*rows, strict=True)]) == left


def test_a_total_in_the_middle_and_a_table_of_nothing_else_stay() -> None:
    assert ending_rows([column("Total", "A"), column("1", "2")]) == 0
    assert ending_rows([column("Total"), column("1")]) == 0


@pytest.mark.parametrize(
    ("cells", "units"),
    [
        ({"a": column("", "x", "y"), "n": column("(m)", "1", "2")}, True),
        ({"a": column("text", "x", "y"), "n": column("number", "1", "2")}, True),
        ({"a": column("", "x", "y"), "n": column("(m)", "1", "0.12345678901234567890")}, True),
        ({"a": column("x", "y", "z"), "n": column("3", "1", "2")}, False),
        ({"a": column("x", "y", "z"), "n": column(None, "1", "2")}, False),
        ({"a": column("x", "y", "z"), "n": column("n/a", "1", "b")}, False),
        (
            {"a": column("x", "y", "z"), "b": column("p", "q", "r"), "n": column("m", "1", "2")},
            False,
        ),
        *(
            ({"a": column("", "x", "y"), "n": column(unit, "1", "2")}, True)
            for unit in ("m2", "£000", "'000s", "%", "°C", "persons", "kg/m3")
        ),
        *(
            ({"a": column(name, "x", "y"), "n": column(value, "1", "2")}, False)
            for name, value in (
                ("Liverpool", "m"),
                ("Liverpool", "250,000"),
                *(("", text) for text in ("250,000", "£250", "25%", "<5", "*", "..", "-", "250k")),
                *(("", text) for text in ("n/a", "[c]", "c", "c. 250", "[z]", "''-3e0")),
            )
        ),
    ],
)
def test_a_row_of_units_stands_over_numbers(cells: dict[str, pa.ChunkedArray], units: bool) -> None:
    kept, found = without_units(list(cells), cells)
    assert found is units
    assert len(kept["n"]) == 3 - units


def test_the_first_row_is_data_whatever_stands_for_its_number(opened: Open) -> None:
    rest = "Wirral,-3.1,53.4,100000\nSefton,-3.0,53.5,90000\n"
    for jobs in ('"250,000"', "*", "<5", "n/a", "£250", "25%"):
        layer = opened("a.csv", f"borough,lon,lat,jobs\nLiverpool,-2.9,53.4,{jobs}\n{rest}")
        assert layer.frame["borough"].tolist() == ["Liverpool", "Wirral", "Sefton"]
        assert not any("units" in each for each in layer.notes)


def test_a_note_below_with_fewer_cells_is_left_out_and_a_ragged_row_is_not(opened: Open) -> None:
    layer = opened("a.csv", BODY + "\nSource: council\nContact the council\n")
    assert layer.frame["name"].tolist() == ["A", "B"]
    assert layer.notes[0] == "The last 3 lines are a note below the table of 'a.csv' and left out."
    with pytest.raises(FileError, match=r"Line 4 of 'a\.csv' has 1 cell, fewer than the 4"):
        opened("a.csv", BODY + "Ainsd")
    with pytest.raises(FileError, match=r"Line 4 of 'a\.csv' has 2 cells, fewer than the 4"):
        opened("a.csv", BODY + "C,-2\nD,-2,53,1\n")


@pytest.mark.parametrize(
    "text",
    [
        "name,lon,lat,n\n,(deg),(deg),m\n" + "A,-2.9,53.4,1\n" * 50,
        "name,lon,lat,n\n" + "A,-2.9,53.4,1\n" * 50 + "Total,,,50\n",
        "name,lon,lat,n\n" + "A,-2.9,53.4,1\n" * 50 + "Source: council\n",
    ],
    ids=["units", "a total", "a note"],
)
def test_what_is_no_data_in_a_large_file_is_left_to_the_whole_reader(
    text: str, opened: Open, square: Pack
) -> None:
    assert len(opened("a.csv", text).frame) == 50
    with pytest.raises(WholeNeededError):
        open_parts("a.csv", pack=square, block=100)


@pytest.mark.parametrize("block", [12, 30, 60, 200])
@pytest.mark.parametrize("gaps", [0, 3, 20])
def test_units_are_seen_however_few_rows_a_block_has(
    gaps: int, block: int, opened: Open, square: Pack
) -> None:
    text = "lon;lat\ndegr;(deg)\n" + ";\n" * gaps + "-3.1;53.5\n" * 3
    assert len(opened("a.csv", text).frame) == gaps + 3
    with pytest.raises(WholeNeededError):
        open_parts("a.csv", pack=square, block=block)


def test_titles_of_a_large_file_are_passed_over(opened: Open, square: Pack) -> None:
    whole = opened("a.csv", "Libraries\n\nname,lon,lat,n\n" + "A,-2.9,53.4,1\n" * 50)
    parts = open_parts("a.csv", pack=square, block=100)
    assert (parts.rows, parts.notes) == (len(whole.frame), whole.notes)


def test_a_column_without_a_name_gets_one_that_no_other_has() -> None:
    names, notes = column_names(["column_2", "", "x"], "'a.csv'")
    assert names == ["column_2", "column_2_", "x"]
    assert notes == ["Column 2 of 'a.csv' has no name and is called 'column_2_'."]
