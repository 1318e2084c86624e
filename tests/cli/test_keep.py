"""Answers keep the identifiers of what was asked, so that each can be joined back to it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import lcrmap as library
from tests.conftest import Outcome

Run = Callable[..., Outcome]

LARGE = 123456789012345678
PLACES = f"URN,OBJECTID,phase,size,lon,lat\n104500,1,primary,{LARGE},-2.987,53.406\n104501,2,all,,-2.95,53.41\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("schools.csv").write_text(PLACES)
    boxes = [shapely.box(-3, 53.4, -2.96, 53.42), shapely.box(-2.96, 53.4, -2.94, 53.42)]
    wards = {
        "OBJECTID": [1, 2],
        "WD24CD": ["E05000001", "E05000002"],
        "WD24NM": ["West", "East"],
        "count": [LARGE, LARGE + 1],
        "half": [0.5, 0.5],
    }
    gpd.GeoDataFrame(wards, geometry=boxes, crs="EPSG:4326").to_file("w.geojson")


def table(lcrmap: Run, *words: str) -> list[dict[str, str]]:
    outcome = lcrmap(*words, "--format", "csv")
    assert outcome.code == 0, outcome.err
    return list(csv.DictReader(io.StringIO(outcome.out)))


def test_a_count_shows_the_code_that_people_join_on(lcrmap: Run) -> None:
    rows = table(lcrmap, "count", "schools.csv", "--in", "w.geojson")
    assert list(rows[0]) == ["row", "WD24CD", "WD24NM", "count", "share"]
    assert [row["WD24CD"] for row in rows] == ["E05000001", "E05000002", "", "", ""]


@pytest.mark.parametrize(
    ("key", "shown"), [("OBJECTID", ["OBJECTID"]), ("half", ["half", "WD24CD"])]
)
def test_a_key_that_is_asked_for_is_shown(lcrmap: Run, key: str, shown: list[str]) -> None:
    rows = table(lcrmap, "count", "schools.csv", "--in", "w.geojson", "--key", key)
    assert list(rows[0]) == ["row", *shown, "WD24NM", "count", "share"]
    assert [row[key] for row in rows[2:]] == ["", "", ""]


def test_a_count_carries_columns_of_the_areas(lcrmap: Run) -> None:
    keep = ["--keep", "OBJECTID,count,WD24CD"]
    rows = table(lcrmap, "count", "schools.csv", "--in", "w.geojson", *keep)
    names = ["row", "WD24CD", "WD24NM", "count", "share", "OBJECTID", "area_count"]
    assert list(rows[0]) == names
    assert [row["area_count"] for row in rows] == [str(LARGE), str(LARGE + 1), "", "", ""]
    assert [row["count"] for row in rows] == ["1", "1", "0", "0", "2"]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_carried_whole_numbers_keep_every_digit_in_a_file(lcrmap: Run, suffix: str) -> None:
    keep = ["--keep", "count", "-o", f"out.{suffix}"]
    assert lcrmap("count", "schools.csv", "--in", "w.geojson", *keep).code == 0
    rows = table(lcrmap, "show", f"out.{suffix}")
    assert [row["area_count"] for row in rows] == [str(LARGE), str(LARGE + 1), "", "", ""]


def test_near_keeps_the_ids_and_carries_columns_of_both_sides(lcrmap: Run) -> None:
    words = ["near", "schools.csv", "w.geojson", "rail-stations", "--keep", "phase,size,WD24NM,id"]
    rows = table(lcrmap, *words)
    assert [row["from_id"] for row in rows] == ["104500"] * 2 + ["104501"] * 2
    assert [row["from_size"] for row in rows] == [str(LARGE)] * 2 + [""] * 2
    assert [row["WD24NM"] for row in rows] == ["West", "", "East", ""]
    assert [row["to_id"] for row in rows] == ["", rows[1]["id"], "", rows[3]["id"]]


def test_near_carries_columns_side_by_side(lcrmap: Run) -> None:
    words = ["near", "schools.csv", "w.geojson", "-k", "2", "--wide", "--keep", "size,count"]
    rows = table(lcrmap, *words)
    assert [row["from_size"] for row in rows] == [str(LARGE), ""]
    assert [row["1_count"] for row in rows] == [str(LARGE), str(LARGE + 1)]
    assert [row["2_count"] for row in rows] == [str(LARGE + 1), str(LARGE)]


def test_catchment_keeps_the_ids_and_carries_columns_of_the_places(lcrmap: Run) -> None:
    words = ["catchment", "schools.csv", "parkside", "--rings", "1km", "--keep", "size,OBJECTID"]
    rows = table(lcrmap, *words)
    assert [row["place_id"] for row in rows] == ["104500", "104501", "parkside"]
    assert [row["size"] for row in rows] == [str(LARGE), "", ""]
    assert [row["OBJECTID"] for row in rows] == ["1", "2", ""]


def test_a_key_names_both_sides_of_near_that_have_it(lcrmap: Run) -> None:
    rows = table(lcrmap, "near", "schools.csv", "w.geojson", "rail-stations", "--key", "OBJECTID")
    assert [row["from_id"] for row in rows] == ["1", "1", "2", "2"]
    assert [row["id"] for row in rows[::2]] == ["1", "2"]
    assert rows[1]["id"].isalpha() or "-" in rows[1]["id"]  # stations have no such column
    rows = table(lcrmap, "near", "parkside", "schools.csv", "--key", "phase", "-k", "2")
    assert [row["id"] for row in rows] == ["all", "primary"]


def test_a_key_names_the_places_of_a_catchment(lcrmap: Run) -> None:
    words = ["catchment", "schools.csv", "parkside", "--rings", "1km", "--key", "phase"]
    assert [row["place_id"] for row in table(lcrmap, *words)] == ["primary", "all", "parkside"]


def test_a_row_without_the_key_has_its_number_and_repeated_ones_are_said(lcrmap: Run) -> None:
    Path("odd.csv").write_text("ref,lon,lat\na,-2.987,53.406\n,-2.98,53.406\na,-2.95,53.41\n")
    outcome = lcrmap("near", "odd.csv", "rail-stations", "--key", "ref", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert [row["from_id"] for row in rows] == ["a", "2", "a"]
    assert (
        "ref does not tell all features of odd apart: 1 of 3 repeat an earlier one." in outcome.err
    )


def test_a_join_shows_the_key_that_was_asked_for(lcrmap: Run) -> None:
    words = ["join", "schools.csv", "w.geojson", "--take", "WD24NM"]
    assert "WD24CD" not in table(lcrmap, *words)[0]
    rows = table(lcrmap, *words, "--key", "WD24CD")
    assert [row["WD24CD"] for row in rows] == ["E05000001", "E05000002"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["count", "schools.csv", "--in", "w.geojson", "--keep", "phase"],
            "No column 'phase' in w",
        ),
        (["near", "schools.csv", "w.geojson", "--keep", "phas"], "did you mean 'phase'"),
        (["catchment", "schools.csv", "--rings", "1km", "--keep", "x"], "No column 'x' in schools"),
        (["near", "schools.csv", "w.geojson", "--key", "URM"], "did you mean 'URN'"),
        (
            ["catchment", "schools.csv", "--rings", "1km", "--dissolve", "--key", "URN"],
            "--key and --dissolve cannot be combined",
        ),
        (
            ["catchment", "schools.csv", "--rings", "1km", "--dissolve", "--keep", "phase"],
            "--keep and --dissolve cannot be combined",
        ),
    ],
)
def test_what_cannot_be_carried_is_refused(lcrmap: Run, words: list[str], message: str) -> None:
    outcome = lcrmap(*words)
    assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    assert message in outcome.err


def test_python_and_the_record_of_a_page_carry_columns_too(lcrmap: Run) -> None:
    found = library.near("schools.csv", "w.geojson", keep=["phase", "count"])
    assert found.frame[["from_phase", "count"]].to_numpy().tolist() == [
        ["primary", LARGE],
        ["all", LARGE + 1],
    ]
    assert (
        lcrmap("count", "schools.csv", "--in", "w.geojson", "--keep", "count", "-o", "a.html").code
        == 0
    )
    assert lcrmap("verify", "a.html", "--inputs", ".").code == 0


def test_carried_columns_are_described(lcrmap: Run) -> None:
    done = lcrmap("near", "schools.csv", "w.geojson", "--keep", "count", "--format", "geojson")
    fields = json.loads(done.out)["lcrmap"]["schema"]["fields"]
    assert [each["type"] for each in fields if each["name"] == "count"] == ["integer"]
