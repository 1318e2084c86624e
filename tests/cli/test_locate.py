"""What ``lcrmap locate`` says on stderr, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lcrmap.layers import Pack


def test_how_long_it_may_take_is_the_first_that_is_said(
    lcrmap: Callable, tmp_path: Path, skerries: Pack
) -> None:
    path = tmp_path / "sites.csv"
    rows = (f"s{each},55,{-6 + 0.001 * each:.3f}" for each in range(5_001))
    path.write_text("\n".join(["id,lat,lon", *rows]), encoding="utf-8")
    pack = ("--pack", str(skerries.folder))
    outcome = lcrmap("locate", "landings", "--from", str(path), *pack)
    first = outcome.err.splitlines()[0]
    assert first.startswith("5,001 candidates: to choose among so many may take a minute or more")


def test_two_words_in_quotes_are_told_how_to_be_written(lcrmap: Callable) -> None:
    outcome = lcrmap(
        "locate", "rail-stations", "--from", "planned-stations", "--most-per", "boroughs 1"
    )
    assert (outcome.code, outcome.err) == (
        2,
        "Error: --most-per takes 2 words, AREAS N, without quotes around them: see 'lcrmap locate --help'.\n",
    )


def test_a_greatest_distance_that_no_choice_lessens_is_told_with_the_mean(lcrmap: Callable) -> None:
    asked = ("--from", "planned-stations", "--aim", "farthest", "--format", "csv")
    outcome = lcrmap("locate", "innovation-assets", *asked)
    assert outcome.err.splitlines()[-1].startswith(
        "Best of 4: Woodchurch brings the mean distance from 3,525 m to 3,264 m, and no choice the greatest distance "
        "below 14,355 m; proved best."
    )
