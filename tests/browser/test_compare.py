"""The page of a comparison in a browser: one of several scenarios at a time, for everyone, at a first look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap import compare
from lcrmap.layers import Pack
from tests.browser.test_access import findings, without_policy


@pytest.fixture(scope="module")
def one(pack: Pack) -> str:
    return compare("baseline", "four-stations", pack=pack).page().html


@pytest.fixture(scope="module")
def several(pack: Pack) -> str:
    return compare("baseline", "four-stations", "trirx-closes", pack=pack).page().html


def test_one_action_shows_another_scenario_and_hides_the_first(
    open_page: Callable[..., Any], several: str
) -> None:
    opened = open_page(several)
    legend = opened.view.locator("#legend")
    second = legend.get_by_role("group", name="TriRx at Speke closes: innovation assets")
    second.get_by_role("checkbox").first.check()
    opened.settle()
    shown = opened.view.locator("#legend .legend-layer:not(.off)[data-layer] > .legend-title")
    titles = [each.split("\n")[0].strip() for each in shown.all_inner_texts()]
    assert not any(each.startswith("Four stations open") for each in titles)
    assert sum(each.startswith("TriRx at Speke closes") for each in titles) == 2
    assert opened.view.locator(".place[aria-label^='TriRx Speke']").count() == 1
    assert not opened.view.locator("#now").is_visible()  # another scenario hides no place


def test_a_neighbourhood_that_may_be_as_before_is_not_said_to_have_no_data(
    open_page: Callable[..., Any], pack: Pack, tmp_path: Path
) -> None:
    hub = '[[change]]\nadd = "hub"\nto = "rail-stations"\nat = "53.486,-2.89"\nreason = "r"\n'
    (tmp_path / "hub.toml").write_text(f'title = "A hub"\n{hub}', encoding="utf-8")
    measure = "residents within 800m of rail-stations"
    found = compare("baseline", str(tmp_path / "hub.toml"), measure=measure, pack=pack)
    opened = open_page(found.page().html)
    opened.view.locator("#map").focus()
    heard = []
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowDown"):
        opened.press(key)
        heard.append(opened.view.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert any("Change as a share of residents up or as before" in each for each in heard), heard
    assert not any("no data" in each for each in heard)


def test_no_disc_hides_what_changes_and_what_does_not_is_faint(
    open_page: Callable[..., Any], one: str
) -> None:
    opened = open_page(one)
    assert opened.view.locator("#map .group").count() == 0
    for name in ("Liverpool Baltic", "Woodchurch", "Carr Mill", "Daresbury"):
        place = opened.view.locator(f".place[aria-label^='{name}']")
        assert place.count() == 1
        assert "faint" not in (place.get_attribute("class") or "")
    assert opened.view.locator(".place[aria-label^='Aigburth'].faint").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_axe_finds_nothing_on_comparisons(
    open_page: Callable[..., Any], several: str, scheme: str, width: str
) -> None:
    assert findings(open_page(without_policy(several), scheme=scheme, width=width)) == []


COVERED = """() => {
  const boxes = (which) => [...document.querySelectorAll(which)].map((each) => each.getBoundingClientRect());
  const signs = boxes(".place:not(.faint) .sample"), names = boxes(".name-areas");
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return {
    widths: signs.map((each) => each.width),
    named: signs.filter((sign) => names.some((name) => meet(name, sign))).length,
  };
}"""


@pytest.mark.parametrize(("width", "most"), [("wide", 18.5), ("narrow", 13)])
def test_what_comes_is_small_beside_the_gains_about_it_and_no_area_s_name_lies_on_it(
    open_page: Callable[..., Any], one: str, width: str, most: float
) -> None:
    """The 800 m about a station are 9 pixels on a wide screen and 7 on a phone: symbols of 24 pixels hid them."""
    opened = open_page(one, width=width)
    opened.view.locator("#map").focus()
    for keys in ([], ["-"]):  # seen from farther away names have less room
        for key in keys:
            opened.press(key)
        opened.settle()
        found = opened.view.evaluate(COVERED)
        assert len(found["widths"]) == 4
        assert max(found["widths"]) <= most
        assert found["named"] == 0
