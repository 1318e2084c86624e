"""How indicators sum: the published figures, an oracle in plain Python, and what always holds."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.summing import summed
from lcrmap.io.indicators import read_figures, read_nesting
from lcrmap.layers import open_pack

PACK = open_pack()
KNOWN = PACK.indicators
BOROUGHS = (
    *("E06000006", "E08000011", "E08000012"),
    *("E08000013", "E08000014", "E08000015"),
)
COUNTS = [each for each in KNOWN if each.sums == "count" and each.level == "small-areas"]


def figures(name: str, level: str) -> pd.Series:
    each = KNOWN.named(name)
    nesting = read_nesting(PACK, KNOWN, each.level)
    return summed(each, read_figures(PACK, each.columns), nesting[level])


def region(name: str) -> float:
    each = KNOWN.named(name)
    read = read_figures(PACK, each.columns)
    return summed(each, read, pd.Series("all", index=read.index))["all"]


# The published figures


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("residents", 1_551_784),
        ("households", 676_866),
        ("cars_0", 204_251),
        ("employed_residents", 680_600),
    ],
)
def test_totals_of_the_region(name, total):
    assert region(name) == total
    assert figures(name, "boroughs").sum() == total


@pytest.mark.parametrize(
    ("name", "published", "within"),
    [
        ("no_car", (23.8, 31.2, 40.1, 23.2, 26.4, 25.1), 0.1),
        ("income_deprived_people", (37_847, 53_725, 169_951, 50_095, 68_641, 84_706), 20),
        ("in_employment", (56.5, 55.9, 51.1, 54.9, 53.6, 53.2), 0.2),
        ("households", (55_951, 66_073, 207_491, 81_011, 123_073, 143_252), 40),
    ],
)
def test_boroughs_are_as_published(name, published, within):
    found = figures(name, "boroughs")
    assert tuple(found.index) == BOROUGHS
    assert found.to_numpy() == pytest.approx(np.array(published), abs=within)


def test_shares_of_the_region_are_divided_from_its_sums():
    assert round(region("no_car"), 1) == 30.2
    assert round(region("foundational"), 1) == 67.4


def test_small_areas_in_the_most_deprived_tenth_of_england():
    nesting = read_nesting(PACK, KNOWN, "small-areas")
    deciles = read_figures(PACK, ["imd_decile"])["imd_decile"]
    shares = (100 * (deciles == 1)).groupby(nesting["boroughs"].reindex(deciles.index)).mean()
    assert shares.tolist() == pytest.approx([31.25, 40.0, 36.75, 23.14, 18.85, 23.44], abs=0.005)


def test_most_deprived_tenth_lacks_cars_and_doctors_but_not_connections():
    names = ["no_car", "patients_per_gp", "connectivity_score"]
    poor = read_figures(PACK, ["imd_decile"])["imd_decile"] == 1
    found = {}
    for name in names:
        each = KNOWN.named(name)
        read = read_figures(PACK, each.columns)
        found[name] = summed(each, read, poor.map({True: "poor", False: "other"})).round(1)
    assert found["no_car"].to_dict() == {"other": 23.0, "poor": 47.1}
    assert found["patients_per_gp"].round().to_dict() == {"other": 2262, "poor": 2624}
    assert found["connectivity_score"].to_dict() == {"other": 69.4, "poor": 74.1}


def test_what_is_suppressed_of_one_part_is_not_known_of_the_whole():
    children = figures("income_deprived_children", "small-areas")
    assert children.isna().sum() == 28
    boroughs = figures("income_deprived_children", "boroughs")
    parts = read_nesting(PACK, KNOWN, "small-areas")["boroughs"]
    lacking = set(parts.reindex(children.index[children.isna()]))
    assert set(boroughs.index[boroughs.isna()]) == lacking


# What always holds


@pytest.mark.parametrize("each", COUNTS, ids=lambda each: each.id)
def test_counts_over_any_partition_add_up_to_the_whole(each):
    read = read_figures(PACK, each.columns).dropna()
    chance = random.Random(each.id)
    parts = pd.Series([chance.choice("abcdefg") for _ in read.index], index=read.index)
    assert summed(each, read, parts).sum() == read[each.id].sum()


@pytest.mark.parametrize(
    "each", [each for each in KNOWN if each.sums == "share"], ids=lambda each: each.id
)
def test_a_share_of_shares_is_the_sum_over_the_sum(each):
    read = read_figures(PACK, each.columns)
    nesting = read_nesting(PACK, KNOWN, each.level)
    found = summed(each, read, nesting["boroughs"])
    for borough in BOROUGHS:
        some = read[(nesting["boroughs"] == borough).reindex(read.index)]
        base = sum(some[each.base])
        part = sum(some[each.part]) if each.part else sum(some[each.id] * some[each.base]) / 100
        assert found[borough] == pytest.approx(100 * part / base)


@pytest.mark.parametrize("each", list(KNOWN), ids=lambda each: each.id)
def test_an_area_of_one_part_has_exactly_its_figure(each):
    read = read_figures(PACK, each.columns)
    same = pd.Series(read.index, index=read.index)
    found = summed(each, read, same).reindex(read.index)
    own = 100 * read[each.part] / read[each.base] if each.part else read[each.id]
    pd.testing.assert_series_equal(found, own, check_names=False, check_exact=True)


def test_a_rank_is_never_put_together_and_a_score_is_never_added():
    decile = KNOWN.named("imd_decile")
    read = read_figures(PACK, decile.columns)
    with pytest.raises(ValueError, match="does not sum"):
        summed(decile, read, pd.Series("all", index=read.index))
    for each in KNOWN:
        if each.sums == "score":
            read = read_figures(PACK, each.columns)
            whole = summed(each, read, pd.Series("all", index=read.index))["all"]
            assert read[each.id].min() <= whole <= read[each.id].max()


@given(seed=st.integers(0, 1000), name=st.sampled_from(sorted(KNOWN.entries)))
def test_the_order_of_rows_changes_nothing(seed, name):
    each = KNOWN.named(name)
    if each.sums == "none":
        return
    read = read_figures(PACK, each.columns)
    wholes = read_nesting(PACK, KNOWN, each.level)["boroughs"]
    mixed = read.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(
        summed(each, read, wholes), summed(each, mixed, wholes), check_exact=True
    )


# Of small numbers, by hand


def test_a_weighted_mean_passes_over_areas_in_which_nobody_lives():
    each = KNOWN.named("imd_score")
    read = pd.DataFrame(
        {"imd_score": [10.0, 40.0, np.nan], "residents": [1.0, 2.0, 0.0]}, index=list("abc")
    )
    assert summed(each, read, pd.Series("w", index=list("abc")))["w"] == 30
    read["residents"] = 0.0
    assert np.isnan(summed(each, read, pd.Series("w", index=list("abc")))["w"])
