"""Pages in real Chromium: a fresh context for each test, four settings, two widths."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page

SETTINGS = ("file", "http", "sandbox", "srcdoc")
SANDBOXES = {
    "sandbox": ' sandbox="allow-scripts"',
    "popups": ' sandbox="allow-scripts allow-downloads allow-popups"',  # as a notebook shows a page
}
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}


@dataclass
class Opened:
    """A page that was opened: where to look, and what it asked for and said."""

    page: Page
    view: Frame
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def settle(self) -> None:
        """Wait until what was asked of the page has been drawn."""
        self.view.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def text(self, selector: str) -> str:
        return self.view.locator(selector).inner_text()

    def has_focus(self, selector: str) -> bool:
        return bool(
            self.view.evaluate(
                "(wanted) => document.activeElement?.matches(wanted) ?? false", selector
            )
        )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is served."""
    folder = tmp_path_factory.mktemp("served")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield folder, f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        made.append(browser.new_context(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def open_page(
    contexts: Callable[..., BrowserContext], server: tuple[Path, str], tmp_path: Path
) -> Callable[..., Opened]:
    """Open a page's HTML in one of the settings, at a width, in a colour scheme."""

    def opener(
        html: str, *, setting: str = "file", width: str = "wide", scripts: bool = True,
        fragment: str = "", route: Callable[..., None] | None = None, **options: Any,
    ) -> Opened:  # fmt: skip
        size = WIDTHS[width]
        context = contexts(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts,
            color_scheme=options.pop("scheme", "light"), **options,
        )  # fmt: skip
        page = context.new_page()
        opened = Opened(page, page.main_frame)
        page.on("console", lambda message: opened.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: opened.said.append(f"error: {error}"))
        page.on("request", lambda request: opened.asked.append(request.url))
        if route is not None:
            page.route(re.compile("^https:"), route)
        page.goto(_address(html, setting, server, tmp_path) + fragment)
        if setting in ("sandbox", "popups", "srcdoc"):
            opened.view = page.frames[-1]
        opened.asked = [url for url in opened.asked if not url.startswith("about:")][1:]
        if scripts:
            opened.view.wait_for_selector("html.ready", state="attached", timeout=30_000)
        return opened

    return opener


def _address(html: str, setting: str, server: tuple[Path, str], folder: Path) -> str:
    served, address = server
    if setting == "file":
        path = folder / "page.html"
        path.write_text(html, encoding="utf-8", newline="")
        return path.as_uri()
    name = f"page{len(list(served.iterdir()))}.html"
    if setting == "http":
        text = html
    else:
        allowed = SANDBOXES.get(setting, "")
        text = (
            '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">'
            f'<iframe title="map" width="1200" height="860"{allowed} srcdoc="{escape(html)}"></iframe>'
        )
    (served / name).write_text(text, encoding="utf-8", newline="")
    return f"{address}/{name}"
