"""Keys, fingers and a mouse on every kind of page, and what may change while a page is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lcrmap import catchment, count, gaps, make_map, near
from lcrmap.layers import Pack
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

KINDS: dict[str, Callable[[Pack], str]] = {
    "places": lambda pack: make_map("freeport-sites", pack=pack).html,
    "areas": lambda pack: make_map("boroughs", pack=pack).html,
    "gaps": lambda pack: gaps("rail-stations", 800, by="boroughs", pack=pack).page().html,
    "catchment": lambda pack: (
        catchment("investment-zone-sites", rings=[2000, 5000], pack=pack).page().html
    ),
    "near": lambda pack: near("freeport-sites", "rail-stations", within=800, pack=pack).page().html,
    "count": lambda pack: count("innovation-assets", areas="boroughs", pack=pack).page().html,
    "count by": lambda pack: (
        count("innovation-assets", areas="boroughs", by="sector", pack=pack).page().html
    ),
    "many points": lambda _: many(3_000),
}


def many(number: int) -> str:
    return write_document(build_model([LayerView(samples.many_points(number))]))


def drag(opened: Any, kind: str, *, far: int = 100) -> None:
    """Put a finger or mouse on the map, to the left of its middle, and move it so far to the right."""
    box = opened.view.locator("#map").bounding_box()
    x, y = box["x"] + 70, box["y"] + box["height"] / 2
    if kind == "mouse":
        opened.page.mouse.move(x, y)
        opened.page.mouse.down()
        opened.page.mouse.move(x + far, y, steps=5)
        opened.page.wait_for_timeout(300)  # at rest it does not go on by itself when it is let go
        opened.page.mouse.up()
        return
    client = opened.page.context.new_cdp_session(opened.page)
    for name, points in (
        ("touchStart", [{"x": x, "y": y}]),
        *(("touchMove", [{"x": x + step, "y": y}]) for step in range(20, far + 1, 20)),
        ("touchEnd", []),
    ):
        client.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": points})


def left_edge(opened: Any) -> float:
    """Where the first thing that is drawn on the map stands."""
    opened.settle()
    return float(
        opened.view.evaluate(
            "document.querySelector('.map [role=button]').getBoundingClientRect().x"
        )
    )


@pytest.mark.parametrize("name", KINDS)
def test_what_the_line_under_the_map_promises_holds(
    open_page: Callable[..., Any], pack: Pack, name: str
) -> None:
    """Arrow keys go to something with a name, Enter opens it, Escape leads back to the map, ? lists the keys."""
    opened = open_page(KINDS[name](pack))
    assert "Arrow keys go from place to place" in opened.text("#map-keys")
    opened.view.locator("#map").focus()
    opened.press("ArrowRight")
    assert opened.has_focus("#map [aria-label]")
    for _ in range(12):  # a disc is parted first
        opened.press("Enter")
        if opened.view.locator("#panel").is_visible():
            break
        opened.press("Enter")
    assert opened.text("#panel-title") not in ("", "Selected place")
    for _ in range(3):
        opened.press("Escape")
    assert opened.has_focus("#map")
    assert not opened.view.locator("#panel").is_visible()
    opened.press("?")
    assert opened.view.locator("#help").is_visible()
    assert opened.said == []


def test_the_mark_of_the_focus_moves_with_the_map(
    open_page: Callable[..., Any], pack: Pack
) -> None:
    opened = open_page(KINDS["gaps"](pack))
    opened.view.locator("#map").focus()
    opened.press("Home")
    while not opened.has_focus(".stand-in"):
        opened.press("ArrowRight")
    before = opened.view.locator(".stand-in").bounding_box()
    opened.press("Shift+ArrowRight")
    after = opened.view.locator(".stand-in").bounding_box()
    assert before["x"] - after["x"] == 160


@pytest.mark.parametrize(("mobile", "hand"), [(False, "mouse"), (True, "mouse")])
def test_a_mouse_moves_the_map_also_where_a_finger_may(
    open_page: Callable[..., Any], mobile: bool, hand: str
) -> None:
    """On a laptop with a touch screen, and on a tablet with a mouse."""
    opened = open_page(write_document(samples.model()), has_touch=True, is_mobile=mobile)
    before = left_edge(opened)
    drag(opened, hand)
    assert left_edge(opened) - before == pytest.approx(100, abs=20)


@pytest.mark.parametrize("mobile", [False, True])
def test_one_finger_leaves_the_map_where_it_is(open_page: Callable[..., Any], mobile: bool) -> None:
    opened = open_page(write_document(samples.model()), has_touch=True, is_mobile=mobile)
    before = left_edge(opened)
    drag(opened, "finger")
    assert left_edge(opened) == before
    drag(opened, "mouse")
    assert left_edge(opened) > before
    assert "two fingers" in opened.text("#map-keys")


@pytest.mark.parametrize("mobile", [False, True])
def test_a_finger_drawn_across_the_map_does_not_leave_the_page(
    open_page: Callable[..., Any], mobile: bool
) -> None:
    """A browser takes a long swipe to the right for a wish to go back to the page before."""
    opened = open_page(write_document(samples.model()), has_touch=True, is_mobile=mobile)
    address = opened.page.url
    drag(opened, "finger", far=600)
    opened.page.wait_for_timeout(500)  # the browser goes back when the finger has been lifted
    assert opened.page.url == address


def test_a_window_made_narrow_has_short_pages_of_cards(open_page: Callable[..., Any]) -> None:
    opened = open_page(many(3_000))
    rows = opened.view.locator("tbody tr")
    opened.view.get_by_role("button", name="Next").click()
    first = rows.first.inner_text()
    assert rows.count() == 100
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.settle()
    assert rows.count() == 20
    assert rows.first.inner_text().split()[:2] == first.split()[:2]
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    opened.settle()
    assert rows.count() == 100


@pytest.mark.parametrize("kind", ["points", "areas"])
def test_a_canvas_is_drawn_anew_on_a_finer_screen(open_page: Callable[..., Any], kind: str) -> None:
    page = many(3_000) if kind == "points" else write_document(
        build_model([LayerView(samples.many_areas(2_500))])
    )  # fmt: skip
    opened = open_page(page)
    opened.page.set_viewport_size({"width": 1280, "height": 1800})
    opened.settle()
    ratio = "(() => { const c = document.querySelector('.map canvas'); return c.width / c.clientWidth; })()"
    assert opened.view.evaluate(ratio) == pytest.approx(1, abs=0.01)
    client = opened.page.context.new_cdp_session(opened.page)
    for density, height in ((2, 1801), (1, 1802)):  # so high that the map keeps its size
        client.send("Emulation.setDeviceMetricsOverride", {
            "width": 1280, "height": height, "deviceScaleFactor": density, "mobile": False,
        })  # fmt: skip
        opened.settle()
        opened.settle()
        assert opened.view.evaluate(ratio) == pytest.approx(density, abs=0.01)


def test_less_motion_may_be_asked_for_later(open_page: Callable[..., Any]) -> None:
    opened = open_page(write_document(samples.model()))
    opened.page.emulate_media(reduced_motion="reduce")
    opened.settle()
    box = opened.view.locator("#map").bounding_box()
    opened.view.evaluate("""() => {
      window.moving = 0;
      new MutationObserver(() => { window.moving += document.querySelectorAll('.leaflet-zoom-anim').length; })
        .observe(document.getElementById('map'), {subtree: true, attributes: true, attributeFilter: ['class']});
    }""")
    opened.view.locator("#map").focus()
    opened.page.mouse.move(box["x"] + 400, box["y"] + 300)
    opened.page.mouse.wheel(0, -200)
    opened.page.wait_for_timeout(500)
    assert opened.view.evaluate("window.moving") == 0
    opened.page.emulate_media(reduced_motion="no-preference")
    opened.page.mouse.wheel(0, -200)
    opened.page.wait_for_timeout(500)
    assert opened.view.evaluate("window.moving") > 0


def test_a_map_that_is_shown_later_has_the_view_it_was_asked_for(
    open_page: Callable[..., Any],
) -> None:
    """In a tab or in folded details a map has no size at first."""
    opened = open_page(write_document(samples.model()), setting="http")
    hide = "(hide) => { document.getElementById('first').hidden = hide; }"
    opened.view.evaluate(hide, True)
    opened.settle()
    opened.view.evaluate("location.hash = 'at=14,53.41,-2.95'")
    opened.settle()
    opened.view.evaluate(hide, False)
    opened.settle()
    opened.page.wait_for_timeout(300)  # the address is written a little later
    zoom, lat, lon = opened.view.evaluate("location.hash.slice(4).split('%2C').map(Number)")
    assert (zoom, lat, lon) == (14, pytest.approx(53.41, abs=1e-4), pytest.approx(-2.95, abs=1e-4))
    assert opened.said == []


def box_of(opened: Any, selector: str) -> dict[str, float]:
    return dict(opened.view.locator(selector).bounding_box())


@pytest.mark.parametrize("kind", ["points", "areas"])
def test_what_the_pointer_rests_on_is_named_until_escape(
    open_page: Callable[..., Any], kind: str
) -> None:
    """The tip can be pointed at itself, and the first Escape takes it away and nothing else."""
    page = many(3_000) if kind == "points" else write_document(samples.model())
    opened = open_page(page)
    tip = opened.view.locator(".tip")
    opened.view.locator("#map").focus()
    if kind == "points":
        opened.press("ArrowRight")
        spot = box_of(opened, ".stand-in")
        x, y = spot["x"] + 16, spot["y"] + 16
        opened.press("Escape")
    else:
        spot = box_of(opened, "path.areas-area >> nth=1")
        x, y = spot["x"] + 30, spot["y"] + spot["height"] - 30
    assert not tip.is_visible()
    opened.page.mouse.move(x, y)
    tip.wait_for()
    assert ("near Point" if kind == "points" else "Southam") in tip.inner_text()
    if kind == "points":
        assert opened.view.locator(".map.over-point").count() == 1
    at = box_of(opened, ".tip")
    assert abs(at["x"] - x) < 30
    opened.page.mouse.move(at["x"] + 5, at["y"] + at["height"] / 2, steps=3)
    opened.page.wait_for_timeout(400)
    assert tip.is_visible()
    opened.press("Escape")
    if kind == "areas":  # as browsers may say of what lies under the tip that went: no hand moved
        over = "node => node.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))"
        opened.view.locator("path.areas-area >> nth=1").evaluate(over)
    assert not tip.is_visible()
    opened.page.mouse.move(x, y)
    tip.wait_for()
    opened.page.mouse.move(2, 2)
    tip.wait_for(state="hidden")
    assert opened.said == []
