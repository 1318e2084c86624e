"""What ``catchment`` says: who lives within rings, how surely, who is deprived, and which ground nobody is known on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

import lcrmap
from lcrmap.layers import Layer, Pack
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.legends import legend_lines
from lcrmap.pictures.scenes import make_scene
from lcrmap.pictures.views import view_of
from lcrmap.verbs.answer import Answer
from tests.verbs.shire import along, layer, shire

DOCK = "d1"  # Long Dock, 2,000 m east, right to 100 m
HERE = "0,0.0179663057"  # the same place to the millimetre, taken as exact
UNKNOWN = "(water included), where no residents are known"


def shops(*metres: float | None, error: Any = 0.0) -> Layer:
    named = {f"s{number}": each for number, each in enumerate(metres)}
    return layer(along(named, error=error), "shops", "shop")


def ask(*places: Any, pack: Pack, rings: Any = 1000, **others: Any) -> Answer:
    return lcrmap.catchment(list(places), rings, pack=pack, **others)


@pytest.mark.parametrize(
    ("places", "rings", "said"),
    [
        ((DOCK,), 899, "0 residents of Midshire (0%) live within 899 m of Long Dock"),
        (
            (DOCK,),
            900.001,
            "0 residents of Midshire (0%) live within 900.001 m of Long Dock (0 to 300, as positions are not exact)",
        ),
        (
            (DOCK,),
            1000.001,
            (
                "300 residents of Midshire (30.0%) live within 1.000001 km of Long Dock "
                "(0 to 300, as positions are not exact)"
            ),
        ),
        (
            (DOCK,),
            1100.001,
            "300 residents of Midshire (30.0%) live within 1.100001 km of Long Dock",
        ),
        (
            (DOCK,),
            "10.05km",
            (
                "600 residents of Midshire (60.0%) live within 10.05 km of Long Dock "
                "(300 to 600, as positions are not exact)"
            ),
        ),
        ((DOCK,), "1mi", "300 residents of Midshire (30.0%) live within 1 mile of Long Dock"),
        (
            ("depots",),
            3_200,
            "1,000 residents of Midshire (100%) live within 3.2 km of one of the 2 depots",
        ),
        (
            ("depots", "0,0.1"),
            3_200,
            "1,000 residents of Midshire (100%) live within 3.2 km of one of the 2 depots and 0,0.1",
        ),
        (
            (shops(2_000, None),),
            1_500,
            "300 residents of Midshire (30.0%) live within 1.5 km of the only shop with a position",
        ),
        (
            (shops(2_000, 15_000, None),),
            1_500,
            "300 residents of Midshire (30.0%) live within 1.5 km of one of the 2 shops with a position",
        ),
        (
            (shops(2_000, 2_000),),
            1_500,
            "300 residents of Midshire (30.0%) live within 1.5 km of one of the 2 shops",
        ),
        (
            (shops(2_000, 15_000, error=None),),
            1_500,
            "300 residents of Midshire (30.0%) live within 1.5 km of one of the 2 shops",
        ),
    ],
)
def test_who_lives_within_the_first_ring(
    places: tuple[Any, ...], rings: Any, said: str, county: Pack
) -> None:
    assert ask(*places, pack=county, rings=rings).finding == said


def test_one_resident_lives_there(tmp_path: Path) -> None:
    homes = (("h1", 1_000, 1, 1, "b1"), ("h2", 18_000, 1_999, 5, "b2"))
    county = shire(tmp_path, homes=homes)
    found = ask(HERE, pack=county, rings=[1_100, 17_000])
    assert found.finding == f"1 resident of Midshire (0.1%) lives within 1.1 km of {HERE}"
    assert found.sentences[:3] == (
        f"2,000 residents of Midshire (100%) live within 17 km of {HERE}.",
        "Of those within 17 km, 1 (0.1%) lives in the most deprived tenth of small areas.",
        "Of those within 17 km, 1 (0.1%) lives in the most deprived fifth of small areas.",
    )


def test_the_other_rings_and_the_most_deprived_of_the_last_are_said(county: Pack) -> None:
    found = ask(HERE, pack=county, rings=[1_500, 3_000, "10.5km"])
    assert found.finding == f"300 residents of Midshire (30.0%) live within 1.5 km of {HERE}"
    assert found.sentences[:4] == (
        f"300 residents of Midshire (30.0%) live within 3 km of {HERE}.",
        f"600 residents of Midshire (60.0%) live within 10.5 km of {HERE}.",
        "Of those within 10.5 km, 100 (16.7%) live in the most deprived tenth of small areas.",
        "Of those within 10.5 km, 300 (50.0%) live in the most deprived fifth of small areas.",
    )


def test_the_most_deprived_are_said_of_one_place_alone(county: Pack) -> None:
    found = ask("depots", pack=county, rings=3_200)
    assert not [each for each in found.sentences if "deprived" in each]
    nobody = ask("0,0.2", pack=county, rings=500)
    assert nobody.finding == "0 residents of Midshire (0%) live within 500 m of 0,0.2"
    assert nobody.sentences == ()


def test_a_pack_without_deprivation_says_nothing_of_it(tmp_path: Path) -> None:
    found = ask(DOCK, pack=shire(tmp_path, deprivation=None), rings=1_500)
    assert found.sentences == ()
    assert not [each for each in found.layer.frame.columns if "deprived" in str(each)]


def test_a_pack_without_residents_says_so(tmp_path: Path) -> None:
    county = shire(tmp_path, population=None, deprivation=None)
    found = ask(DOCK, pack=county, rings=1_500)
    assert found.finding == "What lies within 1.5 km of Long Dock"
    assert found.sentences == ()
    assert found.notes == (
        "The pack 'shire' has no layer in the role 'population': no residents are counted.",
        "What lies within 1.5 km of Long Dock.",
    )


@pytest.mark.parametrize(
    ("places", "rings", "said"),
    [
        (("0,0",), [1_000], f"50.0% of the ground within 1 km lies outside the 3 towns {UNKNOWN}"),
        (
            ("0,0",),
            [1_000, 2_000],
            f"50.0% of the ground within 1 km and 50.0% of the ground within 2 km lie outside the 3 towns {UNKNOWN}",
        ),
        (
            (HERE,),
            [1_500, "500km"],
            f"100.0% of the ground within 500 km lies outside the 3 towns {UNKNOWN}",
        ),
    ],
)
def test_which_share_of_the_ground_of_one_place_is_unknown(
    places: tuple[str, ...], rings: Any, said: str, county: Pack
) -> None:
    found = ask(*places, pack=county, rings=rings)
    assert found.sentences[-1] == f"{said}: who lives there is not in the figures."
    assert found.sentences[-1] in found.notes


@pytest.mark.parametrize(
    ("metres", "rings", "said"),
    [
        ([2_000, 15_000], 1_500, ""),
        ([0, 15_000], 1_500, "1 of 2 rings reaches outside the 3 towns"),
        ([0, 30_000], [1_500, 2_000], "4 of 4 rings reach outside the 3 towns"),
        ([0, 15_000], [500, 2_000], "2 of 4 rings reach outside the 3 towns"),
    ],
)
def test_how_many_rings_of_several_places_reach_beyond(
    metres: list[float], rings: Any, said: str, county: Pack
) -> None:
    found = ask(shops(*metres), pack=county, rings=rings)
    told = [each for each in found.sentences if "outside" in each]
    column = "the column 'Without data' says which share of each."
    start = f"{said} {UNKNOWN}: {column}"
    assert bool(told) is bool(said)
    assert not told or told[0].startswith(start)


def test_of_some_rings_nobody_is_known(county: Pack) -> None:
    far = shops(2_000, 500_000, 600_000)
    found = ask(far, pack=county, rings=1_500)
    told = f"2 of 3 rings reach outside the 3 towns {UNKNOWN}"
    assert found.sentences == (
        (
            f"{told}: the column 'Without data' says which share of each. For 2 of them nobody is known, "
            "and the figure is left empty."
        ),
    )
    assert found.layer.frame["residents"].isna().tolist() == [False, True, True]


def test_nothing_is_known_anywhere(county: Pack) -> None:
    found = ask("10,10", pack=county, rings=[500, 900])
    assert found.finding == "How many live within 500 m of 10,10 is not known here"
    assert found.sentences == (
        (
            "100% of the ground within 500 m and 100% of the ground within 900 m lie outside the 3 towns "
            f"{UNKNOWN}: who lives there is not in the figures."
        ),
    )
    assert found.notes[0] == "10,10 lies outside the 3 towns of the pack."
    assert found.notes[-1] == f"{found.finding}."


def test_merged_rings_are_said_as_one_place_is(county: Pack) -> None:
    found = ask("depots", pack=county, rings=1_500, dissolve=True)
    assert found.finding == (
        "300 residents of Midshire (30.0%) live within 1.5 km of one of the 2 depots"
    )
    row = found.layer.frame.iloc[0]
    assert (row["name"], row["place"], row["ring"]) == (
        "Within 1.5 km of the 2 depots",
        "the 2 depots",
        "within 1.5 km",
    )
    assert "place" not in found.main
    off = ask(shops(0, 15_000), pack=county, rings=1_500, dissolve=True)
    (told,) = off.sentences
    assert told == (
        f"25.0% of the ground within 1.5 km lies outside the 3 towns {UNKNOWN}: who lives there is not in the figures."
    )


def test_the_rows_hold_what_the_sentences_say(county: Pack) -> None:
    near = shops(1_000, 2_500, 2_950, error=[0, 0, 100])
    found = ask(HERE, pack=county, rings=[1_000.001, "10.5km"], count=[near])
    assert found.layer.metadata.title == f"What lies within 1.000001 km and 10.5 km of {HERE}"
    wanted = {
        "name": [f"Within 1.000001 km of {HERE}", f"Within 10.5 km of {HERE}"],
        "in_area": ["Aham", "Aham"],
        "ring": ["within 1.000001 km", "within 10.5 km"],
        "ring_m": [1_000.001, 10_500],
        "shops": [3, 3],
        "shops_min": [2, 3],
        "shops_max": [3, 3],
        "residents": [300, 600],
        "residents_min": [300, 600],
        "residents_max": [300, 600],
        "most_deprived_tenth": [100, 100],
        "most_deprived_fifth": [300, 300],
        "residents_by_centre": [300, 600],
        "share_of_area_pct": [100.0, 100.0],
        "share_of_region_pct": [30.0, 60.0],
    }
    for name, values in wanted.items():
        assert found.layer.frame[name].tolist() == values, name
    titles = {each.name: each.title for each in found.layer.metadata.fields}
    assert {name: titles[name] for name in ("shops", "shops_min", "shops_max", "in_area")} == {
        "shops": "Shops",
        "shops_min": "Shops, at least",
        "shops_max": "Shops, at most",
        "in_area": "Town",
    }
    assert titles["most_deprived_fifth"] == "Residents in the most deprived fifth"
    assert titles["share_of_area_pct"] == "Share of the town"
    about = {each.name: each.description for each in found.layer.metadata.fields}
    assert about["no_data_pct"] == (
        "Share of the ring outside the 3 towns, water included: no residents are known there"
    )
    assert about["most_deprived_tenth"] == "Index of the county"


def test_a_place_does_not_count_itself(county: Pack) -> None:
    found = ask("depots", pack=county, rings=["1km", "14km"], count=["depots"])
    assert found.layer.frame["depots"].tolist() == [0, 1, 0, 1]


def test_rings_in_miles_are_called_so_everywhere(county: Pack) -> None:
    found = ask(HERE, pack=county, rings=["1mi", "2.5mi"], unit="mi")
    assert found.layer.metadata.title == f"What lies within 1 mile and 2.5 miles of {HERE}"
    assert found.layer.frame["ring"].tolist() == ["within 1 mile", "within 2.5 miles"]
    assert found.layer.frame["ring_mi"].tolist() == [1, 2.5]
    assert found.finding.endswith(f" live within 1 mile of {HERE}")
    assert found.sentences[0].endswith(f" live within 2.5 miles of {HERE}.")
    assert found.sentences[1].startswith("Of those within 2.5 miles, ")


def test_the_page_says_what_the_answer_says(county: Pack) -> None:
    found = ask("depots", pack=county, rings=[1_500, 3_000])
    model = found.page().model
    assert (model.headline, model.summary) == (found.finding, found.sentences)
    assert model.subtitle == "Within 3 km: 1,000 (100%, 300 to 1,000), Midshire."
    one = ask("depots", pack=county, rings=[1_500]).page().model
    assert one.subtitle == "What lies within 1.5 km of the 2 depots, Midshire."
    rings, spots = model.layer("catchment"), model.layer("depots")
    assert (rings.total, spots.total) == (4, 2)
    shown = [rings.columns[each].name for each in rings.main]
    assert shown == [
        *("place", "in_area", "ring", "depots", "residents", "residents_min", "residents_max"),
        *("most_deprived_tenth", "most_deprived_fifth", "residents_by_centre"),
        *("share_of_area_pct", "share_of_region_pct", "no_data_pct"),
    ]


def test_the_largest_rings_lie_below(county: Pack) -> None:
    model = ask(DOCK, pack=county, rings=[500, 1_500]).page().model
    rings = model.layer("catchment")
    (ring,) = (each for each in rings.columns if each.name == "ring")
    assert [ring.raw[code] for code in ring.values] == ["within 1.5 km", "within 500 m"]


def test_areas_are_measured_from_their_edge(county: Pack) -> None:
    found = ask("towns:t1", pack=county, rings=2_000)
    assert found.finding == "600 residents of Midshire (60.0%) live within 2 km of Aham"
    assert isinstance(found.layer.frame, gpd.GeoDataFrame)


def test_a_table_of_rings_calls_those_of_the_layer_of_its_places_others(pack: Pack) -> None:
    found = lcrmap.catchment("freeport-sites", ["2km", "5km"], dissolve=True, pack=pack)
    titles = {each.name: each.title for each in found.layer.metadata.fields}
    assert titles["freeport_sites"] == "Other Freeport sites"
    assert titles["freeport_sites_max"] == "Other Freeport sites, at most"
    assert titles["rail_stations"] == "Rail stations"
    assert titles["residents_by_centre"] == "Residents, small areas counted whole"
    model = found.page().model
    scene = make_scene(model, view_of(model.extent, Box(5, 20, 95, 100)))
    assert "Within 2 km" not in {
        each.text for each in legend_lines(model, scene) if each.count is not None
    }
