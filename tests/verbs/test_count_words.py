"""What ``count`` says: who has the most, an account of every row, what positions leave open, and what a page draws."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

import lcrmap
from lcrmap.layers import Category, Field, Layer, Pack
from lcrmap.verbs.answer import Answer
from tests.verbs.shire import along, layer, towns

AREAS = layer(towns(id=["t1", "t2", "t3"], people=[300, 700, 0]), "towns", "town", key="id")
IN = {"Aham": 1_000, "Bham": 12_000, "Cham": 22_000}  # a place well inside each
EDGE = 10_000  # between Aham and Bham


def shops(
    *metres: float | None, error: Any = 0.0, known: dict[str, Any] | None = None, **columns: Any
) -> Layer:
    names = {f"s{number}": each for number, each in enumerate(metres)}
    return layer(along(names, error=error, **columns), "shops", "shop", **(known or {}))


def ask(*layers: Layer, pack: Pack, areas: Layer = AREAS, **others: Any) -> Answer:
    return lcrmap.count(list(layers), areas, pack=pack, **others)


# The headline


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ([1_000, 2_000, 12_000], 0, "Aham has 2 of the 3 shops inside the three towns"),
        ([1_000], 0, "Aham has the only shop inside the three towns"),
        ([1_000, -500, None], 0, "Aham has the only shop inside the three towns"),
        ([1_000, 2_000], 0, "Aham has 2 of the 2 shops inside the three towns"),
        ([1_000, 12_000], 0, "Aham and Bham have the most shops: 1 each"),
        ([1_000, 12_000, 22_000], 0, "Aham, Bham and Cham have the most shops: 1 each"),
        ([-500], 0, "None of the Shops lies in the three towns"),
        (
            [1_000, 2_000, 9_950],
            [0, 0, 100],
            "Aham has 3 of the 3 shops inside the three towns (2 to 3, as positions are not exact)",
        ),
        (
            [9_950],
            100,
            "Aham and Bham are too close to call: position errors could change which has more shops",
        ),
        (
            [50],
            100,
            "Aham has the only shop inside the three towns (0 to 1, as positions are not exact)",
        ),
        (
            [1_000, 2_000, 12_000, 9_950],
            [0, 0, 0, 100],
            "Aham and Bham are too close to call: position errors could change which has more shops",
        ),
        (
            [1_000, 2_000, 3_000, 12_000, 9_950],
            [0, 0, 0, 0, 100],
            "Aham has 4 of the 5 shops inside the three towns (3 to 4, as positions are not exact)",
        ),
        (
            [1_000, 12_000, 22_000, 9_950],
            [0, 0, 0, 100],
            "Aham, Bham and Cham are too close to call: position errors could change which has the most shops",
        ),
        (
            [9_950, 19_950],
            100,
            "Aham, Bham and Cham are too close to call: position errors could change which has the most shops",
        ),
    ],
)
def test_who_has_the_most_and_whether_that_is_certain(
    metres: list[float | None], error: Any, said: str, county: Pack
) -> None:
    assert ask(shops(*metres, error=error), pack=county).finding == said


def test_four_that_may_be_first_are_not_named(county: Pack) -> None:
    four = layer(towns(["A", "B", "C", "D"]), "towns", "town")
    every = shops(1_000, 12_000, 22_000, 32_000)
    assert ask(every, pack=county, areas=four).finding == "No town clearly has the most shops"


@pytest.mark.parametrize(("number", "word"), [(1, "one town"), (9, "nine towns"), (10, "10 towns")])
def test_few_areas_are_counted_in_a_word(number: int, word: str, county: Pack) -> None:
    areas = layer(towns([f"T{n}" for n in range(number)]), "towns", "town")
    found = ask(shops(1_000, 2_000), pack=county, areas=areas)
    assert found.finding == f"T0 has 2 of the 2 shops inside the {word}"


def test_the_headline_is_of_the_layer_with_the_most_whose_total_may_be_said(county: Pack) -> None:
    parks = layer(along({"P": 1_000, "Q": 2_000}), "parks")
    one = shops(12_000, 13_000, 14_000)
    assert ask(parks, one, pack=county).finding == (
        "Bham has 3 of the 3 shops inside the three towns"
    )
    kinds = {"breakdown": "name"}
    broken = shops(12_000, 13_000, 14_000, known=kinds)
    assert ask(parks, broken, pack=county).finding == (
        "Aham has 2 of the 2 parks inside the three towns"
    )
    assert ask(broken, pack=county).finding == ("Bham has more of the Shops than any other town: 3")
    nowhere = layer(along({"P": -9_000, "Q": -8_000}), "parks")
    assert ask(shops(-500), nowhere, pack=county).finding == (
        "None of the Shops and Parks lies in the three towns"
    )


JOBS = [10, 30, 0.25]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sum": "jobs"}, "Bham has the highest total of jobs: 30"),
        ({"mean": "jobs"}, "Bham has the highest mean jobs: 30"),
        ({"max": "jobs"}, "Bham has the highest jobs: 30"),
        ({"min": "jobs"}, "Bham has the highest minimum jobs: 30"),
        ({"median": "jobs"}, "Bham has the highest median jobs: 30"),
        ({"per": "residents"}, "Aham has the most shops per 10,000 residents: 33.3"),
        ({"per": "people"}, "Aham has the most shops per unit of people: 0.00333"),
        ({"sum": "jobs", "per": "people"}, "Bham has the most jobs per unit of people: 0.0429"),
    ],
)
def test_a_figure_is_called_by_what_it_is(asked: dict[str, Any], said: str, county: Pack) -> None:
    some = shops(1_000, 12_000, 22_000, jobs=JOBS)
    assert lcrmap.count(some, "towns", pack=county, **asked).finding == said


def test_a_figure_has_its_unit_and_no_exponent(county: Pack) -> None:
    fields = (Field("jobs", "Jobs", "number", unit="jobs"),)
    some = shops(1_000, 12_000, jobs=[10.0, 12_345.6], known={"fields": fields})
    found = ask(some, pack=county, mean="jobs")
    assert found.finding == "Bham has the highest mean jobs: 12,346 jobs"
    half = shops(1_000, 12_000, jobs=[0.25, 0.125], known={"fields": fields})
    assert ask(half, pack=county, sum="jobs").finding == (
        "Aham has the highest total of jobs: 0.25 jobs"
    )


def test_areas_with_the_same_statistic_share_it_with_its_unit(county: Pack) -> None:
    fields = (Field("share", "Share of lettings", "number", unit="%"),)
    some = shops(1_000, 12_000, 22_000, share=[40.0, 40.0, 7.5], known={"fields": fields})
    assert ask(some, pack=county, median="share").finding == (
        "Aham and Bham have the highest median share of lettings: 40% each"
    )


def test_a_sum_has_its_range(county: Pack) -> None:
    some = shops(1_000, 9_950, 12_000, error=[0, 100, 0], jobs=[1_000, 50, 10])
    assert ask(some, pack=county, sum="jobs").finding == (
        "Aham has the highest total of jobs: 1,050 (1,000 to 1,050, as positions are not exact)"
    )
    assert ask(some, pack=county, mean="jobs").finding == (
        "Aham and Bham are too close to call: position errors could change which has the higher mean jobs"
    )


# The account

ELSEWHERE = (
    "of them could lie in another town, or on the other side of the outer border, "
    "within the error of their position: "
)


@pytest.mark.parametrize(
    ("metres", "error", "notes"),
    [
        (
            [1_000, 12_000, -500, None],
            0,
            ["shops: 2 in the 3 towns + 1 outside + 1 without a position = 4."],
        ),
        (
            [EDGE, 12_000],
            0,
            [
                "shops: 2 in the 3 towns (1 on a shared border) + 0 outside + 0 without a position = 2.",
                f"1 {ELSEWHERE}Aham 0 to 1; Bham 1 to 2.",
            ],
        ),
        (
            [9_950, 50, 12_000],
            100,
            [
                "shops: 3 in the 3 towns + 0 outside + 0 without a position = 3.",
                f"2 {ELSEWHERE}Aham 0 to 2; Bham 1 to 2.",
            ],
        ),
        (
            [1_000, 2_000, None],
            [0, None, None],
            [
                "shops: 2 in the 3 towns + 0 outside + 1 without a position = 3.",
                "1 of them has a position of unknown error: min and max take it as it stands.",
            ],
        ),
        (
            [1_000, 2_000, 3_000],
            [0, None, None],
            [
                "shops: 3 in the 3 towns + 0 outside + 0 without a position = 3.",
                "2 of them have a position of unknown error: min and max take them as they stand.",
            ],
        ),
        (
            [1_000],
            None,
            ["shops: 1 in the 3 towns + 0 outside + 0 without a position = 1."],
        ),
    ],
)
def test_every_row_is_accounted_for(
    metres: list[float | None], error: Any, notes: list[str], county: Pack
) -> None:
    assert list(ask(shops(*metres, error=error), pack=county).notes) == notes


def test_what_is_counted_is_named_where_the_layer_is_called_otherwise(county: Pack) -> None:
    people = layer(along({"a": 1_000, "b": 12_000}), "people", "postcode", "postcodes")
    assert ask(people, pack=county).notes[0] == (
        "people: 2 postcodes in the 3 towns + 0 outside + 0 without a position = 2."
    )


def test_a_sum_is_accounted_for_to_its_last_digit(county: Pack) -> None:
    fields = (Field("jobs", "Jobs", "number", unit="jobs"),)
    some = shops(
        1_000, 12_000, -500, None, jobs=[0.1, 1_234_567.25, 2.5, None], known={"fields": fields}
    )
    found = ask(some, pack=county, sum="jobs")
    line = "Sum of jobs: 1,234,567.35 in the 3 towns + 2.5 outside + 0 without a position = 1,234,569.85 jobs."
    assert line in found.notes
    assert line in found.sentences


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ([1, 2, 3], []),
        ([1, None, 3], ["1 of the 3 shops has no value in 'jobs' and is not in that statistic."]),
        (
            [1, None, None],
            ["2 of the 3 shops have no value in 'jobs' and are not in that statistic."],
        ),
    ],
)
def test_rows_without_a_number_are_said(jobs: list[Any], said: list[str], county: Pack) -> None:
    found = ask(shops(1_000, 2_000, 12_000, jobs=jobs), pack=county, mean="jobs")
    assert list(found.notes[1:]) == said
    assert [each for each in found.sentences if "no value" in each] == said


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        # By place: two shops of Aham, one of Bham, one of nowhere.
        ([1, 1, 9, None], "Bham has the highest total of jobs: 9"),
        ([None, 1, 9, 1], "1 of the 4 shops has no value in 'jobs'"),
        ([1, 1, None, None], "2 of the 4 shops have no value in 'jobs'"),
        ([None, None, 9, 1], "2 of the 4 shops have no value in 'jobs'"),
    ],
)
def test_no_sum_is_the_highest_while_a_number_is_missing_where_it_could_be_more(
    jobs: list[Any], said: str, county: Pack
) -> None:
    some = shops(1_000, 2_000, 12_000, -500, jobs=jobs)
    undecided = f"No town clearly has the highest total of jobs: {said}"
    found = ask(some, pack=county, sum="jobs").finding
    assert found == (said if said.startswith("Bham") else undecided)


def test_the_mean_of_those_that_have_a_number_may_be_the_highest(county: Pack) -> None:
    some = shops(1_000, 2_000, 12_000, jobs=[1, None, 9])
    assert ask(some, pack=county, mean="jobs").finding == "Bham has the highest mean jobs: 9"


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (["Dham"], "Dham lies"),
        (["Dham", "Eham", "Fham"], "Dham, Eham and Fham lie"),
        (["D", "E", "F", "G"], "4 of 7 towns lie"),
    ],
)
def test_no_area_has_the_most_while_it_is_not_known_where_another_lies(
    lost: list[str], said: str, county: Pack
) -> None:
    every = gpd.GeoDataFrame(pd.concat([towns(), pd.DataFrame({"name": lost})], ignore_index=True))
    areas = layer(every, "towns", "town")
    counted = ask(shops(1_000, 2_000, 12_000), pack=county, areas=areas)
    assert counted.finding == f"No town clearly has the most shops: where {said} is not known"
    assert "inside" not in counted.finding


def test_a_point_among_the_areas_leaves_open_nothing_as_nothing_lies_in_it(county: Pack) -> None:
    stray = gpd.GeoDataFrame({"name": ["Stray"]}, geometry=gpd.points_from_xy([0], [0]), crs=4326)
    every = gpd.GeoDataFrame(pd.concat([towns(), stray], ignore_index=True))
    counted = ask(shops(1_000, 2_000, 12_000), pack=county, areas=layer(every, "towns", "town"))
    assert counted.finding.startswith("Aham has 2 of the 3 shops inside ")
    assert counted.frame["count"].tolist()[:4] == [2, 1, 0, 0]


KINDS = Field(
    "kind",
    "Kind",
    categories=(
        Category("tax", "Tax site", plural="Tax sites"),
        Category("customs", "Customs site", plural="Customs sites"),
        Category("quay", "Quay"),
    ),
)


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["customs", "tax", "tax"], "2 tax sites and 1 customs site"),
        (["quay", "quay", "tax"], "1 tax site and 2 quay"),
        (["customs", "customs", "Shed"], "2 customs sites and 1 shed"),
    ],
)
def test_a_total_is_broken_down_in_the_order_of_its_categories(
    kinds: list[str], said: str, county: Pack
) -> None:
    known = {"breakdown": "kind", "fields": (KINDS,)}
    found = ask(shops(1_000, 2_000, None, kind=kinds, known=known), pack=county)
    assert found.notes[0] == (
        f"shops: 2 in the 3 towns + 0 outside + 1 without a position = 3 ({said})."
    )
    assert found.sentences[0] == (
        f"Shops: 2 in the 3 towns, 0 outside and 1 without a position make 3 ({said})."
    )


def test_the_page_says_each_count_that_has_a_range(county: Pack) -> None:
    found = ask(shops(1_000, 9_950, 12_000, 22_000, error=[0, 100, 0, 0]), pack=county)
    assert found.sentences == (
        "Shops: 4 in the 3 towns, 0 outside and 0 without a position make 4.",
        f"1 {ELSEWHERE}Aham 1 to 2; Bham 1 to 2.",
    )
    rows = found.frame[found.frame["row"] == "area"]
    assert rows[["name", "count", "min", "max"]].to_numpy().tolist() == [
        ["Aham", 2, 1, 2],
        ["Bham", 1, 1, 2],
        ["Cham", 1, 1, 1],
    ]


@pytest.mark.parametrize(("number", "rest"), [(8, ""), (9, " and 1 more"), (11, " and 3 more")])
def test_no_more_than_eight_ranges_are_listed(number: int, rest: str, county: Pack) -> None:
    areas = layer(towns([f"T{n}" for n in range(number)]), "towns", "town")
    some = shops(*(10_000 * n + 9_950 for n in range(number)), error=100)
    (told,) = ask(some, pack=county, areas=areas).sentences[1:]
    first = "T0 0 to 1; T1 0 to 2; T2 0 to 2; T3 0 to 2; T4 0 to 2; T5 0 to 2; T6 0 to 2; T7 0 to 2"
    assert told == f"{number} {ELSEWHERE}{first}{rest}."


# The rows


def test_the_rows_close_the_account(county: Pack) -> None:
    found = ask(shops(1_000, 2_000, 12_000, -500, None), pack=county)
    assert found.layer.frame[["row", "id", "name", "count", "share"]].fillna(
        ""
    ).to_numpy().tolist() == [
        ["area", "t1", "Aham", 2, 40.0],
        ["area", "t2", "Bham", 1, 20.0],
        ["area", "t3", "Cham", 0, 0.0],
        ["outside", "", "Outside the 3 towns", 1, 20.0],
        ["no-position", "", "No position", 1, 20.0],
        ["total", "", "Total", 5, 100.0],
    ]
    assert [(each.name, each.title) for each in found.layer.metadata.fields] == [
        ("row", "Row"),
        ("id", "Id"),
        ("name", "Name"),
        ("count", "Shops"),
        ("min", "Shops, min"),
        ("max", "Shops, max"),
        ("share", "Share"),
    ]
    assert found.layer.metadata.title == "Shops by town"
    assert found.main == ("name", "count", "share")


def test_columns_of_several_layers_are_called_after_them(county: Pack) -> None:
    parks = layer(along({"P": 1_000, "Q": 2_000}, error=None), "parks")
    found = ask(shops(9_950, error=100), parks, pack=county)
    columns = [
        each for each in found.frame.columns if each not in ("row", "id", "name", "geometry")
    ]
    assert columns == [
        "shops",
        "shops_min",
        "shops_max",
        "shops_share",
        "parks",
        "parks_share",
    ]
    assert found.main == ("name", "shops", "shops_min", "shops_max", "parks")
    assert found.layer.metadata.title == "Shops and Parks by town"
    titles = {each.name: each.title for each in found.layer.metadata.fields}
    assert titles["shops_max"] == "Shops, max"
    assert titles["parks_share"].startswith("Parks")


def test_categories_have_a_column_each_with_their_label(county: Pack) -> None:
    known = {"fields": (KINDS,)}
    some = shops(1_000, 2_000, 12_000, kind=["tax", "Old mill", None], known=known)
    found = ask(some, pack=county, by="kind")
    titles = {each.name: each.title for each in found.layer.metadata.fields}
    assert {name: title for name, title in titles.items() if name.startswith("kind")} == {
        "kind_tax": "Tax site",
        "kind_customs": "Customs site",
        "kind_quay": "Quay",
        "kind_old_mill": "Old mill",
        "kind_not_stated": "Not stated",
    }
    assert found.layer.frame.loc[0, ["kind_tax", "kind_customs", "kind_old_mill"]].tolist() == [
        1,
        0,
        1,
    ]
    assert found.layer.frame.loc[5, ["kind_tax", "kind_not_stated"]].tolist() == [1, 1]


# The page


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ([1_000], 0, ["Shops: no position error reaches across a border."]),
        ([1_000], None, ["Shops: how exact their positions are is not known."]),
        (
            [9_950, 12_000],
            100,
            [
                (
                    "Shops: 1 lies nearer to a border than its position is known, and may belong on the other side of "
                    "it; min and max give the range that this leaves each count."
                )
            ],
        ),
        (
            [9_950, 50],
            100,
            [
                (
                    "Shops: 2 lie nearer to a border than their position is known, and may belong on the other side of "
                    "it; min and max give the range that this leaves each count."
                )
            ],
        ),
        (
            [1_000, 2_000],
            [0, None],
            ["Shops: 1 has a position of unknown error, and is taken as it stands."],
        ),
        (
            [1_000, 2_000, 3_000],
            [0, None, None],
            ["Shops: 2 have a position of unknown error, and are taken as they stand."],
        ),
    ],
)
def test_the_page_says_how_sure_it_is(
    metres: list[float | None], error: Any, said: list[str], county: Pack
) -> None:
    model = ask(shops(*metres, error=error), pack=county).page().model
    (shown,) = (each for each in model.places if each.told)
    assert list(shown.told) == said


def test_the_page_draws_circles_of_what_it_counts(county: Pack) -> None:
    found = ask(shops(1_000, 12_000, 13_000), pack=county)
    model = found.page().model
    assert (model.headline, model.subtitle, model.summary) == (
        found.finding,
        "Shops by town, Midshire.",
        found.sentences,
    )
    (circles,) = model.places
    assert circles.note == "The area of a circle stands for its number: Shops."
    assert (circles.noun_one, circles.noun_many) == ("town", "towns")
    assert [circles.columns[each].name for each in circles.main] == ["name", "count", "share"]
    vague = ask(shops(9_950, error=100), pack=county).page().model
    (circles,) = vague.places
    shown = [circles.columns[each].name for each in circles.main]
    assert shown == ["name", "count", "min", "max", "share"]


def test_the_page_shades_a_rate_and_names_the_method(county: Pack) -> None:
    some = shops(1_000, 2_000, 12_000)
    model = (
        lcrmap.count(some, "towns", per="residents", classes="equal:2", pack=county).page().model
    )
    notes = [each.note for each in model.layers if each.note]
    assert notes == ["Shops per 10,000 residents. Equal steps; a class includes its lower bound."]


def test_a_layer_of_circles_is_the_one_with_the_most(county: Pack) -> None:
    parks = layer(along({"P": 1_000, "Q": 2_000}), "parks")
    found = ask(shops(12_000), parks, pack=county)
    model = found.page().model
    (circles,) = (each for each in model.places if each.note)
    assert circles.note == "The area of a circle stands for its number: Parks."


# The page of what is no count


def drawn(found: Answer) -> Any:
    """Return the layer of a page that is shaded or sized."""
    model = found.page().model
    (only,) = (each for each in model.layers if each.style.kind in ("shade", "circle"))
    return only


@pytest.mark.parametrize("statistic", ["mean", "median", "min", "max"])
@pytest.mark.parametrize("profit", [[5.0, 7.0, 9.0], [-5.0, 7.0, 9.0], [-1.0, None, -3.0]])
def test_what_is_no_total_is_shaded_and_never_a_circle(
    statistic: str, profit: list[Any], county: Pack
) -> None:
    asked: dict[str, Any] = {statistic: "profit"}
    found = ask(shops(1_000, 12_000, 12_500, profit=profit), pack=county, **asked)
    layer = drawn(found)
    assert layer.style.kind == "shade"
    assert layer.style.field == f"{statistic}_profit"
    assert [each.swatch for each in layer.legend][-1] == "hatch"  # towns without shops
    values = layer.column(layer.style.field).values
    for value, code in zip(values, layer.style.codes, strict=True):
        assert (value is None) == (layer.style.entries[code].swatch == "hatch")


def test_a_sum_with_negative_values_has_circles_in_two_forms(county: Pack) -> None:
    found = ask(shops(1_000, 12_000, profit=[-8.0, 3.0]), pack=county, sum="profit")
    layer = drawn(found)
    assert layer.style.kind == "circle"
    values = layer.column("sum_profit").values
    assert [values[row] < 0 for row in layer.style.negative] == [True]
    assert sum(value < 0 for value in values) == 1
    radii = dict(zip(values, layer.style.radii, strict=True))
    assert radii[-8] > radii[3] > radii[0] == 0
    entries = {each.label: each.swatch for each in layer.legend}
    assert (entries["filled: more than 0"], entries["hollow: less than 0"]) == ("circle", "ring")
    positive = drawn(ask(shops(1_000, profit=[8.0]), pack=county, sum="profit"))
    assert {each.swatch for each in positive.legend} == {"circle"}


@pytest.mark.parametrize("kind", ["count", "sum", "mean", "median", "min", "max"])
@pytest.mark.parametrize("profit", [[-8.0, 3.0, None], [None] * 3, [0.0, 0.0, 0.0]])
@pytest.mark.parametrize("more", [{}, {"per": "km2"}, {"by": "kind"}])
def test_no_answer_is_left_without_a_page(
    kind: str, profit: list[Any], more: dict[str, Any], county: Pack
) -> None:
    some = shops(1_000, 12_000, 12_500, profit=profit, kind=["a", "b", None])
    asked: dict[str, Any] = {} if kind == "count" else {kind: "profit"}
    html = ask(some, pack=county, **asked, **more).page().html
    assert html.count('class="legend-layer"') > 0


# Areas without names


def nameless(**columns: Any) -> Layer:
    frame = towns().drop(columns="name").assign(**columns)
    return layer(frame, "zones")


def test_areas_without_names_are_numbered_by_their_noun_and_it_is_said_how_to_name_them(
    county: Pack,
) -> None:
    areas = nameless(pop=[3, 4, 5])
    found = ask(shops(1_000, 2_000, 12_000), pack=county, areas=areas)
    assert found.finding == "Zone 1 has 2 of the 3 shops inside the three zones"
    assert found.layer.frame["area"].tolist()[:3] == ["Zone 1", "Zone 2", "Zone 3"]
    said = (
        "No column of zones is known to name its zones, so they are numbered: "
        "name them by a column of texts with key."
    )
    assert said in found.notes
    assert said not in ask(shops(1_000), pack=county).notes


def test_areas_that_only_a_number_names_are_called_by_their_noun_too(county: Pack) -> None:
    areas = nameless(id=[11, 12, 13])
    found = ask(shops(1_000, 2_000, 12_000), pack=county, areas=areas)
    assert found.finding == "Zone 11 has 2 of the 3 shops inside the three zones"
    assert found.layer.frame["id"].tolist()[:3] == [11, 12, 13]


@pytest.mark.parametrize("others", [{}, {"id": [11, 12, 13]}])
def test_a_column_of_texts_that_is_asked_for_names_areas(
    county: Pack, others: dict[str, Any]
) -> None:
    areas = nameless(zone=["West", "East", "Sea"], chair=["Ann", "Bob", "Cy"], **others)
    found = ask(shops(1_000, 2_000, 12_000), pack=county, areas=areas, key="zone")
    assert found.finding == "West has 2 of the 3 shops inside the three zones"
    assert found.layer.label == "zone"
    assert not any("numbered" in note for note in found.notes)


def test_a_column_that_is_asked_for_takes_no_name_away(county: Pack) -> None:
    areas = layer(towns(zone=["West", "East", "Sea"]), "zones")
    found = ask(shops(1_000), pack=county, areas=areas, key="zone")
    assert found.finding == "Aham has the only shop inside the three zones"
