"""What ``join`` says: how many found their match, an account of every feature, what was attached under which name."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely

import lcrmap
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import coverage_notes
from tests.verbs.shire import DEGREE, along, layer, town, towns

AREAS = layer(towns(id=["t1", "t2", "t3"]), "parishes", "parish", key="id")
ONE = layer(towns(["Aham"]), "parishes", "parish")
CLASH = "Attached under another name, as shops has the column too: 'name' as 'parish_name'."
EDGE = 10_000


def shops(
    *metres: float | None, error: Any = 0.0, known: dict[str, Any] | None = None, **columns: Any
) -> Layer:
    named = {f"s{number}": each for number, each in enumerate(metres)}
    return layer(along(named, error=error, **columns), "shops", "shop", **(known or {}))


def ask(left: Layer, pack: Pack, right: Layer = AREAS, **others: Any) -> Answer:
    return lcrmap.join(left, right, pack=pack, **others)


@pytest.mark.parametrize(
    ("metres", "right", "others", "said"),
    [
        ([1_000, 12_000], AREAS, {}, "2 of the 2 shops lie in one of the 3 parishes"),
        ([1_000, -500], AREAS, {}, "1 of the 2 shops lies in one of the 3 parishes"),
        (
            [1_000, None],
            AREAS,
            {},
            "The only shop with a position lies in one of the 3 parishes",
        ),
        (
            [-500, None],
            AREAS,
            {},
            "The only shop with a position does not lie in any of the 3 parishes",
        ),
        ([-500], ONE, {}, "The only shop does not lie in the only parish"),
        (
            [-500],
            AREAS,
            {"predicate": "intersects"},
            "The only shop does not match any of the 3 parishes",
        ),
        (
            [-500, -600, None],
            AREAS,
            {},
            "0 of the 2 shops with a position lie in one of the 3 parishes",
        ),
        ([1_000, 2_000, -500], ONE, {}, "2 of the 3 shops lie in the only parish"),
        (
            [1_000, -500],
            AREAS,
            {"snap": 600},
            "2 of the 2 shops lie in one of the 3 parishes",
        ),
        (
            [1_000, -500],
            AREAS,
            {"snap": 400},
            "1 of the 2 shops lies in one of the 3 parishes",
        ),
        (
            [1_000, -500],
            AREAS,
            {"predicate": "intersects"},
            "1 of the 2 shops matches one of the 3 parishes",
        ),
        (
            [1_000, 2_000, -500],
            AREAS,
            {"predicate": "intersects"},
            "2 of the 3 shops match one of the 3 parishes",
        ),
    ],
)
def test_how_many_found_their_match(
    metres: list[float | None], right: Layer, others: dict[str, Any], said: str, county: Pack
) -> None:
    assert ask(shops(*metres), county, right, **others).finding == said


def test_a_total_that_needs_its_breakdown_is_told_in_rows(county: Pack) -> None:
    some = shops(1_000, 2_000, -500, known={"breakdown": "name"})
    assert ask(some, county).finding == ("2 of the shops lie in one of the 3 parishes")


@pytest.mark.parametrize(
    ("metres", "others", "said"),
    [
        (
            [1_000, EDGE, -500, None],
            {},
            "4 in: 2 matched (1 of them on a shared border), 1 outside, 1 without a position.",
        ),
        (
            [1_000, EDGE, -500, None],
            {"border": "all"},
            "4 in: 2 matched (1 of them on a shared border), 1 outside, 1 without a position. 5 out.",
        ),
        (
            [1_000, EDGE, -500, None],
            {"how": "inner"},
            "4 in: 2 matched (1 of them on a shared border), 1 outside, 1 without a position. 2 out.",
        ),
        (
            [1_000, -500],
            {"how": "anti"},
            "2 in: 1 matched (0 of them on a shared border), 1 outside, 0 without a position. 1 out.",
        ),
        (
            [1_000, -500, -700],
            {"snap": 600},
            "3 in: 1 matched (0 of them on a shared border), 1 snapped, 1 outside, 0 without a position.",
        ),
        (
            [1_000, -500],
            {"predicate": "intersects"},
            "2 in: 1 matched, 1 unmatched, 0 without a position.",
        ),
        (
            [1_000, -500],
            {"predicate": "intersects", "snap": 600},
            "2 in: 1 matched, 1 snapped, 0 unmatched, 0 without a position.",
        ),
    ],
)
def test_the_last_note_accounts_for_every_feature(
    metres: list[float | None], others: dict[str, Any], said: str, county: Pack
) -> None:
    assert ask(shops(*metres), county, **others).notes == (CLASH, said)


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        ([1_000, 12_000], None),
        ([1_000, EDGE], "1 shop matches more than one of parishes: the lowest id is attached"),
        ([EDGE, 20_000], "2 shops match more than one of parishes: the lowest id is attached"),
    ],
)
def test_what_matches_more_than_one_is_said(
    metres: list[float], said: str | None, county: Pack
) -> None:
    notes = ask(shops(*metres), county, predicate="intersects").notes
    rest = "and the column 'matches' says how many; many=True gives each of them."
    assert notes[:-1] == ((CLASH,) if said is None else (f"{said} {rest}", CLASH))
    assert ask(shops(*metres), county, predicate="intersects", many=True).notes[:-1] == (CLASH,)


def test_without_a_key_the_first_shape_is_attached(county: Pack) -> None:
    bare = layer(towns(), "parishes", "parish")
    (note, *_) = ask(shops(EDGE), county, bare, predicate="intersects").notes
    assert note.startswith(
        "1 shop matches more than one of parishes: the first by shape is attached"
    )


def test_columns_that_the_left_layer_has_too_are_attached_under_another_name(county: Pack) -> None:
    found = ask(shops(1_000), county)
    assert found.notes[0] == CLASH
    titles = {each.name: each.title for each in found.layer.metadata.fields}
    assert titles["parish_name"] == "Parish name"
    flags = ("on_border", "could_also_be", "nearest", "nearest_m")
    assert found.main == ("name", "parish_name", "id", *flags)
    prefixed = ask(shops(1_000), county, prefix="in_", take=["name"])
    assert len(prefixed.notes) == 1
    assert "in_name" in prefixed.frame.columns


def test_positions_say_in_which_other_area_they_may_lie(county: Pack) -> None:
    found = ask(shops(1_000, 9_950, 50, 12_000, error=[10, 100, 100, None]), county).frame
    assert found["could_also_be"].fillna("").tolist() == ["", "t2", "outside", ""]
    assert found["area_certain"].isna().tolist() == [False, False, False, True]
    assert found["area_certain"].fillna(value=False).tolist() == [True, False, False, False]


def test_what_matched_nothing_has_its_nearest(county: Pack) -> None:
    found = ask(shops(1_000, 30_700), county).frame
    assert found["nearest"].fillna("").tolist() == ["", "Cham"]
    assert found["nearest_m"].fillna(0).tolist() == pytest.approx([0, 700], abs=0.05)


def test_the_columns_about_a_match_are_described_by_the_noun(county: Pack) -> None:
    found = ask(shops(1_000, -500), county, snap=600)
    known = {each.name: (each.title, each.description) for each in found.layer.metadata.fields}
    assert {name: known[name] for name in ("on_border", "area_certain", "snapped", "nearest")} == {
        "on_border": ("On a shared border", "Touches more than one parish"),
        "area_certain": (
            "Parish certain",
            "Whether the circle of position_error_m lies in one parish only; empty where the error is unknown",
        ),
        "snapped": ("Snapped", "Joined to the nearest parish, as none matched"),
        "nearest": ("Nearest", "Nearest feature of parishes, if none matched"),
    }


def test_the_page_says_what_the_answer_says(county: Pack) -> None:
    found = ask(shops(1_000, 2_000, 12_000), county)
    model = found.page().model
    assert model.headline == found.finding == "3 of the 3 shops lie in one of the 3 parishes"
    shown = model.layer("shops")
    assert shown.area is not None
    assert shown.columns[shown.area].name == "parish_name"
    twice = ask(shops(1_000, EDGE), county, many=True).page().model.layer("shops")
    assert twice.could_also_be is None  # who comes in two rows lies in two areas


def test_the_share_of_an_overlap_is_in_per_cent(county: Pack) -> None:
    fields = gpd.GeoDataFrame({"name": ["F"]}, geometry=[town(9_000, 13_000)], crs="EPSG:4326")
    found = ask(layer(fields, "fields"), county, largest_overlap=True)
    assert found.frame["parish_name"].tolist() == ["Bham"]
    assert found.frame["overlap_share"].tolist() == pytest.approx([75.0], abs=0.01)
    assert found.finding == "The only field matches one of the 3 parishes"


# What is wrong with the areas


def areas(*boxes: tuple[float, float] | None, names: str = "ABCD") -> Layer:
    shapes = [None if each is None else town(*each) for each in boxes]
    frame = {"name": list(names[: len(boxes)])}
    return layer(gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326"), "towns", "town")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (areas((0, 10_000), (10_000, 20_000)), []),
        (
            areas((0, 10_000), None),
            ["1 town of towns without a shape: what lies there is not known."],
        ),
        (
            areas((0, 10_000), None, None),
            ["2 towns of towns without a shape: what lies there is not known."],
        ),
        (
            areas((0, 10_000), (9_900, 20_000)),
            [
                (
                    "The areas of towns overlap in 1 place, 99.5 ha in all; the largest, 99.5 ha, of A and B at "
                    "0.08938, 0.00000."
                )
            ],
        ),
        (
            areas((0, 10_000), (9_900, 20_000), (19_800, 30_000)),
            [
                (
                    "The areas of towns overlap in 2 places, 2.99 km2 in all; the largest, 1.99 km2, of B and C at "
                    "0.17876, 0.00000."
                )
            ],
        ),
    ],
)
def test_where_areas_do_not_cover_their_ground_once(made: Layer, said: list[str]) -> None:
    assert coverage_notes(made) == said


def test_shapes_that_were_repaired_are_named(county: Pack) -> None:
    def bow(east: float) -> shapely.Polygon:
        corners = [(east, 0), (east + 900, 900), (east + 900, 0), (east, 900)]
        return shapely.Polygon([(x / DEGREE, y / DEGREE) for x, y in corners])

    for number, said in (
        (1, "1 invalid shape, which was repaired for this answer (A)"),
        (2, "2 invalid shapes, which were repaired for this answer (A, B)"),
        (3, "3 invalid shapes, which were repaired for this answer (A, B, C)"),
        (5, "5 invalid shapes, which were repaired for this answer (A, B, C and 2 more)"),
    ):
        shapes = [bow(5_000 * n) for n in range(number)]
        frame = gpd.GeoDataFrame({"name": list("ABCDE"[:number])}, geometry=shapes, crs="EPSG:4326")
        metadata = areas((0, 10_000)).metadata.replaced(name="wards")
        notes = ask(shops(500), county, Layer(frame, metadata)).notes
        assert notes[0] == f"wards holds {said}: compare the result with the source."
