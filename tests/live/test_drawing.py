"""Lines and areas drawn on the served page by hand and by keys, in real Chromium, and what comes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live.conftest import LOOSE, SKERRIES, Running, run_here

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AREA, LINE = "Draw an area on the map", "Draw a line on the map"
SQUARE = ((100, 80), (220, 80), (220, 180), (100, 180))  # pixels of the map, on open sea


@pytest.fixture(scope="module")
def live(make_live: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A live map of points, areas with holes and parts, and lines."""
    folder = tmp_path_factory.mktemp("drawn") / "map"
    assert (
        run_here("live", "new", folder, "--pack", SKERRIES, "--edit", "isles,sound").returncode == 0
    )
    told = (folder / "live.toml").read_text()
    (folder / "live.toml").write_text(f'{told}layers = ["isles", "sound"]\n{LOOSE}')
    live = Running(folder)
    live.add("Ann", "edit")
    live.add("Bob", "edit")
    live.start()
    yield live
    live.stop()


class Desk:
    """One person's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.form = page.locator("#live-form")
        self.corners = page.locator("#field-corners")

    def new(self, layer: str, tool: str) -> None:
        """Open a new form and begin to draw."""
        self.page.get_by_role("button", name=f"Add one to {layer}").click()
        self.form.get_by_role("button", name=tool).click()
        expect(self.page.locator(".drawing-tools")).to_be_visible()
        expect(self.page.locator("#map")).to_be_focused()

    def edit(self, name: str) -> None:
        """Open the form of a feature by the keyboard."""
        self.page.locator("#search").fill(name)
        expect(self.page.locator("#found li").first).to_contain_text(name)
        self.page.keyboard.press("Enter")
        edit = self.page.locator("#panel-live").get_by_role("button", name="Edit")
        edit.focus()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#form-title")).to_be_focused(timeout=15_000)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a pixel of the map is on the screen."""
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def click(self, *spots: tuple[float, float], button: Any = "left") -> None:
        """Click on the map."""
        for spot in spots:
            self.page.mouse.move(*self.at(*spot), steps=2)
            self.page.mouse.click(*self.at(*spot), button=button)

    def heard(self, text: str) -> None:
        """Expect that a screen reader is told of something."""
        told = self.page.locator("[role=status]").filter(has_text=text)
        expect(told).to_have_count(1)

    def spots(self, count: int) -> list[list[float]]:
        """The corners in the text, when there are so many lines of them."""
        expect(self.corners).to_have_value(re.compile(rf"^(\s*[-\d.]+, [-\d.]+\s*\n?){{{count}}}$"))
        return [
            [float(each) for each in line.split(",")]
            for line in self.corners.input_value().splitlines()
            if line
        ]

    def save(self) -> None:
        """Save the form by the keyboard, and wait until it is gone."""
        self.form.get_by_role("button", name="Save").focus()
        self.page.keyboard.press("Enter")
        expect(self.form).to_be_hidden()


@pytest.fixture
def sit(browser: Browser, live: Running) -> Iterator[Callable[..., Desk]]:
    """Seat people, each in a browser of their own; what is refused by the policy or thrown fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def seat(name: str, width: int = 1280, **options: Any) -> Desk:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_default_timeout(15_000)
        page.goto(f"{live.url}/#token={live.tokens[name]}")
        page.wait_for_selector("#live-line[data-at=connected]")
        page.wait_for_timeout(1000)  # a page says nothing in its first second
        return Desk(page)

    yield seat
    for each in contexts:
        each.close()
    assert [each for each in faults if "status of 4" not in each] == []


def item(live: Running, layer: str, name: str) -> Any:
    """A feature as the server has it."""
    with live.client() as client:
        found = client.get(f"/collections/{layer}/items", params={"limit": 100}).json()["features"]
    return next(each for each in found if each["properties"]["called"] == name)


def test_an_area_is_drawn_and_the_other_sees_it(sit: Callable[..., Desk], live: Running) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    areas = bob.page.locator("path.areas-area")
    expect(areas).to_have_count(3)
    ann.new("Isles", AREA)
    ann.click(*SQUARE)
    ann.heard("Corner 4 set.")
    expect(ann.form).to_contain_text("It has 4 corners.")
    ann.page.keyboard.press("Backspace")
    ann.heard("The last corner is taken back; 3 are left.")
    ann.click(SQUARE[3])
    ann.heard("Corner 4 set.")
    ann.page.keyboard.press("Enter")
    ann.heard("Drawn with 4 corners.")
    spots = ann.spots(5)
    assert spots[0] == spots[4]
    assert spots[0][1] == spots[1][1] > spots[2][1]  # north up, as on the screen
    assert spots[0][0] == spots[3][0] < spots[1][0]
    ann.page.locator("#field-ref").fill("new")
    ann.page.locator("#field-called").fill("Drawn isle")
    ann.page.locator("#field-people").fill("3")
    ann.save()
    expect(ann.page.locator(".drawing-tools, .shaping, .drawing")).to_have_count(0)
    expect(areas).to_have_count(4)
    expect(bob.page.locator("#live-changes ~ ol li").first).to_contain_text("Ann added Drawn isle")
    assert item(live, "isles", "Drawn isle")["geometry"] == {
        "type": "Polygon",
        "coordinates": [spots[::-1]],  # drawn as a clock goes, and kept as GeoJSON has it
    }


def test_corners_are_moved_added_and_deleted_by_hand_and_each_step_undone(
    sit: Callable[..., Desk],
) -> None:
    ann = sit("Ann")
    ann.new("Isles", AREA)
    ann.click(*SQUARE)
    ann.page.locator(".drawing-tools").get_by_role("button", name="Finish").click()
    first = ann.spots(5)
    ann.page.mouse.move(*ann.at(220, 180))
    ann.page.mouse.down()
    ann.page.mouse.move(*ann.at(260, 220), steps=6)
    ann.page.mouse.up()
    ann.heard("The corner is moved.")
    moved = ann.spots(5)
    assert [one == two for one, two in zip(first, moved, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
    ]
    ann.click((160, 80))
    ann.heard("A corner is added; there are 5 now.")
    added = ann.spots(6)
    assert [each for each in added if each not in moved] == [added[1]]
    ann.click((100, 80), button="right")
    ann.heard("The corner is deleted; 4 are left.")
    assert ann.spots(5)[0] == added[1]
    undo = ann.form.get_by_role("button", name="Undo the last step")
    for there in (added, moved, first):
        undo.click()
        assert ann.spots(len(there)) == there
    expect(undo).to_be_enabled()
    undo.click()
    expect(ann.corners).to_have_value("")
    expect(undo).to_be_disabled()
    ann.form.get_by_role("button", name="Discard").click()


def test_escape_takes_a_drawing_back_and_then_ends_it_and_nothing_unfinished_is_sent(
    sit: Callable[..., Desk],
) -> None:
    ann = sit("Ann")
    ann.new("Isles", AREA)
    ann.page.evaluate(
        "() => document.querySelector('#map').addEventListener('click', () => document.body.classList.add('clicked'))"
    )
    inside = ann.page.locator("path.areas-area").first.bounding_box()
    middle = ann.page.locator("#map").bounding_box()
    assert inside is not None
    assert middle is not None
    x, y = inside["x"] - middle["x"] + inside["width"] / 2, inside["y"] - middle["y"] + 12
    ann.click(SQUARE[0], (x, y))
    ann.heard("Corner 2 set.")
    expect(ann.page.locator("body.clicked")).to_have_count(0)  # the map was told of no click
    ann.page.keyboard.press("Enter")
    ann.heard("An area needs three corners at least.")
    ann.form.get_by_role("button", name="Save").click()
    expect(ann.page.locator("#field-corners-fault")).to_contain_text("Finish the drawing")
    ann.page.locator("#map").focus()
    ann.page.keyboard.press("Escape")
    ann.heard("The drawing is taken back.")
    expect(ann.page.locator(".drawing-tools")).to_be_visible()
    ann.page.keyboard.press("Escape")
    expect(ann.page.locator(".drawing-tools")).to_have_count(0)
    expect(ann.form.get_by_role("button", name=AREA)).to_be_focused()
    expect(ann.corners).to_have_value("")
    assert ann.page.locator("#panel").is_hidden()  # a click set corners, and chose no place
    ann.form.get_by_role("button", name="Discard").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_line_is_drawn_and_then_changed_by_keys_alone(
    sit: Callable[..., Desk], live: Running, width: int
) -> None:
    ann, name = sit("Ann", width), f"Line {width}"
    ann.page.get_by_role("button", name="Add one to The sound").focus()
    ann.page.keyboard.press("Enter")
    single = ann.form.locator("summary")
    single.focus()
    ann.page.keyboard.press("Enter")
    add = ann.form.get_by_role("button", name="Add a corner after it")
    for count in (1, 2, 3):
        add.focus()
        ann.page.keyboard.press("Enter")
        ann.heard(f"A corner is added; there {'is' if count == 1 else 'are'} {count} now.")
    first, second, third = ann.spots(3)
    assert third[0] - second[0] == pytest.approx((second[0] - first[0]) / 2, abs=2e-6)
    expect(ann.page.locator("#map .placing")).to_have_count(1)
    ann.form.get_by_label("Step").select_option("1000")
    ann.form.get_by_role("button", name="north").focus()
    ann.page.keyboard.press("ArrowUp")
    ann.heard("Moved 1,000 m north.")
    assert ann.spots(3)[2][1] == pytest.approx(third[1] + 1000 / 111_195, abs=2e-6)
    ann.page.locator("#field-corner").select_option(index=1)
    ann.form.get_by_role("button", name="Delete it").focus()
    ann.page.keyboard.press("Enter")
    ann.heard("The corner is deleted; 2 are left.")
    kept = ann.spots(2)
    ann.page.keyboard.press("Enter")
    ann.heard("The corner is deleted; 1 is left.")
    ann.form.get_by_role("button", name="Undo the last step").focus()
    ann.page.keyboard.press("Enter")
    ann.heard("The last step is undone; there are 2 corners.")
    assert ann.spots(2) == kept
    ann.page.evaluate(AXE.read_text("utf-8"))
    found = ann.page.evaluate(
        "tags => axe.run(document, {runOnly: tags}).then(done => done.violations.map(one => one.id))",
        TAGS,
    )
    assert found == []
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert ann.page.evaluate(wide) <= 0
    ann.page.locator("#field-ref").fill(f"l{width}")
    ann.page.locator("#field-called").fill(name)
    ann.save()
    assert item(live, "sound", name)["geometry"] == {"type": "LineString", "coordinates": kept}


@pytest.mark.parametrize("name", ["Great Skerry", "Ynys"])
def test_holes_and_parts_stay_when_a_corner_is_dragged(
    sit: Callable[..., Desk], live: Running, name: str
) -> None:
    ann = sit("Ann")
    ann.edit(name)
    text = ann.corners.input_value()
    called = ann.page.locator("#field-called").input_value()
    before = item(live, "isles", called)["geometry"]
    ann.form.get_by_role("button", name="Move corners on the map").click()
    expect(ann.page.locator(".drawing-tools")).to_contain_text("Drag a corner")
    expect(ann.form).to_contain_text("They are in 2 lines or rings, which stay as many.")
    # The corners of the ring that is selected are dots of 8 pixels; halfway between them are smaller ones.
    spot = ann.page.evaluate(
        """() => {
          const dots = [...document.querySelectorAll("#map path")];
          const corners = dots.filter((one) => (one.getAttribute("d") ?? "").includes("a8,8"));
          const boxes = corners.map((one) => one.getBoundingClientRect());
          return boxes.map(({left, top, width, height}) => [left + width / 2, top + height / 2]);
        }"""
    )
    assert spot
    ann.page.mouse.move(*spot[0])
    ann.page.mouse.down()
    ann.page.mouse.move(spot[0][0] - 25, spot[0][1] - 25, steps=6)
    ann.page.mouse.up()
    ann.heard("The corner is moved.")
    expect(ann.corners).not_to_have_value(text)
    ann.save()
    after = item(live, "isles", called)["geometry"]
    assert after["type"] == before["type"]
    one, two = (json.dumps(each["coordinates"]) for each in (before, after))
    shape = re.compile(r"-?\d+(\.\d+)?")
    assert shape.sub("n", one) == shape.sub("n", two)  # as many parts, rings and corners
    assert one != two
    numbers = [[float(n[0]) for n in re.finditer(r"-?\d+(?:\.\d+)?", each)] for each in (one, two)]
    # One corner, which may close its ring.
    assert sum(a != b for a, b in zip(*numbers, strict=True)) in (2, 4)


def test_typed_corners_are_shown_and_what_breaks_a_rule_stays_in_the_form(
    sit: Callable[..., Desk],
) -> None:
    ann = sit("Ann")
    ann.new("Isles", AREA)
    ann.click((100, 80), (220, 180), (220, 80), (100, 180))  # crosses itself
    ann.click((100, 80))  # the first corner again ends it, as Enter does
    ann.heard("Drawn with 4 corners.")
    text = ann.corners.input_value()
    ann.page.locator("#field-ref").fill("bad")
    ann.page.locator("#field-called").fill("Bow tie")
    ann.page.locator("#field-people").fill("3")
    ann.form.get_by_role("button", name="Save").click()
    expect(ann.form.locator(".notice.fault")).to_contain_text("It was not saved:")
    expect(ann.corners).to_have_value(text)
    ann.form.get_by_role("button", name="Stop drawing").click()
    expect(ann.page.locator("path.shaping")).to_have_count(1)
    ann.corners.fill("60.5, -46\n60.6, -46\n60.6, -45.9")  # a ring that is not closed
    ann.corners.blur()
    expect(ann.form).to_contain_text("It has 3 corners.")
    ann.page.locator("#field-called").fill("Mended")
    ann.save()


def test_the_second_of_two_who_moved_a_corner_is_shown_both_shapes(
    sit: Callable[..., Desk],
) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    for one, by in ((ann, "ArrowUp"), (bob, "ArrowLeft")):
        one.edit("Swnd y Môr")
        one.form.locator("summary").click()
        one.page.locator("#field-corner").select_option(index=1)
        one.form.get_by_role("button", name="north").focus()
        one.page.keyboard.press(by)
    ann.save()
    bob.form.get_by_role("button", name="Save").click()
    clash = bob.form.locator(".clash")
    expect(clash).to_contain_text("Ann changed this at")
    expect(clash.get_by_role("radio")).to_have_count(2)
    for words in ("What was", "Yours", "Theirs"):
        expect(clash).to_contain_text(words)
    clash.get_by_role("radio").first.check()
    bob.form.get_by_role("button", name="Save what is chosen").click()
    expect(bob.form).to_be_hidden()


def test_without_the_tools_corners_can_still_be_typed(sit: Callable[..., Desk]) -> None:
    ann = sit("Ann")
    ann.page.route("**/assets/drawing.js", lambda route: route.fulfill(status=404))
    ann.page.get_by_role("button", name="Add one to Isles").click()
    ann.form.get_by_role("button", name=AREA).click()
    ann.heard("The drawing tools could not be loaded. Type the corners instead.")
    expect(ann.form.get_by_role("button", name=AREA)).to_be_enabled()
    expect(ann.corners).to_be_editable()
