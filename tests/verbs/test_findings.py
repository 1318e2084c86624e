"""The headline of a count, figure by figure: who is called first, who is not, and with which range."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.analysis.counting import Figure
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.count.columns import Account, Counted
from lcrmap.verbs.count.words import count_finding

Numbers = list[float]


def areas(count: int) -> Layer:
    frame = gpd.GeoDataFrame(
        {"name": [f"{letter}ham" for letter in "ABCDEF"[:count]]},
        geometry=[shapely.box(x, 0, x + 1, 1) for x in range(count)],
        crs="EPSG:4326",
    )
    return Layer(frame, Metadata("towns", "Towns", noun_one="town", noun_many="towns"))


def figure(
    values: Numbers, ranges: dict[int, tuple[float, float]] | None = None, **changes: Any
) -> Figure:
    """Return a figure of so many areas, some of which have a range, and nothing beyond them."""
    columns = [np.array([*values, 0, 0, 0], dtype=float) for _ in range(3)]
    for row, (low, high) in (ranges or {}).items():
        columns[1][row], columns[2][row] = low, high
    whole: dict[str, Any] = {"name": "count", "title": "Shops", "kind": "count"} | changes
    bounds = columns[1:] if ranges is not None else (None, None)
    return Figure(
        whole.pop("name"), whole.pop("title"), whole.pop("kind"), columns[0], *bounds, **whole
    )


def headline(*figures: Figure, **changes: Any) -> str:
    metadata = Metadata("shops", "Shops", noun_one="shop", noun_many="shops").replaced(**changes)
    layer = Layer(gpd.GeoDataFrame(geometry=[]), metadata)
    nothing = Account(on_border=0, open=None, unknown=0, missing=0, kinds={})
    return count_finding([Counted(layer, nothing, figures)], areas(len(figures[0].values) - 3))


def test_the_first_is_named_with_its_range() -> None:
    assert headline(figure([3, 1])) == "Aham has 3 of the 4 shops inside the two towns"
    assert headline(figure([3, 1], {0: (3, 3)})) == headline(figure([3, 1]))
    assert headline(figure([3, 1], {0: (2, 4), 1: (0, 1)})) == (
        "Aham has 3 of the 4 shops inside the two towns (2 to 4, as positions are not exact)"
    )
    assert headline(figure([1200, 1], {0: (1100, 1300)}), breakdown="kind") == (
        "Aham has more of the Shops than any other town: 1,200 (1,100 to 1,300, as positions are not exact)"
    )


def test_what_may_be_first_is_too_close_to_call() -> None:
    assert headline(figure([3, 2], {0: (2, 3), 1: (2, 3)})) == (
        "Aham and Bham are too close to call: position errors could change which has more shops"
    )
    assert headline(figure([3, 2, 1], {0: (2, 3), 2: (1, 2)})) == (
        "Aham, Bham and Cham are too close to call: position errors could change which has the most shops"
    )
    every = figure([3, 2, 2, 2], {0: (2, 3)})
    assert headline(every) == "No town clearly has the most shops"


def test_a_range_far_below_does_not_open_a_tie_above() -> None:
    tie = "Aham and Bham have the most shops: 3 each"
    assert headline(figure([3, 3, 1])) == tie
    assert headline(figure([3, 3, 1], {2: (0, 2)})) == tie
    assert headline(figure([3, 3, 1], {2: (0, 3)})) != tie


def test_one_that_may_have_none_is_still_the_only_one() -> None:
    assert headline(figure([2, 0], {0: (0, 2)})) == (
        "Aham has 2 of the 2 shops inside the two towns (0 to 2, as positions are not exact)"
    )


def test_rates_and_sums_follow_the_same_rule() -> None:
    count = figure([3, 1])
    rate = {"name": "per_km2", "title": "Shops per km2", "kind": "rate"}
    assert headline(count, figure([0.25, 1.5], **rate)) == "Bham has the most shops per km2: 1.5"
    assert headline(count, figure([0.25, 1.5], {1: (1.25, 1.75)}, **rate)) == (
        "Bham has the most shops per km2: 1.5 (1.25 to 1.75, as positions are not exact)"
    )
    assert headline(count, figure([0.25, 0.2], {1: (0.1, 0.3)}, **rate)) == (
        "Aham and Bham are too close to call: position errors could change which has more shops per km2"
    )
    jobs = {"name": "sum_jobs", "title": "Sum of jobs", "kind": "statistic", "unit": "jobs"}
    assert headline(count, figure([20, 1000], {1: (900, 1100)}, **jobs)) == (
        "Bham has the highest total of jobs: 1,000 jobs (900 to 1,100, as positions are not exact)"
    )
    assert headline(count, figure([20, 10], {1: (0, 30)}, **jobs)) == (
        "Aham and Bham are too close to call: position errors could change which has the higher total of jobs"
    )
    assert (
        headline(count, figure([2, 2, 2, 2][:2] * 2, **jobs))
        == "No town clearly has the highest total of jobs"
    )


@pytest.mark.parametrize("kind", ["mean", "min", "max", "median"])
def test_a_statistic_without_a_range_is_open_where_a_place_may_lie_elsewhere(kind: str) -> None:
    mean: dict[str, Any] = {"name": f"{kind}_jobs", "title": f"{kind} of jobs", "kind": "statistic"}
    certain, open_ = figure([3, 1, 1]), figure([3, 1, 1], {1: (0, 1)})
    first = f"Aham has the highest {kind} of jobs: 9"
    assert headline(certain, figure([9, 5, 1], **mean)) == first
    assert headline(open_, figure([9, 5, 1], **mean)) == (
        f"Aham and Bham are too close to call: position errors could change which has the higher {kind} of jobs"
    )
    may_be_there = figure([3, 0, 1], {1: (0, 1)})
    assert "Bham" in headline(may_be_there, figure([9, np.nan, 1], **mean))


def test_a_statistic_of_nought_or_less_is_no_absence_of_places() -> None:
    mean: dict[str, Any] = {"name": "mean_change", "title": "Mean of change", "kind": "statistic"}
    assert headline(figure([3, 1]), figure([-4, -5], **mean)) == (
        "Aham has the highest mean change: -4"
    )
    assert headline(figure([3, 1]), figure([0, 0], **mean)) == (
        "No town clearly has the highest mean change"
    )
    assert headline(figure([0, 0])) == "None of the Shops lies in the two towns"
