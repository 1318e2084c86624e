"""People before a live map, each in a browser of their own: what they do there, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.live.conftest import Running


@dataclass
class Seat:
    """One person's browser, what it asked for and what it said."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def choose(self, name: str) -> None:
        """Select a place by its name, as the search does."""
        self.page.locator("#search").fill(name)
        expect(self.page.locator("#found li").first).to_contain_text(name)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#panel-title")).to_have_text(name)

    def press(self, name: str) -> None:
        """Press a button of the panel or the form by the keyboard."""
        button = self.page.locator("#panel, #live-form").get_by_role("button", name=name)
        button.first.focus()
        self.page.keyboard.press("Enter")

    def edit(self, name: str) -> None:
        """Open the form of a place."""
        self.choose(name)
        self.press("Edit")
        expect(self.page.locator("#form-title")).to_be_focused()

    def heard(self, text: str) -> None:
        """Expect that a screen reader is told of something, by a region that says it without the focus."""
        expect(self.page.locator("[role=status]").filter(has_text=text)).to_have_count(1)

    def recent(self, text: str) -> None:
        """Expect something in the list of changes."""
        expect(
            self.page.locator("#live-changes ~ ol li").filter(has_text=text).first
        ).to_be_visible()


@contextmanager
def seats(browser: Browser, live: Running) -> Iterator[Callable[..., Seat]]:
    """Give what seats people before a live map, each in a browser of their own."""
    with ExitStack() as contexts:

        def seat(name: str = "", *, width: int = 1280, token: str = "", **options: Any) -> Seat:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            contexts.callback(context.close)
            page = context.new_page()
            found = Seat(page)
            page.on("request", lambda request: found.asked.append(request.url))
            page.on("console", lambda message: found.said.append(message.text))
            page.on("pageerror", lambda error: found.said.append(str(error)))
            token = token or live.tokens.get(name, "")
            page.goto(f"{live.url}/#token={token}" if token else live.url)
            page.wait_for_selector("#live-line[data-at=connected]")
            return found

        yield seat
