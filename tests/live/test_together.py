"""The served page in real Chromium: people side by side, each in a browser of their own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.live.conftest import LOOSE, SKERRIES, Running, run_here
from tests.live.seats import Seat, seats

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BOAT = "Boathouse"
ODD = "<script>alert(1)</script>"
TABLE = '.table-part:has(caption:has-text("landing"))'


@pytest.fixture
def sit(browser: Browser, live: Running) -> Iterator[Callable[..., Seat]]:
    """Seat people before the live map."""
    with seats(browser, live) as seat:
        yield seat


def test_people_see_one_another_go_and_follow(sit: Callable[..., Seat]) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    expect(ann.page.locator("#live-line")).to_contain_text(
        "You are Ann; you may read, comment and edit."
    )
    assert "token" not in ann.page.url
    here = ann.page.locator("section:has(> #live-here)")
    expect(here).to_contain_text("1 person is here besides you.")
    bob.choose(BOAT)
    expect(here.locator("li")).to_have_text(re.compile("Bob looks at Boathouse"))
    follow = here.get_by_role("button", name="Follow Bob")
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    ann.heard("You follow Bob.")
    expect(ann.page.locator("path.others")).to_have_count(1)
    before = ann.page.url
    bob.page.locator("#panel").get_by_role("button", name="Zoom to the place").click()
    expect(ann.page).not_to_have_url(before)  # the view stands in the address
    ann.page.locator("#map").focus()
    ann.page.keyboard.press("Shift+ArrowLeft")
    expect(follow).to_have_attribute("aria-pressed", "false")
    bob.page.get_by_label("Be invisible to the others").check()
    expect(here.locator("li")).to_have_count(0)
    bob.choose("Lost hut")
    ann.page.wait_for_timeout(3000)  # where somebody looks is told every two seconds at most
    expect(here.locator("li")).to_have_count(0)


def test_a_comment_that_is_not_sent_is_kept_while_another_place_is_looked_at(
    sit: Callable[..., Seat],
) -> None:
    bob = sit("Bob")
    bob.choose(BOAT)
    bob.press("Comments")
    bob.page.locator("#live-comment").fill("Half a thou")
    bob.choose("Lost hut")
    bob.choose(BOAT)
    bob.press("Comments")
    expect(bob.page.locator("#live-comment")).to_have_value("Half a thou")


def test_the_error_of_a_new_position_is_what_is_said_of_it(sit: Callable[..., Seat]) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    ann.edit("Raft in the lagoon")
    bob.choose("Raft in the lagoon")
    ann.page.locator(".ways .west").click()
    ann.page.locator("#field-position_error_m").fill("200")  # as it was
    ann.press("Save")
    ann.heard("Raft in the lagoon is saved.")
    bob.recent("Ann moved Raft in the lagoon.")
    expect(bob.page.locator("#panel-body")).to_contain_text("within 200 m")


def test_who_types_on_when_the_server_is_back_is_not_interrupted(
    sit: Callable[..., Seat], live: Running
) -> None:
    ann = sit("Ann")
    ann.edit(BOAT)
    note = ann.page.locator("#field-note")
    note.fill("First")
    live.stop(signal.SIGKILL)
    ann.page.wait_for_selector("#live-line[data-at=lost]")
    ann.press("Save")
    expect(ann.page.locator("#live-form .notice")).to_contain_text("What you wrote is kept here")
    note.fill("First, and more")
    live.start()
    ann.page.wait_for_selector("#live-line[data-at=connected]", timeout=40_000)
    expect(ann.page.locator("#live-form .notice")).to_have_text(
        "The server is back: save to send what you wrote."
    )
    expect(note).to_be_focused()
    ann.press("Save")
    ann.heard("Boathouse is saved.")
    expect(ann.page.locator("#panel-body")).to_contain_text("First, and more")


def test_who_is_revoked_is_told_so_and_keeps_the_words(
    sit: Callable[..., Seat], live: Running
) -> None:
    live.add("Eve", "edit")
    eve = sit("Eve")
    eve.edit(BOAT)
    eve.page.locator("#field-note").fill("Too late")
    assert run_here("live", "user", live.folder, "revoke", "Eve").returncode == 0
    expect(eve.page.locator("#live-line")).to_contain_text(
        "is not known to this map", timeout=15_000
    )
    eve.press("Save")
    expect(eve.page.locator("#live-form .notice")).to_contain_text("It was not saved: ")
    expect(eve.page.locator("#field-note")).to_have_value("Too late")
    expect(eve.page.locator("#panel-live")).to_contain_text("open the link that was made for you")


def test_an_area_is_edited_by_its_corners(browser: Browser, tmp_path: Path, live: Running) -> None:
    folder = tmp_path / "map"
    assert run_here("live", "new", folder, "--pack", SKERRIES, "--edit", "isles").returncode == 0
    with (folder / "live.toml").open("a") as file:
        file.write(
            'layers = ["isles"]\n' if "layers" not in (folder / "live.toml").read_text() else ""
        )
    areas = Running(folder)
    areas.add("Ann", "edit")
    areas.start()
    try:
        page = browser.new_page()
        page.goto(f"{areas.url}/#token={areas.tokens['Ann']}")
        page.wait_for_selector("#live-line[data-at=connected]")
        page.locator(".table-part button.open").first.click()
        page.locator("#panel-live").get_by_role("button", name="Edit").click()
        corners = page.locator("#field-corners")
        text = corners.input_value()
        corners.fill(f"{text}\n60")
        page.locator("#live-form").get_by_role("button", name="Save").click()
        expect(page.locator("#field-corners-fault")).to_contain_text("Each line needs two numbers")
        first, second, *rest = text.split("\n")
        moved = f"{float(second.split(', ')[0]) + 0.001:.6f}, {second.split(', ')[1]}"
        corners.fill("\n".join([first, moved, *rest]))
        before = page.locator("path.areas-area").first.get_attribute("d")
        page.locator("#live-form").get_by_role("button", name="Save").click()
        expect(page.locator("#live-changes ~ ol li")).to_have_text(re.compile("Ann moved "))
        expect(page.locator("path.areas-area").first).not_to_have_attribute("d", before or "")
        page.close()
    finally:
        areas.stop()


def test_what_breaks_a_rule_stays_in_the_form_with_the_rule_in_words(
    sit: Callable[..., Seat],
) -> None:
    ann = sit("Ann")
    ann.edit("Raft in the lagoon")
    ann.page.locator("#field-position_error_m").fill("far")
    ann.press("Save")
    expect(ann.page.locator("#field-position_error_m-fault")).to_have_text("Write a number.")
    expect(ann.page.locator("#live-form .notice")).to_have_text(
        "1 field needs a look; nothing was sent."
    )
    ann.page.locator("#field-position_error_m").fill("-5")
    ann.press("Save")
    expect(ann.page.locator("#live-form .notice")).to_contain_text("It was not saved: ")
    expect(ann.page.locator("#field-position_error_m")).to_have_value("-5")
    ann.page.locator("#field-position").fill("no such place")
    ann.press("Set")
    expect(ann.page.locator("#field-position-fault")).to_contain_text("'no such place' is no place")
    ann.page.locator("#field-position").fill("-46.02, 60.11")
    ann.page.locator("#field-position").press("Enter")
    expect(ann.page.locator("#live-form fieldset")).to_contain_text(
        "Position: -46.020000, 60.110000."
    )
    ann.choose(BOAT)  # the form stays open
    ann.press("Edit")
    expect(ann.page.locator("#live-form .notice")).to_have_text(
        "Save or discard what stands in the form first."
    )
    ann.press("Discard")
    expect(ann.page.locator("#live-form")).to_be_hidden()


def test_a_place_is_added_and_deleted_for_all(sit: Callable[..., Seat]) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    bob.choose("Raft in the lagoon")
    ann.page.get_by_role("button", name=re.compile("^Add one to ")).click()
    ann.page.locator("#field-ref").fill("a-new-one")
    ann.page.locator("#field-called").fill(ODD)
    ann.page.locator("#field-position").fill("-46.05, 60.2")
    ann.press("Save")
    expect(ann.page.locator("#live-form .notice")).to_have_text(
        "2 fields need a look; nothing was sent."
    )
    ann.page.locator("#field-kind").select_option("hut")
    ann.page.locator("#field-confidence").select_option("reported")
    ann.press("Save")
    ann.heard(f"{ODD} is saved.")
    bob.recent(f"Ann added {ODD}.")
    expect(bob.page.locator(TABLE).get_by_role("button", name=ODD)).to_be_visible()
    expect(bob.page.locator("#panel-title")).to_have_text("Raft in the lagoon")
    ann.edit(ODD)
    ann.press("Delete this feature")
    ann.press("Delete it: it can be undone from its history")
    bob.recent(f"Ann deleted {ODD}.")
    expect(bob.page.locator(TABLE).get_by_role("button", name=ODD)).to_have_count(0)
    assert [*ann.said, *bob.said] == []


def test_words_and_focus_of_others_stay_true_when_a_place_goes(
    make_live: Callable[..., Running], browser: Browser
) -> None:
    live = make_live()
    page = browser.new_page()
    page.goto(live.url)
    page.wait_for_selector("#live-line[data-at=connected]")
    caption, rows = (
        page.locator(TABLE).locator("caption"),
        page.locator(TABLE).locator("tbody button"),
    )
    before = {each: page.locator(each).first.inner_text() for each in (".subtitle", ".sure ul")}
    number = int(re.findall(r"\d+", caption.inner_text())[0])
    counted = page.locator(".legend-title .count").first.inner_text()
    button = rows.filter(has_text="Raft in the lagoon")
    button.focus()
    with live.client("Ann") as ann:
        path = "/collections/landings/items/bei-jetty"  # the first of all
        etag = ann.get(path).headers["etag"]
        assert ann.delete(path, headers={"if-match": etag}).status_code == 204
    expect(page.locator("#live-line")).to_contain_text("the state after change 1")
    expect(caption).to_contain_text(str(number - 1))
    expect(page.locator(".subtitle")).not_to_have_text(before[".subtitle"])
    expect(page.locator(".legend-title .count").first).not_to_have_text(counted)
    expect(button).to_be_focused()
    button.click()
    expect(page.locator("#panel-title")).to_have_text("Raft in the lagoon")
    page.reload()  # what is put in place is what a new page has
    page.wait_for_selector("#live-line[data-at=connected]")
    expect(caption).to_contain_text(str(number - 1))
    page.close()


def test_the_focus_on_a_symbol_stays_on_its_place_and_own_changes_are_said_once(
    sit: Callable[..., Seat],
) -> None:
    ann, bob = sit("Ann"), sit("Bob")
    bob.page.locator("#map").focus()
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.press("ArrowRight")
    bob.page.wait_for_timeout(1000)  # in the first second after it was opened a page says nothing
    held = bob.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert held is not None
    ann.edit("Lost hut")
    ann.page.locator("#field-note").fill("Seen from afar")
    ann.press("Save")
    bob.heard("Ann changed Lost hut")
    expect(bob.page.locator("#live-changes ~ ol li")).to_have_count(1)
    assert bob.page.evaluate("document.activeElement.getAttribute('aria-label')") == held
    ann.recent("Ann changed Lost hut")
    said = ann.page.locator("[role=status]").filter(has_text="Ann changed")
    expect(said).to_have_count(0)


def test_the_ring_on_the_map_is_dragged(sit: Callable[..., Seat]) -> None:
    ann = sit("Ann")
    ann.edit("Raft in the lagoon")
    box = ann.page.locator(".placing").bounding_box()
    assert box is not None
    ann.page.mouse.move(box["x"] + 22, box["y"] + 22)
    ann.page.mouse.down()
    ann.page.mouse.move(box["x"] + 60, box["y"] + 22, steps=5)
    ann.page.mouse.up()
    expect(ann.page.locator("#live-form fieldset")).not_to_contain_text("60.100000")
    expect(ann.page.locator(".moved")).to_be_visible()


def test_a_hidden_tab_closes_its_stream_and_catches_up(
    sit: Callable[..., Seat], live: Running
) -> None:
    bob = sit("Bob")
    hide = """(state) => {
      Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    bob.page.evaluate(hide, "hidden")
    bob.page.wait_for_selector("#live-line[data-at=asleep]")
    with live.client("Ann") as client:
        path = "/collections/landings/items/goleudy"
        etag = client.get(path).headers["etag"]
        done = client.patch(
            path, json={"properties": {"note": "meanwhile"}}, headers={"if-match": etag}
        )
        assert done.status_code == 204
    bob.page.wait_for_timeout(1000)
    expect(bob.page.locator("#live-changes ~ ol li")).to_have_count(0)
    bob.page.evaluate(hide, "visible")
    bob.page.wait_for_selector("#live-line[data-at=connected]")
    expect(bob.page.locator("#live-changes ~ ol li")).to_have_count(1)


def test_who_has_seen_more_than_the_copy_that_is_served_now_is_told_to_load_it_anew(
    make_live: Callable[..., Running], browser: Browser, tmp_path: Path
) -> None:
    live = make_live()
    page = browser.new_page()
    with live.client("Ann") as client:
        for note in ("before", "after"):
            path, there = "/collections/landings/items/boathouse", {"if-match": "*"}
            done = client.patch(path, json={"properties": {"note": note}}, headers=there)
            assert done.status_code == 204
            if note == "before":
                copied = run_here("live", "backup", live.folder, "-o", tmp_path / "copy")
                assert copied.returncode == 0, copied.stderr
    page.goto(live.url)
    page.wait_for_selector("#live-line[data-at=connected]")
    expect(page.locator("#live-line")).to_contain_text("the state after change 2")
    live.stop()
    live.folder.rename(tmp_path / "broken")
    assert run_here("live", "restore", tmp_path / "copy", live.folder).returncode == 0
    live.start()
    page.get_by_role("button", name="Load the page anew").click(timeout=40_000)
    page.wait_for_selector("#live-line[data-at=connected]")
    expect(page.locator("#live-line")).to_contain_text("the state after change 1")
    page.close()


def test_answers_follow_and_say_on_which_change_they_stand(
    make_live: Callable[..., Running], browser: Browser
) -> None:
    asked = '[[question]]\nask = "count"\nlayers = ["landings"]\nin = "isles"\n'
    asking = make_live(settings=f"{asked}{LOOSE}")
    page = browser.new_page()
    page.goto(asking.url)
    answers = page.locator("section:has(> #live-answers)")
    expect(answers).to_contain_text("(as the map was made)")
    before = answers.locator("strong").inner_text()
    with asking.client("Ann") as client:
        path = "/collections/landings/items/boathouse"
        etag = client.get(path).headers["etag"]
        gone = {"geometry": {"type": "Point", "coordinates": [60.2, -45.85]}}
        assert client.patch(path, json=gone, headers={"if-match": etag}).status_code == 204
    expect(answers).to_contain_text("(as of change 1)")
    assert answers.locator("strong").inner_text() != "" != before
    page.close()


def test_a_link_that_is_not_known_says_so(sit: Callable[..., Seat]) -> None:
    someone = sit(token="x" * 43)
    expect(someone.page.locator("#live-line")).to_contain_text(
        "The link by which you came is not known"
    )


def test_the_page_asks_its_own_server_alone(sit: Callable[..., Seat], live: Running) -> None:
    ann = sit("Ann")
    ann.edit(BOAT)
    ann.press("History")
    assert ann.said == []
    assert {url.split("/", 3)[2] for url in ann.asked} == {live.url.split("/", 3)[2]}
    listing = ann.page.evaluate(
        "() => document.querySelectorAll('script:not([src]):not([type]), style, [style][onload]').length"
    )
    assert listing == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    sit: Callable[..., Seat], scheme: str, width: int
) -> None:
    ann, ada = sit("Ann", width=width, color_scheme=scheme, bypass_csp=True), sit("Ada")
    ada.choose(BOAT)
    for part in ("History", "Comments", "Edit"):
        ann.choose(BOAT)
        ann.press(part)
        ann.page.wait_for_timeout(300)
        ann.page.add_script_tag(path=AXE)
        found = ann.page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
        )
        assert [
            f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]
        ] == []
        wide = ann.page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width


def test_the_served_page_is_valid_html(live: Running, tmp_path: Path) -> None:
    with live.client() as client:
        html = client.get("/", headers={"accept": "text/html"}).text
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    command = [
        ROOT / "node_modules" / ".bin" / "html-validate",
        "--config",
        ROOT / ".htmlvalidate.json",
    ]
    done = subprocess.run(
        [*map(str, command), str(tmp_path / "page.html")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:]
    told = json.loads(html.split('id="live">')[1].split("</script>")[0])
    assert [each["name"] for each in told["open"]] == ["landings"]
