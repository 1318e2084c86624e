"""A name that no file can have, or a home that nobody has, is "not there" like any other: never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

LONG = "a" * 300 + ".csv"
ASKED = [
    ["show"],
    ["map", "-o", "x.html"],
    ["layers"],
    ["join", "boroughs"],
    ["count", "--in", "boroughs"],
    ["near", "rail-stations"],
    ["catchment", "--rings", "1km"],
    ["gaps", "--beyond", "1km"],
]


@pytest.mark.parametrize(
    "name", [LONG, "~$sites.csv", "~Ann.csv", "a/" * 3000 + "b.csv"], ids=lambda n: n[:8]
)
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_a_name_that_is_not_there_is_one_sentence(
    asked: list[str], name: str, lcrmap: Callable
) -> None:
    outcome = lcrmap(asked[0], name, *asked[1:])
    assert outcome.code == 3, outcome.err
    assert outcome.err.startswith("Error: No such file '"), outcome.err


@pytest.mark.parametrize("words", [["verify"], ["explain"], ["embed"], ["report"]], ids=" ".join)
def test_what_is_no_page_is_one_sentence(words: list[str], lcrmap: Callable) -> None:
    outcome = lcrmap(*words, LONG)
    assert outcome.code == 3, outcome.err
    assert outcome.err.endswith("' cannot be read: File name too long.\n"), outcome.err


def test_a_file_whose_name_begins_with_a_tilde_is_read(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "~$sites.csv").write_text("name,lon,lat\nA,-2.98,53.40\n", encoding="utf-8")
    assert lcrmap("show", "~$sites.csv", "-f", "csv").out.startswith("name,")
