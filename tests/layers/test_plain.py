"""JSON and TOML of strangers: bounded in size, depth and digits before decoding, in time that grows with the text."""

from __future__ import annotations

import time

import pytest

from lcrmap.errors import FileError
from lcrmap.layers import plain
from lcrmap.layers.plain import DEEPEST, MOST_DIGITS, json_values, toml_values

TOO_DEEP = f"It is nested more than {DEEPEST} deep: it is not read."
TOO_LONG = f"It holds a number of more than {MOST_DIGITS} digits: it is not read."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, TOO_DEEP),
        ('{"a":' * 100_000, TOO_DEEP),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), TOO_DEEP),
        (f'{{"a": {"1" * 5000}}}', TOO_LONG),
        (f'{{"a": 1.{"1" * 5000}}}', TOO_LONG),
        (
            "1e999",
            "It is not valid JSON (1e999 is no number that JSON has): correct it and try again.",
        ),
        ("NaN", "It is not valid JSON (NaN is no number that JSON has): correct it and try again."),
    ],
    ids=["lists", "objects", "one too deep", "digits", "decimals", "infinite", "nan"],
)
def test_json_that_would_cost_is_refused(text: str, message: str) -> None:
    with pytest.raises(FileError) as raised:
        json_values(text, "It")
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 100_000, TOO_DEEP),
        ("a = " + "{b = " * 50_000, TOO_DEEP),
        ("a = " + "1" * 5000, TOO_LONG),
        ("a = 0x" + "1" * 5000, TOO_LONG),
        ("a = " + "1_1" * 200, TOO_LONG),
        (
            ".".join("a" * 50_000) + " = 1",
            "It has more than 100 dots in a line, as no key or number needs.",
        ),
        ("a = 2026-13-45", None),
    ],
    ids=["lists", "tables", "digits", "hexadecimal", "underscores", "dots", "no date"],
)
def test_toml_that_would_cost_is_refused(text: str, message: str | None) -> None:
    with pytest.raises(FileError) as raised:
        toml_values(text, "It")
    assert message is None or str(raised.value) == message


def test_what_stands_in_quotes_or_comments_is_text_and_costs_nothing() -> None:
    deep, long = "[" * 200, "1" * 300
    assert json_values(f'["{deep}", "\\"{long}", "a.b"]', "It") == [deep, f'"{long}', "a.b"]
    text = f"""a = '{deep}'
b = "\\"{long}"
c = '''
'{deep}''
'''
d = \"\"\"\\\"\"\"{deep}\"\"\"
# {deep}{long}
"""
    assert toml_values(text, "It")["a"] == deep
    assert toml_values(text, "It")["d"] == f'"""{deep}'


def test_what_is_deep_and_long_but_bearable_is_read() -> None:
    text = "[" * DEEPEST + "9" * MOST_DIGITS + "]" * DEEPEST
    assert str(json_values(text, "It")).strip("[]") == "9" * MOST_DIGITS
    assert str(toml_values(f"a = {text}", "It")["a"]).strip("[]") == "9" * MOST_DIGITS


def test_a_text_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LARGEST", 10)
    with pytest.raises(
        FileError, match=r"^It holds 11 characters, more than 10: it is not read\.$"
    ):
        json_values("[" * 11, "It")


@pytest.mark.parametrize(
    "piece", ['"', '\\"', '"\\', "'", "'''", '"""', '"""a', "#", "\\", '"\n', "''\n", "[]"]
)
def test_time_grows_as_the_text_does(piece: str) -> None:
    def seconds(count: int) -> float:
        text, best = piece * count, float("inf")
        for _ in range(3):
            before = time.process_time()
            for decode in (json_values, toml_values):
                with pytest.raises(FileError):
                    decode(f"[{text}", "It")
            best = min(best, time.process_time() - before)
        return best

    assert seconds(120_000) < 4 * (4 * seconds(30_000) + 0.05)
