"""lcrmap join: every feature accounted for, whatever comes in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.cli.tables import rows, write


def squares(path: str = "squares.geojson", codes: str = "ab") -> str:
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(len(codes))]
    return write(path, boxes, code=list(codes), size=list(range(len(codes))))


def places(path: str = "places.geojson") -> str:
    shapes = [shapely.Point(each) for each in ((0.5, 0.5), (1, 0.5), (3, 0.5))]
    return write(path, [*shapes, None], id=list("wxyz"))


@pytest.mark.parametrize(
    ("layer", "closing"),
    [
        (
            "freeport-sites",
            "16 in: 12 matched (0 of them on a shared border), 1 outside, 3 without a position.",
        ),
        (
            "investment-zone-sites",
            "18 in: 18 matched (0 of them on a shared border), 0 outside, 0 without a position.",
        ),
        (
            "innovation-assets",
            "57 in: 52 matched (0 of them on a shared border), 4 outside, 1 without a position.",
        ),
    ],
)
def test_the_known_answers(lcrmap: Callable, layer: str, closing: str) -> None:
    outcome = lcrmap("join", layer, "boroughs", "--take", "name", "--format", "csv")
    assert outcome.code == 0
    assert outcome.err.strip().splitlines()[-1] == closing


def test_unmatched_features_stay_with_the_nearest_and_its_distance(lcrmap: Callable) -> None:
    table = rows(lcrmap("join", places(), squares(), "--format", "csv").out)
    assert [row["code"] for row in table] == ["a", "a", "", ""]
    assert [row["on_border"] for row in table] == ["false", "true", "false", ""]
    assert [row["nearest"] for row in table] == ["", "", "b", ""]
    assert float(table[2]["nearest_m"]) == pytest.approx(111_313, rel=1e-3)


def test_the_lowest_key_takes_the_border_whatever_the_order(lcrmap: Callable) -> None:
    for codes, expected in (("ab", "a"), ("ba", "a")):
        out = lcrmap("join", places(), squares(codes=codes), "--key", "code", "--format", "csv").out
        assert rows(out)[1]["code"] == expected
    by_size = lcrmap("join", places(), squares(codes="ba"), "--key", "size", "--format", "csv")
    assert rows(by_size.out)[1]["code"] == "b"


def test_all_borders_or_none(lcrmap: Callable) -> None:
    every = lcrmap("join", places(), squares(), "--border", "all", "--format", "csv")
    assert [row["code"] for row in rows(every.out)] == ["a", "a", "b", "", ""]
    assert every.err.strip().endswith("1 without a position. 5 out.")
    refused = lcrmap("join", places(), squares(), "--border", "error")
    assert refused.code == 3
    assert "--border once" in refused.err


@pytest.mark.parametrize(("how", "ids"), [("left", "wxyz"), ("inner", "wx"), ("anti", "yz")])
def test_how(lcrmap: Callable, how: str, ids: str) -> None:
    out = lcrmap("join", places(), squares(), "--how", how, "--format", "csv").out
    assert "".join(row["id"] for row in rows(out)) == ids


def test_snapping_attaches_the_nearest_within_a_distance_and_flags_it(lcrmap: Callable) -> None:
    near = lcrmap("join", places(), squares(), "--snap", "120km", "--format", "csv")
    assert [row["code"] for row in rows(near.out)] == ["a", "a", "b", ""]
    assert [row["snapped"] for row in rows(near.out)] == ["false", "false", "true", "false"]
    assert "2 matched (1 of them on a shared border), 1 snapped, 0 outside" in near.err
    far = lcrmap("join", places(), squares(), "--snap", "100km", "--format", "csv")
    assert "0 snapped, 1 outside" in far.err


def test_the_nearest_is_left_out_where_there_are_very_many_unless_asked_for(
    lcrmap: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.verbs.join.question.MOST_NEAREST", 0)
    without = lcrmap("join", places(), squares(), "--format", "csv")
    assert "nearest" not in without.out
    assert "--nearest finds it" in without.err
    assert "nearest_m" in lcrmap("join", places(), squares(), "--nearest", "-f", "csv").out
    assert "snapped" in lcrmap("join", places(), squares(), "--snap", "1km", "-f", "csv").out


def test_the_nearest_can_be_left_out(lcrmap: Callable) -> None:
    outcome = lcrmap("join", places(), squares(), "--no-nearest", "--format", "csv")
    assert "nearest" not in outcome.out + outcome.err


def test_the_unmatched_can_be_written_out(lcrmap: Callable, tmp_path: Path) -> None:
    outcome = lcrmap("join", places(), squares(), "--unmatched", "lost.csv", "--format", "csv")
    assert "Wrote lost.csv (2 rows) and lost.csv-metadata.json." in outcome.err
    lost = rows((tmp_path / "lost.csv").read_text())
    assert [row["id"] for row in lost] == ["y", "z"]
    assert "code" not in lost[0]
    assert len(rows(outcome.out)) == 4


def test_position_errors_say_what_else_it_could_be(lcrmap: Callable) -> None:
    out = lcrmap("join", "freeport-sites", "boroughs", "--format", "csv").out
    table = {row["id"]: row for row in rows(out)}
    assert table["knowsley-logistics-sites"]["area_certain"] == "false"
    assert table["knowsley-logistics-sites"]["could_also_be"] == "E08000013, outside"
    assert table["wirral-waters"]["area_certain"] == "true"
    assert table["john-k-philips-customs-site"]["area_certain"] == ""
    uncertain = [r for r in table.values() if r["area_certain"] == "false" and r["borough_name"]]
    assert len(uncertain) == 8


def test_a_layer_without_errors_gets_no_columns_about_them(lcrmap: Callable) -> None:
    assert "area_certain" not in lcrmap("join", places(), squares(), "--format", "csv").out


def test_a_raw_predicate_counts_its_matches_and_many_gives_them_all(lcrmap: Callable) -> None:
    one = lcrmap("join", places(), squares(), "--predicate", "intersects", "--format", "csv")
    assert [row["matches"] for row in rows(one.out)] == ["1", "2", "0", "0"]
    assert "matches more than one" in one.err
    every = lcrmap("join", places(), squares(), "--predicate", "intersects", "--many", "-f", "csv")
    assert [row["id"] for row in rows(every.out)] == list("wxxyz")
    within = lcrmap("join", places(), squares(), "--predicate", "within", "--format", "csv")
    assert [row["code"] for row in rows(within.out)] == ["a", "", "", ""]


def test_dwithin_is_in_metres_on_the_ground(lcrmap: Callable) -> None:
    asked = ["join", places(), squares(), "--predicate", "dwithin", "--distance"]
    assert "3 matched" in lcrmap(*asked, "112km", "--format", "csv").err
    assert "2 matched" in lcrmap(*asked, "111km", "--format", "csv").err
    assert "3 matched" in lcrmap(*asked, "70mi", "--format", "csv").err


@pytest.mark.parametrize("distance", ["500", "-5km", "5 furlongs", "", "nan km", "1e3m"])
def test_a_distance_without_a_unit_or_below_nought_is_refused(
    lcrmap: Callable, distance: str
) -> None:
    words = [
        "join",
        "innovation-assets",
        "boroughs",
        "--predicate",
        "dwithin",
        f"--distance={distance}",
    ]
    outcome = lcrmap(*words)
    assert outcome.code == 2
    assert "500m, 5km or 3mi" in outcome.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--distance", "5km"], "--predicate dwithin"),
        (["--predicate", "dwithin"], "--distance 500m"),
        (["--border", "all", "--predicate", "within"], "leave one of them out"),
        (["--largest-overlap", "--predicate", "within"], "leave one out"),
        (["--border", "error", "--many"], "leave one out"),
        (["--take", "nmae"], "did you mean 'name'"),
        (["--key", "cod"], "did you mean 'code'"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(
    lcrmap: Callable, words: list[str], message: str
) -> None:
    outcome = lcrmap("join", "innovation-assets", "boroughs", *words)
    assert outcome.code == 2
    assert message in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1


def test_overlaps_and_gaps_of_the_areas_are_said_first(lcrmap: Callable) -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    areas = write("a.geojson", [ring, shapely.box(2.5, 0, 4, 1)], name=["Ring", "East"])
    lines = lcrmap("join", places(), areas, "--format", "csv").err.splitlines()
    assert "overlap in 1 place" in lines[0]
    assert "of Ring and East at 2.75" in lines[0]
    assert "leave gaps in 1 place" in lines[1]
    assert "beside Ring" in lines[1]


def test_invalid_areas_are_repaired_and_named(lcrmap: Callable) -> None:
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    areas = write("a.geojson", [bow_tie, shapely.box(1, 0, 2, 1)], name=["Tie", "East"])
    outcome = lcrmap("join", places(), areas, "--format", "csv")
    assert outcome.code == 0
    assert "1 invalid shape, which was repaired for this answer (Tie)" in outcome.err


def test_different_crss_are_brought_to_the_areas(lcrmap: Callable) -> None:
    assets = gpd.GeoSeries([shapely.Point(-2.99, 53.4)], crs="EPSG:4326").to_crs("EPSG:27700")
    write("grid.gpkg", list(assets), crs="EPSG:27700", id=["x"])
    assert rows(lcrmap("join", "grid.gpkg", "boroughs", "-f", "csv").out)[0]["name"] == "Liverpool"


def test_areas_go_to_the_area_that_holds_most_of_them(lcrmap: Callable) -> None:
    outcome = lcrmap(
        "join", "wards", "boroughs", "--largest-overlap", "--take", "code", "-f", "csv"
    )
    table = rows(outcome.out)
    assert all(row["borough_code"] == row["borough_code_2"] for row in table)
    assert "159 in: 159 matched, 0 unmatched" in outcome.err
    assert min(float(row["overlap_share"]) for row in table) > 80


def test_lines_and_areas_on_the_left_intersect_by_default(lcrmap: Callable) -> None:
    line = write("line.geojson", [shapely.LineString([(0.5, 0.5), (1.5, 0.5)])], id=["l"])
    table = rows(lcrmap("join", line, squares(), "--many", "--format", "csv").out)
    assert [row["code"] for row in table] == ["a", "b"]


def test_a_join_of_a_join_keeps_the_columns_of_both(shell: Callable) -> None:
    outcome = shell(
        "lcrmap join innovation-assets boroughs --take name | "
        "lcrmap join - neighbourhoods --take name --format json"
    )
    assert outcome.code == 0, outcome.err
    for column in ("borough_name", "on_border", "neighbourhood_name", "neighbourhood_on_border"):
        assert f'"{column}"' in outcome.out


def test_the_sources_of_both_sides_travel_with_the_answer(lcrmap: Callable) -> None:
    collection = lcrmap("join", "innovation-assets", "boroughs").out
    assert "Lower layer Super Output Areas" in collection
    assert "Royal Mail data" in collection


def test_the_page_says_how_many_lie_in_the_areas(lcrmap: Callable) -> None:
    outcome = lcrmap("join", "innovation-assets", "boroughs", "-o", "page.html")
    assert outcome.out.splitlines()[0] == (
        "52 of the 56 innovation assets with a position lie in one of the 6 boroughs"
    )
    freeport = lcrmap("join", "freeport-sites", "boroughs", "-o", "freeport.html").out
    assert freeport.splitlines()[0] == (
        "12 of the 13 Freeport sites with a position lie in one of the 6 boroughs"
    )
    assert "16 Freeport sites" not in freeport


def test_another_pack_works_as_well(lcrmap: Callable, skerries: object) -> None:
    folder = str(Path(__file__).parents[1] / "packs" / "skerries")
    outcome = lcrmap("join", "landings", "isles", "--pack", folder, "--format", "csv")
    assert outcome.code == 0
    assert outcome.err.strip().splitlines()[-1].count(" in: ") == 1


def test_points_that_match_no_points_are_told_of_distances(lcrmap: Callable) -> None:
    hint = "Points rarely lie within points: use 'lcrmap near', or --predicate dwithin --distance 500m."
    other = write("other.geojson", [shapely.Point(0.5, 0.6)], code=["o"])
    assert hint in lcrmap("join", places(), other).err.splitlines()
    assert hint not in lcrmap("join", places(), places("same.geojson")).err
    near = ("--predicate", "dwithin", "--distance", "1m")
    assert hint not in lcrmap("join", places(), other, *near).err


def test_a_point_on_a_border_is_refused_by_its_key(lcrmap: Callable) -> None:
    outcome = lcrmap("join", places(), squares(), "--border", "error")
    assert "1 point lies on a border that areas share (id x), which" in outcome.err


def test_columns_that_only_place_labels_are_joined_when_asked_for(lcrmap: Callable) -> None:
    assert "label_lon" not in lcrmap("join", places(), "boroughs", "-f", "csv").out
    asked = lcrmap("join", places(), "boroughs", "--take", "label_lon", "-f", "csv").out
    assert "label_lon" in asked.splitlines()[0]


def test_a_multipoint_of_one_is_a_point_and_one_of_several_may_lie_in_several_areas(
    lcrmap: Callable,
) -> None:
    shapes = [shapely.MultiPoint([(0.5, 0.5)]), shapely.MultiPoint([(0.5, 0.5), (1.5, 0.5)])]
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    areas = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=boxes, crs="EPSG:4326")
    areas.to_file("areas.geojson")
    for some, column in ((shapes[:1], "on_border"), (shapes, "matches")):
        gpd.GeoDataFrame({"id": range(len(some))}, geometry=some, crs="EPSG:4326").to_file("m.gpkg")
        outcome = lcrmap("join", "m.gpkg", "areas.geojson", "--take", "code", "--format", "csv")
        assert outcome.code == 0, outcome.err
        table = list(csv.DictReader(io.StringIO(outcome.out)))
        assert [each["code"] for each in table] == ["a"] * len(some)
        assert column in table[0]
