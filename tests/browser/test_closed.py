"""The page is closed: it asks for nothing and says nothing, wherever it stands; and it is whole without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lcrmap.layers import Pack
from lcrmap.library import make_map
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.browser.conftest import SETTINGS
from tests.maps import samples


@pytest.fixture(scope="module")
def atlas(pack: Pack) -> str:
    return make_map(pack=pack).html


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_page_asks_for_nothing_and_says_nothing(open_page: Callable, setting: str) -> None:
    opened = open_page(write_document(samples.model()), setting=setting)
    view = opened.view
    view.locator(".map-buttons button").first.click()
    view.locator("#search").fill("cedar")
    view.locator("#search").press("Enter")
    view.locator(".sort").first.click()
    view.get_by_label("Show every symbol").check()
    # In a narrow frame the filters are folded.
    view.evaluate(
        "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
    )
    view.locator("#filters").get_by_label("Northam").check()
    opened.settle()
    assert opened.asked == []
    assert opened.said == []


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_atlas_asks_for_nothing_and_says_nothing(
    open_page: Callable, atlas: str, setting: str
) -> None:
    opened = open_page(atlas, setting=setting)
    opened.view.locator(".group").first.click()
    opened.settle()
    assert opened.asked == []
    assert opened.said == []


def test_no_name_of_ours_is_global(open_page: Callable) -> None:
    opened = open_page(write_document(samples.model()))
    known = open_page("<!DOCTYPE html><html class=ready><title>Empty</title>")
    listing = "() => Object.getOwnPropertyNames(window)"
    assert set(opened.view.evaluate(listing)) - set(known.view.evaluate(listing)) == set()


def test_the_policy_stops_foreign_script_and_style(open_page: Callable) -> None:
    html = write_document(samples.model())
    added = "<script>document.title='ran'</script><p id=styled style='color: rgb(1, 2, 3)'>x</p>"
    opened = open_page(html.replace("</main>", f"{added}</main>"))
    assert opened.page.title() != "ran"
    colour = opened.view.evaluate("getComputedStyle(document.getElementById('styled')).color")
    assert colour != "rgb(1, 2, 3)"
    assert len(opened.said) == 2


def test_without_script_the_atlas_names_every_place_source_and_count(
    open_page: Callable, atlas: str, pack: Pack
) -> None:
    from lcrmap.io.opening import open_layer

    opened = open_page(atlas, scripts=False)
    text = opened.text("body")
    for name in pack.role("atlas").options["layers"]:
        layer = open_layer(name, pack=pack)
        for _, row in layer.frame.iterrows():
            assert row["name"] in text
            assert not isinstance(row["source_title"], str) or row["source_title"] in text
        assert pack.metadata(name).title in text
    assert "Most innovation assets are in Liverpool: 32 of 56" in text
    assert "3 tax sites, 12 customs sites and 1 not identified" in text
    assert "not on the map: position not known" in text
    assert opened.view.locator("input, button, select").count() == 0
    assert opened.asked == []


def test_without_script_a_long_table_says_that_it_is_cut(open_page: Callable) -> None:
    layer = samples.many_points(1200)
    opened = open_page(write_document(build_model([LayerView(layer)])), scripts=False)
    assert opened.view.locator("tbody tr").count() == 1000
    assert opened.view.locator("tbody th").last.inner_text() == "Point 999"
    assert opened.view.locator("caption").all_inner_texts() == [
        "1,200 points.",
        "Points, 101 to 1,000",
    ]
    assert "The first 1,000 of 1,200 are listed here" in opened.text(".more")


def test_with_script_the_further_rows_of_a_long_table_are_never_parsed(open_page: Callable) -> None:
    opened = open_page(write_document(build_model([LayerView(samples.many_points(1200))])))
    assert opened.view.locator("tbody tr").count() == 100
    assert opened.view.locator("table").count() == 1
    assert opened.view.locator(".more").count() == 0
    assert "Page 1 of 12" in opened.text(".pager")


@pytest.mark.parametrize("answer", ["tiles", "none"])
def test_a_base_map_asks_one_host_and_does_without_it(open_page: Callable, answer: str) -> None:
    html = write_document(samples.model(basemap="osm"))
    assert "OpenStreetMap contributors" in html
    asked: list[str] = []
    one_pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )

    def handle(route):
        asked.append(route.request.url)
        if answer == "tiles":
            route.fulfill(body=one_pixel, content_type="image/png")
        else:
            route.abort()

    opened = open_page(html, route=handle)
    opened.page.wait_for_timeout(300)
    assert asked
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in asked)
    assert opened.view.locator(".place, .group").count() >= 3
    assert opened.view.locator("path.areas-area").count() == 2
    assert [each for each in opened.said if "ERR_FAILED" not in each] == []
