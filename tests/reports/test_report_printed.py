"""The default report on paper, as Chromium prints it: few full pages, nothing lost or said twice, no figure parted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from lcrmap.maps.charts import Bars, Chart
from lcrmap.maps.passages import Passage
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.making import make_report
from lcrmap.reports.web import write_index

MOST_PAGES = 10
MOST_EMPTY = 0.25  # of a page, below its last line
MARGIN = 28  # points at the foot of a page, about
TEXT_PIXELS = 680  # the width of the text on A4
SMALLEST = 7.0  # points of a picture's letters: those of the credit and of numbers in discs
LEGEND = 8.0
SIGNED = "Map: lcrmap"  # how a picture ends
LINES = """() => [...document.querySelectorAll('h1, h2')].map((each) =>
  Math.round(each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight)))"""


@dataclass(frozen=True)
class Printed:
    """A printed report: each page's text, how much of it is empty at its foot, and the lines of headings."""

    texts: list[str]
    empty: list[float]
    lines: list[int]
    wide: int


def dense(text: str) -> str:
    """Leave out where lines end; pdfium writes a hyphen there as a mark of its own."""
    return "".join(text.replace("\ufffe", "-").replace("\x02", "-").split())


def empty_at_foot(page: pypdfium2.PdfPage) -> float:
    pixels = np.asarray(page.render(scale=1).to_pil().convert("L"))
    used = np.flatnonzero((pixels < 200).any(axis=1)).max()
    return float((len(pixels) - MARGIN - used) / (len(pixels) - 2 * MARGIN))


def printed_by(page: Page) -> Printed:
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": TEXT_PIXELS, "height": 900})
    wide, lines = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(LINES)
    document = pypdfium2.PdfDocument(data)
    texts = [dense(each.get_textpage().get_text_bounded()) for each in document]
    made = Printed(texts, [empty_at_foot(each) for each in document], lines, wide)
    document.close()
    return made


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


@pytest.fixture(scope="module")
def opened(report: Report, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.set_content(write_index(report))
    yield page
    page.close()


@pytest.fixture(scope="module")
def on_screen(opened: Page) -> list[int]:
    """How many lines each heading has at 1280 pixels."""
    lines: list[int] = opened.evaluate(LINES)
    return lines


@pytest.fixture(scope="module")
def printed(opened: Page, on_screen: list[int]) -> Printed:
    return printed_by(opened)


@pytest.fixture(scope="module")
def pages(printed: Printed) -> list[str]:
    return printed.texts


@pytest.fixture(scope="module")
def drawn(report: Report) -> list[Section]:
    return [each for each in report.sections if each.pictures]


def charts_of(section: Section) -> list[Chart]:
    assert section.page is not None
    return [each for each in section.page.model.charts if each.on_paper]


def page_of(pages: list[str], section: Section) -> int:
    """Return on which page the caption of a section's picture stands."""
    caption = dense(section.caption)
    (found,) = [n for n, each in enumerate(pages) if caption in each.partition(dense(SIGNED))[2]]
    return found


def test_the_report_is_short_and_not_shrunk(printed: Printed) -> None:
    assert len(printed.texts) <= MOST_PAGES
    assert printed.wide <= TEXT_PIXELS  # what is wider makes Chromium print all of it smaller


def test_no_page_but_the_last_is_empty_by_more_than_a_quarter(printed: Printed) -> None:
    assert [round(each, 2) for each in printed.empty[:-1] if each > MOST_EMPTY] == []


def test_headings_have_two_lines_at_most_on_paper_and_on_a_screen(
    printed: Printed, on_screen: list[int], report: Report
) -> None:
    assert len(on_screen) == len(report.sections) + 5  # cover, in short, method, sources, making
    assert max(printed.lines) <= 2
    assert max(on_screen) <= 2


def test_headings_of_one_kind_have_one_size_on_paper(opened: Page, printed: Printed) -> None:
    assert printed.texts  # the page shows itself as on paper
    sizes = opened.evaluate("""() => [...document.querySelectorAll('h1, h2')].map((each) =>
      [each.tagName, Math.round(parseFloat(getComputedStyle(each).fontSize) * 100) / 100])""")
    assert {tag: {size for each, size in sizes if each == tag} for tag in ("H1", "H2")} == {
        "H1": {22.67},  # 17 points
        "H2": {14.67},  # 11 points
    }


def test_no_picture_is_parted_from_headline_and_caption(
    pages: list[str], drawn: list[Section]
) -> None:
    assert len(drawn) == 11
    found = [page_of(pages, each) for each in drawn]
    assert [each.count(dense(SIGNED)) for each in pages] == [
        found.count(number) for number in range(len(pages))
    ]
    for number, section in zip(found, drawn, strict=True):
        before, _, _ = pages[number].rpartition(dense(section.caption))
        assert SIGNED.replace(" ", "") in before.rpartition(dense(section.heading))[2], section.slug


def test_pictures_are_as_wide_as_the_text_and_their_letters_can_be_read(
    drawn: list[Section],
) -> None:
    for section in drawn:
        (_, picture), *_ = section.pictures
        text = picture.data.decode()
        sizes = [float(each) for each in re.findall(r"font-size: ([\d.]+)px", text)]
        titles = re.findall(r"font-weight: 700; font-size: ([\d.]+)px;[^\"]*anchor: start", text)
        assert min(sizes) >= SMALLEST, section.slug
        assert min(map(float, titles)) >= LEGEND, section.slug
        assert picture.width == 180


def test_a_chart_follows_its_picture_and_is_not_parted_from_its_title(
    pages: list[str], drawn: list[Section]
) -> None:
    shown = [(section, chart) for section in drawn for chart in charts_of(section)]
    assert len(shown) == 10
    for section, chart in shown:
        first = page_of(pages, section)
        said = [each.text for each in chart.bars] if isinstance(chart, Bars) else ["median"]
        wanted = [dense(each) for each in (chart.title, *said)]
        rest = pages[first].split(dense(section.caption))[-1]
        assert any(all(each in text for each in wanted) for text in (rest, pages[first + 1])), (
            section.slug
        )


def test_each_finding_stands_in_short_and_once_in_its_section(
    pages: list[str], report: Report
) -> None:
    whole = "".join(pages)
    for slug, finding in report.in_short:
        section = next(each for each in report.sections if each.slug == slug)
        assert dense(finding) in pages[0]
        assert whole.count(dense(finding)) == 2, slug
        assert dense(finding) in {dense(section.heading), dense(section.claim)}
    assert dense(report.ranges_note) in pages[0]
    assert "aspositionsarenotexact)" not in whole


def test_a_chart_or_table_does_not_repeat_the_title_beside_it(pages: list[str]) -> None:
    whole = "".join(pages)
    assert whole.count(dense("What is uncertain")) == 1
    # In the caption of the picture, in its legend, and above the table; not above the chart too.
    assert whole.count(dense("Investment Zone sites by borough")) == 3


def test_no_figure_of_sentences_tables_and_methods_is_lost(
    pages: list[str], report: Report
) -> None:
    whole = "".join(pages)
    for section in report.sections:
        for said in (*section.said, *section.notes):
            assert dense(said) in whole, section.slug
        if section.sheet is not None:
            cells = {each for row in (section.sheet.heads, *section.sheet.rows) for each in row}
            assert [each for each in cells if dense(each) not in whole] == []


def test_what_methods_have_in_common_is_printed_once(pages: list[str], report: Report) -> None:
    whole = "".join(pages)
    assert [whole.count(dense(each)) for each in report.methods] == [1] * len(report.methods)
    used = {each.method for each in report.sections if each.method}
    for sentence in {part for each in used for part in each.split(". ") if len(part) > 60}:
        assert whole.count(dense(sentence)) == 1, sentence


def test_the_heading_of_a_passage_stays_with_what_it_heads(
    report: Report, browser: Browser
) -> None:
    page = browser.new_page()
    for lines in range(44, 60, 2):  # so that the heading comes to the foot of the page and beyond
        told = Passage("What else changes", ("First of all.", "Then more."), listed=True)
        filled = tuple(f"Line {each}." for each in range(lines))
        section = Section("s", "Filled", "", passages=(Passage("Before", filled), told))
        page.set_content(write_index(replace(report, sections=(section,))))
        document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
        texts = [dense(each.get_textpage().get_text_bounded()) for each in document]
        document.close()
        (on,) = [each for each in texts if dense(told.title) in each]
        assert dense("First of all.") in on, lines
    page.close()


LINES_SET = """() => [...document.querySelectorAll(":is(h1, h2, h3) > bdi")].map((each) => {
  const tops = new Set([...each.getClientRects()].map((box) => Math.round(box.top)));
  return tops.size;
})"""


def test_a_heading_takes_three_lines_of_a_phone_at_most(report: Report, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(write_index(report))
    lines: list[int] = page.evaluate(LINES_SET)
    page.close()
    assert len(lines) > len(report.sections)
    assert max(lines) <= 3, lines
