"""near, catchment and gaps on the command line: what a user types, one sentence for what is wrong, exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.tables import rows
from tests.conftest import Outcome

Run = Callable[..., Outcome]

EMPTY = '{"type":"FeatureCollection","features":[]}'
NOWHERE = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"},"geometry":null}]}'
NAN = NOWHERE.replace("null", '{"type":"Point","coordinates":[NaN,53]}')


def test_near_prints_a_table_that_a_script_can_read(lcrmap: Run) -> None:
    done = lcrmap("near", "L3 5QA", "rail-stations", "-k", "2", "--format", "csv")
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[0].startswith("from_id,from_name,layer,rank,id,name,in_area,distance_m")
    assert len(lines) == 3


@pytest.mark.parametrize("place", ["-33.9,151.2", "-33.9, 151.2", "-.5,0"])
def test_a_leading_minus_is_no_option(lcrmap: Run, place: str) -> None:
    assert lcrmap("near", place, "rail-stations", "--unit", "km", "--format", "json").code == 0
    assert lcrmap("catchment", place, "--rings", "1km", "--format", "csv").code == 0


def test_a_mistyped_option_is_still_one(lcrmap: Run) -> None:
    done = lcrmap("near", "parkside", "rail-stations", "--witin", "800m")
    assert done.code == 2
    assert "No such option" in done.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["near", "nobody-knows", "rail-stations"], 2, "No place 'nobody-knows'"),
        (["near", "parkside", "rail-stations", "--within", "800"], 2, "not a distance"),
        (["near", "parkside", "rail-stations", "--within", "-5km"], 2, "not a distance"),
        (["near", "parkside", "rail-stations", "-k", "0"], 2, "0"),
        (
            ["near", "parkside", "rail-stations", "--within", "10m"],
            1,
            "No rail station lies within 10 m of Parkside",
        ),
        (["near", "parkside", "empty.geojson"], 3, "no features"),
        (["near", "parkside", "nowhere.geojson"], 3, "position"),
        (["near", "parkside", "nan.geojson"], 3, "nan.geojson"),
        (["near", "parkside", "shape.shp"], 3, "--crs"),
        (["near", "mersey-tidal-power", "rail-stations"], 3, "not published"),
        (
            ["catchment", "parkside", "--rings", "5km,1km"],
            2,
            "--rings must rise from the smallest to the largest, as in --rings 1km,2km,5km.",
        ),
        (["catchment", "parkside", "--rings", "5"], 2, "not a distance"),
        (["catchment", "parkside", "--rings", "0m"], 2, "above 0"),
        (["catchment", "parkside"], 2, "--rings"),
        (["gaps", "rail-stations", "--beyond", "0m"], 2, "above 0"),
        (["gaps", "rail-stations"], 2, "--beyond"),
        (
            ["gaps", "rail-stations", "--beyond", "1km", "--by", "freeport-sites"],
            3,
            "--by needs areas",
        ),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(
    lcrmap: Run, words: list[str], code: int, message: str
) -> None:
    import geopandas as gpd

    Path("empty.geojson").write_text(EMPTY)
    Path("nowhere.geojson").write_text(NOWHERE)
    Path("nan.geojson").write_text(NAN)
    somewhere = gpd.GeoDataFrame(
        {"id": [1]}, geometry=gpd.points_from_xy([334_000], [390_000]), crs=27700
    )
    somewhere.to_file("shape.shp")
    Path("shape.prj").unlink()
    done = lcrmap(*words)
    assert done.code == code
    assert message in done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    errors = [line for line in done.err.splitlines() if line.startswith("Error")]
    assert len(errors) == 1


def test_several_meanings_are_listed(lcrmap: Run) -> None:
    Path("two.csv").write_text("id,name,lon,lat\na,Twin,-3,53\nb,Twin,-2.9,53\n")
    done = lcrmap("near", "two.csv:Twin", "rail-stations")
    assert done.code == 2
    assert "two:a (Twin)" in done.err or "two:a" in done.err


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        (("near", "mine.csv", "rail-stations"), 1),
        (("near", "mine.csv", "yours.csv"), 2),
        (("catchment", "mine.csv", "--rings", "500m"), 1),
        (("gaps", "mine.csv", "--beyond", "2km"), 1),
        (("map", "mine.csv", "yours.csv"), 2),
    ],
)
def test_what_was_guessed_on_reading_is_said_once_with_a_page(
    lcrmap: Run, words: tuple[str, ...], notes: int
) -> None:
    for name in ("mine", "yours"):
        Path(f"{name}.csv").write_text("name,lon,lat\nA,-2.98,53.41\nB,-2.97,53.40\n")
    done = lcrmap(*words, "-o", "page.html")
    assert done.code == 0, done.err
    guessed = [each for each in done.err.splitlines() if each.startswith("The positions of")]
    assert len(guessed) == len(set(guessed)) == notes
    assert done.err.count("Wrote page.html") == 1


def test_lines_and_page_and_table_come_from_one_run(lcrmap: Run) -> None:
    done = lcrmap(
        "near", "freeport-sites", "rail-stations", "--within", "800m",
        "--lines", "lines.geojson", "-o", "near.html", "-o", "near.csv",
    )  # fmt: skip
    assert done.code == 0, done.err
    lines = json.loads(Path("lines.geojson").read_text())
    assert [each["geometry"]["type"] for each in lines["features"]] == ["LineString"] * 2
    page = Path("near.html").read_text()
    assert "2 of the 13 Freeport sites with a position lie within 800 m of a rail station" in page
    assert "--within 800m" in page
    assert len(Path("near.csv").read_text().splitlines()) == 3
    assert "16 Freeport sites" not in page


def test_two_runs_give_the_same_bytes(lcrmap: Run) -> None:
    for name in ("a", "b"):
        lcrmap(
            "catchment",
            "investment-zone-sites",
            "--rings",
            "2km",
            "-o",
            f"{name}.html",
            "-o",
            f"{name}.geojson",
        )
    for suffix in ("html", "geojson"):
        assert Path(f"a.{suffix}").read_bytes() == Path(f"b.{suffix}").read_bytes()


def test_answers_pipe_into_one_another(lcrmap: Run) -> None:
    first = lcrmap("show", "innovation-assets", "--where", "sector = 'net_zero'")
    done = lcrmap("near", "-", "rail-stations", "--format", "csv", stdin=first.out)
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) > 2


@pytest.mark.parametrize(
    "words",
    [
        ["near", "freeport-sites", "rail-stations", "--wide"],
        ["near", "freeport-sites", "rail-stations", "--columns", "name", "--limit", "3"],
        ["near", "freeport-sites", "rail-stations", "--sort", "-distance_m", "--where", "rank = 1"],
        ["catchment", "parkside", "--rings", "1km,2km", "--columns", "name,residents"],
        ["gaps", "rail-stations", "--beyond", "2km", "--columns", "name,residents_beyond"],
    ],
    ids=lambda words: " ".join(words[-2:]),
)
def test_a_page_of_any_arrangement(lcrmap: Run, words: list[str]) -> None:
    done = lcrmap(*words, "-o", "page.html", "-o", "rows.csv")
    assert done.code == 0, done.err
    assert Path("page.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["1km 2km"], "'1km 2km': write commas between distances, as in 1km,2km,5km"),
        (["1km", "2km"], "--rings are written with commas between them, as in --rings 1km,2km."),
    ],
)
def test_rings_with_blanks_between_are_told_of_commas(
    lcrmap: Callable, words: list[str], said: str
) -> None:
    outcome = lcrmap("catchment", "53.4,-2.99", "--rings", *words)
    assert outcome.code == 2
    assert said in outcome.err


@pytest.mark.parametrize("dissolve", [[], ["--dissolve"]])
def test_an_empty_layer_is_counted_as_nought(
    lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dissolve: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("none.geojson").write_text(EMPTY)
    words = ["catchment", "parkside", "--rings", "1km,2km", "--count", "none.geojson", *dissolve]
    done = lcrmap(*words, "-c", "none,none_min,none_max", "--format", "csv")
    assert (done.code, done.out) == (0, "none,none_min,none_max\n0,0,0\n0,0,0\n"), done.err


def test_a_table_has_whole_metres_and_words_where_files_have_all(lcrmap: Callable) -> None:
    words = ["near", "L3 5QA", "hospitals"]
    head, _, row = lcrmap(*words, "-f", "table").out.splitlines()[:3]
    assert "Certainly this one" in head
    assert re.search(r" 146 +0 +486 .* No ", row)
    (written,) = rows(lcrmap(*words, "-f", "csv").out)[:1]
    assert (written["distance_m"], written["rank_certain"]) == ("146.087", "false")


def test_a_credit_that_several_layers_owe_is_given_once(lcrmap: Callable) -> None:
    told = lcrmap("near", "L3 5QA", "hospitals", "-f", "table").err
    for line in ("Contains OS data", "Contains Royal Mail data", "Contains public sector"):
        assert told.count(line) == 1
