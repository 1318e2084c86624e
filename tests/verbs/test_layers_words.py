"""What ``layers``, ``doubts``, ``limits``, ``show``, ``map`` and ``text`` say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lcrmap
from lcrmap.errors import NothingFoundError
from lcrmap.layers import Category, Field, Layer, Licence, Pack, Source
from lcrmap.verbs.doubts.question import Doubts
from lcrmap.verbs.layers.question import Layers
from lcrmap.verbs.limits.question import Limits
from lcrmap.verbs.text.question import Text
from tests.messages import exactly
from tests.verbs.shire import along, asked, layer, shire, towns

SURE = Field(
    "confidence",
    "How sure",
    categories=(
        Category("confirmed", "Confirmed", description="by an official source"),
        Category("reported", "Reported"),
    ),
)


def shops(
    *metres: float | None, error: Any = 0.0, known: dict[str, Any] | None = None, **columns: Any
) -> Layer:
    named = {f"s{number}": each for number, each in enumerate(metres)}
    return layer(along(named, error=error, **columns), "shops", "shop", **(known or {}))


# layers


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ([1], 0, ["Features: 1, of which 1 has a position.", "within 0 m."]),
        ([1, 2], [10, 10], ["Features: 2, of which 2 have a position.", "within 10 m."]),
        (
            [1, 2, 3],
            [10, 1500, 20],
            ["Features: 3, of which 3 have a position.", "within 10 to 1,500 m (median 20 m)."],
        ),
        (
            [1, 2, None],
            [10, None, 50],
            [
                "Features: 3, of which 2 have a position and 1 has none.",
                "within 10 m; not known for 1.",
            ],
        ),
        (
            [1, None, None],
            [10, 20, 30],
            ["Features: 3, of which 1 has a position and 2 have none.", "within 10 m."],
        ),
    ],
)
def test_positions_of_a_layer(
    metres: list[float | None], error: Any, said: list[str], county: Pack
) -> None:
    notes = asked(Layers(layer="shops"), county, shops=shops(*metres, error=error)).notes
    believed = "Positions: believed right to "
    assert notes == ("Shops (shops)", said[0], f"{believed}{said[1]}")


def test_errors_that_nobody_states_are_not_known(county: Pack) -> None:
    some = shops(1, 2, error=[None, None])
    (*_, told) = asked(Layers(layer="shops"), county, shops=some).notes
    assert told == "Positions: how far off they may be is not known."
    without = shops(1, 2, error=None)
    assert asked(Layers(layer="shops"), county, shops=without).notes[1:] == (
        "Features: 2, of which 2 have a position.",
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["reported", "confirmed", "reported"], "1 confirmed (by an official source); 2 reported"),
        (["reported", "reported", "reported"], "3 reported"),
        (["guessed", "reported", "guessed"], "1 reported; 2 guessed"),
    ],
)
def test_how_sure_a_layer_is_adds_up(values: list[str], said: str, county: Pack) -> None:
    some = shops(1, 2, 3, error=None, confidence=values, known={"fields": (SURE,)})
    assert asked(Layers(layer="shops"), county, shops=some).notes[2:] == (f"How sure: {said}.",)


def test_everything_about_a_layer_in_its_order(county: Pack) -> None:
    known = {
        "description": "All shops.",
        "breakdown": "kind",
        "key": "name",
        "as_of": "2025-03",
        "method": "Walked past.",
        "sources": (Source("A list", url="https://a.example/"), Source("Another")),
        "licences": (Licence("CC0-1.0", "Creative Commons Zero", "https://cc0.example/"),),
        "credit": "By the county.",
        "selection": "kind = 'inn'",
        "selected_from": 1_200,
    }
    some = shops(1, 2, error=None, kind=["inn", "inn"], known=known)
    assert asked(Layers(layer="shops"), county, shops=some).notes == (
        "Shops (shops)",
        "Chosen: 2 of 1,200, by kind = 'inn'.",
        "All shops.",
        "Features: 2, of which 2 have a position.",
        "Kind: 2 inn.",
        "Key: name",
        "As of: 2025-03",
        "Method: Walked past.",
        "Source: A list https://a.example/",
        "Source: Another",
        "Licence: Creative Commons Zero https://cc0.example/",
        "Credit: By the county.",
    )


def test_the_layers_of_a_pack_and_the_fields_of_a_layer_are_rows(county: Pack) -> None:
    every = asked(Layers(), county).layer
    columns = ["name", "features", "placed", "geometry", "as_of", "licence", "confirmed"]
    rows = every.frame[columns].astype(object)
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        ["towns", 3, 3, "area", "2025", "CC0-1.0", None],
        ["homes", 4, 4, "point", "2025", "CC0-1.0", None],
        ["depots", 2, 2, "point", "2025", "CC0-1.0", 1],
    ]
    assert every.metadata.title == "The layers of The county"
    fields = asked(Layers(layer="depots"), county).layer
    assert fields.metadata.title == "The fields of Depots"
    assert fields.frame[["name", "title", "type"]].to_numpy().tolist() == [
        ["name", "Name", "string"],
        ["id", "Id", "string"],
        ["position_error_m", "Position_error_m", "number"],
        ["confidence", "Confidence", "string"],
    ]


# doubts


@pytest.mark.parametrize(
    ("metres", "columns", "rows"),
    [
        ([1, 2], {"error": [999, 1000]}, [["s1", "not stated", "within 1 km"]]),
        ([1, 2], {"error": [0, 2500]}, [["s1", "not stated", "within 2.5 km"]]),
        ([1, None], {"error": [0, 10]}, [["s1", "not stated", "no known position"]]),
        (
            [1, 2],
            {"error": [1000, 1000], "name": ["Inn", None]},
            [
                ["Inn", "not stated", "within 1 km"],
                ["Row 2", "not stated", "within 1 km"],
            ],
        ),
        (
            [1, 2, 3],
            {"error": [0, 10, None], "confidence": ["confirmed", "reported", None]},
            [["s1", "Reported", "within 10 m"], ["s2", "not stated", "error not stated"]],
        ),
        (
            [1, None],
            {"error": [0, 0], "confidence": ["rumour", "confirmed"]},
            [["s0", "rumour", "within 0 m"], ["s1", "Confirmed", "no known position"]],
        ),
        ([1, 2], {"error": None}, []),
        ([1, 2], {"error": [0, None]}, []),
    ],
)
def test_which_rows_are_doubtful_and_why(
    metres: list[float | None], columns: dict[str, Any], rows: list[list[str]], county: Pack
) -> None:
    some = shops(*metres, known={"fields": (SURE,)}, **columns)
    found = asked(Doubts(layers=("shops",)), county, shops=some)
    assert found.frame[["name", "confidence", "position"]].to_numpy().tolist() == rows
    many = f"{len(rows)} places are not confirmed by a first-hand source, or their positions are vague or unknown."
    assert (
        found.finding
        == (
            "Nothing is marked as uncertain.",
            "1 place is not confirmed by a first-hand source, or its position is vague or unknown.",
            many,
        )[min(len(rows), 2)]
    )
    assert bool(found.sentences) is bool(rows)


def test_doubts_of_a_pack_are_those_of_its_atlas(county: Pack) -> None:
    found = asked(Doubts(), county)
    assert found.frame[["name", "layer", "confidence", "position"]].to_numpy().tolist() == [
        ["Far Yard", "Depots", "reported", "within 50 m"]
    ]
    assert (
        found.sentences[-1]
        == ("Depots: for 2 places the position error is stated, between 50 m and 100 m.")
        or found.sentences
    )


# limits, text


def test_limits_are_told_in_the_layers_own_words(county: Pack) -> None:
    plain = shops(1, 2)
    told = shops(1, 2, known={"description": "All shops. ", "method": " Walked past."})
    homes = "Homes: All homes."
    assert asked(Limits(layers=("shops",)), county, shops=plain).sentences == (
        "Shops: no description.",
        homes,
    )
    assert asked(Limits(layers=("shops",)), county, shops=told).sentences == (
        "Shops: All shops. Walked past.",
        homes,
    )
    assert asked(Limits(), county).sentences == ("Depots: All depots.", homes)


def test_limits_of_a_pack_without_residents(tmp_path: Path) -> None:
    county = shire(tmp_path, population=None, deprivation=None)
    assert asked(Limits(), county).sentences == ("Depots: All depots.",)


def test_paragraphs_are_parted_by_an_empty_line(county: Pack) -> None:
    assert asked(Text(text=" One\nand two. \n\n\n\nThree.\n\n "), county).sentences == (
        "One\nand two.",
        "Three.",
    )


# show, map


@pytest.mark.parametrize(("number", "rows"), [(1, "1 row"), (2, "2 rows"), (1_200, "1,200 rows")])
def test_a_filter_that_leaves_nothing_is_said(number: int, rows: str, county: Pack) -> None:
    some = shops(*range(number))
    told = f"None of the {rows} of shops meets the filter: name = 'none'"
    with pytest.raises(NothingFoundError, match=exactly(told)):
        lcrmap.show(some, where="name = 'none'", pack=county)


def test_a_pattern_that_finds_nothing_may_have_had_other_capitals(county: Pack) -> None:
    told = "None of the 1 row of shops meets the filter: name LIKE 'SHOP%'"
    hint = " (LIKE minds capitals; CASEI(...) LIKE CASEI('...') does not)"
    with pytest.raises(NothingFoundError, match=exactly(told + hint)):
        lcrmap.show(shops(1), where="name LIKE 'SHOP%'", pack=county)
    told = "None of the 1 row of shops meets the filter: CASEI(name) LIKE CASEI('x')"
    with pytest.raises(NothingFoundError, match=exactly(told)):
        lcrmap.show(shops(1), where="CASEI(name) LIKE CASEI('x')", pack=county)


def test_a_limit_is_said(county: Pack) -> None:
    notes = lcrmap.show(shops(1, 2, 3), limit=2, pack=county).layer.notes
    assert notes == ("The first 2 of 3 rows (--limit 2).",)


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ([1_000, 2_000, 12_000], 0, "Most shops are in Aham: 2 of 3"),
        ([1_000, 2_000], 0, "Both shops are in Aham"),
        ([1_000, 12_000], 0, "Where the 2 shops are"),
        (
            [1_000, 2_000, 9_950, 12_000],
            [0, 0, 100, 0],
            "Aham and Bham are too close to call: position errors could change which has more shops",
        ),
        (
            [1_000, 2_000, 3_000, 9_950, 12_000],
            [0, 0, 0, 100, 0],
            "Most shops are in Aham: 4 of 5 (3 to 4, as positions are not exact)",
        ),
    ],
)
def test_a_map_says_where_most_are(
    metres: list[float], error: Any, said: str, county: Pack
) -> None:
    model = lcrmap.make_map(shops(*metres, error=error), pack=county).model
    assert model.headline == said
    assert model.subtitle == f"{len(metres)} shops, Midshire"
    assert model.summary == (f"There are {len(metres)} shops; all have a position.",)


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ([1.0, 5.0, 5.0], "from 1 (Aham) to 5 (Bham and Cham), median 5"),
        ([5.0, 1.0, 1.0], "from 1 (Bham and Cham) to 5 (Aham), median 1"),
        ([1.0, 5.0, 5.0, 5.0], "from 1 (Aham) to 5 (3 wards), median 5"),
    ],
)
def test_a_shaded_map_says_which_share_an_end(jobs: list[float], said: str, county: Pack) -> None:
    names = ["Aham", "Bham", "Cham", "Dham"][: len(jobs)]
    wards = layer(towns(names, jobs=jobs), "wards", "ward")
    model = lcrmap.make_map(wards, shade="jobs", pack=county).model
    assert model.headline == f"Jobs by ward: {said}"


def test_a_shaded_map_says_by_which_columns(county: Pack) -> None:
    model = lcrmap.make_map("towns", shade="people", pack=county).model
    assert model.headline == "People by town: from 0 (Cham) to 700 (Bham), median 300"
    (note,) = [each.note for each in model.layers if each.note]
    assert (
        note
        == "People. Rounded breaks between the lowest and the highest; a class includes its lower bound."
    )
    fields = (Field("jobs", "Jobs, all kinds", "number", unit="per km2"),)
    wards = layer(towns(jobs=[1.0, 3.0, 5.0]), "wards", "ward", fields=fields)
    both = lcrmap.make_map(
        "towns", wards, shade=["towns:people", "wards:jobs"], classes="equal:3", pack=county
    ).model
    assert both.headline == "People by town and jobs, all kinds, by ward"
    assert [each.note for each in both.layers if each.note] == [
        "People. Equal steps; a class includes its lower bound.",
        "Jobs, all kinds (per km²). Equal steps; a class includes its lower bound.",
    ]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "Outside the 1 town"), (3, "Outside the 3 towns")]
)
def test_the_column_of_areas_says_what_is_outside(number: int, said: str, tmp_path: Path) -> None:
    from lcrmap.maps.model import LayerView
    from lcrmap.verbs.map.page import with_area

    some = layer(towns(["Aham", "Bham", "Cham"][:number]), "towns", "town")
    view = with_area(LayerView(shops(1_000, -500, None)), some)
    (field,) = (each for each in view.layer.metadata.fields if each.name == "in_area")
    assert field.title == "Town"
    assert [each.label for each in field.categories if each.value == "outside"] == [said]
    assert view.layer.frame["in_area"].fillna("").tolist() == ["Aham", "outside", ""]


def test_errors_that_are_no_numbers_are_told_as_not_known() -> None:
    from lcrmap.verbs.layers.words import about

    vague = layer(towns(position_error_m=["far", "50", "-"]), "towns", "town")
    assert "Positions: believed right to within 50 m; not known for 2." in about(vague)
