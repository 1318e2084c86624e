"""The apostrophes that keep texts of a CSV from running as formulas: taken off as lcrmap put them there, and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.checks.formulas import is_guarded
from lcrmap.io.cells import typed_column
from lcrmap.io.columns import Column

__all__ = ["bare_names", "guard_note", "unguarded", "without_guards"]

_NO_TEXT: Final = ("integer", "number", "boolean", "any")
_SHOWN: Final = 3
# Behind an apostrophe a letter or digit of ASCII begins no formula; of the others `is_guarded` tells.
_DOUBTFUL: Final = r"^'+[^A-Za-z0-9']"


def unguarded(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Take off the apostrophes that keep texts in our CSV from running as formulas; return how many there were.

    Examples
    --------
    >>> cells, count = unguarded(pa.chunked_array([["'=1+1", "'s-Hertogenbosch", None]]))
    >>> cells.to_pylist(), count
    (['=1+1', "'s-Hertogenbosch", None], 1)
    """
    if not pc.any(pc.starts_with(cells, "'"), min_count=0).as_py():
        return cells, 0
    whole = cells.combine_chunks()
    doubtful = pc.fill_null(pc.match_substring_regex(whole, _DOUBTFUL), False)
    rows = np.flatnonzero(doubtful.to_numpy(zero_copy_only=False))
    found = [row for row in rows.tolist() if is_guarded(whole[row].as_py())]
    if not found:
        return cells, 0
    mask = np.zeros(len(whole), dtype=bool)
    mask[found] = True
    bare = pa.array([whole[row].as_py()[1:] for row in found], cells.type)
    return pa.chunked_array([pc.replace_with_mask(whole, pa.array(mask), bare)]), len(found)


def without_guards(
    columns: Sequence[Column], cells: Mapping[str, Any]
) -> tuple[tuple[Column, ...], dict[str, int]]:
    """Take the apostrophes off that guard formulas; return in how many cells of which columns there were some."""
    found, guarded = [], {}
    for column in columns:
        if column.type not in _NO_TEXT:
            texts, count = unguarded(cells[column.name])
            if count:
                column, guarded[column.name] = typed_column(column.name, texts, column.type), count
        found.append(column)
    return tuple(found), guarded


def guard_note(guarded: Mapping[str, int], where: str) -> list[str]:
    """Say where apostrophes were taken off."""
    named = [
        f"{count:,} {'cell' if count == 1 else 'cells'} of '{name}'"
        for name, count in guarded.items()
    ]
    if not named:
        return []
    more = f" and {len(named) - _SHOWN} more columns" if len(named) > _SHOWN else ""
    cells = f"{', '.join(named[:_SHOWN])}{more}"
    return [
        f"The apostrophe that keeps a text from running as a formula is taken off in {cells} of {where}."
    ]


def bare_names(heads: Sequence[str], where: str) -> tuple[list[str], list[str]]:
    """Take the apostrophes off the names of columns; return the names, and what is said of it."""
    bare = [name[1:] if is_guarded(name) else name for name in heads]
    found = [name for name, head in zip(bare, heads, strict=True) if name != head]
    if not found:
        return bare, []
    word = "name" if len(found) == 1 else "names"
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    shown = ", ".join(f"'{each:.40}'" for each in found[:_SHOWN])
    return bare, [f"The apostrophe before the column {word} {shown}{more} of {where} is taken off."]
