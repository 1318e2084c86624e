"""The catalogue: complete, used, with plurals that are right."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import lcrmap.maps
from lcrmap.errors import UnknownNameError
from lcrmap.maps.words import FOLDER, load_words, number_text, with_unit

MAPS = Path(lcrmap.maps.__file__).parent
WORDS = load_words()


def used_keys() -> tuple[set[str], set[str]]:
    """Keys written out, and the beginnings of those that are put together."""
    whole, starts = set(), set()
    sources = [*MAPS.glob("*.py"), *MAPS.glob("assets/*.mjs"), *MAPS.glob("templates/*")]
    for path in sources:
        text = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r'["\']([a-z]+(?:\.[a-z_.]+)?)["\']', text))
        starts |= set(re.findall(r'[`"]([a-z]+\.[a-z_]*)(?:\$?\{|" ~)', text))
    return whole, starts


def test_every_entry_is_used() -> None:
    whole, starts = used_keys()
    unused = {
        key for key in WORDS.entries if key not in whole and not any(map(key.startswith, starts))
    }
    assert unused == set()


def test_every_key_of_the_scripts_is_in_the_catalogue() -> None:
    keys = set()
    for path in MAPS.glob("assets/*.mjs"):
        text = path.read_text(encoding="utf-8")
        keys |= set(re.findall(r'words\(\s*"([^"]+)"', text))
        keys |= set(re.findall(r'words\([^"()]*\? "([^"]+)"', text))
        keys |= set(re.findall(r'words\([^"()]*\? "[^"]+" : "([^"]+)"', text))
    assert keys - set(WORDS.entries) == set()


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "No place passes the filters, of 5; headline and summary speak of all 5."),
        (1, "Showing 1 place of 5; headline and summary speak of all 5."),
        (2, "Showing 2 places of 5; headline and summary speak of all 5."),
    ],
)
def test_plurals(n: int, text: str) -> None:
    assert WORDS("filter.now", n=n, total=5) == text


def test_every_plural_has_its_forms() -> None:
    for key, entry in WORDS.entries.items():
        if not isinstance(entry, str):
            assert {"one", "other"} <= set(entry) <= {"zero", "one", "other"}, key


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(items: list[str], text: str) -> None:
    assert WORDS.several(items) == text


@pytest.mark.parametrize(
    ("date", "text"),
    [("2026", "2026"), ("2026-11", "November 2026"), ("2026-11-04", "4 November 2026"),
     ("2026-13", "2026-13"), ("soon", "soon"), ("", "")],
)  # fmt: skip
def test_dates(date: str, text: str) -> None:
    assert WORDS.date(date) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (999, "999"), (1003, "1,003"), (9999, "9,999"), (10000, "10,000"),
     (1234567.5, "1,234,567.5"), (0.1234567, "0.123457"), (-3, "−3"), (1e-9, "0"), (float("nan"), "nan")],
)  # fmt: skip
def test_numbers(value: float, text: str) -> None:
    assert number_text(value) == text


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="choose from en"):
        load_words("tlh")


def test_the_catalogue_has_no_key_twice() -> None:
    pairs = json.loads(
        (FOLDER / "words.en.json").read_text(encoding="utf-8"), object_pairs_hook=lambda each: each
    )
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys))


def test_a_count_in_a_sentence_has_its_comma() -> None:
    assert WORDS("legend.count", count=1003) == "(1,003)"


def test_a_per_cent_sign_is_closed_up_and_a_word_is_not() -> None:
    assert [with_unit("5", unit) for unit in ("%", "km", "")] == ["5%", "5 km", "5"]
