"""Tables at the widths between a phone and a wide screen: words stay whole, the page stays still, frames scroll."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lcrmap.layers import Pack
from lcrmap.library import catchment, count, gaps, make_map, near

NAMES = ("atlas", "count", "near", "gaps")

# The words of letters alone that stand on more than one line.
BROKEN = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.getElementById("tables"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("td, th")) continue;
    for (const match of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(match[0]);
    }
  }
  return found;
}"""
# The frames that are narrower than their table, and what of them is not in order.
WRONG_FRAMES = """() => [...document.querySelectorAll(".table-scroll")].filter((frame) => {
  const wide = frame.scrollWidth > frame.clientWidth + 1;
  const named = frame.getAttribute("tabindex") === "0" && frame.getAttribute("role") === "group"
    && document.getElementById(frame.getAttribute("aria-labelledby"));
  const told = !frame.previousElementSibling.hidden;
  return Boolean(named) !== wide || told !== wide;
}).length"""


@pytest.fixture(scope="module")
def pages(pack: Pack) -> dict[str, str]:
    answers = {
        "count": count("innovation-assets", areas="boroughs", by="sector", pack=pack),
        "near": near("innovation-assets:sci-tech-daresbury", ["innovation-assets"], k=3, pack=pack),
        "gaps": gaps("rail-stations", 800, by="boroughs", pack=pack),
    }
    made = {name: answer.page().html for name, answer in answers.items()}
    return {"atlas": make_map(pack=pack).html, **made}


@pytest.mark.parametrize("width", [700, 900, 1100, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_broken_and_only_tables_scroll(
    open_page: Callable, pages: dict[str, str], name: str, width: int
) -> None:
    opened = open_page(pages[name])
    opened.page.set_viewport_size({"width": width, "height": 900})
    opened.settle()
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.view.evaluate(BROKEN) == []
    assert opened.view.evaluate(WRONG_FRAMES) == 0


def test_the_caption_and_the_names_stay_while_a_table_scrolls(
    open_page: Callable, pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    opened.page.set_viewport_size({"width": 700, "height": 900})
    opened.settle()
    frame = opened.view.locator(".table-scroll").first
    frame.evaluate("(node) => { node.scrollLeft = 300; }")
    left = frame.bounding_box()["x"]
    assert frame.locator("tbody th").first.bounding_box()["x"] == left
    caption = frame.locator("caption bdi").bounding_box()
    assert caption["x"] == left
    assert caption["width"] <= frame.bounding_box()["width"]


def test_the_atlas_needs_no_scrolling_on_a_wide_screen(
    open_page: Callable, pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    wide = "[...document.querySelectorAll('.table-scroll')].filter((each) => each.tabIndex === 0).length"
    assert opened.view.evaluate(wide) == 0


def test_a_table_of_many_columns_is_printed_on_a_page_on_its_side(
    open_page: Callable, pages: dict[str, str], pack: Pack
) -> None:
    def sides(html: str) -> set[bytes]:
        opened = open_page(html)
        return set(
            re.findall(rb"/MediaBox *\[0 0 (\d+)", opened.page.pdf(prefer_css_page_size=True))
        )

    assert sides(pages["atlas"]) == {b"594"}
    assert sides(pages["gaps"]) == {b"594"}  # twelve columns have room on an upright sheet
    rings = catchment("investment-zone-sites", rings=[2000, 5000], pack=pack)
    assert sides(rings.page().html) == {b"594", b"841"}
