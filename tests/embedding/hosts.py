"""What is counted on a framed map."""

from __future__ import annotations

from playwright.sync_api import Frame, Page

PLACED = 56  # innovation assets with a position
ROWS = 57


def map_frames(page: Page, count: int = 1, depth: int = 1) -> list[Frame]:
    """Scroll to every frame and return those that show a map, once they are drawn."""
    for _ in range(depth):
        for frame in page.frames:
            for element in frame.query_selector_all("iframe"):
                element.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
    found = [
        each for each in page.frames if each.query_selector("meta[name=generator][content=lcrmap]")
    ]
    assert len(found) == count
    for each in found:
        each.wait_for_selector("html.ready", timeout=20_000, state="attached")
    return found


def features_on(frame: Frame) -> int:
    """Count the places on the map: those that stand alone, and those in discs."""
    return int(
        frame.evaluate(
            """() => document.querySelectorAll("#map .place").length +
            [...document.querySelectorAll("#map .group")].reduce((sum, one) => sum + Number(one.textContent), 0)"""
        )
    )


def rows_in(frame: Frame) -> int:
    """Count the rows of the first table in the page's own markup."""
    return int(frame.evaluate("() => document.querySelectorAll('table tbody')[0].rows.length"))
