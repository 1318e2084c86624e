"""Readings on the served page, in real Chromium: the table, the chart in which a gap is a gap, and what is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.conftest import LOOSE, Running

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ODD = "<script>alert(1)</script>"
MEASURE = """
[[station.measure]]
property = "level"
title = "Water level"
unit = "m"
interval = "15m"
high = 2
flood = 3
"""
STATIONS = f"""
[[station]]
id = "a b&c"
title = "{ODD}"
longitude = 60.05
latitude = -46.0
{MEASURE}
[[station]]
id = "quiet"
title = "Quiet bay"
longitude = 60.2
latitude = -45.87
{MEASURE}"""


@pytest.fixture(scope="module")
def live(make_live: Callable[..., Running]) -> Running:
    """A live map of two stations, one of which has a gap of an hour between its readings."""
    live = make_live(settings=f"{LOOSE}{STATIONS}")
    post(live, *((minutes, 1 + minutes / 1000) for minutes in (5, 20, 35, 95, 110)))
    return live


def post(live: Running, *readings: tuple[float, float]) -> None:
    """Add readings: how many minutes ago, and the value."""
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = [
        {
            "station": "a b&c",
            "property": "level",
            "time": (now - timedelta(minutes=minutes)).isoformat(),
            "value": value,
        }
        for minutes, value in readings
    ]
    with live.client("Ann") as ann:
        done = ann.post("/readings", content="\n".join(map(json.dumps, rows)).encode())
        assert done.status_code == 200, done.text


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, live: Running, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, of nobody in particular; whatever is wrong on it fails the test."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    found, faults = context.new_page(), []
    found.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.goto(live.url)
    found.wait_for_selector("#live-line[data-at=connected]")
    yield found
    context.close()
    assert faults == []


def test_the_table_and_the_chart_say_what_was_measured(page: Page) -> None:
    part = page.locator(".live-readings")
    rows = part.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(ODD)
    expect(rows.first).to_contain_text("1.005 m")
    expect(rows.first).to_contain_text("normal")
    expect(rows.nth(1)).to_contain_text("no reading so far")
    button = rows.first.get_by_role("button", name="Chart")
    button.focus()
    page.keyboard.press("Enter")
    expect(part.locator("h4")).to_be_focused()
    expect(part.locator("svg path.run")).to_have_count(2)  # a gap is a gap
    expect(part.locator("svg path.level")).to_have_count(2)
    expect(part.get_by_role("img")).to_have_attribute(
        "aria-label",
        "5 readings between 1.005 m and 1.11 m, with 1 gap; they are in the table that follows.",
    )
    part.locator("summary").click()
    listed = part.locator("details tbody tr")
    expect(listed).to_have_count(6)
    expect(listed.nth(3)).to_have_text("No readings")
    expect(listed.first).to_contain_text("1.005 m")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run('.live-readings', {runOnly: tags}).then(done => done.violations.map(one => one.id))",
        TAGS,
    )
    assert found == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    part.get_by_role("button", name="Close").click()
    expect(part.locator("svg")).to_have_count(0)
    expect(button).to_be_focused()
    rows.nth(1).get_by_role("button", name="Chart").click()
    expect(part).to_contain_text("There is no reading of the last 7 days.")


def test_a_new_reading_is_shown_and_said_and_takes_no_focus(page: Page, live: Running) -> None:
    row = page.locator(".live-readings tbody tr").first
    button = row.get_by_role("button", name="Chart")
    button.focus()
    page.wait_for_timeout(1000)  # a page says nothing in its first second
    post(live, (0, 3.25))
    expect(row).to_contain_text("3.25 m")
    expect(row).to_contain_text("flood level")
    said = page.locator("[role=status]").filter(
        has_text=f"{ODD}, Water level: 3.25 m, flood level."
    )
    expect(said).to_have_count(1)
    expect(button).to_be_focused()
    post(live, (0, 1))
    expect(row).to_contain_text("normal")


def test_stations_stand_on_the_map_with_sign_and_word_and_follow_what_is_measured(
    page: Page, live: Running
) -> None:
    post(live, (0, 1))
    marks = page.locator("#map .station-mark")
    expect(marks).to_have_count(2)
    quiet = page.get_by_role("button", name="Quiet bay, no reading so far", exact=False).first
    expect(quiet).to_be_attached()
    signs = page.locator("#map .plate-sign").evaluate_all(
        "all => all.map((one) => one.getAttribute('d'))"
    )
    assert len(set(signs)) == 2  # told apart without colour
    legend = page.get_by_role("group", name="Stations")
    for words in ("Stations (2)", "normal (1)", "no reading so far (1)"):
        expect(legend).to_contain_text(words)
    place = page.locator(".live-readings tbody tr").first.get_by_role("button", name="on the map")
    place.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".station")
    expect(popup).to_be_focused()
    expect(popup.locator("h3")).to_have_text(ODD)
    expect(popup).to_contain_text("Water level: 1 m at")  # also where the popup was quicker
    page.wait_for_function(  # the popup stands clear of the buttons when the map has moved
        """() => {
          const boxes = ["#map", ".station"].map((one) => document.querySelector(one));
          const [map, station] = boxes.map((one) => one.getBoundingClientRect());
          return map.left + 52 <= station.left && station.right <= map.right;
        }"""
    )
    post(live, (0, 3.5))
    expect(popup).to_contain_text("Water level: 3.5 m at")
    expect(popup.locator(".station-state")).to_have_text(" flood level")
    expect(legend).to_contain_text("flood level (1)")
    told = re.compile("flood level, Water level: 3.5 m at")
    expect(page.locator("#map").get_by_role("button", name=told)).to_have_count(1)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags}).then(done => done.violations.map(one => one.id))",
        TAGS,
    )
    assert found == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".live-chart h4")).to_be_focused()
    place.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(place).to_be_focused()
    legend.get_by_role("checkbox").uncheck()
    expect(marks).to_have_count(0)
    legend.get_by_role("checkbox").check()
    expect(marks).to_have_count(2)
    post(live, (0, 1))
    expect(legend).to_contain_text("normal (1)")
