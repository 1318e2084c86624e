"""A layer of 300 categories: each can be reached as a filter, by pointer, keys and address, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pytest
import shapely
from playwright.sync_api import expect

from lcrmap.layers import Field, Layer, Metadata
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.browser.test_access import findings, without_policy

KINDS = [f"Kind {number:03}" for number in range(300)]


@pytest.fixture(scope="module")
def page() -> str:
    """Two places of each kind, three of the first seven."""
    kinds = [*KINDS, *KINDS, *KINDS[:7]]
    shapes = [shapely.Point(-3 + n % 40 / 100, 53.3 + n // 40 / 100) for n in range(len(kinds))]
    frame = gpd.GeoDataFrame(
        {"name": [f"Place {n}" for n in range(len(kinds))], "kind": kinds},
        geometry=shapes,
        crs="EPSG:4326",
    )
    fields = (Field("name", "Name"), Field("kind", "Kind"))
    known = Metadata("places", "Places", label="name", category="kind", fields=fields)
    return write_document(build_model([LayerView(Layer(frame, known))]))


def shown(opened: Any) -> str:
    return opened.text("#legend .legend-title .count")


def test_the_list_is_made_when_it_is_opened(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    each = opened.view.locator(".each")
    assert each.locator("summary").inner_text() == "Each of these 293 categories"
    assert each.locator("input[type=checkbox]").count() == 0
    each.locator("summary").click()
    expect(each.locator("input[type=checkbox]")).to_have_count(293)  # made once it is open
    expect(each.get_by_label("Kind 299 (2)")).to_be_checked()
    assert opened.said == []


def test_a_category_is_found_and_switched_by_keys_alone(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    opened.page.wait_for_timeout(1000)  # nothing is said of a page that opens
    opened.view.locator(".each summary").focus()
    opened.press("Enter", "Tab")
    opened.page.keyboard.type("kind 12")
    expect(opened.view.locator(".each li")).to_have_count(10)
    opened.view.wait_for_selector("#status >> text=10 of 293 categories", state="attached")
    opened.press("Tab", "Space")
    assert shown(opened) == "(605)"
    assert "605 places of 607" in opened.text("#now")
    assert opened.has_focus(".each input[type=checkbox]")
    assert "(0)" in opened.text(".each li:first-child")
    mixed = "node => node.indeterminate"
    box = opened.view.locator("#legend li:has(.each) > .switch input")
    assert box.evaluate(mixed)
    box.click()  # what is mixed becomes one
    assert not box.evaluate(mixed)


def test_one_alone_is_shown(open_page: Callable, page: str) -> None:
    opened = open_page(page)
    opened.view.locator("#legend li:has(.each) > .switch input").uncheck()
    opened.view.locator(".each summary").click()
    opened.view.get_by_label("Find one of these categories").fill("nowhere")
    assert "No category has this in its name." in opened.text(".each")
    opened.view.get_by_label("Find one of these categories").fill("299")
    opened.view.locator(".each").get_by_label("Kind 299").check()
    assert shown(opened) == "(23)"


def test_the_address_names_it_by_value_and_back_goes_back(open_page: Callable, page: str) -> None:
    opened = open_page(page, setting="http")
    opened.view.locator(".each summary").click()
    opened.view.locator(".each").get_by_label("Kind 250").uncheck()
    opened.page.wait_for_timeout(300)  # the address is written after the last of some changes
    assert opened.page.url.endswith("#without=places%253AKind%2520250")
    opened.page.evaluate("location.hash = '#others=places&with=places%253AKind%2520251'")
    opened.view.wait_for_selector("#legend .legend-title .count >> text=(23)")
    assert opened.view.locator(".each").get_by_label("Kind 251").is_checked()
    assert not opened.view.locator(".each").get_by_label("Kind 250").is_checked()
    opened.page.go_back()
    opened.view.wait_for_selector("#legend .legend-title .count >> text=(605)")
    assert not opened.view.locator(".each").get_by_label("Kind 250").is_checked()
    opened.page.go_forward()
    opened.view.wait_for_selector("#legend .legend-title .count >> text=(23)")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_opened_list_is_accessible(open_page: Callable, page: str, width: str) -> None:
    opened = open_page(without_policy(page), width=width)
    opened.view.locator(".each summary").click()
    assert findings(opened) == []
    assert opened.view.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_without_script_the_table_has_them_all(open_page: Callable, page: str) -> None:
    opened = open_page(page, scripts=False)
    assert opened.view.locator(".each").count() == 0
    cells = opened.view.locator("tbody tr td").all_inner_texts()
    assert set(KINDS) <= set(cells)
