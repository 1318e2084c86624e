"""Hostile text in every place that data can reach: nothing runs, and each text is shown as it was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lcrmap.maps.columns import clean
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.browser.conftest import SETTINGS
from tests.maps import samples


@pytest.fixture(scope="module")
def page() -> str:
    view = LayerView(samples.hostile())
    text = samples.hostile_texts()[0]
    return write_document(
        build_model([view, LayerView(samples.areas(), "areas")], title=text, subtitle=text,
                    summary=samples.hostile_texts(), command=text)
    )  # fmt: skip


def shown(text: str) -> str:
    """The text as a browser holds it: line ends are normalised in markup."""
    return clean(text).replace("\r\n", "\n")


@pytest.mark.parametrize("setting", SETTINGS)
def test_nothing_runs_and_nothing_is_asked_for(
    open_page: Callable, page: str, setting: str
) -> None:
    opened = open_page(page, setting=setting)
    for query in ("script", "${", "__proto__", "<", "\\"):
        opened.view.locator("#search").fill(query)
    opened.view.locator("#search").fill("img src")
    opened.view.locator("#search").press("Enter")
    opened.settle()
    assert "pwned" not in opened.view.evaluate("document.title").replace(
        "document.title='pwned'", ""
    )
    assert (
        opened.view.locator("img, iframe, object, embed, base, meta[http-equiv=refresh]").count()
        == 0
    )
    assert opened.asked == []
    assert opened.said == []


@pytest.mark.parametrize("scripts", [False, True], ids=["static", "live"])
def test_each_text_is_shown_as_written(open_page: Callable, page: str, scripts: bool) -> None:
    opened = open_page(page, scripts=scripts)
    names = opened.view.locator("table[data-layer='0'] tbody th").all()
    assert [each.text_content() for each in names] == [
        shown(each) for each in samples.hostile_texts()
    ]


def test_each_text_is_shown_in_the_panel(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    for number, text in enumerate(samples.hostile_texts()):
        opened.view.locator("table[data-layer='0'] tbody button.open").nth(number).evaluate(
            "(node) => node.click()"
        )
        assert opened.view.locator("#panel-title").text_content() == clean(text)


def test_no_link_leads_anywhere_but_to_http(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    links = opened.view.evaluate("[...document.links].map((link) => link.getAttribute('href'))")
    assert all(link.startswith(("#", "https://", "http://")) for link in links)


def test_a_direction_override_stays_in_its_cell(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    loose = opened.view.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const loose = [];
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const own = node.parentElement.closest("bdi, script, code, [role=option] > span");
            if (/[\\u202a-\\u202e\\u2066-\\u2069]/.test(node.data) && !own) loose.push(node.data);
          }
          return loose;
        }"""
    )
    assert loose == []
