"""``near`` as a function: known answers on the pack, words that follow the range, notes, shapes, another pack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely

from lcrmap.errors import GeometryError, NothingFoundError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import catchment, count, gaps, join, near
from lcrmap.verbs.answer import Answer
from tests.analysis import oracles


def test_daresbury_and_its_neighbours(pack: Pack) -> None:
    frame = near(
        "innovation-assets:sci-tech-daresbury", ["innovation-assets"], k=5, pack=pack
    ).layer.frame
    assert frame["id"].tolist() == [
        "cockcroft-institute",
        "stfc-hartree-centre",
        "daresbury-laboratory",
        "heath-business-and-technical-park",
        "inovyn-runcorn",
    ]
    assert frame["rank"].tolist() == [1, 1, 3, 4, 5]
    assert "sci-tech-daresbury" not in frame["id"].tolist()
    assert not frame["rank_certain"].any()
    assert frame["could_also_be"][3] == "inovyn-runcorn"


def test_every_freeport_site_has_the_station_that_the_brute_force_finds(pack: Pack) -> None:
    from lcrmap.io.opening import open_layer

    sites = open_layer("freeport-sites", pack=pack).frame.set_index("id")
    stations = open_layer("rail-stations", pack=pack).frame
    frame = near("freeport-sites", ["rail-stations"], pack=pack).layer.frame
    assert len(frame) == 13
    for row in frame.itertuples():
        at = sites.geometry[row.from_id]
        ways = [oracles.metres((at.x, at.y), (p.x, p.y)) for p in stations.geometry]
        assert row.distance_m == pytest.approx(min(ways), abs=0.0006)
        assert row.id == stations["id"].iloc[ways.index(min(ways))]
        error = sites["position_error_m"][row.from_id] + 50
        assert row.distance_max_m == pytest.approx(row.distance_m + error)


def test_the_headline_follows_the_range(pack: Pack) -> None:
    answer = near("freeport-sites", ["rail-stations"], within=800, pack=pack)
    assert (
        answer.notes[0]
        == "3 Freeport sites without a position: not published, so without a distance."
    )
    assert answer.notes[-1] == (
        "2 of the 13 Freeport sites with a position lie within 800 m of a rail station "
        "(0 to 7, as positions are not exact)."
    )
    page = answer.page()
    assert page.model.headline == answer.notes[-1].rstrip(".")
    assert len(page.model.layers[2].columns[0].values) == len(answer.layer.frame) == 2


def test_positions_without_a_stated_error_are_said(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "works.csv"
    path.write_text("id,name,lon,lat\na,Aham Works,-2.9,53.4\nb,Bham Works,-2.95,53.42\n")
    single = near(f"{path}:a", ["rail-stations"], pack=pack)
    assert "Aham Works has no stated position error, so no range is given." in single.sentences
    for start, target in ((str(path), "rail-stations"), ("freeport-sites", str(path))):
        said = near(start, [target], pack=pack).sentences
        assert "Where a position in works has no stated error, no range is given." in said
    path.write_text("id,name,lon,lat,position_error_m\na,A,-2.9,53.4,50\nb,B,-2.95,53.42,\n")
    some = near(str(path), ["rail-stations"], pack=pack)
    assert some.layer.frame["distance_max_m"].isna().tolist() == [False, True]
    said = some.sentences
    assert "Where a position in works has no stated error, no range is given." in said


@pytest.mark.parametrize(
    "ask",
    [
        lambda pack: near("freeport-sites", ["rail-stations"], within=800, pack=pack),
        lambda pack: count("rail-stations", "boroughs", pack=pack),
        lambda pack: catchment("L3 5QA", ["1km"], pack=pack),
        lambda pack: gaps("rail-stations", "800m", pack=pack),
    ],
    ids=["near", "count", "catchment", "gaps"],
)
def test_columns_of_a_range_say_which_end_they_hold(
    ask: Callable[[Pack], Answer], pack: Pack
) -> None:
    fields = ask(pack).layer.metadata.fields
    ends = {"_min": "Lowest", "_max": "Highest"}
    for end, word in ends.items():
        told = [each.description for each in fields if f"{end}_" in f"_{each.name}_"]
        assert told
        assert {each.split()[0] for each in told} == {word}


def test_columns_follow_the_unit_and_lines_have_the_length_they_state(pack: Pack) -> None:
    answer = near("L3 5QA", ["rail-stations", "investment-zone-sites"], k=2, unit="km", pack=pack)
    frame = answer.layer.frame
    assert frame["layer"].unique().tolist() == ["rail-stations", "investment-zone-sites"]
    assert answer.beside is not None
    for row in answer.beside.frame.itertuples():
        start, end = row.geometry.coords
        assert oracles.metres(start, end) / 1000 == pytest.approx(row.distance_km, abs=1e-6)
    assert {"distance_km", "distance_min_km", "distance_max_km"} <= set(frame.columns)


def test_one_row_a_place_when_wide(pack: Pack) -> None:
    long = near("freeport-sites", ["rail-stations"], k=2, pack=pack).layer.frame
    wide = near("freeport-sites", ["rail-stations"], k=2, wide=True, pack=pack).layer.frame
    assert len(wide) == 16
    assert wide["1_id"].notna().sum() == 13
    first = long[long["rank"] == 1].drop_duplicates("from_id").set_index("from_id")["distance_m"]
    found = wide.set_index("id")["1_distance_m"].dropna()
    pd.testing.assert_series_equal(found.sort_index(), first.sort_index(), check_names=False)


def test_areas_are_measured_from_edge_to_edge_and_inside_is_nothing(pack: Pack) -> None:
    frame = near("Halton", ["rail-stations"], within=0, pack=pack).layer.frame
    assert frame["in_area"].unique().tolist() == ["Halton"]
    assert frame["distance_m"].eq(0).all()
    inside = near("53.40,-2.97", ["boroughs"], pack=pack)
    assert inside.layer.frame["name"].tolist() == ["Liverpool"]
    assert inside.page().model.headline == "53.40,-2.97 lies in Liverpool"


def test_what_lies_in_what_is_told_by_which_is_an_area(pack: Pack) -> None:
    # Around one station, across the edge of one ward.
    box = shapely.box(-2.99, 53.405, -2.985, 53.41)
    point = shapely.Point(-2.97, 53.40)
    found = near(box, "rail-stations", pack=pack)
    assert found.finding == "Moorfields lies in the polygon"
    assert near(point, "boroughs", pack=pack).finding == "53.4,-2.97 lies in Liverpool"
    both = near(box, "neighbourhoods", k=1, pack=pack).finding
    assert both.startswith("The nearest neighbourhood")
    assert "lies in" not in both


def test_a_place_outside_the_region_works_and_says_so(pack: Pack) -> None:
    answer = near("-33.9,151.2", ["rail-stations"], pack=pack)
    assert "outside the 6 boroughs" in answer.notes[0]
    answer = near("-2.99,53.40", ["rail-stations"], pack=pack)
    assert answer.notes[0].endswith(
        "Are latitude and longitude swapped? '53.4,-2.99' (latitude first) lies in Liverpool."
    )


def test_more_than_there_are_is_all_of_them_with_a_note(pack: Pack) -> None:
    answer = near("53.4,-2.99", ["planned-stations"], k=99, pack=pack)
    assert len(answer.layer.frame) == 4
    assert "has only 4 planned stations with a position" in answer.notes[-1]


def test_what_cannot_be_answered(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(NothingFoundError, match="No rail station lies within 10 m of Parkside"):
        near("parkside", ["rail-stations"], within=10, pack=pack)
    with pytest.raises(GeometryError, match="not published"):
        near("mersey-tidal-power", ["rail-stations"], pack=pack)
    with pytest.raises(UsageError, match="unit"):
        near("parkside", ["rail-stations"], unit="furlong", pack=pack)
    nowhere = tmp_path / "nowhere.geojson"
    nowhere.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"},"geometry":null}]}'
    )
    with pytest.raises(GeometryError):
        near(str(nowhere), ["rail-stations"], pack=pack)


def test_another_pack_answers_too(skerries: Pack) -> None:
    answer = near("landings", ["isles"], k=2, pack=skerries)
    assert len(answer.layer.frame) >= 2
    assert answer.page().html.startswith("<!DOCTYPE html>")


def test_the_sources_of_both_sides_travel_along(pack: Pack) -> None:
    metadata = near("freeport-sites", ["rail-stations"], pack=pack).layer.metadata
    assert any("NaPTAN" in each.title for each in metadata.sources)
    assert "geodesics on the WGS84 ellipsoid" in metadata.method


def on_the_equator(path: Path, sites: dict[str, int], *, numbers: bool, error: int = 0) -> str:
    """Write sites so many metres east of the origin, with an id that is a number or a text."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": int(key) if numbers else key, "position_error_m": error},
            "geometry": {"type": "Point", "coordinates": [east / 111_319.490793, 0]},
        }
        for key, east in sites.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


@pytest.mark.parametrize(("numbers", "order"), [(True, ["2", "10"]), (False, ["10", "2"])])
def test_ties_go_by_key_in_near_in_join_and_in_what_is_said(
    pack: Pack, tmp_path: Path, numbers: bool, order: list[str]
) -> None:
    start = on_the_equator(tmp_path / "start.geojson", {"1": 0}, numbers=numbers)
    ends = on_the_equator(
        tmp_path / "ends.geojson", {order[1]: -100, order[0]: 100}, numbers=numbers
    )
    found = near(start, [ends], pack=pack).layer.frame
    assert found["id"].tolist() == order
    joined = join(start, ends, snap=500, pack=pack).layer.frame
    assert joined["snapped"].tolist() == [True]
    assert joined[["nearest", "place_id"]].astype(str).to_numpy().tolist() == [[order[0]] * 2]
    assert joined["nearest_m"].tolist() == [found["distance_m"][0]]

    far = {order[1]: -100, order[0]: 100, "5": 20}
    starts = on_the_equator(tmp_path / "starts.geojson", far, numbers=numbers)
    spans = near(starts, [start], pack=pack)
    assert f"farthest {order[0]} and {order[1]})" in spans.page().model.headline

    several = {"31": 100, "32": -100, order[1]: 150, order[0]: -150}
    rivals = on_the_equator(tmp_path / "rivals.geojson", several, numbers=numbers, error=50)
    open_ = near("0,0", [rivals], pack=pack)
    assert f"; {order[0]} or {order[1]} may be nearer" in open_.page().model.headline


def test_the_page_names_those_that_may_be_nearer_and_keeps_their_ids_for_its_csv(
    pack: Pack,
) -> None:
    page = near("freeport-sites", "rail-stations", within=800, pack=pack).page()
    lines = page.model.layers[[each.shapes.drawn_as for each in page.model.layers].index("line")]
    also = lines.column("could_also_be")
    assert also is not None
    stations = near("freeport-sites", "rail-stations", within=800, pack=pack).frame
    ids = stations["could_also_be"].dropna().tolist()
    assert ids
    shown = [also.text(row) for row in range(lines.total) if also.has(row)]
    assert not set(shown) & set(ids)
    assert [also.exact(row) for row in range(lines.total) if also.has(row)] == ids
    assert lines.written is not None
    assert lines.columns[lines.written].name == "distance_m"


def test_a_bare_name_is_said_to_be_taken_for_what_it_was_found_as(pack: Pack) -> None:
    answer = near("Bootle", ["hospitals"], pack=pack)
    note = next(each for each in answer.notes if "is taken as" in each)
    assert note == (
        "'Bootle' is taken as the library Bootle in Sefton (libraries:bootle). Others called so, or in part: "
        "neighbourhoods:E02001464 (Bootle North), neighbourhoods:E02001465 (Bootle South), neighbourhoods:E02001466 "
        "(Bootle East), rail-stations:bootle-new-strand (Bootle New Strand) and 1 more."
    )
    assert note in answer.sentences
    assert note in answer.page().model.summary


def test_an_id_that_stands_in_other_names_is_said_to_be_taken_too(pack: Pack) -> None:
    (note,) = [each for each in near("bootle", ["hospitals"], pack=pack).notes if "taken" in each]
    assert note.startswith("'bootle' is taken as the library Bootle in Sefton (libraries:bootle).")


def test_a_namesake_in_a_layer_that_is_looked_through_last_is_named_first(pack: Pack) -> None:
    (note,) = [each for each in near("Kirkby", ["hospitals"], pack=pack).notes if "taken" in each]
    assert note.startswith(
        "'Kirkby' is taken as the rail station Kirkby in Knowsley (rail-stations:kirkby). Others called so, or in "
        "part: libraries:kirkby, "
    )


@pytest.mark.parametrize("text", ["parkside", "rail-stations:kirkby", "53.4,-2.99"])
def test_what_leaves_nothing_open_is_not_said_to_be_taken(pack: Pack, text: str) -> None:
    answer = near(text, ["hospitals"], pack=pack)
    assert not any("taken as the" in each for each in (*answer.notes, *answer.sentences))


def test_a_text_that_is_only_part_of_names_is_answered_by_these(pack: Pack) -> None:
    with pytest.raises(
        UsageError, match=r"rail-stations:birkenhead-central .* have it in the name"
    ):
        near("Birkenhead", ["hospitals"], pack=pack)


def test_rings_say_what_a_bare_name_was_taken_for(pack: Pack) -> None:
    answer = catchment("Runcorn", rings="1km", pack=pack)
    assert any(
        each.startswith("'Runcorn' is taken as the rail station Runcorn in Halton")
        for each in answer.notes
    )
