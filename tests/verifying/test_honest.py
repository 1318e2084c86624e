"""Whatever a file is called and whatever its cells hold: the page of it is the same again, to the byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.library import make_map
from lcrmap.reports.verify import verify

NAMES = [
    "a\\b.csv",
    "a\rb.csv",
    "a\nb.csv",
    "100%.csv",
    "a#b?.csv",
    "a b.csv",
    "a:b.csv",
    "-a.csv",
    "~a.csv",
    ".a.csv",
    "boroughs.csv",
    "a'\"<&>.csv",
    "\u202eé.csv",
    "-.csv",
    "a" * 250 + ".csv",
]
ROWS = 'name,lat,lon\r\n"Pier\r\nHead",53.40,-2.99\r\n"a\rb\nc\u2028",53.4975,-3.0494\r\n'

VERBS = [
    ["show"],
    ["map"],
    ["near", "rail-stations"],
    ["count", "--in", "boroughs"],
]


def honest(lcrmap: Callable, name: str, verb: list[str], text: str = ROWS) -> str:
    """Make a page of a file, move the file, and return what verify says."""
    Path("data").mkdir(exist_ok=True)
    Path("data", name).write_bytes(text.encode())
    made = lcrmap(verb[0], f"data/{name}", *verb[1:], "-o", "page.html")
    assert made.code == 0, made.err
    os.replace(Path("data", name), "data/moved")
    outcome = lcrmap("verify", "page.html", "--inputs", "data")
    return str(outcome.out + outcome.err)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_map_of_a_file_of_any_name_is_the_same(name: str, lcrmap: Callable) -> None:
    assert honest(lcrmap, name, ["map"]) == "The same, to the byte: 1 file.\n"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("name", ["a\\b#:100%.csv", "a\rb?.csv"], ids=ascii)
def test_a_page_of_every_verb_is_the_same(name: str, verb: list[str], lcrmap: Callable) -> None:
    assert honest(lcrmap, name, verb) == "The same, to the byte: 1 file.\n"


def test_a_place_in_a_file_of_an_odd_name_is_the_same(lcrmap: Callable) -> None:
    Path("a:b#.csv").write_text('name,lat,lon\n"Pier, A/B",53.40,-2.99\n', encoding="utf-8")
    assert lcrmap("near", "a:b#.csv:Pier, A/B", "rail-stations", "-o", "page.html").code == 0
    assert lcrmap("verify", "page.html", "--inputs", ".").out == "The same, to the byte: 1 file.\n"


@pytest.mark.parametrize("name", ["a\\b#:100%.csv", "a\rb?.csv"], ids=ascii)
def test_a_report_of_a_file_of_any_name_is_the_same(name: str, lcrmap: Callable) -> None:
    Path(name).write_bytes(ROWS.encode())
    quoted = name.replace("\\", "\\\\").replace("\r", "\\r")
    Path("r.toml").write_text(
        f'[[question]]\nask = "show"\nlayer = "{quoted}"\n'
        f'[[question]]\nask = "near"\nfrom = "{quoted}"\nto = ["rail-stations"]\n',
        encoding="utf-8",
    )
    assert lcrmap("report", "r.toml", "-o", "report").code == 0
    outcome = lcrmap("verify", "report", "--inputs", ".")
    assert outcome.out.startswith("The same, to the byte: all "), outcome.out + outcome.err


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20),
    cells=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=3
    ),
)
def test_any_name_and_any_cells_are_the_same(name: str, cells: list[str], tmp_path: Path) -> None:
    lines = ['"' + each.replace('"', '""') + '",53.4,-2.99' for each in cells]
    path = tmp_path / f"{name}.csv"
    path.write_bytes("\r\n".join(["name,lat,lon", *lines, ""]).encode())
    (tmp_path / "page.html").write_bytes(make_map(path).html.encode())
    path.rename(tmp_path / "moved")
    assert verify(tmp_path / "page.html", tmp_path).lines == ("The same, to the byte: 1 file.",)
