"""The slips that people make in TOML are told with their line and what to write instead."""

from __future__ import annotations

import pytest

from lcrmap.errors import FileError
from lcrmap.layers.plain import toml_values
from lcrmap.layers.toml_words import toml_fault

CHANGE = '[[change]]\nremove = "a"\n'
SLIPS = {
    "a comma in a number": ("more = 1,500", 1, "write more = 1500 or more = 1_500."),
    "commas in a large number": ("more = 1,500,000", 1, "more = 1500000 or more = 1_500_000."),
    "a comma as decimal point": ("times = 1,1", 1, "write times = 1.1."),
    "a percentage": ("times = 10%", 1, "write times = 0.1."),
    "a number that begins with a point": ("times = -.5", 1, "write times = -0.5."),
    "a number that begins with 0": ("more = 0500", 1, "write more = 500."),
    "a number and a word": ("more = 500 people", 1, "write more = 500."),
    "a dash for minus": ("more = \u22125", 1, "as in more = -5."),
    "a distance without quotes": ("error = 50m  # far", 1, 'write error = "50m".'),
    "a position without quotes": ("at = 53.4,-2.9", 1, 'write at = "53.4,-2.9".'),
    "a text without quotes": ("\nremove = sites:a-b", 2, 'write remove = "sites:a-b".'),
    "a text without quotes in a list": ("a = [\nb,\n]", 2, "put them around it."),
    "true with a large letter": ("a = { b = True }", 1, "small letters; write them so."),
    "curly quotes": ("title = \u201cx\u201d", 1, "type straight ones"),
    "one curly quote": ('\n\ntitle = "x\u201d', 3, "type straight ones"),
    "no second quote": ('title = "x\nabout = "y"', 1, "one of the two quotes"),
    "no first quote": ('title = x"', 1, "one of the two quotes"),
    "a lone apostrophe": ("title = it's", 1, "one of the two quotes"),
    "long quotes that are not closed": ('title = """x\n\n', 3, 'that begins with """ in line 1'),
    "a backslash": (r'title = "C:\data"', 1, r"write \\ or /, or use single quotes."),
    "a colon for =": ("title: x", 1, "write 'title ='."),
    "a colon in braces": ('values = { status: "x" }', 1, 'write { status = "..." }.'),
    "JSON in braces": ('values = { "status": "x" }', 1, 'write { status = "..." }.'),
    "no =": ('title "x"', 1, "'title \"x\"' has no =; write a key and its value"),
    "plain words": ("The ferries stop.", 1, "'The ferries stop.' has no ="),
    "no value": ("title =", 1, "'title' has no value; write one behind the =."),
    "a key of two words": ('my title = "x"', 1, "'my title' is no key; a key is one word"),
    "two keys in a line": ('a = "x" b = "y"', 1, "put the second into the next line."),
    "a line that ends with a comma": ('a = "x",', 1, "take away what stands behind it."),
    "a comment after slashes": ('a = "x" // y', 1, "write # in place of //."),
    "words behind a text": ('a = "x" y', 1, "take away the rest."),
    "braces over lines": ("a = {\nb = 1\n}", 1, "bring it together."),
    "a list that is not closed": ('a = ["x", "y"\nb = 1', 2, "] behind the last."),
    "a bracket too few": ("[[change]\na = 1", 1, "write [[change]]."),
    "no bracket behind": ("[[change\na = 1", 1, "write [[change]]."),
    "one bracket, twice": ("[change]\na = 1\n[change]", 3, "with [[change]], in two brackets."),
    "one bracket after two": (f"{CHANGE}[change]", 3, "with [[change]], in two brackets."),
    "two brackets after one": ("[change]\na = 1\n[[change]]", 3, "with [[change]], in two brackets."),
    "a key twice": ('a = "x"\na = "y"', 2, "'a' is given twice in one block; keep one of them."),
    "a block without its line": (f'{CHANGE}remove = "b"', 3, "or begin another block with [[change]]."),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_its_line_and_the_remedy(slip: str) -> None:
    text, line, told = SLIPS[slip]
    with pytest.raises(FileError) as caught:
        toml_values(text, "'mine.toml'")
    said = str(caught.value)
    assert said.startswith(f"'mine.toml' is not valid TOML in line {line}: ")
    assert told in said
    assert said.endswith(".")
    assert "\n" not in said


def test_what_is_not_known_is_told_as_the_decoder_has_it() -> None:
    with pytest.raises(FileError, match=r"in line 1, column 7: illegal .*; correct the line\."):
        toml_values('a = "b\x00c"', "It")
    assert toml_fault("", "Day is out of range") == ": day is out of range; correct it."


def test_a_line_of_any_length_is_told_of_at_once() -> None:
    with pytest.raises(FileError, match="in line 1"):
        toml_values("a = {" + "b" * 400_000, "It")
    with pytest.raises(FileError, match="in line 1"):
        toml_values("a" * 400_000, "It")
