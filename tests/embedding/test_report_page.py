"""The report's page: read by keyboard and ear, on 320 pixels, in print, and by a validator."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.writing import write_report

ROOT = Path(__file__).parents[2]
RECIPE = """\
[[question]]
ask = "count"
layers = ["innovation-assets"]
in = "boroughs"
by = "sector"
[[question]]
ask = "doubts"
title = "What is uncertain"
[[question]]
ask = "text"
title = "What next"
text = "Nothing."
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("reported") / "report"
    write_report(make_report(parse_recipe(RECIPE, "r")), target)
    return target


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page on which a test may add a script of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_the_page_asks_for_nothing_and_says_nothing(host: Page, folder: Path) -> None:
    said: list[str] = []
    asked: list[str] = []
    host.on("console", lambda message: said.append(message.text))
    host.on("request", lambda request: asked.append(request.url[:30]))
    host.goto((folder / "index.html").as_uri())
    assert said == []
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    widths = host.evaluate("[...document.images].map((each) => each.naturalWidth)")
    assert widths
    assert all(widths)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(bare: Page, folder: Path, scheme: str, width: int) -> None:
    bare.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    bare.set_viewport_size({"width": width, "height": 800})
    bare.goto((folder / "index.html").as_uri())
    assert bare.evaluate("document.documentElement.scrollWidth") <= width
    bare.add_script_tag(path=ROOT / "node_modules" / "axe-core" / "axe.min.js")
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = bare.evaluate("(tags) => axe.run(document, {runOnly: tags})", tags)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_the_keyboard_skips_to_the_content(host: Page, folder: Path) -> None:
    host.goto((folder / "index.html").as_uri())
    host.keyboard.press("Tab")
    assert host.evaluate("document.activeElement.className") == "skip"
    host.keyboard.press("Enter")
    assert host.evaluate("document.activeElement.id") == "content"


def test_the_links_of_the_page_lead_somewhere(host: Page, folder: Path) -> None:
    host.goto((folder / "index.html").as_uri())
    links = host.evaluate("[...document.links].map((each) => each.getAttribute('href'))")
    for link in links:
        if link.startswith("#"):
            assert host.query_selector(f"[id='{link[1:]}']"), link
        elif not link.startswith("http"):
            assert (folder / link).is_file(), link


def test_a_pdf_of_the_page_has_every_finding(host: Page, folder: Path) -> None:
    host.goto((folder / "index.html").as_uri())
    data = host.pdf(prefer_css_page_size=True)
    assert data.startswith(b"%PDF")
    assert 2 <= data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") <= 8
    opened = "[...document.querySelectorAll('details')].map((each) => each.scrollHeight)"
    assert host.evaluate(opened)


def test_the_validator_finds_nothing(folder: Path) -> None:
    done = subprocess.run(
        [
            str(ROOT / "node_modules" / ".bin" / "html-validate"),
            *["--config", str(ROOT / ".htmlvalidate.json"), str(folder / "index.html")],
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
