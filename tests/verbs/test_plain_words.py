"""No sentence uses the words of tables and programs where a reader speaks of places."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lcrmap"
BANNED = re.compile(r"\b(rows|placed|namely|(the one|those) for which)\b", re.IGNORECASE)
SENTENCES = sorted(
    [
        *PACKAGE.glob("verbs/*/words.py"),
        *PACKAGE.glob("verbs/text/*.py"),
        *PACKAGE.glob("maps/*.py"),
        *(PACKAGE / "verbs" / name for name in ("count/accounts.py", "numbers.py", "places.py")),
    ]
)
ON_A_TERMINAL = {"show/words.py": "where a table is meant"}


def sentences(source: str) -> list[str]:
    """Return what a module says: its texts of several words, without documentation and names."""
    tree = ast.parse(source)
    spoken = []
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            text = "".join(
                each.value if isinstance(each, ast.Constant) else "X" for each in node.values
            )
            spoken.append(text)
            inside |= {id(each) for each in ast.walk(node)}
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
        ):
            spoken.append(node.value)
    return [each for each in spoken if " " in each]


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sentences_speak_of_places_and_not_of_rows(path: Path) -> None:
    if "/".join(path.parts[-2:]) in ON_A_TERMINAL:
        return
    said = sentences(path.read_text(encoding="utf-8"))
    assert [each for each in said if BANNED.search(each)] == []


def test_the_words_of_a_page_speak_of_places_and_not_of_rows() -> None:
    catalogue = json.loads((PACKAGE / "maps/assets/words.en.json").read_text(encoding="utf-8"))
    texts = [
        text
        for entry in catalogue.values()
        for text in (entry.values() if isinstance(entry, dict) else [entry])
    ]
    plain = [re.sub(r"\{\w+\}", "X", each) for each in texts]
    assert [each for each in plain if BANNED.search(each)] == []


def test_banned_words_would_be_found() -> None:
    faulty = '"""Rows and columns."""\nA = f"{n} placed shops"\nB = "rows"\nC = "two rows of it"\n'
    assert sentences(faulty) == ["X placed shops", "two rows of it"]
