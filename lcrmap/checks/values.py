"""Rules about what stands in the columns; `lcrmap check` alone looks at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.checks.formulas import is_formula
from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import DataError
from lcrmap.layers.written_numbers import are_numbers

__all__: list[str] = []

_EXACT: Final = 2**53
_MOST: Final = 0.9  # of the cells of a column that must be numbers for the others to be odd
_SURELY: Final = 5  # numbers beside which a single cell is odd, though it is more than a tenth
# Control characters but for tab and line ends, and those that change the direction of what follows.
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]"
)


@rule("number-as-text", "notice", DataError, opens=False)
def _number_as_text(subject: Subject) -> Finding | None:
    """Find cells that are no number in a column in which nearly all others are.

    Nine in ten must be numbers, or five beside a single cell that is none. One such cell makes text of the whole
    column: it can no longer be summed, shaded or compared as a number.
    """
    return _in_cells(
        subject,
        _odd_among_numbers,
        "has cells that are no number in columns of numbers",
        "leave such cells empty, or write a number",
    )


def _odd_among_numbers(values: pd.Series[Any]) -> Any:
    is_text = values.map(lambda each: isinstance(each, str) and bool(each.strip())).to_numpy(bool)
    texts = values[is_text].astype("str")
    odd = np.flatnonzero(is_text)[~are_numbers(texts).to_numpy(bool)]
    numbers = len(texts) - len(odd)
    return odd if numbers >= (_SURELY if len(odd) == 1 else _MOST * max(len(texts), 1)) else []


@rule("mixed-types", "notice", DataError, opens=False)
def _mixed_types(subject: Subject) -> Finding | None:
    """Find columns in which numbers, texts and truth values stand beside each other.

    Formats with typed columns cannot hold them, and sorting or comparing them says little.
    """
    for name, values in subject.values.items():
        kinds = {_kind(each) for each in values.tolist()} - {""}
        if len(kinds) > 1:
            what = f"holds {' and '.join(sorted(kinds))} in the column '{name}'"
            return Finding(what, "write one kind of value in a column")
    return None


def _kind(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "truth values"
    if isinstance(value, list | dict | tuple):
        return "lists"
    if isinstance(value, str):
        return "texts"
    return "" if value is None or value != value else "numbers"  # NaN alone differs from itself


@rule("whole-number-at-risk", "notice", DataError, opens=False)
def _whole_numbers(subject: Subject) -> Finding | None:
    """Find whole numbers beyond 2^53, which spreadsheets and JavaScript round.

    lcrmap keeps them to the digit; where they are ids, writing them as text keeps them everywhere.
    """

    def beyond(values: pd.Series[Any]) -> Any:
        if values.dtype.kind in "fb" or pd.api.types.is_string_dtype(values.dtype):
            return []
        return [
            n
            for n, each in enumerate(values.tolist())
            if isinstance(each, int) and not isinstance(each, bool) and abs(each) > _EXACT
        ]

    what = "has whole numbers that other programs round"
    return _in_cells(subject, beyond, what, "write such ids as text")


@rule("formula", "notice", DataError, opens=False)
def _formulas(subject: Subject) -> Finding | None:
    """Find cells that a spreadsheet would run as a formula.

    Text that begins with =, @, + or - may run when the file is opened in a spreadsheet. lcrmap writes such cells into
    CSV with an apostrophe before them, and reads them back without.
    """
    return _in_cells(
        subject,
        lambda values: _matching(values, is_formula),
        "has cells that a spreadsheet takes for formulas",
        "check where they come from before you open the file in a spreadsheet",
    )


@rule("control-character", "notice", DataError, opens=False)
def _control_characters(subject: Subject) -> Finding | None:
    """Find control characters, those that turn the direction of text, and the mark of lost letters.

    They are not seen, and make a text look like another; the mark U+FFFD stands where a letter was lost in a wrong
    encoding.
    """
    return _in_cells(
        subject,
        lambda values: _matching(values, lambda text: _CONTROL.search(text) is not None),
        "has characters that are not seen or were lost",
        "remove them, or save the file again in UTF-8",
    )


def _matching(values: pd.Series[Any], is_odd: Callable[[str], bool]) -> Any:
    return [n for n, each in enumerate(values.tolist()) if isinstance(each, str) and is_odd(each)]


def _in_cells(
    subject: Subject, odd: Callable[[pd.Series[Any]], Any], what: str, remedy: str
) -> Finding | None:
    """Return what is found in the cells of all columns, each with its column and value."""
    rows, details = [], []
    for name, values in subject.values.items():
        for row in odd(values):
            rows.append(int(row))
            details.append(f"'{values.iloc[int(row)]!s:.40}' in the column '{name}'")
    return Finding(what, remedy, tuple(rows), tuple(details)) if rows else None
