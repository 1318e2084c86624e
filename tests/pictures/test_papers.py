"""How large a picture may be, and what is said of a large one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap.errors import UsageError
from lcrmap.maps.model import build_model
from lcrmap.pictures.drawing import draw_picture
from lcrmap.pictures.papers import LARGE_MEGAPIXELS, MOST_MEGAPIXELS, paper_of

TOO_FINE = (
    "A .png of 2000x2000mm at 1200 dots per inch would have 8,928 million pixels, and 600 are the bound: say --dpi "
    "311 or less, or write .svg or .pdf, which are sharp at any size."
)


@pytest.mark.parametrize(("dpi", "allowed"), [(311, True), (312, False)])
def test_the_bound_is_on_the_pixels_of_a_png(dpi: int, allowed: bool) -> None:
    paper = paper_of("2000x2000mm", dpi)
    assert (paper.megapixels <= MOST_MEGAPIXELS) == allowed
    if allowed:
        paper.refuse_too_fine()
        return
    with pytest.raises(UsageError, match=r"say --dpi 311 or less"):
        paper.refuse_too_fine()


@pytest.mark.parametrize(("dpi", "said"), [(127, False), (128, True)])
def test_a_large_one_is_told_of(dpi: int, said: bool) -> None:
    paper = paper_of("2000x2000mm", dpi)
    assert (paper.megapixels > LARGE_MEGAPIXELS) == bool(paper.warning) == said


def test_it_is_refused_before_it_is_drawn_in_python_too() -> None:
    with pytest.raises(UsageError) as caught:
        draw_picture(build_model([]), "png", size="2000x2000mm", dpi=1200)
    assert str(caught.value) == TOO_FINE
    assert draw_picture(build_model([]), "svg", size="2000x2000mm", dpi=1200).data


def test_it_is_refused_before_anything_is_read(
    lcrmap: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("--size", "2000x2000mm", "--dpi", "1200")
    asked = lcrmap("map", "boroughs", "-o", "x.png", *words)
    assert (asked.code, asked.err) == (2, f"Error: {TOO_FINE}\n")
