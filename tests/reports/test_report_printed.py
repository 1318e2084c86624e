"""The default report on paper, as Chromium prints it: few pages, nothing lost, nothing said twice, no figure parted."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Browser

from lcrmap.maps.charts import Bars
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.making import make_report
from lcrmap.reports.web import write_index

MOST_PAGES = 12
TEXT_PIXELS = 680  # the width of the text on A4
SIGNED = "Map: lcrmap"  # how a picture ends


def dense(text: str) -> str:
    """Leave out where lines end; pdfium writes a hyphen there as a mark of its own."""
    return "".join(text.replace("\ufffe", "-").replace("\x02", "-").split())


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report()


@pytest.fixture(scope="module")
def printed(report: Report, browser: Browser) -> Iterator[tuple[list[str], int]]:
    """Each page's text, and how wide the content is."""
    page = browser.new_page()
    page.set_content(write_index(report))
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": TEXT_PIXELS, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    document = pypdfium2.PdfDocument(data)
    yield [dense(each.get_textpage().get_text_bounded()) for each in document], wide
    document.close()


@pytest.fixture(scope="module")
def pages(printed: tuple[list[str], int]) -> list[str]:
    return printed[0]


@pytest.fixture(scope="module")
def drawn(report: Report) -> list[Section]:
    return [each for each in report.sections if each.pictures]


def test_the_report_is_short_and_not_shrunk(printed: tuple[list[str], int]) -> None:
    pages, wide = printed
    assert len(pages) <= MOST_PAGES
    assert wide <= TEXT_PIXELS  # what is wider makes Chromium print all of it smaller


def test_no_picture_is_parted_from_headline_and_caption(
    pages: list[str], drawn: list[Section]
) -> None:
    assert len(drawn) == 11
    for section in drawn:
        (on,) = [each for each in pages if dense(section.caption) in each.split(dense(SIGNED))[-1]]
        assert on.count(dense(SIGNED)) == 1
        assert dense(section.title) in on
        assert on.index(dense(section.title)) < on.index(dense(SIGNED))


def test_no_chart_is_parted_from_its_title(pages: list[str], drawn: list[Section]) -> None:
    for section in drawn:
        assert section.page is not None
        (on,) = [each for each in pages if dense(section.caption) in each.split(dense(SIGNED))[-1]]
        for chart in (each for each in section.page.model.charts if each.on_paper):
            said = [each.text for each in chart.bars] if isinstance(chart, Bars) else ["median"]
            after = on.split(dense(SIGNED))[-1]
            for each in (chart.title, *said):
                assert dense(each) in after, section.slug


def test_each_headline_stands_once_in_short_and_once_in_its_section(
    pages: list[str], report: Report
) -> None:
    whole = "".join(pages)
    for _, finding in report.findings:
        assert whole.count(dense(finding)) >= 1
    for _, finding in report.in_short:
        assert dense(finding) in pages[0]
    assert dense(report.ranges_note) in pages[0]


def test_no_figure_of_sentences_tables_and_methods_is_lost(
    pages: list[str], report: Report
) -> None:
    whole = "".join(pages)
    for section in report.sections:
        for said in (*section.sentences, *section.notes, section.method):
            assert dense(said) in whole, section.slug
        if section.sheet is not None:
            cells = {each for row in (section.sheet.heads, *section.sheet.rows) for each in row}
            assert [each for each in cells if dense(each) not in whole] == []
