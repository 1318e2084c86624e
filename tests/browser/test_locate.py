"""The pages of a choice and of shared access in a browser: who is chosen at a first look, for everyone, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lcrmap import access, locate
from lcrmap.layers import Pack
from tests.browser.test_access import findings, without_policy

CHOSEN = ("1. Norris Green East", "2. Anfield East", "3. Yewtree")


@pytest.fixture(scope="module")
def choice(pack: Pack) -> str:
    return locate("rail-stations", "neighbourhoods", choose="1..3", pack=pack).page().html


@pytest.fixture(scope="module")
def hubs(pack: Pack) -> str:
    asked: dict[str, Any] = {"aim": "reach", "within": "2km", "choose": 2}
    favour = "most_deprived_tenth=1..10"
    found = locate("innovation-assets", "neighbourhoods", favour=favour, pack=pack, **asked)
    return found.page().html


@pytest.fixture(scope="module")
def shared(pack: Pack) -> str:
    return access("innovation-assets", within="5km", decay="gaussian", pack=pack).page().html


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_each_place_chosen_has_its_number_on_the_map_as_it_opens(
    open_page: Callable[..., Any], choice: str, width: str
) -> None:
    opened = open_page(choice, width=width)
    opened.settle()
    written = opened.view.locator("#map .name-place").all_inner_texts()
    assert sorted(each.strip()[:2] for each in written) == ["1.", "2.", "3."]
    # All by their names, or all by their numbers.
    said = sorted(each.strip() for each in written)
    assert said in ([*CHOSEN], [each[:2] for each in CHOSEN])


def test_the_keyboard_goes_to_each_place_chosen(open_page: Callable[..., Any], choice: str) -> None:
    opened = open_page(choice)
    opened.view.locator("#search").fill("Yewtree")
    opened.press("Enter")
    opened.settle()
    assert "Yewtree" in opened.text("#panel")
    opened.view.locator("#map").focus()
    heard = set()
    for key in ("Home", *["ArrowRight"] * 3, *["ArrowLeft"] * 3, *["ArrowDown"] * 3):
        opened.press(key)
        heard.add(opened.view.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(heard) > 3
    assert all(heard), heard


def test_lines_to_those_served_are_off_until_asked_for(
    open_page: Callable[..., Any], choice: str
) -> None:
    opened = open_page(choice)
    box = opened.view.get_by_role(
        "checkbox", name="From each neighbourhood to the place that serves it"
    )
    assert not box.is_checked()
    before = opened.view.locator("#map path").count()
    box.check()
    opened.settle()
    assert opened.view.locator("#map path").count() > before


@pytest.mark.parametrize("page", ["choice", "hubs", "shared"])
def test_the_pages_ask_for_nothing_and_say_nothing(
    open_page: Callable[..., Any], page: str, request: pytest.FixtureRequest
) -> None:
    opened = open_page(request.getfixturevalue(page))
    opened.view.locator("#map").focus()
    opened.press("Home", "Enter")
    opened.settle()
    assert opened.asked == []
    assert opened.said == []


@pytest.mark.parametrize("page", ["choice", "hubs", "shared"])
@pytest.mark.parametrize(("scheme", "width"), [("light", "narrow"), ("dark", "wide")])
def test_axe_finds_nothing_on_the_pages(
    open_page: Callable[..., Any],
    page: str,
    scheme: str,
    width: str,
    request: pytest.FixtureRequest,
) -> None:
    html = without_policy(request.getfixturevalue(page))
    assert findings(open_page(html, scheme=scheme, width=width)) == []


def test_without_script_the_choice_is_told_with_its_proof_and_price(
    open_page: Callable[..., Any], hubs: str, choice: str
) -> None:
    text = open_page(hubs, scripts=False).text("body")
    assert "What it costs to put residents in the most deprived tenth first" in text
    assert "this was proved, not tried" in text
    assert "Method and proof" in text
    text = open_page(choice, scripts=False).text("body")
    for said in (*CHOSEN, "What each further one adds", "The next best choices", "Who gains, by"):
        assert said in text


@pytest.mark.parametrize("page", ["choice", "shared"])
def test_nothing_scrolls_sideways_on_a_phone(
    open_page: Callable[..., Any], page: str, request: pytest.FixtureRequest
) -> None:
    opened = open_page(request.getfixturevalue(page), width="narrow")
    wide = opened.view.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
