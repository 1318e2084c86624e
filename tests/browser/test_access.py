"""The page for everyone: no finding of axe-core or html-validate, targets large enough, nothing cut at 400 %."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap.layers import Pack
from lcrmap.library import compare, count, gaps, make_map
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def atlas(pack: Pack) -> str:
    return make_map(pack=pack).html


def without_policy(html: str) -> str:
    """The page without its own policy, which would not let axe-core in."""
    head, rest = html.split('<meta http-equiv="Content-Security-Policy"', 1)
    return head + rest.split(">", 1)[1]


def findings(opened: Any) -> list[str]:
    assert AXE.exists(), "axe-core is missing: run 'npm ci'."
    opened.page.add_script_tag(path=AXE)
    found = opened.view.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
    )
    return [
        f"{each['id']}: {[node['html'][:160] for node in each['nodes']][:3]}"
        for each in found["violations"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", "wide"), ("dark", "narrow")])
def test_axe_finds_nothing_on_the_atlas(
    open_page: Callable, atlas: str, scheme: str, width: str
) -> None:
    opened = open_page(without_policy(atlas), scheme=scheme, width=width)
    assert findings(opened) == []


@pytest.mark.parametrize("state", ["selected", "group", "search", "filtered", "help"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(open_page: Callable, scheme: str, state: str) -> None:
    opened = open_page(without_policy(write_document(samples.model())), scheme=scheme)
    view = opened.view
    if state == "selected":
        view.locator("button.open").first.click()
    elif state == "group":
        view.locator(".group").first.click()
    elif state == "search":
        view.locator("#search").fill("k")
        opened.press("ArrowDown")
    elif state == "filtered":
        view.locator("#filters").get_by_label("Southam").check()
    else:
        view.get_by_role("button", name="Keyboard help").click()
    opened.settle()
    assert findings(opened) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: build_model([]),
        lambda: build_model([LayerView(samples.places([]))]),
        lambda: build_model([LayerView(samples.many_points(1200))]),
        lambda: build_model([LayerView(samples.hostile())]),
        lambda: samples.model(basemap="osm"),
        samples.shaded,
    ],
    ids=["nothing", "no rows", "many points", "hostile", "base map", "shaded"],
)  # fmt: skip
def test_axe_finds_nothing_on_unusual_pages(open_page: Callable, make: Callable) -> None:
    opened = open_page(without_policy(write_document(make())), route=lambda route: route.abort())
    assert findings(opened) == []


def test_html_validate_finds_nothing(atlas: str, tmp_path: Path) -> None:
    pages = {
        "atlas": atlas,
        "sample": write_document(samples.model(basemap="osm")),
        "shaded": write_document(samples.shaded()),
        "hostile": write_document(build_model([LayerView(samples.hostile())])),
        "empty": write_document(build_model([])),
        "compare": compare("baseline", "four-stations", "trirx-closes").page().html,
    }
    for name, html in pages.items():
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8", newline="")
    program = ROOT / "node_modules" / ".bin" / "html-validate"
    options = [
        "--config",
        str(ROOT / ".htmlvalidate.json"),
        "--formatter",
        f"json={tmp_path}/found.json",
    ]
    done = subprocess.run(
        [str(program), *options, *map(str, sorted(tmp_path.glob("*.html")))],
        capture_output=True,
        text=True,
    )
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    lines = [f"{Path(each['filePath']).name}:{one['line']} {one['ruleId']} {one['message']}"
             for each in found for one in each["messages"]]  # fmt: skip
    assert lines == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_targets_are_at_least_24_pixels(open_page: Callable, atlas: str, width: str) -> None:
    opened = open_page(atlas, width=width)
    opened.view.locator("button.open").first.click()
    small = opened.view.evaluate(
        """() => [...document.querySelectorAll("button, select, input, summary, [role=button], label.switch")]
          .filter((node) => node.offsetParent !== null)
          .map((node) => [node, node.getBoundingClientRect()])
          .filter(([node, box]) => box.width < 24 || box.height < 24)
          .map(([node, box]) => `${node.tagName} ${node.className} ${box.width}x${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(open_page: Callable, atlas: str, width: int) -> None:
    opened = open_page(atlas)
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.settle()
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= width


def test_at_400_percent_the_map_leaves_room_to_scroll_past(open_page: Callable, atlas: str) -> None:
    opened = open_page(atlas)
    opened.page.set_viewport_size({"width": 320, "height": 256})
    opened.settle()
    assert opened.view.evaluate("document.getElementById('map').offsetHeight") <= 320


def test_motion_stops_where_it_is_not_wanted(open_page: Callable) -> None:
    opened = open_page(write_document(samples.model()), reduced_motion="reduce")
    assert opened.view.locator(".leaflet-zoom-anim").count() == 0


def test_forced_colours_keep_the_shapes(open_page: Callable) -> None:
    opened = open_page(write_document(samples.model()), forced_colors="active")
    assert opened.view.locator(".place svg .body").count() >= 3
    stroke = opened.view.evaluate("getComputedStyle(document.querySelector('.place .body')).stroke")
    halo = opened.view.evaluate("getComputedStyle(document.querySelector('.place .halo')).stroke")
    assert stroke != halo


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["count", "gaps"])
def test_axe_finds_nothing_on_pages_of_answers(
    open_page: Callable, pack: Pack, name: str, scheme: str
) -> None:
    """Circles and shades, and tables that scroll in their frames."""
    answer = (
        count("innovation-assets", areas="boroughs", by="sector", pack=pack)
        if name == "count"
        else gaps("rail-stations", 800, by="boroughs", pack=pack)
    )
    page = answer.page().html
    opened = open_page(without_policy(page), scheme=scheme)
    opened.page.set_viewport_size({"width": 700, "height": 900})
    opened.settle()
    assert findings(opened) == []
