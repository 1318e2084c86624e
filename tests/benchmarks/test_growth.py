"""The plot of cost against size, and its slope."""

from __future__ import annotations

import pytest

from benchmarks.contract import Measured
from benchmarks.growth import VERBS, Grown, slope, table
from benchmarks.plot import Line, drawn
from lcrmap.cli import VERBS as COMMANDS


def grown(*seconds: float | None) -> list[Grown]:
    return [
        Grown(10 ** (3 + number), None if each is None else Measured(each, 100.0))
        for number, each in enumerate(seconds)
    ]


def test_the_slope_is_that_of_the_last_tenfold_step() -> None:
    assert slope(grown(1, 1, 10)) == pytest.approx(1.0)
    assert slope(grown(1, 10, 1000)) == pytest.approx(2.0)


def test_a_verb_that_fails_at_the_largest_size_has_no_slope() -> None:
    assert slope(grown(1, 10, None)) is None
    assert "| join | 1.00 s, 100 MB | failed |  |" in table({"join": grown(1, None)})


def test_each_verb_of_the_plot_is_one_of_lcrmaps() -> None:
    assert {words[0] for words in VERBS.values()} <= set(COMMANDS)


def test_each_line_is_drawn_inside_the_plot_and_named() -> None:
    svg = drawn(
        [Line("join & count", [(1000, 0.5), (10**6, 40)]), Line("empty", [])],
        title="Seconds",
        across="rows",
        up="s",
    )
    assert svg.count("<polyline") == 1
    assert "join &amp; count" in svg
    points = svg.split('points="')[1].split('"')[0]
    numbers = [float(each) for pair in points.split() for each in pair.split(",")]
    assert all(0 <= x <= 720 for x in numbers[::2])
    assert all(0 <= y <= 420 for y in numbers[1::2])
