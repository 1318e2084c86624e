"""Pages of what is known of areas: axe, keyboard, paper, no network; and figures at the first look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from lcrmap.layers import Pack
from lcrmap.library import gaps, make_map, open_layer, profile
from tests.browser.test_access import findings, without_policy
from tests.browser.test_first_look import boxes

CENSUS = "Office for National Statistics: Census 2021"
DEPRIVATION = "English Indices of Deprivation 2025"
SAID = {
    "no car": ("Liverpool City Region: 30.2%", CENSUS),
    "care": ("Highest: ", CENSUS),
    "both": ("Highest third of both: 331,346 residents", DEPRIVATION),
    "older": ("residents aged 75 and over", "NHS England"),
    "profile": ("worse: ", "English Indices of Deprivation 2025"),
    "own": ("Liverpool City Region: 30.2%", CENSUS),
    "small bases": ("Highest: ", DEPRIVATION),
}
"""What stands beside the map of each page at first look, and a source that its credits name."""


@pytest.fixture(scope="module")
def pages(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    codes = open_layer("small-areas", pack=pack).frame["code"]
    own = tmp_path_factory.mktemp("own") / "own.csv"
    rows = [f"{code},{number % 97}\n" for number, code in enumerate(codes)]
    own.write_text("lsoa,jobs\n" + "".join(rows), encoding="utf-8")
    per = {"shade": "industry_q", "per": "employed_residents"}
    shades = ["small-areas:no_car", "own:jobs"]
    children = {"shade": "income_deprived_children", "per": "age_0_14"}
    made: dict[str, Any] = {
        "no car": make_map("small-areas", shade="no_car", pack=pack),
        "care": make_map("neighbourhoods", **per, pack=pack),
        "both": make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack),
        "older": gaps("gp-surgeries", "1km", of="age_75_plus", by="boroughs", pack=pack).page(),
        "profile": profile("Birkenhead Central", pack=pack).page(),
        "own": make_map(["small-areas", str(own)], shade=shades, pack=pack),
        "small bases": make_map("small-areas", **children, pack=pack),
    }
    return {name: each.html for name, each in made.items()}


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize(("scheme", "width"), [("light", "wide"), ("dark", "narrow")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, scheme: str, width: str
) -> None:
    opened = open_page(without_policy(pages[name]), scheme=scheme, width=width)
    # axe takes rows that Chromium has not laid out yet for hidden behind what follows.
    opened.page.add_style_tag(content=".table-part.long { content-visibility: visible; }")
    assert findings(opened) == []
    wide = opened.view.evaluate("document.documentElement.scrollWidth")
    assert wide <= (1280 if width == "wide" else 390)


@pytest.mark.parametrize("name", SAID)
def test_figures_stand_beside_the_map_and_an_area_opens_by_keyboard(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name])
    area, figures, search = boxes(opened, "#map", ".glance", "#search")
    assert figures["left"] >= area["right"]
    assert figures["top"] >= area["top"] - 8
    assert figures["bottom"] <= area["bottom"] <= 900
    assert search["bottom"] <= 900
    said, source = SAID[name]
    assert said in opened.text(".glance")
    assert source in opened.view.locator("body").text_content()
    opened.view.locator("#map").focus()
    opened.press("ArrowRight", "Enter")
    assert opened.view.locator("#panel").is_visible()
    opened.settle()
    assert opened.asked == []
    assert opened.said == []


@pytest.mark.parametrize("name", SAID)
def test_on_paper_are_the_headline_and_the_sources(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name], scheme="dark")
    headline = opened.text("h1")
    document = pypdfium2.PdfDocument(opened.page.pdf(prefer_css_page_size=True))
    texts = [each.get_textpage().get_text_range().replace("\r\n", " ") for each in document]
    assert headline.split(" ")[0] in texts[0]
    assert any(SAID[name][1] in each for each in texts)
    assert any("Open Government Licence" in each for each in texts)


def test_of_two_shades_of_the_same_areas_one_is_seen_at_a_time(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["own"])
    first = opened.view.get_by_role("checkbox", name="Small areas", exact=False).first
    second = opened.view.get_by_role("checkbox", name="Own", exact=False).first
    assert (first.is_checked(), second.is_checked()) == (True, False)
    second.focus()
    opened.press("Space")
    opened.settle()
    assert (first.is_checked(), second.is_checked()) == (False, True)


def test_a_small_base_is_told_by_a_symbol_in_legend_and_table(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["small bases"])
    legend = opened.text("#legend")
    assert "Small base: fewer than 100 residents" in legend
    assert opened.view.locator(".map .place").count() > 0
    assert "residents: small" in opened.view.locator("#tables").text_content()
