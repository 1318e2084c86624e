"""Arranging rows, and the table on a terminal."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd
import pytest

from lcrmap.cli.terminal import fitting, print_table
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.verbs.arranging import arrange, as_text, main_columns
from tests.messages import exactly


def layer(**columns: list[object]) -> Layer:
    columns = columns or {"name": ["b", "a", "c", "a"], "size": [2.0, None, 1.0, 3.0]}
    rows = len(next(iter(columns.values())))
    nowhere = gpd.GeoSeries([None] * rows, crs="EPSG:4326")
    kind = Field("kind", "Kind", categories=(Category("net_zero", "Net zero"),))
    metadata = Metadata("t", "T", fields=(kind,), noun_one="thing", noun_many="things")
    return Layer(gpd.GeoDataFrame(columns, geometry=nowhere), metadata)


@pytest.mark.parametrize(
    ("sort", "rows"),
    [
        ("name", [1, 3, 0, 2]),
        ("-name", [2, 0, 1, 3]),
        ("name,-size", [3, 1, 0, 2]),
        ("size", [2, 0, 3, 1]),
    ],
)
def test_sorting_is_stable_and_puts_empty_cells_last(sort: str, rows: list[int]) -> None:
    assert list(arrange(layer(), sort=sort.split(",")).frame.index) == rows


def test_values_of_several_kinds_are_sorted_by_kind() -> None:
    frame = gpd.GeoDataFrame(
        {"v": ["b", 7, None, [1], True, "a", 0.5, {"k": 1}]}, geometry=[None] * 8, crs="EPSG:4326"
    )
    given = Layer(frame, Metadata("t", "T"))
    assert list(arrange(given, sort=["v"]).frame.index) == [6, 4, 1, 5, 0, 3, 7, 2]
    assert list(arrange(given, sort=["-v"]).frame.index) == [7, 3, 0, 5, 1, 4, 6, 2]


def test_a_limit_says_how_many_there_were() -> None:
    arranged = arrange(layer(), limit=3)
    assert len(arranged.frame) == 3
    assert arranged.notes == ("The first 3 of 4 rows (--limit 3).",)


def test_a_limit_above_the_number_of_rows_says_nothing() -> None:
    assert arrange(layer(), limit=4).notes == ()


def test_columns_are_chosen_in_the_order_asked_for_and_the_geometry_stays() -> None:
    arranged = arrange(layer(), columns=["size", "name"])
    assert list(arranged.frame.columns) == ["size", "name", "geometry"]


def test_the_geometry_is_not_a_column_one_can_ask_for() -> None:
    with pytest.raises(
        UnknownNameError, match=exactly("No column 'geometry' in t: choose from name, size.")
    ):
        arrange(layer(), columns=["geometry"])


def test_the_input_is_not_changed() -> None:
    given = layer()
    before = given.frame.copy()
    arrange(given, sort=["name"], columns=["name"], limit=1)
    pd.testing.assert_frame_equal(pd.DataFrame(given.frame), pd.DataFrame(before))


def test_cells_read_as_a_person_would_write_them() -> None:
    cells: list[object] = [1234567.0, 0.5, None, float("nan"), True, "net_zero", "a\x00b"]
    assert as_text(layer(kind=cells), "kind") == [
        *["1,234,567", "0.5", "", "", "Yes", "Net zero", "a\x00b"],
    ]


def test_a_narrow_terminal_gets_fewer_columns_and_no_broken_word() -> None:
    wide = layer(name=["Birkenhead docks"], kind=["net_zero"], status=["operational"])
    texts = {column: as_text(wide, column) for column in ("name", "kind", "status")}
    assert fitting(wide, texts, 31) == {"name": 10, "kind": 4, "status": 11}
    assert list(fitting(wide, texts, 30)) == ["name", "kind"]
    assert list(fitting(wide, texts, 5)) == ["name", "kind"]
    assert list(fitting(wide, texts, 5, every_column=True)) == ["name", "kind", "status"]
    assert fitting(wide, texts, 200) == {"name": 16, "kind": 8, "status": 11}


def test_a_table_on_a_terminal_is_no_wider_than_it_and_cuts_no_figure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    figures = [46176.0, 52124.0]
    wide = layer(name=["Halton", "Knowsley"], **{f"beyond_{n}_m": figures for n in range(12)})
    for width in range(30, 130, 7):
        monkeypatch.setenv("COLUMNS", str(width))
        print_table(wide)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
        assert max(map(len, lines)) <= width
        shown = sum(line.count("46,176") for line in lines)
        assert shown == sum(line.count("52,124") for line in lines) == lines[-1].count(",")


def test_a_line_has_a_bound_however_long_keys_and_texts_are_and_nothing_is_cut(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(layer(id=["k" * 5000], name=["n" * 5000]))
    table = capsys.readouterr().out
    assert max(map(len, table.splitlines())) <= 2000
    assert [table.count(each) for each in "kn"] == [5000, 5000]


def test_a_wide_layer_shows_its_name_first_and_says_how_to_see_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wide = layer(**{f"c{number}": [1] for number in range(9)}, name=["x"])
    notes = print_table(wide)
    assert main_columns(wide)[0] == "name"
    assert "8 of 10 columns are shown" in notes[0]
    assert "1 thing without a position" in notes[1]
    assert "C0" in capsys.readouterr().out
