"""Widths and sight: long names on a narrow screen, large text, forced colours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

from lcrmap import count, gaps, make_map
from lcrmap.layers import Layer, Pack
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

UNBROKEN = "Llanfairpwllgwyngyll" * 15  # 300 characters without a place to break
LARGE_TEXT = "document.documentElement.style.fontSize = '32px'"
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const {left, top, right, bottom} = each.getBoundingClientRect();
  return [left, top, right, bottom];
})"""

LOOK = """(selector) => {
  const style = getComputedStyle(document.querySelector(selector));
  return [style.color, style.webkitTextStrokeColor, style.backgroundColor, style.fill];
}"""


def long_names() -> Layer:
    rows = [dict(row, name=f"{row['name']}{UNBROKEN}", kind="mill") for row in samples.PLACES]
    return samples.places(rows, noun_many=f"sites{UNBROKEN}", noun_one=f"site{UNBROKEN}")


def overlapping(boxes: list[list[float]], by: float = 2) -> list[Any]:
    return [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > by and min(a[3], b[3]) - max(a[1], b[1]) > by
    ]


def overlapping_discs(boxes: list[list[float]]) -> list[Any]:
    discs = [
        ((left + right) / 2, (top + bottom) / 2, (bottom - top) / 2)
        for left, top, right, bottom in boxes
    ]
    return [
        (one, other)
        for one, other in itertools.combinations(discs, 2)
        if math.dist(one[:2], other[:2]) < one[2] + other[2] - 3
    ]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_unbroken_names_wrap_wherever_they_stand(open_page: Callable[..., Any], width: int) -> None:
    page = write_document(build_model(
        [LayerView(samples.areas(), "areas"), LayerView(long_names())],
        title=f"Most are in {UNBROKEN}", subtitle=UNBROKEN,
    ))  # fmt: skip
    opened = open_page(page)
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.view.locator("#search").fill("alder")
    opened.settle()
    assert opened.view.locator("#found li").count() == 1
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= width
    opened.press("Enter")
    assert opened.text("#panel-title").startswith("Alder Mill")
    opened.settle()
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("kind", ["gaps", "count by", "many points", "atlas"])
def test_names_and_discs_do_not_collide_in_large_text(
    open_page: Callable[..., Any], pack: Pack, kind: str, width: str
) -> None:
    """Set while the page is open, as a reader does."""
    if kind == "gaps":
        html = gaps("rail-stations", 800, by="boroughs", pack=pack).page().html
    elif kind == "count by":
        found = count("innovation-assets", areas="boroughs", by="sector", pack=pack)
        html = found.page().html
    elif kind == "atlas":
        html = make_map(pack=pack).html
    else:
        html = write_document(build_model([LayerView(samples.many_points(3_000))]))
    opened = open_page(html, width=width)
    opened.view.evaluate(LARGE_TEXT)
    opened.settle()
    opened.settle()
    assert overlapping(opened.view.evaluate(BOXES, ".name span")) == []
    assert overlapping_discs(opened.view.evaluate(BOXES, ".map .group > *")) == []
    for disc in opened.view.locator(".group span").all():
        assert disc.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    area, foot = opened.view.evaluate(BOXES, "#map, #map-foot")
    assert area[3] - area[1] >= 300
    assert overlapping([area, foot]) == []
    buttons = opened.view.evaluate(BOXES, ".map-buttons button")
    assert max(each[3] for each in buttons) <= area[3]
    parts = opened.view.evaluate(BOXES, ".head, .board, .after")
    assert overlapping(parts) == []
    assert opened.view.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_and_circles_keep_their_looks_in_forced_colours(
    open_page: Callable[..., Any], pack: Pack, scheme: str
) -> None:
    answer = count("innovation-assets", areas="boroughs", pack=pack)
    opened = open_page(answer.page().html, scheme=scheme, forced_colors="active")
    text, around, *_ = opened.view.evaluate(LOOK, ".name-areas span")
    assert text != around
    *_, sized, _ = opened.view.evaluate(LOOK, ".sized")
    *_, swatch = opened.view.evaluate(LOOK, ".swatch-circle circle")
    assert sized == swatch
    by = count("innovation-assets", areas="boroughs", by="sector", pack=pack)
    opened = open_page(by.page().html, scheme=scheme, forced_colors="active")
    *_, sign = opened.view.evaluate(LOOK, ".divided .sign")
    *_, sample = opened.view.evaluate(LOOK, ".legend .body")
    *_, ground = opened.view.evaluate(LOOK, ".divided .part")
    assert sign == sample != ground
