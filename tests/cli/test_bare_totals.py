"""No answer, page, picture or report says a total that misleads without what it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

BARE_TOTAL = re.compile(
    r"\b(16|sixteen) Freeport sites|\b(18|eighteen) Investment Zone sites", re.I
)
SITES = ["freeport-sites", "investment-zone-sites"]

COMMANDS = [
    *(["map", name, "-o", "answer.html"] for name in SITES),
    *(["count", name, "--in", "boroughs", "-o", "answer.html"] for name in SITES),
    *(["join", name, "boroughs", "-o", "answer.html"] for name in SITES),
    *(["near", name, "rail-stations", "-o", "answer.html"] for name in SITES),
    *(["near", name, "rail-stations", "--within", "800m", "-o", "answer.html"] for name in SITES),
    *(["catchment", name, "--rings", "2km", "-o", "answer.html"] for name in SITES),
    *(["gaps", name, "--beyond", "5km", "-o", "answer.html"] for name in SITES),
    ["show", "investment-zone-sites", "-o", "answer.svg"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:-2]))
def test_an_answer_names_no_bare_total(lcrmap: Callable, tmp_path: Path, words: list[str]) -> None:
    outcome = lcrmap(*words)
    assert outcome.code == 0, outcome.err
    said = [outcome.out, outcome.err]
    said += [path.read_text(encoding="utf-8") for path in tmp_path.glob("answer.*")]
    for text in said:
        assert BARE_TOTAL.findall(text) == []


def test_the_default_report_names_no_bare_total(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("report", "-o", "folder").code == 0
    for path in (tmp_path / "folder").rglob("*"):
        if path.suffix in (".html", ".md", ".txt", ".csv", ".json", ".svg"):
            assert BARE_TOTAL.findall(path.read_text(encoding="utf-8")) == [], path.name
