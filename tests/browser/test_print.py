"""A map page on paper: measured in the PDF that Chromium makes, and in the page before and after."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2
import pytest

from lcrmap import catchment, compare, count, gaps, make_map, near
from lcrmap.layers import Pack
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

KINDS: dict[str, Callable[[Pack], Any]] = {
    "atlas": lambda pack: make_map(pack=pack),
    "count by": lambda pack: count(
        "innovation-assets", areas="boroughs", by="sector", pack=pack
    ).page(),
    "near": lambda pack: near("freeport-sites", "rail-stations", within=800, pack=pack).page(),
    "gaps": lambda pack: gaps("rail-stations", 800, by="boroughs", pack=pack).page(),
}
# What the map shows when the browser lays the sheet out: this listener runs after the page's own.
WATCH = """() => window.addEventListener("beforeprint", () => {
  const map = document.getElementById("map").getBoundingClientRect();
  const inside = ({left, top, right, bottom}) => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return map.left <= x && x <= map.right && map.top <= y && y <= map.bottom;
  };
  const symbols = [...document.querySelectorAll(".map .place, .map .group")];
  const drawn = symbols.filter((each) => inside(each.getBoundingClientRect()));
  window.seen = {
    width: map.width,
    places: drawn.reduce((sum, each) => sum + (Number(each.textContent) || 1), 0),
    outside: !document.querySelector(".beyond").hidden,
  };
})"""
NOW = """() => [
  document.querySelector(".map").clientWidth,
  document.querySelector(".leaflet-control-scale-line").textContent,
  [...document.querySelectorAll(".place, .group")].map((each) => each.style.transform).join(),
  document.documentElement.dataset.theme ?? null,
  document.documentElement.className,
  document.getElementById("panel").hidden,
  [...document.querySelectorAll("details")].map((each) => each.open).join(),
  document.querySelectorAll("tbody tr").length,
  location.hash,
]"""
WIDTH_MM = 180  # of a map on paper
DOTS = 2  # of a rendering, for each point of the paper


@pytest.fixture(scope="module")
def pages(pack: Pack) -> dict[str, str]:
    return {name: make(pack).html for name, make in KINDS.items()}


def many(count: int) -> str:
    views = [LayerView(samples.areas(), "areas"), LayerView(samples.many_points(count))]
    return write_document(build_model(views))


def printed(opened: Any) -> tuple[pypdfium2.PdfDocument, dict[str, Any]]:
    opened.view.evaluate(WATCH)
    data = opened.page.pdf(prefer_css_page_size=True, print_background=True)
    return pypdfium2.PdfDocument(data), opened.view.evaluate("window.seen")


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def frame_of(page: pypdfium2.PdfPage) -> np.ndarray:
    """The map of the first page as pixels: the box of what is water, land or neighbour across the sheet."""
    pixels = page.render(scale=DOTS).to_numpy()[:, :, :3].astype(int)
    margin = round(15 / 25.4 * 72 * DOTS)
    inner = pixels[:, margin + 4 : -margin - 4]
    white = (inner > 250).all(axis=2)
    rows = np.flatnonzero(white.mean(axis=1) < 0.2)
    rows = rows[rows < rows[0] + 125 / 25.4 * 72 * DOTS]  # what follows is the table's
    return pixels[rows[0] : rows[-1] + 1, margin:-margin]


@pytest.mark.parametrize(("width", "scheme"), [("wide", "light"), ("narrow", "dark")])
@pytest.mark.parametrize("name", KINDS)
def test_a_map_is_whole_and_light_on_paper_with_its_legend(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, width: str, scheme: str
) -> None:
    opened = open_page(pages[name], width=width, scheme=scheme)
    document, seen = printed(opened)
    first = texts(document)[0]
    assert "Legend" in first
    assert "Boroughs (6)" in first or name == "gaps"
    assert ("Disc: places close together" in first) == (name == "atlas")  # where one is drawn
    assert seen["width"] == pytest.approx(WIDTH_MM / 25.4 * 96, abs=1)
    frame = frame_of(document[0])
    assert frame.shape[0] / DOTS / 72 * 25.4 == pytest.approx(118, abs=2)  # no part is cut
    assert (frame.min(axis=2) > 190).mean() > 0.6  # of light colours
    corners = [frame[y, x] for y in (8, -8) for x in (8, -8)]
    assert all((corner < 250).any() for corner in corners[:2])  # the map goes to its edges
    assert opened.said == []


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_every_place_of_the_atlas_is_on_paper(
    open_page: Callable[..., Any], pages: dict[str, str], width: str
) -> None:
    _, seen = printed(open_page(pages["atlas"], width=width))
    assert (seen["places"], seen["outside"]) == (87, False)


def test_many_points_are_printed_sharp_whole_and_light(open_page: Callable[..., Any]) -> None:
    opened = open_page(many(5000), scheme="dark", width="narrow")
    document, _ = printed(opened)
    symbols = [
        each for each in document[0].get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    ]
    assert symbols
    for each in symbols:
        left, _, right, _ = each.get_bounds()
        assert each.get_px_size()[0] / ((right - left) / 72 * 96) == pytest.approx(3, abs=0.1)
    assert (frame_of(document[0]).min(axis=2) > 190).mean() > 0.6


@pytest.mark.parametrize("name", ["atlas", "gaps"])
def test_each_sheet_of_a_table_names_its_columns(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    document, _ = printed(open_page(pages[name]))
    sheets = texts(document)
    start = next(at for at, text in enumerate(sheets) if "Tables" in text)
    end = next(at for at, text in enumerate(sheets) if "Sources and licences" in text)
    assert end - start > 5
    assert [at for at in range(start, end - 1) if "Name" not in sheets[at]] == []


def test_the_heading_of_the_tables_stands_on_the_sheet_of_the_first(
    open_page: Callable[..., Any], pack: Pack
) -> None:
    page = catchment("investment-zone-sites", rings=[2000, 5000], pack=pack).page()
    document, _ = printed(open_page(page.html))
    sheets = [each.get_size() for each in document]
    assert any(width > height for width, height in sheets)  # a table of very many columns
    sheet = next(text for text in texts(document) if "Tables" in text)
    assert "Halton" in sheet.partition("Tables")[2]


@pytest.mark.parametrize(("name", "most"), [("atlas", 11), ("gaps", 15)])
def test_a_page_takes_few_sheets_and_loses_no_figure(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, most: int
) -> None:
    opened = open_page(pages[name])
    document, _ = printed(opened)
    assert len(document) <= most
    opened.page.emulate_media(media="print")
    opened.view.evaluate("dispatchEvent(new Event('beforeprint'))")  # all rows, as they are printed
    cells = opened.view.locator("#tables tbody :is(th, td)").all_inner_texts()
    bare = functools.partial(re.sub, r"\W", "")  # paper parts lines and words elsewhere
    said = bare("".join(texts(document)))
    figures = {each for each in cells if re.search(r"\d", each) and len(each) < 20}
    assert len(figures) > 5
    assert [each for each in figures if bare(each) not in said] == []
    names = opened.view.locator("#tables tbody th bdi").all_inner_texts()
    assert len(names) > 90
    assert [each for each in names if bare(each) not in said] == []


def test_a_heading_of_two_lines_is_on_one_sheet(open_page: Callable[..., Any], pack: Pack) -> None:
    scenarios = ("baseline", "four-stations", "trirx-closes", "birkenhead-hub")
    found = compare(*scenarios, pack=pack)
    page = found.page()
    document, _ = printed(open_page(page.html))
    sheets = texts(document)
    for title in (each.title for each in found.passages if each.chart is not None):
        assert any(title in text for text in sheets), title


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("moved", [False, True])
def test_the_page_is_afterwards_as_it_was(
    open_page: Callable[..., Any], pages: dict[str, str], moved: bool, width: str
) -> None:
    opened = open_page(pages["atlas"], width=width, scheme="dark")
    if moved:
        opened.view.get_by_role("button", name="Zoom in on the map").click()
        opened.view.locator(".map .place").first.evaluate("(node) => node.click()")
        opened.page.wait_for_timeout(300)  # the address follows
    before = opened.view.evaluate(NOW)
    printed(opened)
    opened.page.wait_for_timeout(300)
    assert opened.view.evaluate(NOW) == before


def test_a_view_that_was_chosen_is_printed_whole(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    opened.view.get_by_role("button", name="Zoom in on the map").click()
    inside = "() => [...document.querySelectorAll('.map .place, .map .group')].length"
    assert opened.view.evaluate(inside) > 0
    document, seen = printed(opened)
    assert 0 < seen["places"] <= 87
    assert seen["outside"]
    assert "outside this view" in texts(document)[0]
    assert "show them all" not in texts(document)[0]  # a button's words are for the screen


def test_a_preview_by_media_alone_is_prepared_too(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"], width="narrow", scheme="dark")
    opened.page.emulate_media(media="print")
    opened.view.wait_for_selector("html.printing")
    assert opened.view.locator("html").get_attribute("data-theme") == "light"
    opened.page.emulate_media(media="screen")
    opened.view.wait_for_selector("html:not(.printing)")
    assert opened.view.locator("html").get_attribute("data-theme") is None


def test_rows_that_are_not_printed_are_said_to_be_left_out(open_page: Callable[..., Any]) -> None:
    opened = open_page(many(5000))
    document, _ = printed(opened)
    said = "The first 1,000 of 5,000 are printed; the page lists them all and gives them as CSV."
    assert sum(said in text for text in texts(document)) == 1
    assert not opened.view.get_by_text(said).is_visible()
