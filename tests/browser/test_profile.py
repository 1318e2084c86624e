"""A profile's page: one sheet of paper, marks of word and shape, no finding of axe, and a phone without scrolling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from lcrmap.layers import Pack
from lcrmap.library import profile
from tests.browser.test_access import findings, without_policy

ASKED: dict[str, dict[str, Any]] = {
    "neighbourhood": {"place": "Birkenhead Central"},
    "borough": {"place": "Liverpool"},
    "ring": {"place": "L3 5QA", "ring": 2000},
    "long name": {"place": "Chinatown, St James & Georgian Quarter"},
}


@pytest.fixture(scope="module")
def pages(pack: Pack) -> dict[str, str]:
    return {
        name: profile(asked["place"], ring=asked.get("ring"), pack=pack).page().html
        for name, asked in ASKED.items()
    }


def on_paper(opened: Any) -> list[str]:
    document = pypdfium2.PdfDocument(opened.page.pdf(prefer_css_page_size=True))
    assert all(page.get_size() == pytest.approx((595, 842), abs=1) for page in document)
    return [page.get_textpage().get_text_range().replace("\r\n", " ") for page in document]


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_profile_is_one_sheet_with_all_its_parts(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, width: str
) -> None:
    sheets = on_paper(open_page(pages[name], width=width, scheme="dark"))
    assert len(sheets) == 1
    for said in (
        "Against the region",
        "Connectivity score",
        "Distance by road to the nearest green space",
        "What is near",
        "Where the figures come from",
        "Census 2021, as of 21 March 2021",
        "Sources and licences",
        "Open Government Licence",
        "lcrmap profile",
    ):
        assert said in sheets[0], said


def test_on_the_sheet_the_map_and_what_is_near_stand_beside_the_figures(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["neighbourhood"])
    opened.page.set_viewport_size({"width": 718, "height": 1047})  # 190 x 277 mm
    opened.page.emulate_media(media="print")
    opened.view.wait_for_selector("html.printing")
    places = {
        name: opened.view.locator(name).first.bounding_box()
        for name in ("#map", "#passage-1", "#passage-2", "#passage-3")
    }
    assert places["#passage-1"]["x"] > places["#map"]["x"] + places["#map"]["width"]
    assert places["#passage-2"]["x"] == pytest.approx(places["#map"]["x"], abs=2)
    assert places["#passage-2"]["y"] > places["#map"]["y"] + places["#map"]["height"]
    assert places["#passage-3"]["y"] > places["#passage-2"]["y"]
    opened.page.emulate_media(media="screen")
    opened.view.wait_for_selector("html:not(.printing)")
    assert opened.view.locator("#map").bounding_box()["width"] > 300


def test_better_and_worse_are_told_by_word_and_by_shape(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["neighbourhood"])
    figures = opened.view.locator("section:has(> #passage-1) tbody tr")
    marks = {
        row.locator("th").inner_text(): row.locator("td").last.inner_text() for row in figures.all()
    }
    assert marks["Unemployed"] == "\u25bc worse"
    assert marks["Connectivity score"] == "\u25b2 better"
    assert marks["No car"] == "\u2191 higher"
    assert len(marks) == 20


@pytest.mark.parametrize("name", ["neighbourhood", "ring"])
@pytest.mark.parametrize(("scheme", "width"), [("light", "wide"), ("dark", "narrow")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, scheme: str, width: str
) -> None:
    opened = open_page(without_policy(pages[name]), scheme=scheme, width=width)
    assert findings(opened) == []
    wide = opened.view.evaluate("document.documentElement.scrollWidth")
    assert wide <= (1280 if width == "wide" else 390)


def test_the_area_is_opened_by_keyboard(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["neighbourhood"])
    opened.view.locator("#map").focus()
    opened.press("ArrowRight", "Enter")
    assert "Birkenhead Central" in opened.view.locator("#panel").aria_snapshot()
