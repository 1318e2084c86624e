"""Positions of the rows of a table: two pairs, cells that say none, cells that hold no number, and their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.errors import GeometryError, WholeNeededError
from lcrmap.io.line_numbers import line_numbers
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.reading import Asked
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]


def placed(layer: Layer) -> list[bool]:
    return layer.frame.geometry.notna().tolist()


def test_a_blank_position_is_taken_from_the_second_pair(opened: Open) -> None:
    layer = opened(
        "a.csv",
        "name,Easting,Northing,Longitude,Latitude\nA,334500,390400,-2.98701,53.40637\nB,335000,390000,,\n",
    )
    assert placed(layer) == [True, True]
    here = layer.frame.to_crs(27700).geometry[1]
    assert (here.x, here.y) == pytest.approx((335000, 390000), abs=0.01)
    assert layer.notes[1] == (
        "1 row takes its position from the columns 'Easting' and 'Northing' of 'a.csv', "
        "since 'Longitude' and 'Latitude' hold none there."
    )


def test_two_pairs_that_agree_are_no_note_and_51_m_are(opened: Open) -> None:
    def said(east: float) -> tuple[str, ...]:
        text = f"easting,northing,lon,lat\n{east},390400,-2.98672921,53.40633367\n"
        return opened("a.csv", text).notes[1:]

    assert said(334500 + 48) == ()
    assert said(334500 + 53) == (
        "'a.csv' says two positions more than 50 m from each other in line 2: those of 'lon' and 'lat' are taken.",
    )


def test_a_second_pair_without_a_system_is_told_row_by_row(opened: Open) -> None:
    layer = opened(
        "a.csv", "x,y,lon,lat,n\n334500,390400,,,1\n-2.9,53.4,,,2\n,,-2.8,53.3,3\n,,,,4\n"
    )
    assert placed(layer) == [True, True, True, False]
    assert layer.frame.geometry[1].wkt == "POINT (-2.9 53.4)"
    assert layer.frame.to_crs(27700).geometry[0].x == pytest.approx(334500, abs=0.01)


@pytest.mark.parametrize("cell", ["NULL", "NA", "n/a", "#N/A", "-", "unknown", " None ", "nan"])
def test_a_cell_that_says_none_is_no_position(opened: Open, cell: str) -> None:
    layer = opened("a.csv", f"name,lon,lat\nA,-2.987,53.406\nB,{cell},{cell}\n")
    assert placed(layer) == [True, False]
    assert layer.notes[1] == (
        f"'a.csv' says '{cell.strip()}' in place of a position in line 3: this row counts as having none."
    )


def test_a_latitude_of_99_999999_is_no_position(opened: Open) -> None:
    layer = opened("a.csv", "pcd,lat,long\nL1,53.4,-2.9\nJE1,99.999999,0.000000\n")
    assert placed(layer) == [True, False]
    assert "'99.999999' in place of a position in line 3" in layer.notes[1]


def test_a_broken_row_costs_itself_and_not_the_file(opened: Open) -> None:
    layer = opened("a.csv", "name,lon,lat\nA,-2.987,53.406\nB,here,53.4\nC,-2.9,53.4\n")
    assert placed(layer) == [True, False, True]
    assert layer.frame["lon"].tolist() == ["-2.987", "here", "-2.9"]
    assert layer.notes[1] == (
        "'a.csv' holds no number in its coordinate columns ('here' in 'lon') in line 3: this row counts as having no "
        "position; write a decimal number such as -2.9916, or refuse such a file with --strict."
    )


@pytest.mark.parametrize("cell", ["here", "NULL"])
def test_strict_refuses_a_cell_that_is_no_number(opened: Open, cell: str) -> None:
    with pytest.raises(
        GeometryError, match=f"Line 3 of 'a.csv' holds '{cell}' in the coordinate column 'lat'"
    ):
        opened("a.csv", f"name,lon,lat\nA,-2.987,53.406\nB,-2.9,{cell}\n", strict=True)


def test_as_many_broken_rows_as_others_are_borne_and_one_more_is_not(opened: Open) -> None:
    good, bad = "a,-2.9,53.4\n", "b,x,y\n"
    assert opened("a.csv", "name,lon,lat\n" + good * 2 + bad * 2).placed == 2
    with pytest.raises(GeometryError, match="and 2 more such"):
        opened("a.csv", "name,lon,lat\n" + good * 2 + bad * 3)


def test_a_line_is_the_one_that_an_editor_shows(opened: Open) -> None:
    layer = opened("a.csv", 'name,note,lon,lat\nA,"x\ny",-2.9,53.4\n\nB,z,abc,53.4\nC,z,-2.9,\n')
    assert "in line 6: this row counts as having no position." in layer.notes[1]
    assert "('abc' in 'lon') in line 5:" in layer.notes[2]


def test_a_row_beyond_the_world_costs_itself(opened: Open) -> None:
    layer = opened("a.csv", "name,lon,lat\nA,-2.9,53.4\nB,-2.9,534.06\nC,-2.8,53.3\n")
    assert placed(layer) == [True, False, True]
    assert layer.notes[1] == (
        "'a.csv' has positions beyond 180 degrees of longitude or 90 of latitude in line 3: this row counts as having "
        "no position; correct the numbers, or refuse such a file with --strict."
    )
    with pytest.raises(GeometryError, match="beyond 180 degrees of longitude"):
        opened("a.csv", strict=True)


CELLS = st.sampled_from(["-2.9", "53.4", "", "NULL", "x", "334500", "390400", "99.999999", "0"])
ROWS = st.lists(
    st.tuples(CELLS, CELLS, CELLS, CELLS, st.sampled_from(["a", '"b\nc"'])), min_size=1, max_size=40
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS)
def test_a_large_file_says_and_places_what_a_small_one_does(
    rows: list[tuple[str, ...]], opened: Open, square: Pack, tmp_path: Path
) -> None:
    text = "lon,lat,easting,northing,note\n" + "".join(",".join(row) + "\n" for row in rows)
    good = "-2.9,53.4,,,d\n" * 60  # so that most positions are numbers
    whole = opened("a.csv", text + good)
    try:
        parts = open_parts("a.csv", Asked(), pack=square, block=300)
    except WholeNeededError:
        assert any("beyond" in each for each in whole.notes)
        return
    assert (parts.notes, parts.placed) == (whole.notes, whole.placed)
    read = [frame for each in parts.splits if (frame := parts.read(each)) is not None]
    shapes = np.concatenate([each.frame.geometry.to_numpy() for each in read])
    assert [str(each) for each in shapes] == [str(each) for each in whole.frame.geometry]


@given(
    rows=st.lists(st.lists(st.text('ab"\n\r,;', max_size=5), min_size=2, max_size=3), min_size=1),
    blank=st.booleans(),
)
def test_lines_are_those_in_which_the_records_begin(rows: list[list[Any]], blank: bool) -> None:
    written, begins = io.StringIO(newline=""), []
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["x", "y"])
    for row in rows:
        if blank:
            written.write("\n")
        begins.append(len(written.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)
    lines = line_numbers(lambda: io.StringIO(written.getvalue(), newline=""), ",", 100)
    assert lines(range(len(rows))) == begins
