"""What a pack says of its indicators: every one described, and what is wrong refused in a sentence."""

from __future__ import annotations

import copy

import pytest

from lcrmap.errors import DataError, UnknownNameError, UsageError
from lcrmap.layers import open_pack
from lcrmap.layers.indicators import read_indicators

PACK = open_pack()
KNOWN = PACK.indicators
THEMES = ("people", "homes", "work", "skills", "health", "digital", "access", "need", "net zero")


def test_there_are_indicators_of_every_theme() -> None:
    assert KNOWN.themes == THEMES
    assert len(KNOWN.entries) == 102


@pytest.mark.parametrize("each", list(KNOWN), ids=lambda each: each.id)
def test_an_indicator_says_what_it_is_and_where_it_comes_from(each) -> None:
    assert all((each.title, each.unit, each.source.title, each.source.credit))
    assert each.source.as_of[:2] == "20"
    assert each.source.licence == "OGL-UK-3.0"
    assert each.source.credit in (PACK.folder / "LICENCES.md").read_text(encoding="utf-8")


def test_a_rank_has_no_figure_of_a_larger_area_and_its_score_is_named_instead() -> None:
    with pytest.raises(UsageError) as refused:
        KNOWN.check_level(KNOWN.named("imd_decile"), "boroughs")
    assert str(refused.value) == (
        "'imd_decile' of small-areas does not sum: boroughs have no such figure, but 'imd_score' has a mean."
    )


def test_areas_that_are_too_small_or_do_not_nest_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        KNOWN.check_level(KNOWN.named("industry_q"), "small-areas")
    assert str(refused.value) == (
        "'industry_q' is not known of areas as small as small-areas: ask for neighbourhoods and boroughs."
    )
    with pytest.raises(UsageError) as refused:
        KNOWN.check_level(KNOWN.named("no_car"), "wards")
    assert str(refused.value) == (
        "'no_car' is known of small-areas, neighbourhoods and boroughs, which nest, and not of wards: "
        "ask for one of these."
    )


def test_an_indicator_that_there_is_not_is_told_with_what_is_nearly_called_so() -> None:
    with pytest.raises(UnknownNameError, match=r"no_car"):
        KNOWN.named("no_cars")


def spoil(settings, what, value):
    spoilt = copy.deepcopy(settings)
    spoilt["indicators"]["entries"][0][what] = value
    return spoilt


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("sums", "sum"),
        ("better", "yes"),
        ("table", "nowhere"),
        ("source", "somebody"),
        ("part", "nothing"),
    ],
)
def test_an_entry_of_the_wrong_kind_is_refused(what, value) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_indicators(spoil(PACK.settings, what, value))


def test_a_pack_without_any_says_so() -> None:
    with pytest.raises(UsageError, match="knows no indicators"):
        read_indicators({})
