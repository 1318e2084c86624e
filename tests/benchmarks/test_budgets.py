"""Start-up has a budget of modules: they can be counted, and seconds on a shared machine cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# What no small verb may load: pages, pictures, terminals, other readers.
NOT_FOR_SMALL_VERBS = {
    *("folium", "fiona", "matplotlib", "scipy", "requests", "jinja2", "pyogrio", "rich"),
    *("mapclassify", "sklearn", "IPython"),
}
COUNTED = """
import atexit, json, sys
{first}
before = set(sys.modules)
sys.argv = ["lcrmap", *{words!r}]
atexit.register(lambda: print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr))
import lcrmap.cli
lcrmap.cli.main()
"""


def loaded(first: str, *words: str, folder: Path) -> list[str]:
    """Return the modules that a command loads beyond those of a first statement."""
    code = COUNTED.format(first=first, words=words)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    # pyarrow loads it where Dask is installed, which the tests need and a verb does not.
    return [each for each in modules if not each.startswith("cloudpickle")]


@pytest.mark.parametrize(
    ("most", "words"),
    [(50, ["--help"]), (15, ["--version"]), (35, ["completion", "bash"])],
    ids=["help", "version", "completion"],
)
def test_a_light_word_loads_little_more_than_click(
    most: int, words: list[str], tmp_path: Path
) -> None:
    modules = loaded("import click", *words, folder=tmp_path)
    assert len(modules) <= most, modules


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (125, ["show", "boroughs"]),
        (140, ["count", "innovation-assets", "--in", "boroughs"]),
        (140, ["join", "innovation-assets", "boroughs"]),
        (150, ["near", "innovation-assets:sci-tech-daresbury", "innovation-assets"]),
    ],
    ids=["show", "count", "join", "near"],
)
def test_a_small_verb_loads_little_more_than_geopandas(
    most: int, words: list[str], tmp_path: Path
) -> None:
    modules = loaded("import geopandas", *words, folder=tmp_path)
    assert len(modules) <= most, modules
    assert not {each.partition(".")[0] for each in modules} & NOT_FOR_SMALL_VERBS


def test_the_atlas_loads_no_reader_or_picture_that_it_does_not_need(tmp_path: Path) -> None:
    modules = loaded("import geopandas, folium", "map", "-o", "atlas.html", folder=tmp_path)
    tops = {each.partition(".")[0] for each in modules}
    assert not tops & {"fiona", "matplotlib", "scipy", "pyogrio", "IPython"}
    assert not [each for each in modules if each.startswith("lcrmap.reports.folder")]
    assert len(modules) <= 155, modules
