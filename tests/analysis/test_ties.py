"""The tie rule by itself, and that every question that may meet a tie follows it."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.attaching import nearest_right
from lcrmap.analysis.joining import assign_areas
from lcrmap.analysis.locating import NOWHERE
from lcrmap.analysis.matching import match_predicate
from lcrmap.analysis.proximity import near
from lcrmap.analysis.ties import nearest_first, tie_order

START = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326")


def around(keys: Any, metres: list[float] | None = None) -> gpd.GeoDataFrame:
    """Return a point for each key, all equally far from the origin, or so many metres north of it."""
    there = [shapely.Point(0, 0)] * len(keys)
    if metres is not None:
        there = [shapely.Point(0, each / 110_574) for each in metres]
    return gpd.GeoDataFrame({"key": keys}, geometry=there, crs="EPSG:4326")


def squares(keys: Any) -> gpd.GeoDataFrame:
    """Return a square for each key; all have the origin for a corner or lie over it."""
    shapes = [shapely.box(-1 - n, -1 - n, 1 + n, 1 + n) for n in range(len(keys))]
    return gpd.GeoDataFrame({"key": keys}, geometry=shapes, crs="EPSG:4326")


def in_every_question(keys: Any, key: str = "key") -> list[list[int]]:
    """Return the order in which each question puts features between which only the tie rule decides."""
    points, areas = around(keys), squares(keys)
    pairs = match_predicate(START, points, "dwithin", key=key, distance_m=1).right.tolist()
    ranked = near(START, points, k=len(keys), key=key)["right"].tolist()
    without: list[int] = []  # the nearest again and again, each time without those that were it
    on_border: list[int] = []
    for _ in keys:
        left = [row for row in range(len(keys)) if row not in without]
        found = nearest_right(START, points.iloc[left], np.array([0]), key=key).right[0]
        without.append(left[found])
        left = [row for row in range(len(keys)) if row not in on_border]
        on_border.append(left[assign_areas(START, areas.iloc[left], key=key)["area"].iloc[0]])
    return [ranked, pairs, without, on_border]


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([10, 2, 1], [2, 1, 0]),
        (["10", "2", "1"], [2, 0, 1]),
        ([10.5, 2.0, None], [1, 0, 2]),
        (["b", None, "a"], [2, 0, 1]),
        (pd.array([10, 2, None], dtype="Int64"), [1, 0, 2]),
        (pd.to_datetime(["2024-10-01", "2024-02-01", "2023-12-31"]), [2, 1, 0]),
        (np.array([10, "10", 2, "2"], dtype=object), [2, 0, 1, 3]),
        (np.array([10, Decimal(3), 2.5], dtype=object), [2, 1, 0]),
        (np.array([(10,), 7, "a"], dtype=object), [1, 0, 2]),
        (pd.Categorical(["b", "a", "c"], categories=["c", "b", "a"]), [1, 0, 2]),
        (pd.Categorical([10, 2, 1], categories=[10, 1, 2]), [2, 1, 0]),
    ],
)
def test_a_key_of_numbers_orders_as_numbers_and_a_key_of_text_as_text_in_every_question(
    keys: Any, order: list[int]
) -> None:
    assert tie_order(around(keys), "key").tolist() == order
    assert in_every_question(keys) == [order] * 4


values = st.one_of(st.integers(-20, 20), st.sampled_from(["1", "10", "2", "a", "B", ""]), st.none())


@settings(max_examples=60, deadline=None)
@given(st.lists(values, min_size=1, max_size=6, unique=True))
def test_every_question_breaks_ties_in_the_same_order(keys: list[Any]) -> None:
    """The oracle: numbers before text, nothing last."""
    column = pd.Series(keys, dtype=object)
    wanted = sorted(
        range(len(keys)),
        key=lambda row: (
            (keys[row] is None, isinstance(keys[row], str), keys[row] or 0)
            if not isinstance(keys[row], str)
            else (False, True, keys[row])
        ),
    )
    assert in_every_question(column) == [wanted] * 4


@settings(max_examples=60, deadline=None)
@given(
    st.lists(values, min_size=1, max_size=8),
    st.lists(st.integers(0, 2), min_size=8, max_size=8),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_rows_nor_who_else_is_there_decides(
    keys: list[Any], where: list[int], shuffle: random.Random
) -> None:
    """Keys and shapes may repeat; `mark` tells such features apart."""
    frame = gpd.GeoDataFrame(
        {"key": pd.Series(keys, dtype=object), "mark": range(len(keys))},
        geometry=gpd.points_from_xy(where[: len(keys)], [0] * len(keys)),
        crs="EPSG:4326",
    )
    for key in ("key", ""):
        whole = frame["mark"].to_numpy()[tie_order(frame, key)].tolist()
        rows = shuffle.sample(range(len(frame)), shuffle.randint(1, len(frame)))
        some = frame.iloc[rows]
        found = some["mark"].to_numpy()[tie_order(some, key)].tolist()
        assert found == [mark for mark in whole if mark in found]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.0004, 0.001, 7.0]), st.integers(0, 5)),
        unique_by=lambda pair: (pair[0], pair[2]),
        max_size=20,
    )
)
def test_pairs_go_by_who_asks_then_by_millimetres_then_by_key(
    pairs: list[tuple[int, float, int]],
) -> None:
    features = around([30, 4, 200, 1, 55, 6])
    asking, metres, found = (np.array([pair[n] for pair in pairs]) for n in range(3))
    order = nearest_first(
        asking.astype(int), metres.astype(float), found.astype(int), features, "key"
    )
    wanted = sorted(
        pairs, key=lambda each: (each[0], round(each[1] * 1000), features["key"][each[2]])
    )
    assert [pairs[row] for row in order] == wanted


def test_what_may_also_hold_a_rank_is_named_in_the_same_order() -> None:
    right = around([10, 2, 1], [5, 5, 4]).assign(position_error_m=3.0)
    left = START.assign(position_error_m=0.0)
    rows = near(left, right, k=1, key="key")
    assert rows["right"].tolist() == [2]
    assert rows["could_also_be"].tolist() == [(1, 0)]


def test_without_a_key_shapes_and_then_all_else_decide_and_rows_come_last() -> None:
    same = gpd.GeoDataFrame({"name": ["b", "a", "a"]}, geometry=[shapely.Point(0, 0)] * 3, crs=4326)
    assert tie_order(same).tolist() == [1, 2, 0]
    assert near(START, same, k=1)["right"].tolist() == [1, 2, 0]
    shapes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, -1], [0, 0]), crs=4326)
    turned = shapes.iloc[::-1].reset_index(drop=True)
    one, other = (near(START, each, k=1)["right"].tolist() for each in (shapes, turned))
    assert one == [1 - row for row in other]
    assert nearest_right(START, shapes, np.array([0])).right.tolist() == one[:1]


def test_no_features_and_no_pairs_have_an_order_too() -> None:
    none = np.array([], dtype=np.int64)
    assert tie_order(around([])).tolist() == []
    assert nearest_first(none, none.astype(float), none, around([]), "key").tolist() == []
    assert nearest_right(START, around([]), np.array([0]), key="key").right.tolist() == [NOWHERE]
