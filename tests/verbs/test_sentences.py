"""Sentences are results: each is held to the case on either side of its bound, with figures worked out by hand."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import lcrmap
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.library import catchment, count, join, near
from lcrmap.verbs.catchment.words import Sums, catchment_finding, catchment_notes
from lcrmap.verbs.doubts.words import doubts_finding
from lcrmap.verbs.gaps.words import GapSums, gap_notes
from lcrmap.verbs.people import RESIDENTS

DEGREE = 111_319.490793  # metres of a degree of longitude on the equator (WGS84)


def along(metres: dict[str, float], *, error: float | list[float] = 0.0) -> gpd.GeoDataFrame:
    """Return features on the equator, so many metres east of its beginning."""
    points = [shapely.Point(each / DEGREE, 0) for each in metres.values()]
    columns = {"name": list(metres), "position_error_m": error}
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


# Distances


def test_those_within_reach_wherever_they_are_are_counted_apart_only_where_some_are_not() -> None:
    place = near(shapely.Point(0, 0), along({"A": 500, "B": 990}, error=[10, 50]), within=1000)
    told = " ".join(place.sentences)
    assert "2 places within 1 km of 0.0,0.0" in told
    assert "1 of them wherever within their errors the positions are" in told
    sure = near(shapely.Point(0, 0), along({"A": 500, "B": 900}, error=[10, 50]), within=1000)
    assert "of them wherever" not in " ".join(sure.sentences)


def test_none_within_reach_lie_and_one_lies() -> None:
    starts = along({"P": 0, "Q": 100})
    both = near(starts, [along({"A": 150}), along({"Z": 90_000})], within=1000)
    assert both.notes[-2].startswith("2 of the 2 places lie within 1 km of A")
    assert both.notes[-1].startswith("None of the 2 places lie within 1 km of Z")
    one = near(starts, along({"A": 1050}), within=1000)
    assert one.notes[-1].startswith("1 of the 2 places lies within 1 km of A")


def test_a_place_surely_within_reach_is_said_so_and_one_that_may_not_be_is_said_so() -> None:
    sure = near(shapely.Point(0, 0), along({"A": 900}, error=50), within=1000)
    assert sure.notes[-1].endswith("lies within 1 km of A.")
    open_ = near(shapely.Point(0, 0), along({"A": 990}, error=50), within=1000)
    assert open_.notes[-1].endswith(", but that is within the errors of the positions.")


def test_only_more_than_there_are_is_worth_a_note() -> None:
    targets = along({"A": 100, "B": 200})
    assert not any("were asked for" in each for each in near("53.4,-2.9", targets, k=2).notes)
    assert any("3 were asked for" in each for each in near("53.4,-2.9", targets, k=3).notes)


def test_a_span_is_said_only_if_each_place_has_a_nearest() -> None:
    starts = along({"P": 0, "Q": 3000, "R": 9000})
    some = near(starts, along({"A": 100}), within=5000)
    assert not any(" lie " in each and " to " in each for each in some.sentences)
    every = near(starts, along({"A": 100}))
    assert every.finding.endswith("lie 100 m to 8.9 km from A (nearest P; farthest R)")


# Residents


def sums(**changes: Any) -> Sums:
    people: Any = type("People", (), {"total": 1000.0, "weights": {}, "measure": RESIDENTS})()
    areas = Layer(
        gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=[None, None]),
        Metadata("areas", "Areas", noun_one="area", noun_many="areas"),
    )
    frame = pd.DataFrame({"ring": ["within 1 km"], "residents": [250], "no_data_pct": [0.0]})
    together = pd.DataFrame({"value": [250.0], "least": [200.0], "most": [300.0]})
    given: dict[str, Any] = {
        "frame": frame,
        "what": "the 2 places",
        "rings_m": (1000.0,),
        "dissolve": False,
        "people": people,
        "areas": areas,
        "region": "Town",
        "count": 2,
        "together": together,
    }
    return Sums(**{**given, **changes})


def test_residents_within_rings_come_with_share_and_range() -> None:
    assert catchment_finding(sums()) == (
        "250 residents of Town (25.0%) live within 1 km of one of the 2 places"
        " (200 to 300, as positions are not exact)"
    )
    sure = pd.DataFrame({"value": [250.0], "least": [250.0], "most": [250.0]})
    assert catchment_finding(sums(count=1, what="A", together=sure)) == (
        "250 residents of Town (25.0%) live within 1 km of A"
    )
    half = pd.DataFrame({"value": [250.0], "least": [250.0], "most": [260.0]})
    assert catchment_finding(sums(together=half)).endswith(
        "(250 to 260, as positions are not exact)"
    )


@pytest.mark.parametrize(("share", "said"), [(0.0, False), (0.5, False), (0.6, True)])
def test_ground_without_data_is_worth_a_sentence_above_half_a_per_cent(
    share: float, said: bool
) -> None:
    frame = pd.DataFrame({"ring": ["within 1 km"], "residents": [250], "no_data_pct": [share]})
    notes = catchment_notes(sums(frame=frame))
    assert bool(notes) is said
    if said:
        assert notes[0].startswith("0.6% of the ground within 1 km lies outside the 2 areas")


@pytest.mark.parametrize(("elsewhere", "said"), [(0, False), (1, True)])
def test_one_resident_outside_all_areas_is_said(elsewhere: int, said: bool) -> None:
    table = pd.DataFrame({"residents": [60.0, 40.0, 100.0 + elsewhere]})
    areas = Layer(
        gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=[None, None]), Metadata("towns", "Towns")
    )
    people = type("People", (), {"measure": RESIDENTS, "notes": ()})()
    others: Any = {"people": people, "spots": None}
    notes = gap_notes(GapSums(table, areas=areas, beyond_m=800, region="", **others), False)
    assert bool(notes) is said
    if said:
        assert notes == ["1 resident lives in none of towns and counts in 'All together' only."]


def test_a_real_catchment_gives_its_range(pack: Pack) -> None:
    found = catchment(["parkside", "sci-tech-daresbury"], "2km", pack=pack)
    assert "live within 2 km of one of " in found.finding


# Counts and joins


def test_ranges_are_given_for_the_areas_that_have_one_and_no_other(pack: Pack) -> None:
    found = count("innovation-assets", "boroughs", pack=pack)
    rows = found.frame[found.frame["row"] == "area"]
    (told,) = [each for each in found.sentences if "could lie in another borough" in each]
    for row in rows.itertuples():
        assert (f"{row.name} {row.min} to {row.max}" in told) is bool(row.min < row.max)
        assert (f"{row.name} " in told) is bool(row.min < row.max)


def test_what_was_snapped_found_its_match(pack: Pack) -> None:
    plain = join("innovation-assets", "boroughs", pack=pack)
    snapped = join("innovation-assets", "boroughs", snap="3km", pack=pack)
    assert plain.finding.startswith("52 of the 56 innovation assets with a position lie in one of")
    more = int(snapped.frame["snapped"].sum())
    assert more > 0
    assert snapped.finding.startswith(
        f"{52 + more} of the 56 innovation assets with a position lie in"
    )


# Doubts


@pytest.mark.parametrize(("number", "start"), [(0, "Nothing"), (1, "1 place "), (2, "2 places ")])
def test_doubts_are_counted(number: int, start: str) -> None:
    assert doubts_finding(number).startswith(start)


def test_a_position_is_vague_from_a_kilometre_on(pack: Pack) -> None:
    from lcrmap.verbs.doubts.question import Doubts
    from lcrmap.verbs.sources import Sources
    from lcrmap.verbs.work import answer

    spots = along({"A": 0, "B": 10, "C": 20}, error=[999.0, 1000.0, 5000.0])
    layer = lcrmap.open_layer(spots.assign(confidence="confirmed"), title="Spots")
    sources = Sources(pack).with_layers({"spots": layer})
    found = answer(Doubts(layers="spots"), sources)
    assert found.frame["name"].tolist() == ["B", "C"]
    assert found.frame["position"].tolist() == ["within 1 km", "within 5 km"]
