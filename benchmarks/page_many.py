"""Time and memory of a page with many points, beside GeoDataFrame.explore() with its files local.

    python benchmarks/page_many.py [COUNT ...]

For each number of points both pages are written in turn, three times each, and opened in turn, five times each, in
one Chromium; the median counts. "Write" is from the frame to the file. "Open" is from the start of the navigation
until the map has been drawn. "Work" is the processor's time that the page's main thread took until then, which does
not count what else the machine was doing. An empty page is opened with them: what it takes is the browser's own, and
no page can take less. explore() needs matplotlib and mapclassify, which lcrmap does not:
`pip install matplotlib mapclassify`. The ratios are what is claimed, not the seconds.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from playwright.sync_api import Browser, CDPSession, Route, sync_playwright

from lcrmap.layers import Layer, Metadata
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.page import Page

LEAFLET = Path(__file__).parents[1] / "lcrmap" / "maps" / "leaflet"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TIMES = 5
TIMES_WRITTEN = 3
FIGURES = ("open", "work", "frame", "heap")
HEADINGS = (
    *("points", "page", "write, s", "file, MB", "open, s", "work, ms"),
    *("worst frame of a zoom, ms", "heap, MB", "nodes"),
)
EMPTY = '<!DOCTYPE html><html lang="en"><title>Empty</title><p>Empty</p></html>'


def points(count: int) -> gpd.GeoDataFrame:
    """Points in forty clusters around Liverpool, with a name and a category."""
    random = np.random.default_rng(1)
    centres = random.uniform((-3.1, 53.3), (-2.6, 53.6), (40, 2))
    xy = centres[random.integers(0, 40, count)] + random.normal(0, 0.02, (count, 2))
    return gpd.GeoDataFrame(
        {
            "name": [f"Point {number}" for number in range(count)],
            "kind": random.choice(list("abcde"), count),
        },
        geometry=gpd.points_from_xy(*xy.T, crs="EPSG:4326"),
    )


def serve(route: Route) -> None:
    """Answer for the hosts that explore()'s page asks: Leaflet from here, the rest empty."""
    name = route.request.url.rsplit("/", 1)[-1]
    path = LEAFLET / name
    route.fulfill(body=path.read_bytes() if path.exists() else b"")


def measure(browser: Browser, path: Path) -> dict[str, float]:
    """Open a page and zoom in once; seconds, milliseconds and megabytes."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(300_000)
    page.route(re.compile("^https?:"), serve)
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate(DRAWN)
    opened = time.perf_counter() - start
    work = metrics(client)["TaskDuration"]
    client.send("HeapProfiler.collectGarbage")
    values = metrics(client)
    frame = page.evaluate(
        """async () => {
          document.querySelector(".leaflet-control-zoom-in, .map-buttons button")?.click();
          let worst = 0, before = performance.now();
          const end = before + 1000;
          while (before < end) {
            await new Promise(requestAnimationFrame);
            worst = Math.max(worst, performance.now() - before);
            before = performance.now();
          }
          return worst;
        }"""
    )
    page.close()
    return {
        "open": opened,
        "work": work * 1000,
        "heap": values["JSHeapUsedSize"] / 1e6,
        "nodes": values["Nodes"],
        "frame": frame,
    }


def metrics(client: CDPSession) -> dict[str, float]:
    """Return what Chromium counts of a page, by its names."""
    return {
        each["name"]: each["value"] for each in client.send("Performance.getMetrics")["metrics"]
    }


def write_pages(count: int, folder: Path) -> tuple[dict[str, Path], dict[str, list[float]]]:
    """Write both pages of `count` points in turn, and an empty one; return them, and the seconds of each writing."""
    frame = points(count)
    metadata = Metadata("points", "Points", label="name", noun_one="point", noun_many="points")
    writers: dict[str, Callable[[Path], object]] = {
        "explore": lambda path: frame.explore(tiles=None, column=None).save(path),
        "lcrmap": lambda path: Page(build_model([LayerView(Layer(frame, metadata))])).save(path),
        "empty": lambda path: path.write_text(EMPTY, encoding="utf-8"),
    }
    pages = {name: folder / f"{name}{count}.html" for name in writers}
    seconds: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(TIMES_WRITTEN):
        for name, write in writers.items():
            start = time.perf_counter()
            write(pages[name])
            seconds[name].append(time.perf_counter() - start)
    return pages, seconds


def median(runs: list[dict[str, float]], name: str) -> float:
    """Return the median of one figure over the runs."""
    return statistics.median(run[name] for run in runs)


def main(counts: list[int]) -> None:
    """Print a table for each number of points."""
    chromium = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"| {' | '.join(HEADINGS)} |")
        print(f"|--:|---|{'--:|' * (len(HEADINGS) - 2)}")
        for count in counts:
            pages, written = write_pages(count, Path(folder))
            runs: dict[str, list[Any]] = {name: [] for name in pages}
            for _ in range(TIMES):
                for name, path in pages.items():
                    runs[name].append(measure(browser, path))
            for name, path in pages.items():
                size = path.stat().st_size / 1e6
                figures = [f"{median(runs[name], key):.2f}" for key in FIGURES]
                nodes = f"{median(runs[name], 'nodes'):,.0f}"
                took = f"{statistics.median(written[name]):.2f}"
                print(
                    f"| {count:,} | {name} | {took} | {size:.1f} | {' | '.join(figures)} | {nodes} |"
                )
            share = [
                f"{median(runs['lcrmap'], key) / median(runs['explore'], key):.2f}"
                for key in (*FIGURES, "nodes")
            ]
            quicker = statistics.median(written["lcrmap"]) / statistics.median(written["explore"])
            print(f"| {count:,} | ratio | {quicker:.2f} | | {' | '.join(share)} |")
        browser.close()


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [10_000, 100_000])
