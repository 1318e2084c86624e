"""What is wrong with a text that is no TOML, in the words of somebody who never read its specification.

Python's decoder says where it stopped. Here the line is looked at again, for the slips that people make, and the
remedy is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lcrmap.errors import shortened
from lcrmap.layers.plain import TOML_TEXT

__all__ = ["toml_fault"]

_PLACE: Final = re.compile(
    r"(.*?),? ?\(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL
)
_CURLY: Final = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]")
_LONGEST: Final = 1000  # characters of a line at which it is worth looking again
_KEY: Final = r'(?:[\w-]+|"")'
_PATH: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"

Say = str | Callable[[re.Match[str]], str]


def toml_fault(text: str, told: str) -> str:
    r"""Say what is wrong with a text that is no TOML, on which line, and what to write.

    Parameters
    ----------
    text
        All of it.
    told
        What Python's decoder said of it.

    Returns
    -------
    str
        What stands behind "is not valid TOML" in a sentence.

    Examples
    --------
    >>> toml_fault("title = 'x'\nmore = 1,500", "Expected newline (at line 2, column 9)")
    ' in line 2: a number has no commas; write more = 1500 or more = 1_500.'
    """
    found = _PLACE.fullmatch(told)
    if found is None:
        return f": {told[:1].lower()}{told[1:]}; correct it."
    lines = text.split("\n")
    number = int(found[2]) if found[2] else len(lines)
    bare = TOML_TEXT.sub(_masked, text).split("\n")
    said = (
        _of_text(bare, number)
        or _of_double(bare, number, found[1])
        or _of_line(bare[number - 1].strip(), lines[number - 1].strip(), found[1])
    )
    if said:
        return f" in line {number}: {said}."
    column = f", column {found[3]}" if found[3] else ""
    return f" in line {number}{column}: {found[1][:1].lower()}{found[1][1:]}; correct the line."


def _masked(found: re.Match[str]) -> str:
    """Return the quotes of a text alone, one for a text that is not closed, and nothing of a comment."""
    text = found[0]
    if text.startswith("#"):
        return ""
    kind = text[:3] if text[:3] in ("'''", '"""') else text[:1]
    closed = len(text) >= 2 * len(kind) and text.endswith(kind)
    breaks = "\n" * text.count("\n")
    return f'""{breaks}' if closed else f"{kind}{breaks}"


def _of_text(bare: list[str], number: int) -> str:
    """Say which text of several lines is never closed."""
    for begun, line in enumerate(bare[:number], 1):
        for quotes in ('"""', "'''"):
            if quotes in line:
                return f"the text that begins with {quotes} in line {begun} is not closed; end it with {quotes}"
    return ""


def _of_double(bare: list[str], number: int, told: str) -> str:
    """Say which key or block is given a second time."""
    line = bare[number - 1].strip()
    if not told.startswith(("Cannot declare", "Cannot overwrite", "Cannot mutate")):
        return ""
    if line.startswith("["):
        name = line.strip("[] ")
        return (
            f"'{name}' is one block already; begin each of several with [[{name}]], in two brackets"
        )
    blocks = [each.strip() for each in bare[: number - 1] if each.lstrip().startswith("[[")]
    begin = f", or begin another block with {blocks[-1]}" if blocks else ""
    return (
        f"'{line.partition('=')[0].strip()}' is given twice in one block; keep one of them{begin}"
    )


def _of_line(bare: str, line: str, told: str) -> str:
    """Say what is wrong with a line, of which `bare` is what stands outside its quotes; empty where it is not known."""
    if len(line) > _LONGEST:
        return ""
    alone = re.search(r"""(?<!")"(?!")|'""", bare) is not None
    if _CURLY.search(line if alone else bare):
        return 'curly quotes are not read; type straight ones, as in title = "..."'
    if alone:
        return 'one of the two quotes around a text is missing; write it as in title = "..."'
    if "Unescaped" in told:
        return r"a \ between double quotes has a meaning of its own; write \\ or /, or use single quotes"
    if bare.startswith("["):
        name = re.sub(r"[^\w.-]", "", bare.partition("=")[0])
        return f"a block begins with its name in two brackets on either side; write [[{name}]]"
    if told.startswith("Unclosed array"):
        return "the list that begins with [ is not closed; put commas between its values and ] behind the last"
    if "{" in bare and "}" not in bare:
        return "what { begins ends with } in the same line; bring it together"
    key, equals, value = (each.strip() for each in bare.partition("="))
    if not equals and told.startswith("Invalid value"):
        return "text stands in quotes, within [ ] too; put them around it"
    if not equals or re.match(rf"{_PATH}\s*:", bare):
        return _of_key(bare, line)
    if not re.fullmatch(_PATH, key):
        return f"'{shortened(key, 40)}' is no key; a key is one word, such as title"
    return _of_value(key, value, line.partition("=")[2].strip())


def _of_key(bare: str, line: str) -> str:
    """Say what is wrong with a line that is no key with its value."""
    found = re.match(rf"({_PATH})\s*:", bare)
    if found is not None:
        return f"between a key and its value stands = and no colon; write '{found[1]} ='"
    if not bare:
        return ""
    return f"'{shortened(line, 40)}' has no =; write a key and its value, as in title = \"...\""


def _of_value(key: str, value: str, written: str) -> str:
    """Say what is wrong with a value; empty where it is not known."""
    for pattern, said in _VALUES:
        found = re.match(pattern, value)
        if found is not None:
            told = said(found) if callable(said) else said
            return told.replace("KEY", key)
    if not value.startswith(("[", "{", '"', "'")):
        bare = re.sub(r"\s*#.*", "", written).replace('"', "")
        return f'text stands in quotes; write {key} = "{shortened(bare, 60)}"'
    return ""


def _whole(found: re.Match[str]) -> str:
    plain = found[1].replace(",", "")
    grouped = found[1].replace(",", "_")
    return f"a number has no commas; write KEY = {plain} or KEY = {grouped}"


# What people write for a value, outside its quotes, and what to say of it; the first that fits is told.
_VALUES: Final[tuple[tuple[str, Say], ...]] = (
    (r"$", "'KEY' has no value; write one behind the ="),
    (r"([+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)$", _whole),
    (
        r"([+-]?[0-9]+),([0-9]+)$",
        lambda found: f"a number has a point and no comma; write KEY = {found[1]}.{found[2]}",
    ),
    (
        r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*%",
        lambda found: f"a number has no %; write KEY = {float(found[1]) / 100:g}",
    ),
    (
        r"([+-]?)(\.[0-9]+)$",
        lambda found: f"a number begins with a digit; write KEY = {found[1]}0{found[2]}",
    ),
    (
        r"([+-]?)0+([1-9][0-9]*)$",
        lambda found: f"a number does not begin with 0; write KEY = {found[1]}{found[2]}",
    ),
    (
        r"([0-9]+(?:\.[0-9]+)?)\s+[a-z]",
        lambda found: f"behind a number stands no word; write KEY = {found[1]}",
    ),
    (
        "[\u2212\u2013\u2014]([0-9.]+)",
        lambda found: f"a dash is no minus; write the hyphen, as in KEY = -{found[1]}",
    ),
    (r".*?\b(?:True|False|TRUE|FALSE)\b", "true and false have small letters; write them so"),
    (r".*//", "a comment begins with #; write # in place of //"),
    (r".*[;,]$", "a value ends its line; take away what stands behind it"),
    (
        rf"\{{.*?{_KEY}\s*:",
        'within { } too a key and its value have = between them; write { status = "..." }',
    ),
    (rf'.*?(?:""|[\]}}0-9])\s+{_KEY}\s*=', "a line has one key; put the second into the next line"),
    (
        r'""\s*\S',
        "behind a text stands nothing but a comment, which begins with #; take away the rest",
    ),
)
