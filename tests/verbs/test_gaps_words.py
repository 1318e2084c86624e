"""What ``gaps`` says: how many live beyond, where most of them do, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lcrmap
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from tests.verbs.shire import along, layer, shire, towns

EMPTY = "1 town holds no point of the population layer: its figures are left empty."
FAR = (900_000.0, 990_000.0)


def shops(*metres: float, error: Any = 0.0) -> Layer:
    """Return shops, and two at the end of the world, so that all are a layer."""
    named = {f"s{number}": each for number, each in enumerate((*metres, *FAR))}
    if error is not None:
        error = [*(error if isinstance(error, list) else [error] * len(metres)), 0, 0]
    return layer(along(named, error=error), "shops", "shop")


def ask(near: Any, pack: Pack, beyond: Any = 1_500, **others: Any) -> Answer:
    return lcrmap.gaps(near, beyond, pack=pack, **others)


@pytest.mark.parametrize(
    ("near", "beyond", "said"),
    [
        (shops(), 1_500, "1,000 of 1,000 residents (100%) live farther than 1.5 km from any shop"),
        (
            shops(2_000),
            1_500,
            "700 of 1,000 residents (70.0%) live farther than 1.5 km from any shop",
        ),
        (
            shops(2_000, 12_000, 18_000),
            1_500,
            "0 of 1,000 residents (0%) live farther than 1.5 km from any shop",
        ),
        (
            shops(2_000, error=500.001),
            1_500,
            (
                "700 of 1,000 residents (70.0%) live farther than 1.5 km from any shop "
                "(700 to 1,000, as positions are not exact)"
            ),
        ),
        (
            shops(2_000, error=499.999),
            1_500,
            "700 of 1,000 residents (70.0%) live farther than 1.5 km from any shop",
        ),
        (
            shops(14_000, error=600),
            1_500,
            (
                "1,000 of 1,000 residents (100%) live farther than 1.5 km from any shop "
                "(700 to 1,000, as positions are not exact)"
            ),
        ),
        (
            shops(2_000, error=None),
            1_500,
            (
                "700 of 1,000 residents (70.0%) live farther than 1.5 km from any shop; at most 1,000, and how few "
                "cannot be told, as an error is unknown"
            ),
        ),
        (
            shops(2_000, 12_000, 18_000, error=None),
            1_500,
            (
                "0 of 1,000 residents (0%) live farther than 1.5 km from any shop; how few or many cannot be told, "
                "as an error is unknown"
            ),
        ),
        (
            "d1",
            "1mi",
            "700 of 1,000 residents (70.0%) live farther than 1 mile from Long Dock",
        ),
        (
            layer(along({"A": 2_000, "B": FAR[0]}), "things", "feature", "features"),
            "0.8km",
            "1,000 of 1,000 residents (100%) live farther than 800 m from any feature of things",
        ),
    ],
)
def test_how_many_live_beyond(near: Any, beyond: Any, said: str, county: Pack) -> None:
    found = ask(near, county, beyond)
    assert found.finding == said
    assert found.notes[-1] == f"{said}."


def test_one_resident_lives_beyond(tmp_path: Path) -> None:
    homes = (("h1", 2_000, 999, 5, "b1"), ("h2", 12_000, 1, 1, "b2"), ("h3", 35_000, 1, 5, "b3"))
    county = shire(tmp_path, homes=homes)
    found = ask(shops(2_000, 35_000), county)
    assert found.finding == "1 of 1,001 residents (0.1%) lives farther than 1.5 km from any shop"
    assert found.sentences[0] == (
        "Of the 1 resident in the most deprived tenth of small areas, 1 (100%) lives that far away."
    )
    assert found.notes == (
        EMPTY,
        "1 resident lives in none of towns and counts in 'All together' only.",
        f"{found.finding}.",
    )


def test_residents_in_no_area_are_said(tmp_path: Path) -> None:
    homes = (("h1", 2_000, 999, 5, "b1"), ("h3", 35_000, 1_500, 5, "b3"))
    found = ask(shops(2_000), shire(tmp_path, homes=homes))
    assert found.notes == (
        "2 towns hold no point of the population layer: their figures are left empty.",
        "1,500 residents live in none of towns and count in 'All together' only.",
        "1,500 of 2,499 residents (60.0%) live farther than 1.5 km from any shop.",
    )


def test_how_the_most_deprived_fare(county: Pack) -> None:
    assert ask(shops(2_000), county).sentences == (
        "Of the 500 residents in the most deprived tenth of small areas, 400 (80.0%) live that far away.",
        "Of the 700 residents in the most deprived fifth of small areas, 400 (57.1%) live that far away.",
        "The share is highest in Bham (100%).",
    )
    assert ask(shops(2_000, 18_000), county).sentences == (
        "Of the 500 residents in the most deprived tenth of small areas, 0 (0%) live that far away.",
        "Of the 700 residents in the most deprived fifth of small areas, 0 (0%) live that far away.",
        "The share is highest in Bham (42.9%).",
    )


@pytest.mark.parametrize(
    ("near", "said"),
    [
        (shops(12_000), "The share is highest in Aham (100%) and Bham (57.1%)."),
        (shops(1_000, 18_000), "The share is highest in Aham (66.7%) and Bham (42.9%)."),
        (shops(), "The share is highest in Aham (100%) and Bham (100%)."),
        (
            shops(12_000, error=4_500),
            "Aham and Bham are too close to call: position errors could change which has the higher share.",
        ),
        (
            shops(1_000, 18_000, error=[0, 600]),
            "The share is highest in Aham (66.7%) and Bham (42.9%).",
        ),
    ],
)
def test_where_the_share_is_highest(near: Layer, said: str, county: Pack) -> None:
    assert ask(near, county).sentences[-1] == said


def test_a_pack_without_deprivation_says_nothing_of_it(tmp_path: Path) -> None:
    found = ask(shops(2_000), shire(tmp_path, deprivation=None))
    assert found.sentences == ("The share is highest in Bham (100%).",)


def test_features_that_stop_at_the_border_are_mentioned(county: Pack) -> None:
    said = "lies outside Midshire: near its border, something nearer beyond it may be missing."
    assert ask("depots", county).notes == (
        EMPTY,
        f"No feature of depots {said}",
        "700 of 1,000 residents (70.0%) live farther than 1.5 km from any depot.",
    )
    assert not [each for each in ask(shops(2_000), county).notes if said in each]
    assert not [each for each in ask("d1", county).notes if said in each]


def test_the_rows_are_the_areas_and_all_together(county: Pack) -> None:
    found = ask(shops(2_000, error=500.001), county)
    frame = found.layer.frame.drop(columns="geometry").astype(object)
    assert frame.where(frame.notna(), None).to_numpy().tolist() == [
        ["t1", "Aham", "area", 300, 0, 0, 300, 100, 0, 300, 0, 0.0, 0.0, 0.0],
        ["t2", "Bham", "area", 700, 700, 700, 700, 400, 400, 400, 400, 100.0, 100.0, 100.0],
        ["t3", "Cham", "area", *[None] * 11],
        [
            "all",
            "All together",
            "total",
            1000,
            700,
            700,
            1000,
            500,
            400,
            700,
            400,
            70.0,
            80.0,
            57.14,
        ],
    ]
    titles = [(each.name, each.title) for each in found.layer.metadata.fields[3:]]
    assert titles == [
        ("residents", "Residents"),
        ("residents_beyond", "Residents beyond 1.5 km"),
        ("residents_beyond_min", "At least"),
        ("residents_beyond_max", "At most"),
        ("most_deprived_tenth", "Residents in the most deprived tenth"),
        ("most_deprived_tenth_beyond", "Residents in the most deprived tenth beyond 1.5 km"),
        ("most_deprived_fifth", "Residents in the most deprived fifth"),
        ("most_deprived_fifth_beyond", "Residents in the most deprived fifth beyond 1.5 km"),
        ("share_beyond_pct", "Share of residents beyond 1.5 km"),
        (
            "share_of_most_deprived_tenth_beyond_pct",
            "Share of residents in the most deprived tenth beyond 1.5 km",
        ),
        (
            "share_of_most_deprived_fifth_beyond_pct",
            "Share of residents in the most deprived fifth beyond 1.5 km",
        ),
    ]
    assert found.layer.metadata.title == "Residents farther than 1.5 km from any shop"


def test_areas_of_ones_own_are_named_as_they_are_called(county: Pack) -> None:
    wards = layer(towns(["North", "South"]), "wards", "ward")
    found = ask(shops(2_000), county, by=wards)
    assert found.layer.frame["id"].tolist() == ["1", "2", "all"]
    assert found.sentences[-1] == "The share is highest in South (100%)."
    assert found.notes == (
        "700 of 1,000 residents (70.0%) live farther than 1.5 km from any shop.",
    )
    assert found.page().model.subtitle == (
        "Residents farther than 1.5 km from any shop by ward, Midshire."
    )


def test_the_page_shades_the_share(county: Pack) -> None:
    found = ask(shops(2_000), county)
    model = found.page().model
    assert (model.headline, model.summary) == (found.finding, found.sentences)
    assert model.subtitle == "Residents farther than 1.5 km from any shop by town, Midshire."
    assert model.layer("gaps").note == (
        "Share of residents beyond 1.5 km. Rounded breaks between the lowest and the highest; a class includes its "
        "lower bound. Where few live, a high share is few people."
    )
    table = model.layer("gaps")
    assert [table.columns[each].name for each in table.main] == [
        *("name", "residents", "residents_beyond", "residents_beyond_min", "residents_beyond_max"),
        *("most_deprived_tenth", "most_deprived_tenth_beyond"),
        *("most_deprived_fifth", "most_deprived_fifth_beyond", "share_beyond_pct"),
        *("share_of_most_deprived_tenth_beyond_pct", "share_of_most_deprived_fifth_beyond_pct"),
    ]
    alike = ask(shops(), county).page().model
    assert alike.layer("gaps").note == ""  # shares that are all alike have no classes


def test_areas_without_names_are_numbered_by_their_noun_and_it_is_said(county: Pack) -> None:
    areas = layer(towns().drop(columns="name").assign(n=[1, 2, 3]), "zones")
    found = ask(shops(2_000), county, by=areas)
    assert found.layer.frame["name"].tolist() == ["Zone 1", "Zone 2", "Zone 3", "All together"]
    said = (
        "No column of zones is known to name its zones, so they are numbered: "
        "call the column of their names 'name'."
    )
    assert said in found.notes
