"""The map in its hosts, built from ``examples/`` and counted in Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lcrmap.library import make_map
from lcrmap.reports.embed import embed_page
from tests.embedding import hosts

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def lay(folder: Path, pages: Path, name: str, body: str) -> Path:
    """Write a host's page beside the page that it frames."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in pages.iterdir():
        shutil.copy(each, folder)
    text = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Host</title>{body}'
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def whole(page: Page, count: int = 1, depth: int = 1) -> None:
    """Every feature is on the map, and there is a table, of which the script may fold the rest away."""
    for frame in hosts.map_frames(page, count, depth):
        assert hosts.features_on(frame) == hosts.PLACED
        assert hosts.rows_in(frame) > 0


def test_the_website_from_disk(host: Page, pages: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "website", tmp_path / "site")
    for each in pages.iterdir():
        shutil.copy(each, tmp_path / "site")
    said: list[str] = []
    host.on("console", lambda message: said.append(message.text))
    host.goto((tmp_path / "site" / "index.html").as_uri())
    whole(host)
    assert said == []


def test_the_examples_frames_are_what_embed_prints(markup: str) -> None:
    plain = embed_markup_without_picture(markup)
    for path in ("website/index.html", "mkdocs/docs/index.md"):
        assert plain in (EXAMPLES / path).read_text(encoding="utf-8"), path
    rst = (EXAMPLES / "sphinx" / "index.rst").read_text(encoding="utf-8")
    assert all(f"   {line}\n" in rst for line in plain.splitlines())


def embed_markup_without_picture(markup: str) -> str:
    lines = markup.splitlines(keepends=True)
    inside = lines[1]
    return (
        lines[0]
        + inside[: inside.index("<img")]
        + inside[inside.index("> ", inside.index("<img")) + 2 :]
        + lines[2]
    )


@pytest.mark.xdist_group("notebook")
def test_a_notebook_that_was_executed_and_saved(
    host: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    book = nbformat.read(EXAMPLES / "notebook" / "assets.ipynb", as_version=4)
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    html, _ = HTMLExporter().from_notebook_node(book)
    (tmp_path / "saved.html").write_text(html, encoding="utf-8")
    host.goto((tmp_path / "saved.html").as_uri())
    whole(host)


def test_a_sphinx_page(host: Page, pages: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(EXAMPLES / "sphinx", source)
    shutil.copytree(pages, source / "extra")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-E", "-b", "html", str(source), "built"],
        cwd=tmp_path,
        check=True,
    )
    host.goto((tmp_path / "built" / "index.html").as_uri())
    whole(host)


def test_a_mkdocs_page(host: Page, pages: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(EXAMPLES / "mkdocs", source)
    for each in pages.iterdir():
        shutil.copy(each, source / "docs")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "built")],
        cwd=source,
        check=True,
        capture_output=True,
    )
    host.goto((tmp_path / "built" / "index.html").as_uri())
    whole(host)


def test_a_host_with_a_strict_policy_frames_the_page(
    host: Page, pages: Path, markup: str, served: tuple[Path, str]
) -> None:
    folder, address = served
    lay(folder, pages, "strict-host.html", markup)
    host.goto(f"{address}/strict-host.html")
    whole(host)
    frame = host.locator("iframe").bounding_box()
    assert frame is not None
    assert frame["height"] == pytest.approx(724, abs=4)  # the attribute's: the host takes no style


def test_an_inline_page_shows_its_words_under_a_strict_policy(
    host: Page, pages: Path, served: tuple[Path, str]
) -> None:
    folder, address = served
    inline = embed_page(pages / "assets.html", inline=True).markup
    lay(folder, pages, "strict-inline.html", inline)
    host.goto(f"{address}/strict-inline.html")
    host.wait_for_timeout(500)
    (frame,) = [each for each in host.frames if each.query_selector("h1 bdi")]
    assert hosts.rows_in(frame) == hosts.ROWS
    assert frame.query_selector("html.ready") is None
    assert frame.locator("h1").is_visible()


def test_an_inline_page_is_whole_without_a_policy(host: Page, pages: Path, tmp_path: Path) -> None:
    inline = embed_page(pages / "assets.html", inline=True).markup
    path = lay(tmp_path / "h", pages, "inline.html", inline)
    host.goto(path.as_uri())
    whole(host)


def test_twice_on_one_page_and_in_a_dark_host(
    host: Page, pages: Path, markup: str, tmp_path: Path
) -> None:
    style = "<style>body{background:#111;color:#eee;color-scheme:dark}</style>"
    path = lay(tmp_path / "h", pages, "twice.html", style + markup + markup)
    host.goto(path.as_uri())
    whole(host, count=2)


def test_a_frame_in_a_frame(host: Page, pages: Path, markup: str, served: tuple[Path, str]) -> None:
    folder, address = served
    lay(folder, pages, "inner.html", markup)
    outer = '<iframe title="Inner" src="inner.html" width="900" height="900"></iframe>'
    lay(folder, pages, "outer.html", outer)
    host.goto(f"{address}/outer.html")
    whole(host, depth=2)


def test_320_pixels_scroll_only_downwards(
    host: Page, pages: Path, markup: str, tmp_path: Path
) -> None:
    path = lay(tmp_path / "h", pages, "narrow.html", f"<body style='margin:0'>{markup}")
    host.set_viewport_size({"width": 320, "height": 640})
    host.goto(path.as_uri())
    whole(host)
    (frame,) = hosts.map_frames(host)
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert host.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_wheel_over_a_framed_map_scrolls_the_host(
    host: Page, pages: Path, markup: str, tmp_path: Path
) -> None:
    tall = "<div style='height:3000px'></div>"
    path = lay(tmp_path / "h", pages, "tall.html", markup + tall)
    host.goto(path.as_uri())
    (frame,) = hosts.map_frames(host)
    frame.evaluate("document.querySelector('#map').scrollIntoView()")
    frame.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    scale = "document.querySelector('.leaflet-control-scale-line').textContent"
    before = frame.evaluate(scale)
    host.mouse.move(400, 300)
    for _ in range(12):
        host.mouse.wheel(0, 300)
    host.wait_for_timeout(400)
    assert host.evaluate("window.scrollY") > 0
    assert frame.evaluate(scale) == before


def test_the_keyboard_leaves_a_framed_map(
    host: Page, pages: Path, markup: str, tmp_path: Path
) -> None:
    after = "<p><a id='after' href='#'>After the map</a></p>"
    path = lay(tmp_path / "h", pages, "keys.html", markup + after)
    host.goto(path.as_uri())
    (frame,) = hosts.map_frames(host)
    frame.evaluate("[...document.querySelectorAll('a[href], button, summary')].at(-1).focus()")
    for _ in range(12):
        host.keyboard.press("Tab")
        if host.evaluate("document.activeElement.id") == "after":
            return
    pytest.fail("Tab never left the frame.")


def test_the_listener_makes_the_frame_as_high_as_its_page(
    host: Page, pages: Path, tmp_path: Path
) -> None:
    made = embed_page(pages / "assets.html", listener=True).markup
    path = lay(tmp_path / "h", pages, "listening.html", made)
    host.goto(path.as_uri())
    (frame,) = hosts.map_frames(host)
    host.wait_for_timeout(600)
    inner = frame.evaluate("document.documentElement.scrollHeight")
    outer = host.locator("iframe").bounding_box()
    assert outer is not None
    assert outer["height"] == pytest.approx(inner, abs=3)
    assert inner > 1500


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("base", ["", '<base href="/elsewhere/">'])
def test_no_skip_link_of_an_inline_page_leaves_its_frame(
    browser: Browser, pages: Path, served: tuple[Path, str], base: str, scripts: bool
) -> None:
    folder, address = served
    lay(folder, pages, "skip.html", base + embed_page(pages / "assets.html", inline=True).markup)
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{address}/skip.html")
    frame = page.frames[-1]
    frame.wait_for_selector("html.ready" if scripts else "#tables", state="attached")
    for link in frame.locator("a.skip").all():
        if not scripts and not link.is_visible():
            continue
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        assert frame.locator("h1 bdi").count() == 1
        assert page.frames[-1].url.split("#")[0] == "about:srcdoc"
        assert page.url == f"{address}/skip.html"
    assert frame.evaluate("scrollY") > 0 or frame.evaluate("document.activeElement.id") == "search"
    context.close()


@pytest.mark.parametrize("stripped", ["<iframe", "<iframe <style"])
def test_an_untrusted_notebook_says_in_one_line_that_its_map_is_left_out(
    host: Page, stripped: str
) -> None:
    shown = make_map("freeport-sites")._repr_html_()
    line = "is left out because this notebook is not trusted"
    host.set_content(shown)
    assert not host.get_by_text(line).is_visible()
    for tag in stripped.replace("<", "").split():
        shown = re.sub(rf"<{tag}\b.*?</{tag}>", "", shown, flags=re.DOTALL)
    host.set_content(shown)
    assert host.locator("body").inner_text() == (
        "The map “Where the Freeport sites are” is left out because this notebook is not trusted: "
        "choose Trust Notebook, or run its cells again."
    )
