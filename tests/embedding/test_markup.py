"""The markup of a frame: what it may do, what stays when it is taken out, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lcrmap.errors import FileError, UsageError
from lcrmap.library import make_map
from lcrmap.reports.embed import embed_page
from lcrmap.reports.embedding import LISTENER, PageFacts, frame_markup, read_facts
from tests.messages import exactly

FACTS = PageFacts('Sites "and" more', "Sites <b>", "<!DOCTYPE html><p>&amp;</p>")


class Frames(HTMLParser):
    """Collects the attributes of every frame."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


def frame(markup: str) -> dict[str, str | None]:
    parser = Frames()
    parser.feed(markup)
    (found,) = parser.found
    return found


def inside(attributes: dict[str, str | None]) -> str:
    """The page that a frame holds, its skip links as they are in a page of its own."""
    return str(attributes["srcdoc"]).replace('href="about:srcdoc#', 'href="#')


def test_a_frame_has_a_title_a_size_and_may_do_little() -> None:
    attributes = frame(frame_markup(FACTS, "map.html?a=1&b=2"))
    assert attributes["title"] == 'Sites "and" more'
    assert attributes["src"] == "map.html?a=1&b=2"
    assert attributes["loading"] == "lazy"
    assert attributes["sandbox"] == (
        "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
    )
    assert attributes["allow"] == "fullscreen"
    assert attributes["referrerpolicy"] == "no-referrer"
    assert attributes["height"] == "720"
    assert "aspect-ratio" in str(attributes["style"])


def test_the_whole_page_comes_out_of_srcdoc_as_it_went_in() -> None:
    assert frame(frame_markup(FACTS, inline=True))["srcdoc"] == FACTS.html


def test_link_and_picture_stay_where_the_frame_is_stripped() -> None:
    markup = frame_markup(FACTS, "maps/map.html", picture="maps/map.svg", alt='Map: "x"')
    assert '<a href="maps/map.html"><img src="maps/map.svg" alt="Map: &quot;x&quot;">' in markup
    assert "Sites &lt;b&gt;" in markup


def test_a_frame_of_nothing_is_refused() -> None:
    said = exactly("A frame needs the address of its page: give --url or --inline.")
    with pytest.raises(UsageError, match=said):
        frame_markup(FACTS)


def test_only_pages_of_lcrmap_are_framed(tmp_path: Path) -> None:
    other = exactly(
        "'x.html' is not a map page of lcrmap: make one with 'lcrmap map -o page.html', "
        "or name one in the folder maps/ of a report."
    )
    with pytest.raises(FileError, match=other):
        read_facts("<html><title>x</title><h1>y</h1>", "x.html")
    none = tmp_path / "none.html"
    missing = exactly(
        f"There is no file '{none}': check its name, or make a page with 'lcrmap map -o page.html'."
    )
    with pytest.raises(FileError, match=missing):
        embed_page(none)
    folder = exactly(
        f"'{tmp_path}' is a folder: name a page in it (a report keeps its pages in '{tmp_path / 'maps'}')."
    )
    with pytest.raises(FileError, match=folder):
        embed_page(tmp_path)


def test_the_command_prints_the_markup_and_says_what_it_needs(
    lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "sites.html", "-o", "sites.svg").code == 0
    outcome = lcrmap("embed", "sites.html", "--url", "https://example.org/maps/sites.html")
    assert outcome.code == 0, outcome.err
    assert frame(outcome.out)["title"] == "Where the Freeport sites are (Liverpool City Region)"
    alt = (tmp_path / "sites.alt.txt").read_text(encoding="utf-8").strip()
    assert f'<img src="https://example.org/maps/sites.svg" alt="{alt}">' in outcome.out
    inline = lcrmap("embed", "sites.html", "--inline", "--listener")
    assert inline.err == (
        "A host with a strict Content-Security-Policy blocks the script of an inline page: "
        "its text and tables still show, but the map needs --url.\n"
    )
    assert inline.out.endswith(LISTENER)
    page = (tmp_path / "sites.html").read_text(encoding="utf-8")
    assert inside(frame(inline.out.removesuffix(LISTENER))) == page
    assert lcrmap("embed", "sites.html").err == (
        "Publish sites.html beside the page that embeds it, or give its address with --url.\n"
    )


def test_a_map_in_a_notebook_is_a_frame_with_its_page() -> None:
    page = make_map("freeport-sites")
    shown = frame(page._repr_html_())
    assert inside(shown) == page.html
    assert shown["title"] == "Where the Freeport sites are"
    assert "allow-scripts" in str(shown["sandbox"])
    assert "allow-same-origin" not in str(shown["sandbox"])


def test_an_address_of_a_page_that_is_put_in_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"^--url and --inline exclude each other: leave one out\.$"
    ):
        embed_page(tmp_path / "x.html", url="a.html", inline=True)
