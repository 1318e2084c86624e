"""Rules about what is there twice; `lcrmap check` alone looks at them."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from lcrmap.checks.registry import Finding, Subject, rows_in_words, rule
from lcrmap.errors import GeometryError

__all__: list[str] = []

_ID: Final = re.compile(
    r"^(id|key|code|ref|reference|uid|fid|objectid|uprn|urn)$|(_id|code|cd)$", re.IGNORECASE
)


@rule("duplicate-id", "notice", GeometryError, opens=False)
def _duplicate_ids(subject: Subject) -> Finding | None:
    """Find values that stand twice in a column that is called as an id.

    A column is a key only if its values are all there and all different; a join by it would multiply rows. Columns in
    which fewer than nine in ten values are different are taken for codes of something else, such as a district.
    """
    for name, values in subject.values.items():
        filled = values.dropna()
        if not _ID.search(name) or not len(filled) or filled.map(type).isin([list, dict]).any():
            continue
        if filled.nunique() < 0.9 * len(filled):
            continue
        found = _repeated(values, subject, "another feature has")
        if found is not None:
            return Finding(
                f"has the same '{name}' more than once", "make each id one of its own", *found
            )
    return None


@rule("duplicate-place", "notice", GeometryError, opens=False)
def _duplicate_places(subject: Subject) -> Finding | None:
    """Find features with exactly the same shape as one before.

    Two entries of one thing, or several things at one address: the first is a fault, the second is not.
    """
    binary = pd.Series(shapely.to_wkb(subject.shapes), dtype=object)
    return _as_finding(
        subject, binary, "has features at exactly the same place", "lies where another does"
    )


@rule("duplicate-name", "notice", GeometryError, opens=False)
def _duplicate_names(subject: Subject) -> Finding | None:
    """Find names that several features have, letters' case and spaces aside.

    Readers of a list or of a map cannot tell them apart; they may be one thing twice.
    """
    if not subject.label:
        return None
    names = subject.values[subject.label]
    folded = names.map(lambda each: " ".join(str(each).casefold().split()), na_action="ignore")
    return _as_finding(subject, folded, "has features of the same name", "is called as another")


def _as_finding(subject: Subject, values: pd.Series[Any], what: str, said: str) -> Finding | None:
    found = _repeated(values, subject, said)
    return None if found is None else Finding(what, "remove or rename what is there twice", *found)


def _repeated(
    values: pd.Series[Any], subject: Subject, said: str
) -> tuple[tuple[int, ...], tuple[str, ...]] | None:
    """Return the rows whose value stood in a row before, and what is said of each; None if there are none."""
    plain = values.reset_index(drop=True)
    rows = np.flatnonzero(plain.duplicated() & plain.notna())
    if not len(rows):
        return None
    first = {value: row for row, value in reversed(list(enumerate(plain.tolist())))}
    details = []
    for row in rows:
        before = rows_in_words(subject, [first[plain.iloc[int(row)]]])
        details.append(f"it {said}: see {before}")
    return tuple(int(row) for row in rows), tuple(details)
