"""A server with and without a strict policy, and a page to frame."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lcrmap.library import make_map
from lcrmap.pictures.drawing import draw_picture
from lcrmap.reports.embed import embed_page

STRICT = "default-src 'none'; frame-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page that is framed, and its picture."""
    folder = tmp_path_factory.mktemp("pages")
    page = make_map("innovation-assets")
    (folder / "assets.html").write_text(page.html, encoding="utf-8")
    picture = draw_picture(page.model, "svg")
    (folder / "assets.svg").write_bytes(picture.data)
    (folder / "assets.alt.txt").write_text(picture.alt, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def markup(pages: Path) -> str:
    return embed_page(pages / "assets.html").markup


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; hosts called strict-... with a strict policy, everything under all/ too."""

    def log_message(self, *_: Any) -> None:
        pass

    def end_headers(self) -> None:
        if "strict-" in self.path:
            self.send_header("Content-Security-Policy", STRICT)
        super().end_headers()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is served."""
    handler = functools.partial(_Handler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def host(browser: Browser) -> Iterator[Page]:
    """A page of the browser, without a network beyond this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route(
        "**/*",
        lambda route: route.continue_() if _is_local(route.request.url) else route.abort(),
    )
    page = context.new_page()
    yield page
    context.close()


def _is_local(url: str) -> bool:
    return url.startswith(("file:", "http://127.0.0.1", "data:", "about:", "blob:"))
