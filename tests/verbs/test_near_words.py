"""What ``near`` says: who is nearest, how far, how surely, and how many lie within reach."""

from __future__ import annotations

from typing import Any

import pytest

import lcrmap
from lcrmap.errors import NothingFoundError
from lcrmap.layers import Layer, Pack
from lcrmap.maps.headlines import set_headline
from lcrmap.verbs.answer import Answer
from tests.messages import exactly
from tests.verbs.shire import along, at, layer, towns

HERE = at(0)  # called "0.0,0.0", of which the position is right to the metre
DOCK = "d1"  # Long Dock, 2,000 m east, right to 100 m
NOT_STATED = (
    "parks has no column position_error_m (metres): how far off its positions may be is not known, so ranges "
    "stay open."
)
TOO_LITTLE = "and some positions are known too little to say more"
NO_ERROR = "Where a position in Shops has no stated error, no range is given."


FAR = {"Y": 900_000.0, "Z": 990_000.0}  # a layer of one feature would be spoken of by its name


def shops(metres: dict[str, float | None], error: Any = 0.0, *, far: bool = True) -> Layer:
    """Return shops, and two at the end of the world, so that all are a layer."""
    if far and error is not None:
        error = [*(error if isinstance(error, list) else [error] * len(metres)), 0, 0]
    return layer(along({**metres, **FAR} if far else metres, error=error), "shops", "shop")


def ask(start: Any, pack: Pack, *targets: Any, **others: Any) -> Answer:
    return lcrmap.near(start, list(targets), pack=pack, **others)


# One place: which is nearest


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ({"A": 500, "B": 900}, 0, "is A, 500 m away"),
        ({"A": 500, "B": 900}, 100, "is A, 500 m away (between 400 m and 600 m)"),
        ({"A": 500, "B": 900}, None, "is A, 500 m away"),
        ({"A": 500, "B": 900}, [100, 300], "is A, 500 m away (between 400 m and 600 m)"),
        ({"A": 50, "B": 900}, 100, "is A, 50 m away (between 0 m and 150 m)"),
        (
            {"A": 500, "B": 899},
            [100, 300],
            "is uncertain: A or B; A is 500 m away (between 400 m and 600 m)",
        ),
        (
            {"A": 500, "B": 550, "C": 560},
            [100, 50, 50],
            "is uncertain: A, B or C; A is 500 m away (between 400 m and 600 m)",
        ),
        (
            {"A": 500, "B": 550, "C": 560, "D": 570},
            [100, 50, 50, 50],
            "is uncertain: A, B, C or D; A is 500 m away (between 400 m and 600 m)",
        ),
        (
            {"A": 500, "B": 550, "C": 560, "D": 570, "E": 580},
            [100, 50, 50, 50, 50],
            "is uncertain: A, B, C, D or 1 more; A is 500 m away (between 400 m and 600 m)",
        ),
        (
            {"A": 500, "B": 550, "C": 560, "D": 570, "E": 580, "F": 590},
            [100, 50, 50, 50, 50, 50],
            "is uncertain: A, B, C, D or one of 2 more; A is 500 m away (between 400 m and 600 m)",
        ),
    ],
)
def test_the_nearest_is_named_unless_another_may_be(
    metres: dict[str, float | None], error: Any, said: str, county: Pack
) -> None:
    assert ask(HERE, county, shops(metres, error)).finding == f"The nearest shop to 0.0,0.0 {said}"


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ({"A": 500, "B": -500}, 0, "A and B, 500 m away each"),
        ({"A": 500, "B": -500.0004}, 0, "A and B, 500 m away each"),
        ({"B": 500, "A": -500, "C": 500}, 0, "B, C and A, 500 m away each"),
        ({"A": 500, "B": -500}, 50, "A and B, 500 m away each (between 450 m and 550 m)"),
        ({"A": 500, "B": -500}, [10, 50], "A and B, 500 m away each (between 450 m and 550 m)"),
        ({"A": 500, "B": -500}, [10, None], "A and B, 500 m away each"),
        (
            {"A": 500, "B": -500, "C": 560},
            [0, 0, 100],
            "A and B, 500 m away each; C may be nearer",
        ),
        (
            {"A": 500, "B": -500, "C": 560, "D": 570, "E": 580, "F": 590},
            [0, 0, 100, 100, 100, 100],
            "A and B, 500 m away each; C, D or E may be nearer",
        ),
    ],
)
def test_those_that_tie_are_named_with_the_range_of_them_all(
    metres: dict[str, float | None], error: Any, said: str, county: Pack
) -> None:
    found = ask(HERE, county, shops(metres, error))
    assert found.finding == f"The nearest shops to 0.0,0.0 are {said}"


def test_a_single_target_lies_so_far_away(county: Pack) -> None:
    found = ask(at(14_500), county, "d2")
    assert found.finding.endswith(" (between 450 m and 550 m)")
    assert found.finding.startswith("Far Yard lies 500 m from 0.0,")
    assert found.sentences == (f"{found.finding}.",)
    assert found.notes == ()


def test_the_errors_of_both_ends_add_up(county: Pack) -> None:
    found = ask(DOCK, county, shops({"A": 2_800}, 50))
    assert found.finding == (
        "The nearest shop to Long Dock is A, 800 m away (between 650 m and 950 m)"
    )


def test_a_point_in_an_area_lies_in_it_whichever_was_asked_from(county: Pack) -> None:
    assert ask(DOCK, county, "towns").finding == "Long Dock lies in Aham"
    assert ask("towns:t1", county, shops({"A": 500})).finding == "A lies in Aham"
    alone = shops({"A": 500}, far=False)
    assert ask("towns:t1", county, alone).finding == "A lies 0 m from Aham"
    # Two areas, or a point on a point, are at no distance, and none lies in the other.
    beside = layer(towns(["X", "Y"]), "parks")
    assert ask("towns:t1", county, beside).finding == (
        "The nearest parks to Aham are X and Y, 0 m away each"
    )
    assert ask(HERE, county, shops({"A": 0})).finding == (
        "The nearest shop to 0.0,0.0 is A, 0 m away"
    )


def test_distances_follow_the_unit(county: Pack) -> None:
    targets = shops({"A": 1_609.344, "B": 4_023.36}, 402.336)
    found = ask(HERE, county, targets, unit="mi", k=2)
    assert found.finding == (
        "The nearest shop to 0.0,0.0 is A, 1.0 mile away (between 0.8 miles and 1.2 miles)"
    )
    assert found.sentences == ("The 2 nearest shops are 1.0 mile to 2.5 miles away.",)
    assert ask(HERE, county, targets, unit="km").finding == (
        "The nearest shop to 0.0,0.0 is A, 1.6 km away (between 1.2 km and 2.0 km)"
    )


# One place: how many lie within reach


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ({"A": 500}, 0, "1 shop within 1 km of 0.0,0.0."),
        ({"A": 500, "B": 1000}, 0, "2 shops within 1 km of 0.0,0.0."),
        ({"A": 500, "B": 1000.002}, 0, "1 shop within 1 km of 0.0,0.0."),
        (
            {"A": 500, "B": 999},
            10,
            "2 shops within 1 km of 0.0,0.0, 1 of them wherever within their errors the positions are.",
        ),
        ({"A": 500, "B": 990}, 10, "2 shops within 1 km of 0.0,0.0."),
        (
            {"A": 995, "B": 999},
            10,
            "2 shops within 1 km of 0.0,0.0, 0 of them wherever within their errors the positions are.",
        ),
    ],
)
def test_what_lies_within_reach_is_counted_and_what_surely_does(
    metres: dict[str, float | None], error: Any, said: str, county: Pack
) -> None:
    found = ask(HERE, county, shops(metres, error), within=1000)
    assert found.sentences == (said,)


def test_without_errors_nobody_says_how_many_are_sure(county: Pack) -> None:
    found = ask(HERE, county, shops({"A": 500, "B": 999}, None), within=1000)
    assert found.sentences == (
        "2 shops within 1 km of 0.0,0.0.",
        NO_ERROR,
    )


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ({"A": 500}, 0, "0.0,0.0 lies within 1 km of a shop."),
        ({"A": 1000}, 0, "0.0,0.0 lies within 1 km of a shop."),
        ({"A": 900}, 100, "0.0,0.0 lies within 1 km of a shop."),
        (
            {"A": 901},
            100,
            "0.0,0.0 lies within 1 km of a shop, but that is within the errors of the positions.",
        ),
    ],
)
def test_the_last_note_says_whether_one_place_is_within_reach(
    metres: dict[str, float | None], error: Any, said: str, county: Pack
) -> None:
    found = ask(HERE, county, shops(metres, error), within=1000)
    assert found.notes == (said,)


def test_a_place_out_of_reach_may_be_within_it(county: Pack) -> None:
    far = shops({"A": 1_050}, 100)
    near = layer(along({"P": 10, **FAR}), "parks")
    assert ask(HERE, county, near, far, within=1000).notes == (
        "0.0,0.0 lies within 1 km of a park.",
        "0.0,0.0 does not lie within 1 km of a shop, but that is within the errors of the positions.",
    )
    farther = shops({"A": 1_101}, 100)
    assert ask(HERE, county, near, farther, within=1000).notes[-1] == (
        "0.0,0.0 does not lie within 1 km of a shop."
    )


@pytest.mark.parametrize(
    ("metres", "error", "said"),
    [
        ({"A": 500, "B": 700, "C": 900}, 0, "The 3 nearest shops are 500 m to 900 m away."),
        ({"A": 500, "B": -500}, 0, "The 2 nearest shops are 500 m away each."),
        ({"A": 501, "B": -504}, 0, "The 2 nearest shops are 500 m away each."),
    ],
)
def test_several_neighbours_lie_from_so_far_to_so_far(
    metres: dict[str, float | None], error: Any, said: str, county: Pack
) -> None:
    found = ask(HERE, county, shops(metres, error, far=False), k=3)
    assert found.sentences == (said,)


# Nothing, too few


@pytest.mark.parametrize(
    ("start", "within", "unit", "said"),
    [
        (HERE, 100, "m", "No shop lies within 100 m of 0.0,0.0"),
        (HERE, "0.25mi", "mi", "No shop lies within 0.25 miles of 0.0,0.0"),
        (HERE, "1mi", "m", "No shop lies within 1 mile of 0.0,0.0"),
        (DOCK, 1_500, "m", "No shop lies within 1.5 km of Long Dock"),
        ("depots", 100, "m", "No shop lies within 100 m of any of the 2 depots"),
        (layer(along({"P": 0}), "parks"), 100, "m", "No shop lies within 100 m of P"),
        (
            layer(along({"P": 0, "Q": None}), "parks"),
            100,
            "m",
            "No shop lies within 100 m of the only park with a position",
        ),
    ],
)
def test_nothing_within_reach_is_said_with_what_would_find_something(
    start: Any, within: Any, unit: Any, said: str, county: Pack
) -> None:
    told = f"{said}: a larger within, or k, finds the nearest."
    with pytest.raises(NothingFoundError, match=exactly(told)):
        ask(start, county, shops({"A": 5_000}), within=within, unit=unit)


def test_nothing_of_several_targets(county: Pack) -> None:
    told = "No shop and no feature of things lies within 1 m of 0.0,0.0: a larger within, or k, finds the nearest."
    things = layer(along({"T": 70, **FAR}), "things", "feature", "features")
    with pytest.raises(NothingFoundError, match=exactly(told)):
        ask(HERE, county, shops({"A": 50}), things, within=1)


@pytest.mark.parametrize(
    ("metres", "k", "said"),
    [
        ({"A": 1, "B": 2}, 2, ()),
        (
            {"A": 1, "B": 2},
            3,
            (
                "3 were asked for, but shops has only 2 shops with a position: all of them are listed.",
            ),
        ),
        (
            {"A": 1, "B": None},
            2,
            (
                "1 shop without a position: none is given, so without a distance.",
                "2 were asked for, but shops has only 1 shop with a position: it is listed.",
            ),
        ),
    ],
)
def test_fewer_than_were_asked_for_are_said(
    metres: dict[str, float | None], k: int, said: tuple[str, ...], county: Pack
) -> None:
    assert ask(HERE, county, shops(metres, far=False), k=k).notes == said


@pytest.mark.parametrize(
    ("metres", "k", "said"),
    [
        (
            {"A": 50, "B": 50, "C": 70},
            1,
            ("More than 1 is listed for {}, as equal distances share a rank.",),
        ),
        (
            {"A": 10, "B": 50, "C": 50, "D": 60},
            2,
            ("More than 2 are listed for {}, as equal distances share a rank.",),
        ),
        ({"A": 10, "B": 50, "C": 50, "D": 60}, 3, ()),
    ],
)
def test_ties_that_make_a_list_longer_are_said(
    metres: dict[str, float | None], k: int, said: tuple[str, ...], county: Pack
) -> None:
    found = ask(HERE, county, shops(metres), k=k)
    assert found.notes == tuple(each.format(found.frame["from_name"].iloc[0]) for each in said)
    assert len(found.frame) == k + len(said)


def test_fewer_others_than_were_asked_for_are_said(county: Pack) -> None:
    two, three = (shops(dict.fromkeys("ABC"[:n], 1.0), far=False) for n in (2, 3))
    assert ask(two, county, two, k=2).notes == (
        "2 were asked for, but shops has only 1 other shop with a position: it is listed.",
    )
    assert ask(three, county, three, k=3).notes == (
        "3 were asked for, but shops has only 2 other shops with a position: all of them are listed.",
    )


# A layer of places


def parks(metres: dict[str, float | None], error: Any = 0.0, **known: Any) -> Layer:
    return layer(along(metres, error=error), "parks", "park", **known)


@pytest.mark.parametrize(
    ("starts", "targets", "said"),
    [
        (
            parks({"P": 0, "Q": 100}),
            shops({"A": 150}),
            "2 of the 2 parks lie within 1 km of a shop",
        ),
        (
            parks({"P": 0, "Q": 100}),
            shops({"A": 1050}),
            "1 of the 2 parks lies within 1 km of a shop",
        ),
        (
            parks({"P": 0, "Q": 100, "R": None}),
            shops({"A": 1050}),
            "1 of the 2 parks with a position lies within 1 km of a shop",
        ),
        (
            parks({"P": 0, "R": None}),
            shops({"A": 950}, 100),
            (
                "The only park with a position lies within 1 km of a shop, "
                "but that is within the errors of the positions"
            ),
        ),
        (
            parks({"P": 0, "R": None}),
            shops({"A": 1000}),
            "The only park with a position lies within 1 km of a shop",
        ),
        (
            parks({"P": 0, "Q": 100}, 10),
            shops({"A": 1090}, 10),
            "1 of the 2 parks lies within 1 km of a shop (0 to 1, as positions are not exact)",
        ),
        (
            parks({"P": 0, "Q": 100}, 10),
            shops({"A": 1010}, 10),
            "1 of the 2 parks lies within 1 km of a shop (1 to 2, as positions are not exact)",
        ),
        (
            parks({"P": 0, "Q": 100}),
            shops({"A": 500}, None),
            "2 of the 2 parks lie within 1 km of a shop (0 to 2, as positions are not exact)",
        ),
        (
            parks({"P": 0, "Q": 100}, [0, 50]),
            shops({"A": 1000, "B": 500_000}, [0, None]),
            "2 of the 2 parks lie within 1 km of a shop",
        ),
        (
            parks({"P": 0, "Q": 5_000}),
            shops({"A": 500, "B": 500_000}, [0, None]),
            f"1 of the 2 parks lies within 1 km of a shop; at least 1, {TOO_LITTLE}",
        ),
        (
            parks({"P": 0, "Q": 100}),
            layer(along({"A": 500, **FAR}), "inns"),
            "2 of the 2 parks lie within 1 km of an inn",
        ),
        (
            parks({"P": 0, "Q": 100}),
            layer(along({"A": 500, **FAR}), "things", "feature", "features"),
            "2 of the 2 parks lie within 1 km of a feature of things",
        ),
        (parks({"P": 2_500, "Q": 9_000}), DOCK, "1 of the 2 parks lies within 1 km of Long Dock"),
    ],
)
def test_how_many_places_lie_within_reach(
    starts: Layer, targets: Any, said: str, county: Pack
) -> None:
    found = ask(starts, county, targets, within=1000)
    assert found.finding == said
    assert found.notes[-1] == f"{found.finding}."


def test_none_of_several_lies_within_reach_of_a_second_target(county: Pack) -> None:
    found = ask(parks({"P": 0, "Q": 1}), county, shops({"A": 2}), "d2", within=1000)
    assert found.notes == (
        "2 of the 2 parks lie within 1 km of a shop.",
        "None of the 2 parks lie within 1 km of Far Yard.",
    )
    # The finding is of the first target of which anything was found.
    turned = ask(parks({"P": 0, "Q": 1}), county, "d2", shops({"A": 2}), within=1000)
    assert turned.finding == "2 of the 2 parks lie within 1 km of a shop"


def test_features_of_one_layer_lie_within_reach_of_another_of_it(county: Pack) -> None:
    some = shops({"A": 0, "B": 100, "C": 5_000}, far=False)
    assert ask(some, county, some, within=1000).finding == (
        "2 of the 3 shops lie within 1 km of another shop"
    )


def test_a_total_that_needs_its_breakdown_is_not_said(county: Pack) -> None:
    starts = parks({"P": 0, "Q": 100}, breakdown="name")
    assert ask(starts, county, shops({"A": 150}), within=1000).finding == (
        "2 of the parks lie within 1 km of a shop"
    )
    some = parks({"P": 0, "Q": 100, "R": None}, breakdown="name")
    assert ask(some, county, shops({"A": 150}), within=1000).finding == (
        "2 of the 2 parks with a position lie within 1 km of a shop"
    )
    assert ask(starts, county, shops({"A": 150})).finding == (
        "The parks lie 50 m to 150 m from the nearest shop (nearest Q; farthest P)"
    )


@pytest.mark.parametrize(
    ("starts", "targets", "said"),
    [
        (
            parks({"P": 0, "Q": 3_000}),
            shops({"A": 100}),
            "The 2 parks lie 100 m to 2.9 km from the nearest shop (nearest P; farthest Q)",
        ),
        (
            parks({"P": 0, "Q": 3_000, "R": None}),
            shops({"A": 100}),
            "The 2 parks with a position lie 100 m to 2.9 km from the nearest shop (nearest P; farthest Q)",
        ),
        (
            parks({"P": 0, "Q": 200}),
            shops({"A": 100}),
            "All of the 2 parks lie 100 m from the nearest shop",
        ),
        (
            parks({"P": 0, "Q": 203}),
            shops({"A": 100}),
            "The 2 parks lie 100 m from the nearest shop (nearest P; farthest Q)",
        ),
        (
            parks({"P": 1_000, "Q": 3_000}),
            DOCK,
            "All of the 2 parks lie 1.0 km from Long Dock (900 m to 1.1 km, as positions are not exact)",
        ),
        (
            parks({"P": 1_000, "Q": 4_000}),
            DOCK,
            "The 2 parks lie 1.0 km to 2.0 km from Long Dock (900 m to 2.1 km, as positions are not exact)",
        ),
    ],
)
def test_places_lie_from_so_far_to_so_far(
    starts: Layer, targets: Any, said: str, county: Pack
) -> None:
    assert ask(starts, county, targets).finding == said


def test_features_of_one_layer_lie_so_far_from_another_of_it(county: Pack) -> None:
    some = shops({"A": 0, "B": 100, "C": 5_000}, far=False)
    assert ask(some, county, some).finding == (
        "The 3 shops lie 100 m to 4.9 km from another shop (nearest A and B; farthest C)"
    )


SURE = "The distance to {}, wherever within their errors the positions are."


@pytest.mark.parametrize(
    ("starts", "targets", "said", "sure"),
    [
        pytest.param(  # P 40 to 160 m, Q 2,840 to 2,960 m
            parks({"P": 0, "Q": 3_000}, 60),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop (40 m to 3.0 km, as positions are not exact)",
            "the nearest shop is least at P and greatest at Q",
            id="both sure",
        ),
        pytest.param(  # P 40 to 160 m, R 159 to 279 m
            parks({"P": 0, "R": 319, "Q": 3_000}, 60),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop (40 m to 3.0 km, as positions are not exact)",
            "the nearest shop is greatest at Q",
            id="nearest open by a metre",
        ),
        pytest.param(  # P 40 to 160 m, R 161 to 281 m
            parks({"P": 0, "R": 321, "Q": 3_000}, 60),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop (40 m to 3.0 km, as positions are not exact)",
            "the nearest shop is least at P and greatest at Q",
            id="nearest sure by a metre",
        ),
        pytest.param(  # R 2,700 to 2,900 m, Q 2,860 to 3,060 m
            parks({"P": 0, "R": 2_900, "Q": 3_060}, 100),
            shops({"A": 100}),
            "100 m to 3.0 km from the nearest shop (0 m to 3.1 km, as positions are not exact)",
            "the nearest shop is least at P",
            id="farthest open",
        ),
        pytest.param(  # P 0 to 1,100 m, Q 900 to 2,900 m
            parks({"P": 0, "Q": 2_000}, 1_000),
            shops({"A": 100}),
            "100 m to 1.9 km from the nearest shop (0 m to 2.9 km, as positions are not exact)",
            None,
            id="neither sure",
        ),
        pytest.param(  # P 90 to 110 m to A, 0 to 400 m to B; Q 2,890 to 2,910 m, 2,600 to 3,000 m
            parks({"P": 0, "Q": 3_000}, 0),
            shops({"A": 100, "B": 200}, [10, 200]),
            "100 m to 2.8 km from the nearest shop (0 m to 2.9 km, as positions are not exact)",
            "the nearest shop is least at P and greatest at Q",
            id="another may be nearer",
        ),
        pytest.param(  # P 0 to 200 m to A, 150 m to B; Q 50 to 250 m, 100 m
            parks({"P": 0, "Q": 50}, 0),
            shops({"A": -100, "B": 150}, [100, 0]),
            "100 m from the nearest shop (0 m to 150 m, as positions are not exact)",
            None,
            id="another bounds it",
        ),
        pytest.param(  # 97 to 103 m and 2,897 to 2,903 m are written as they are by position
            parks({"P": 0, "Q": 3_000}, 3),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop (nearest P; farthest Q)",
            None,
            id="too exact to tell",
        ),
        pytest.param(
            parks({"P": 0, "R": 200, "Q": 3_000}, 0),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop (nearest P and R; farthest Q)",
            None,
            id="a tie",
        ),
        pytest.param(
            parks({"P": 0, "R": 200, "Q": 3_000}, None),
            shops({"A": 100}, None),
            "100 m to 2.9 km from the nearest shop (nearest P and R; farthest Q)",
            None,
            id="no error known",
        ),
        pytest.param(  # P 40 to 160 m and R 159 to 279 m, if the shops are where they are said to be
            parks({"P": 0, "R": 319, "Q": 3_000}, 60),
            shops({"A": 100}, None),
            "100 m to 2.9 km from the nearest shop (farthest Q)",
            None,
            id="errors of one side known and nearest open",
        ),
        pytest.param(  # P 40 to 160 m and R 161 to 281 m, likewise
            parks({"P": 0, "R": 321, "Q": 3_000}, 60),
            shops({"A": 100}, None),
            "100 m to 2.9 km from the nearest shop (nearest P; farthest Q)",
            None,
            id="errors of one side known and nearest sure by them",
        ),
        pytest.param(  # Q may be anywhere, also where the shops are where they are said to be
            parks({"P": 0, "Q": 3_000}, [60, None]),
            shops({"A": 100}, None),
            "100 m to 2.9 km from the nearest shop",
            None,
            id="no range and one error unknown",
        ),
        pytest.param(  # Q may be anywhere, and P may not
            parks({"P": 0, "Q": 3_000}, [60, None]),
            shops({"A": 100}),
            "100 m to 2.9 km from the nearest shop; not all positions are known well enough for a range",
            None,
            id="some errors known",
        ),
        pytest.param(  # C may be anywhere
            parks({"P": 0, "Q": 3_000}, 60),
            shops({"A": 100, "C": 9_000}, [0, None]),
            "100 m to 2.9 km from the nearest shop; not all positions are known well enough for a range",
            None,
            id="an error of a target unknown",
        ),
    ],
)
def test_a_span_is_never_surer_than_its_distances(
    starts: Layer, targets: Layer, said: str, sure: str | None, county: Pack
) -> None:
    found = ask(starts, county, targets)
    assert found.finding.split(" lie ")[1] == said
    told = [each for each in found.sentences if each.startswith("The distance to ")]
    assert told == ([SURE.format(sure)] if sure else [])


def test_the_range_of_a_span_stands_below_its_headline(county: Pack) -> None:
    unsure = ask(parks({"P": 0, "Q": 3_000}, 60), county, shops({"A": 100}))
    headline = set_headline(unsure.page().model)
    assert headline.text == "The 2 parks lie 100 m to 2.9 km from the nearest shop"
    assert headline.aside == "40 m to 3.0 km, as positions are not exact"
    some = ask(parks({"P": 0, "Q": 3_000}, [60, None]), county, shops({"A": 100}))
    below = set_headline(some.page().model)
    assert below.text == headline.text
    assert below.aside == "not all positions are known well enough for a range"


def test_the_least_distance_of_one_layer_to_itself_is_to_another_of_it(county: Pack) -> None:
    # A and B are 100 m apart, 0 to 220 m; C is 4,900 m from B, 4,780 to 5,020 m.
    some = shops({"A": 0, "B": 100, "C": 5_000}, 60, far=False)
    found = ask(some, county, some)
    assert found.finding.endswith("from another shop (0 m to 5.0 km, as positions are not exact)")
    assert SURE.format("the nearest other shop is greatest at C") in found.sentences


UNSURE = "For 1 of 2 the nearest shop is uncertain: within the errors of the positions another may be nearer"
CERTAIN = "Which one is nearest is certain for each of them."


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (shops({"A": 100, "B": 2_900}), (CERTAIN,)),
        (
            shops({"A": 100, "B": 300, "C": 2_900}, [0, 300, 0]),
            (f"{UNSURE}.",),
        ),
        (
            shops({"A": 100, "B": 2_900, "C": 2_000}, [0, 0, None]),
            ("For 2 of 2 which shop is nearest cannot be told, as an error is unknown.",),
        ),
        (
            shops({"A": 100, "B": 300, "C": 2_900, "D": 3_100}, [0, 300, 0, None]),
            (f"{UNSURE}; for 1 of 2 it cannot be told, as an error is unknown.",),
        ),
    ],
)
def test_for_how_many_places_the_nearest_is_certain(
    targets: Layer, said: tuple[str, ...], county: Pack
) -> None:
    found = ask(parks({"P": 0, "Q": 3_000}), county, targets)
    assert tuple(each for each in found.sentences if each != NO_ERROR) == said


def test_what_is_said_of_several_targets_stands_in_their_order(county: Pack) -> None:
    starts = parks({"P": 0, "Q": 3_000})
    found = ask(starts, county, shops({"A": 100}, None), DOCK, within="3km")
    assert found.finding == (
        "2 of the 2 parks lie within 3 km of a shop (0 to 2, as positions are not exact)"
    )
    assert found.sentences == (
        "The 2 parks lie 100 m to 2.9 km from the nearest shop (nearest P; farthest Q).",
        "For 2 of 2 which shop is nearest cannot be told, as an error is unknown.",
        "2 of the 2 parks lie within 3 km of Long Dock.",
        "The 2 parks lie 1.0 km to 2.0 km from Long Dock (900 m to 2.1 km, as positions are not exact).",
        "The distance to Long Dock is least at Q and greatest at P, wherever within their errors the positions are.",
        NO_ERROR,
    )


def test_the_notes_say_what_is_not_known_of_positions(county: Pack) -> None:
    starts = parks({"P": 0, "Q": None}, None)
    assert ask(starts, county, shops({"A": 100})).notes == (
        "1 park without a position: none is given, so without a distance.",
        NOT_STATED,
    )
    out = ask("0.1,0.1", county, shops({"A": 100}))
    assert out.notes == ("0.1,0.1 lies outside the 3 towns of the pack.",)
    turned = ask("0.2,0", county, shops({"A": 100}))
    hint = "Are latitude and longitude swapped? '0,0.2' (latitude first) lies in Cham."
    assert turned.notes == (f"0.2,0 lies outside the 3 towns of the pack. {hint}",)


# Rows and columns


def test_a_row_says_what_the_sentence_says(county: Pack) -> None:
    found = ask(DOCK, county, shops({"A": 2_800, "B": 2_900, "C": 15_000}, [50, 100, 0]), k=3)
    frame = found.frame
    wanted = {
        "from_id": ["d1"] * 3,
        "from_name": ["Long Dock"] * 3,
        "layer": ["shops"] * 3,
        "rank": [1, 2, 3],
        "name": ["A", "B", "C"],
        "in_area": ["Aham", "Aham", "Bham"],
        "distance_m": [800.0, 900.0, 13_000.0],
        "distance_min_m": [650.0, 700.0, 12_900.0],
        "distance_max_m": [950.0, 1_100.0, 13_100.0],
        "direction": ["E"] * 3,
        "bearing": [90.0] * 3,
        "rank_certain": [False, False, True],
    }
    for name, values in wanted.items():
        assert frame[name].tolist() == values, name
    assert frame["could_also_be"].fillna("").tolist() == ["2", "1", ""]
    assert found.layer.metadata.title == "Shops near Long Dock"
    assert found.main == (
        *("rank", "name", "in_area", "distance_m", "distance_min_m", "distance_max_m"),
        *("direction", "rank_certain", "could_also_be"),
    )


def test_columns_that_tell_places_and_layers_apart_are_shown_where_there_are_several(
    county: Pack,
) -> None:
    several = ask("depots", county, shops({"A": 0}), "towns")
    assert several.main[:3] == ("from_name", "layer", "rank")
    assert ask("depots", county, shops({"A": 0})).main[:2] == ("from_name", "rank")
    assert ask(DOCK, county, shops({"A": 0}), "towns").main[:2] == ("layer", "rank")
    assert ask(DOCK, county, shops({"A": 0}), wide=True).main == ()
    assert several.layer.metadata.title == "Shops and Towns near Depots"


def test_neighbours_side_by_side_are_titled_by_noun_and_number(county: Pack) -> None:
    wide = ask("depots", county, shops({"A": 0, "B": 9}), k=2, wide=True, unit="km").layer
    assert [(each.name, each.title, each.unit) for each in wide.metadata.fields[2:8]] == [
        ("1_id", "Shop 1: id", ""),
        ("1_name", "Shop 1: name", ""),
        ("1_distance_km", "Shop 1: distance", "km"),
        ("1_distance_min_km", "Shop 1: at least", "km"),
        ("1_distance_max_km", "Shop 1: at most", "km"),
        ("1_rank_certain", "Shop 1: certainly this one", ""),
    ]
    assert wide.frame["2_name"].tolist() == ["A", "A"]
    assert wide.frame["1_distance_km"].tolist() == [1.991, 14.991]
    both = ask("depots", county, shops({"A": 0}), "towns", wide=True).layer
    assert [each for each in both.frame.columns if each.endswith("_name")] == [
        "shops_1_name",
        "towns_1_name",
    ]


# The page


def test_the_page_says_what_the_answer_says(county: Pack) -> None:
    found = ask(DOCK, county, shops({"A": 2_800.4, "B": 2_900}, [50, 100]), k=2)
    model = found.page().model
    assert model.headline == found.finding
    assert model.subtitle == ("Shops near Long Dock, Midshire.")
    assert model.summary == found.sentences
    lines, start, ends = (model.layer(name) for name in ("near-shops", "depots", "shops"))
    assert (lines.total, start.total, ends.total) == (2, 1, 2)
    shown = [lines.columns[each].name for each in lines.main]
    assert shown == [
        *("from_name", "rank", "name", "in_area", "distance_m", "distance_min_m", "distance_max_m"),
        *("direction", "rank_certain", "could_also_be"),
    ]
    (distance,) = (each for each in lines.columns if each.name == "distance_m")
    assert list(distance.values) == [800.0, 900.0]  # whole metres, for a reader


def test_a_page_of_several_targets_tells_their_layers_apart(county: Pack) -> None:
    model = ask("depots", county, shops({"A": 0}), "towns").page().model
    lines = next(each for each in model.layers if each.name.startswith("near-"))
    assert "layer" in [lines.columns[each].name for each in lines.main]
    assert model.subtitle.startswith("Shops and Towns near Depots, Midshire.")


def test_a_layer_measured_to_itself_is_drawn_once(county: Pack) -> None:
    some = shops({"A": 0, "B": 100, "C": 5_000}, far=False)
    model = ask(some, county, some).page().model
    assert [each.name for each in model.layers].count("shops") == 1
    assert model.layer("shops").total == 3


def test_a_typed_position_is_called_what_was_typed(county: Pack) -> None:
    model = ask("0.01,0.02", county, shops({"A": 100})).page().model
    assert model.layer("place").title == "0.01,0.02"
    several = ask("0,0.01", county, "0,0.02", "0,0.03").page().model.layer("place")
    assert (several.title, several.total) == ("0,0.01, 0,0.02 and 0,0.03", 3)


def test_areas_are_listed_with_the_town_that_contains_the_point_alone(county: Pack) -> None:
    found = ask(DOCK, county, layer(towns(position_error_m=0.0), "wards"), k=2)
    assert found.frame["in_area"].isna().all()
    assert found.finding == "Long Dock lies in Aham"
    assert found.sentences == ("The 2 nearest wards are 0 m to 8.0 km away.",)
