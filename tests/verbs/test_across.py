"""Distances over the crossings of a river: columns, sentences, notes, pages; also in a region that does not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

import lcrmap
from lcrmap.errors import NothingFoundError, UsageError
from lcrmap.layers import Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.sources import Sources

PACKS = Path(__file__).parents[1] / "packs"


@pytest.fixture(scope="module")
def skerries() -> Pack:
    return open_pack(PACKS / "skerries")


def drawn(answer: Answer) -> str:
    """Return the page, without its scripts."""
    return str(answer.page(Sources(answer.pack)).html)


def test_near_goes_over_the_crossing_that_makes_the_way_shortest() -> None:
    found = lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub", across="walk")
    row = found.frame.iloc[0]
    assert row["across"] == "ferry-woodside"
    assert row["straight_m"] < row["distance_m"] < row["distance_max_m"]
    assert found.finding.endswith("by way of Mersey Ferry, Pier Head - Woodside")
    straight = lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub").frame.iloc[0]
    assert row["straight_m"] == straight["distance_m"]
    assert "As the crow flies" not in found.finding
    assert any("as the crow flies" in each for each in found.sentences)


def test_both_portals_and_both_positions_widen_the_range() -> None:
    row = lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub", across="walk").frame.iloc[0]
    straight = lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub").frame.iloc[0]
    errors = straight["distance_max_m"] - straight["distance_m"]
    assert row["distance_max_m"] - row["distance_m"] == pytest.approx(errors + 2 * 50)


def test_the_columns_are_those_of_straight_ones_and_two_more() -> None:
    asked: dict[str, Any] = {
        "start": "freeport-sites",
        "targets": "innovation-assets",
        "unit": "km",
    }
    straight, across = lcrmap.near(**asked), lcrmap.near(**asked, across="drive")
    assert [*across.frame.columns.drop("geometry")] == [
        *straight.frame.columns.drop("geometry"),
        "across",
        "straight_km",
    ]
    own = across.frame[across.frame["across"].isna()]
    assert (own["straight_km"] == own["distance_km"]).all()


def test_the_lines_lead_over_the_crossing() -> None:
    found = lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub", across="walk")
    assert found.beside_frame is not None
    corners = list(found.beside_frame.geometry.iloc[0].coords)
    assert corners[1:3] == [(-3.00982, 53.39513), (-2.99719, 53.40467)]
    assert len(corners) == 4


def test_crossings_without_ends_are_named() -> None:
    found = lcrmap.near("freeport-sites", "innovation-assets", across="drive")
    assert any(note.startswith("Thelwall Viaduct is left out") for note in found.notes)


def test_assuming_crossings_open_says_which_it_is_about() -> None:
    with pytest.raises(UsageError, match="assume_open=True says which crossings are open"):
        lcrmap.near("freeport-sites", "innovation-assets", assume_open=True)


def test_a_pack_without_a_river_is_told_which_role_it_lacks(county: Pack) -> None:
    with pytest.raises(UsageError, match="no layer in the role 'barrier'"):
        lcrmap.near("depots", "depots", across="walk", pack=county)


def test_a_page_says_how_is_measured() -> None:
    page = drawn(
        lcrmap.near("investment-zone-sites", "freeport-sites", within="8km", across="walk")
    )
    for text in (
        "crossing the River Mersey on foot",
        "Between the banks of the River Mersey they go by a crossing open on foot.",
        "by way of Mersey Ferry, Pier Head - Seacombe",
        "ways on the ground are longer",
    ):
        assert text in page


def test_side_by_side_each_neighbour_has_its_crossing() -> None:
    found = lcrmap.near("CH41 6DU", "investment-zone-sites", k=2, wide=True, across="walk")
    assert found.frame["1_across"].tolist() == ["ferry-woodside"]
    assert found.frame["1_straight_m"].iloc[0] < found.frame["1_distance_m"].iloc[0]


def test_another_region_has_its_own_barrier(skerries: Pack) -> None:
    found = lcrmap.near("landings", "isles:mor", across="walk", pack=skerries)
    taken = found.frame.set_index("from_id")["across"]
    assert taken["boathouse"] == "causeway"
    assert pd.isna(taken["bei-jetty"])
    # Two are at 0 m by position, one of them right to 5 km, and the outer buoy may be anywhere: nobody is named.
    assert found.finding.endswith(" from Ynys Tŷ’r Môr, crossing the Swnd y Môr on foot")
    assert any("Tunnel that nobody has measured is left out" in note for note in found.notes)
    assert "Swnd y Môr" in drawn(found)


def test_what_cannot_be_reached_is_no_row(skerries: Pack) -> None:
    found = lcrmap.near("landings", "isles:mor", across="rail", pack=skerries)
    assert sorted(found.frame["from_id"]) == ["bei-jetty", "goleudy", "outer-buoy", "stac-jetty"]
    assert any(
        "No crossing of the Swnd y Môr is known to be open by rail" in n for n in found.notes
    )
    opened = lcrmap.near("landings", "isles:mor", across="rail", assume_open=True, pack=skerries)
    assert set(opened.frame["across"].dropna()) == {"old-rope"}
    # How far off the ends of the rope may be is not known.
    over = opened.frame[opened.frame["across"].notna()]
    assert over["distance_max_m"].isna().all()


def test_where_no_crossing_is_open_nothing_is_found_and_it_is_said_why(skerries: Pack) -> None:
    with pytest.raises(
        NothingFoundError, match="No crossing of the Swnd y Môr is known to be open"
    ):
        lcrmap.near("landings:boathouse", "isles:mor", across="rail", pack=skerries)


def test_gaps_and_catchments_over_the_river_are_two_sides_of_one_figure() -> None:
    """Who lives within 5 km of a site, and who lives beyond, as was worked out outside this project."""
    beyond = lcrmap.gaps("investment-zone-sites", "5km", by="boroughs", across="walk")
    within = lcrmap.catchment("investment-zone-sites", "5km", dissolve=True, across="walk")
    total, ring = beyond.frame.iloc[-1], within.frame.iloc[0]
    assert ring["residents"] == 865_792
    assert total["residents_beyond"] == total["residents"] - 865_792
    assert total["residents_beyond_min"] == total["residents"] - ring["residents_max"]
    assert total["residents_beyond_max"] == total["residents"] - ring["residents_min"]
    for each in (beyond, within):
        assert "crossing the River Mersey on foot" in each.finding
        assert each.layer.metadata.title.endswith("(crossing the River Mersey on foot)")
        assert "a lower bound of any way" in each.layer.metadata.method
        names = [file.name for file in each.layer.inputs]
        assert "river.geojson" in names
        assert "crossings.geojson" in names


def test_a_ring_goes_on_beyond_the_crossing_with_what_is_left_of_it() -> None:
    over = lcrmap.catchment("CH41 6DU", ["2km", "5km"], across="walk").frame
    straight = lcrmap.catchment("CH41 6DU", ["2km", "5km"]).frame
    assert (over["residents"] < straight["residents"]).all()
    assert (over["area_km2"] < straight["area_km2"]).all()
    assert over.geometry.iloc[0].geom_type == "MultiPolygon"
    assert over.geometry.iloc[0].within(over.geometry.iloc[1].buffer(1e-9))


def test_far_from_any_crossing_nothing_changes_but_the_words() -> None:
    over = lcrmap.catchment("53.645,-3.005", "2km", across="walk").frame
    straight = lcrmap.catchment("53.645,-3.005", "2km").frame
    pd.testing.assert_frame_equal(
        pd.DataFrame(over.drop(columns="geometry")), pd.DataFrame(straight.drop(columns="geometry"))
    )


@pytest.mark.parametrize("ask", ["gaps", "catchment"])
def test_pages_of_another_region_say_how_its_barrier_is_crossed(skerries: Pack, ask: str) -> None:
    made = {
        "gaps": lambda: lcrmap.gaps("landings", "2km", across="walk", pack=skerries),
        "catchment": lambda: lcrmap.catchment("landings", "9km", across="walk", pack=skerries),
    }[ask]()
    assert "crossing the Swnd y Môr on foot" in made.finding
    assert "crossing the Swnd y Môr on foot" in drawn(made)


def remarks(answer: Answer) -> list[str]:
    """Return what is said on the page, and by the command, of what lies across."""
    said = [each for each in answer.sentences if "lies across" in each]
    notes = [each for each in answer.notes if "lies across" in each]
    assert notes == said
    return said


def test_straight_gaps_say_for_whom_the_nearest_lies_across_the_river() -> None:
    """348,335 residents, 22.4%: worked out outside this project. Half of them have 407 m more to go, or less."""
    (said,) = remarks(lcrmap.gaps("investment-zone-sites", "5km"))
    assert said == (
        "For 348,335 residents, 22.4%, the nearest Investment Zone site lies across the River Mersey; "
        "on foot it is a median of 410 m farther."
    )


def test_nothing_is_said_where_it_changes_nothing() -> None:
    """Within 800 m of a station nobody lives across the river; and who crosses it has been told."""
    assert not remarks(lcrmap.gaps("rail-stations", "800m"))
    assert not remarks(lcrmap.gaps("innovation-assets", "5km"))  # for 1,599, 1 in 1,000
    assert not remarks(lcrmap.gaps("investment-zone-sites", "5km", across="walk"))
    assert not remarks(lcrmap.catchment("53.645,-3.005", "2km"))
    assert not remarks(lcrmap.near("53.645,-3.005", "rail-stations"))


def test_a_straight_catchment_says_how_many_within_live_across() -> None:
    (said,) = remarks(lcrmap.catchment("CH41 6DU", ["2km", "5km"]))
    assert said.startswith(
        "For 138,797 of the residents within 5 km, CH41 6DU lies across the River Mersey;"
    )


def test_straight_distances_say_it_of_each_target() -> None:
    said = remarks(lcrmap.near("freeport-sites", ["investment-zone-sites", "rail-stations"]))
    assert len(said) == 1
    assert said[0] == (
        "For 3 of the 13 the nearest Investment Zone site lies across the River Mersey; "
        "on foot it is a median of 310 m farther."
    )
    (said_of_one,) = remarks(lcrmap.near("CH41 6DU", "investment-zone-sites:maid-hub"))
    assert said_of_one == (
        "Microbiome and Infectious Disease Innovation Hub lies across the River Mersey; "
        "on foot it is 450 m farther."
    )


def test_a_pack_without_a_river_says_nothing_of_one(county: Pack) -> None:
    assert not remarks(lcrmap.gaps("depots", "9km", pack=county))
    assert not remarks(lcrmap.near("homes", "depots", pack=county))
    assert not remarks(lcrmap.catchment("depots", "9km", pack=county))


def test_it_is_said_of_another_regions_barrier_too(skerries: Pack) -> None:
    (said,) = remarks(lcrmap.near("landings:stac-jetty", "hearths:h3", pack=skerries))
    assert said.startswith("h3 lies across the Swnd y Môr; on foot it is ")


def test_a_position_that_may_be_on_the_other_bank_is_told() -> None:
    """The ferry's landing is 700 m from the middle of the river."""
    at = gpd.GeoSeries.from_xy([-3.0098], [53.3951], crs="EPSG:4326")
    sure, unsure = (
        gpd.GeoDataFrame({"position_error_m": [e]}, geometry=at) for e in (100.0, 900.0)
    )
    told = "may lie on the other bank of the River Mersey, within the error of its position"
    for asked in (
        lambda places: lcrmap.near(places, "rail-stations", across="walk"),
        lambda places: lcrmap.near("rail-stations", places, across="walk"),
        lambda places: lcrmap.gaps(places, "2km", across="walk"),
        lambda places: lcrmap.catchment(places, "2km", across="walk"),
    ):
        assert sum(told in note for note in asked(unsure).notes) == 1
        assert not any("the other bank" in note for note in asked(sure).notes)


@pytest.mark.parametrize(("mode", "count"), [("walk", 4), ("rail", 2)])
def test_pages_show_the_crossings_that_are_open(mode: str, count: int) -> None:
    for made in (
        lcrmap.gaps("investment-zone-sites", "5km", across=mode),
        lcrmap.catchment("CH41 6DU", "2km", across=mode),
    ):
        model = made.page().model
        (shown,) = (each for each in model.layers if each.title.startswith("Crossings"))
        assert (
            shown.title
            == f"Crossings of the Mersey open {'on foot' if mode == 'walk' else 'by rail'}"
        )
        assert shown.total == count
