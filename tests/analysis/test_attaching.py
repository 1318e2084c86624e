"""The table of a join: columns beside rows, what remained without, and an account that adds up or fails."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import attaching
from lcrmap.analysis.attaching import attach, column_names, nearest_right, tally
from lcrmap.analysis.joining import NOWHERE, Matched, match_areas
from lcrmap.errors import SumError
from tests.analysis.coverages import Coverage, coverages


def boxes() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": ["a", "b"], "size": [1, 2], "open": [True, False]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        crs="EPSG:4326",
    )


def points() -> gpd.GeoDataFrame:
    shapes = [shapely.Point(0.5, 0.5), shapely.Point(3, 0.5), None, shapely.Point(1, 0.5)]
    return gpd.GeoDataFrame(
        {"id": list("wxyz")}, geometry=gpd.GeoSeries(shapes, crs=4326), crs=4326
    ).set_index(pd.Index([7, 5, 3, 1]))


TAKE = {"code": "code", "size": "size", "open": "open"}


def test_columns_stand_beside_rows_and_index_crs_and_whole_numbers_are_kept() -> None:
    left, right = points(), boxes()
    before = left.copy()
    result = attach(left, right, match_areas(left, right, key="code"), take=TAKE)
    assert result.frame.index.tolist() == [7, 5, 3, 1]
    assert result.frame.crs == left.crs
    assert result.frame.columns.tolist() == ["id", "code", "size", "open", "geometry"]
    assert result.frame["code"].tolist()[0] == "a"
    assert result.frame["code"].isna().tolist() == [False, True, True, False]
    assert result.frame["size"].dtype == "Int64"
    assert result.frame["open"].dtype == "boolean"
    assert result.right.tolist() == [0, NOWHERE, NOWHERE, 0]
    pd.testing.assert_frame_equal(pd.DataFrame(left), pd.DataFrame(before))


def test_a_row_in_several_pairs_comes_once_for_each() -> None:
    left, right = points(), boxes()
    matched = match_areas(left, right, key="code", border="all")
    result = attach(left, right, matched, take={"code": "code"}, pair_flags={"n": np.arange(3)})
    assert result.frame["id"].tolist() == ["w", "x", "y", "z", "z"]
    assert result.frame["code"].fillna("").tolist() == ["a", "", "", "a", "b"]
    assert result.frame["n"].fillna(-1).tolist() == [0, -1, -1, 1, 2]


@pytest.mark.parametrize(("how", "ids"), [("left", "wxyz"), ("inner", "wz"), ("anti", "xy")])
def test_which_rows_are_kept(how: str, ids: str) -> None:
    left, right = points(), boxes()
    result = attach(left, right, match_areas(left, right, key="code"), take=TAKE)
    assert "".join(result.kept(how)["id"]) == ids  # type: ignore[arg-type]


def test_nothing_is_attached_to_no_rows_and_from_no_rows() -> None:
    left, right = points(), boxes()
    none = attach(left.iloc[:0], right, match_areas(left.iloc[:0], right), take=TAKE)
    assert len(none.frame) == 0
    matched = match_areas(left, right.iloc[:0])
    assert attach(left, right.iloc[:0], matched, take=TAKE).frame["code"].isna().all()


def test_the_tally_counts_each_state() -> None:
    left, right = points(), boxes()
    matched = match_areas(left, right, key="code")
    snapped = np.array([NOWHERE, 1, NOWHERE, NOWHERE])
    counted = tally(left, matched, snapped, attach(left, right, matched, take={}, snapped=snapped))
    assert (counted.rows, counted.matched, counted.on_border) == (4, 2, 1)
    assert (counted.snapped, counted.outside, counted.unplaced) == (1, 0, 1)


def test_a_table_that_lost_rows_does_not_add_up() -> None:
    """The seeded fault: rows without a position dropped, as an inner join drops them."""
    left, right = points(), boxes()
    matched = match_areas(left, right, key="code")
    whole = attach(left, right, matched, take=TAKE)
    keep = left.geometry.notna().to_numpy()
    lost = attaching.Attached(whole.frame[keep], whole.left[keep], whole.right[keep])
    with pytest.raises(SumError, match="does not add up"):
        tally(left, matched, None, lost)


@settings(deadline=None)
@given(coverages(), st.sampled_from(["once", "all"]))
def test_the_states_always_make_up_the_rows(each: Coverage, border: str) -> None:
    matched = match_areas(each.points, each.areas, key="key", border=border)
    table = attach(each.points, each.areas, matched, take={"key": "key"})
    counted = tally(each.points, matched, None, table)
    assert counted.matched + counted.outside + counted.unplaced == counted.rows == len(each.points)
    assert counted.unplaced == int(each.points.geometry.isna().sum())
    assert table.frame["key"].notna().sum() >= counted.matched


def test_names_that_are_taken_get_the_right_sides_name_before_them() -> None:
    assert column_names(["id", "name", "geometry"], ["name", "id", "code"], clash="ward_") == {
        "name": "ward_name",
        "id": "ward_id",
        "code": "code",
    }
    assert column_names(["a", "b_a"], ["a"], clash="b_") == {"a": "b_a_2"}
    assert column_names(["a"], ["a"], prefix="x_") == {"a": "x_a"}
    assert column_names([], ["a", "b"], prefix="") == {"a": "a", "b": "b"}


def test_the_nearest_is_the_geodesic_nearest_and_ties_go_by_key() -> None:
    """A degree of longitude at 60 N is half a degree of latitude."""
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [60], crs=4326))
    right = gpd.GeoDataFrame(
        {"key": ["n", "e"]}, geometry=gpd.points_from_xy([0, 1.5], [61, 60], crs=4326)
    )
    found = nearest_right(left, right, np.array([0]), key="key")
    assert found.right.tolist() == [1]
    assert found.metres[0] == pytest.approx(83_700, rel=1e-2)
    tied = gpd.GeoDataFrame(
        {"key": ["b", "a"]}, geometry=gpd.points_from_xy([1, -1], [60, 60], crs=4326)
    )
    assert nearest_right(left, tied, np.array([0]), key="key").right.tolist() == [1]
    swapped = tied.iloc[::-1].reset_index(drop=True)
    assert nearest_right(left, swapped, np.array([0]), key="key").right.tolist() == [0]


def test_rows_that_do_not_ask_and_no_right_side_have_no_nearest() -> None:
    left = points()
    found = nearest_right(left, boxes(), np.array([1]), key="code")
    assert found.right.tolist() == [NOWHERE, 1, NOWHERE, NOWHERE]
    assert np.isnan(found.metres).tolist() == [True, False, True, True]
    assert nearest_right(left, boxes().iloc[:0], np.array([1])).right.tolist() == [NOWHERE] * 4


def test_a_match_names_its_first_pair() -> None:
    matched = Matched(np.array([0, 0, 2]), np.array([4, 1, 3]), np.zeros(3, dtype=bool))
    assert matched.first().tolist() == [4, NOWHERE, 3]
    assert matched.matches.tolist() == [2, 0, 1]
