"""What takes much memory, or makes a large page, is said before; what takes too much is refused unless --large."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap.cli import large
from lcrmap.io import memory
from lcrmap.io.memory import expected_bytes, machine_bytes

Run = Callable[..., Any]
LESS = "to take less, ask join, count or show of it as .csv, .geojsonl, .gpkg, .fgb or .parquet and"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a thousand bytes or so, read in a machine of some thousands."""
    monkeypatch.chdir(tmp_path)
    feature = {
        "type": "Feature",
        "properties": {"id": "a"},
        "geometry": {"type": "Point", "coordinates": [-3, 53.4]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature] * 10})
    Path("places.geojson").write_text(text)
    return Path("places.geojson")


def memory_of(times: float, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the machine so many times the memory that a file takes."""
    monkeypatch.setattr(large, "machine_bytes", lambda: int(times * expected_bytes(path)))


@pytest.mark.parametrize("words", [("show",), ("map", "-o", "output/a.html")])
def test_a_file_that_takes_more_than_half_of_the_memory_is_refused_unless_large(
    lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    memory_of(1.9, places, monkeypatch)
    asked = lcrmap(words[0], str(places), *words[1:])
    assert asked.code == 2
    assert asked.err.startswith("Error: 'places.geojson' will take about 0.0 GB of the memory of")
    assert f"say --large to read it all the same; {LESS}" in asked.err
    assert not Path("output").exists()
    asked = lcrmap(words[0], str(places), *words[1:], "--large")
    assert asked.code == 0
    assert LESS in asked.err


@pytest.mark.parametrize(("times", "said"), [(3.9, True), (4.1, False)])
def test_from_a_quarter_of_the_memory_on_it_is_said(
    lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch, times: float, said: bool
) -> None:
    memory_of(times, places, monkeypatch)
    asked = lcrmap("count", str(places), "--in", "boroughs")
    assert asked.code == 0
    assert (LESS in asked.err) == said


def test_what_goes_in_parts_needs_no_word(
    lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lcrmap("show", str(places), "-o", "places.csv").code == 0
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 10)
    memory_of(1.0, Path("places.csv"), monkeypatch)
    asked = lcrmap("count", "places.csv", "--in", "boroughs", "-f", "csv")
    assert (asked.code, LESS in asked.err) == (0, False)


def test_a_recipe_is_held_to_it(lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("r.toml").write_text(
        'title = "R"\n[[question]]\nask = "count"\nlayers = ["places.geojson"]\nin = "boroughs"\n'
    )
    memory_of(1.9, places, monkeypatch)
    asked = lcrmap("report", "r.toml", "-o", "rep")
    assert (asked.code, "say --large" in asked.err) == (2, True), asked.err
    assert not Path("rep").exists()


def test_a_large_page_is_said_and_a_larger_one_refused(
    lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "SAID_PAGE", 5000)
    asked = lcrmap("map", str(places), "-o", "a.html")
    assert asked.code == 0
    said = "The page has 0 MB, more than most mail takes (0 MB): it opens slowly; to have less, count the fe"
    assert said in asked.err
    assert said in lcrmap("embed", "a.html", "--inline").err
    assert said not in lcrmap("embed", "a.html").err
    monkeypatch.setattr(large, "MOST_PAGE", 2000)
    asked = lcrmap("map", str(places), "-o", "b.html")
    assert (asked.code, Path("b.html").exists()) == (2, False)
    assert "The page would have 0 MB, which hardly a browser opens: count" in asked.err
    assert lcrmap("map", str(places), "-o", "b.html", "--large").code == 0
    assert Path("b.html").exists()


def test_the_parts_of_a_shapefile_count_together(tmp_path: Path) -> None:
    (tmp_path / "a.shp").write_bytes(b"x" * 100)
    alone = expected_bytes(tmp_path / "a.shp")
    (tmp_path / "a.dbf").write_bytes(b"x" * 300)
    assert expected_bytes(tmp_path / "a.shp") == 4 * alone
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in ("shp", "dbf"):
            archive.write(tmp_path / f"a.{suffix}")
    assert expected_bytes(tmp_path / "a.zip") == 4 * alone
    (tmp_path / "b.zip").write_bytes(b"no zip")
    assert expected_bytes(tmp_path / "b.zip") == 0


def test_the_memory_is_that_of_the_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = machine_bytes()
    assert whole is not None
    assert whole > 10**8
    bound = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUPS", (bound,))
    for text, expected in (("max\n", None), ("1000000\n", 1_000_000)):
        bound.write_text(text)
        found = machine_bytes()
        assert found == expected or (expected is None and found is not None and found >= whole)
