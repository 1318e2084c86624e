"""What may be meant by the cells of a table that name no area of a pack, and what tells areas of one name apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.errors import close_names, shortened
from lcrmap.io.area_codes import Match, bare_codes, namesakes
from lcrmap.layers.naming import telling_column

__all__ = ["hints_for", "telling_among"]

_MOST_PLACES: Final = 3


def hints_for(match: Match, cells: Sequence[str]) -> str:
    """Return what follows a sentence on cells that are not found: who shares a name, and which area may be meant.

    A name may be any that is similar, a code only one that differs by one character, if there is no second.
    """
    said, asked = list[str](), list[str]()
    for cell in dict.fromkeys(each.strip() for each in cells):
        alike = namesakes(match.areas, cell) if match.by_name else []
        if len(alike):
            said.append(f"; {_shared(match, cell, alike)}")
            continue
        near = _near_name(match, cell) if match.by_name else _near_code(match, cell)
        if near:
            asked.append(f"is '{shortened(cell)}' '{near}'")
    return "".join(said) + (f"; {', and '.join(asked)}?" if asked else "")


def telling_among(match: Match, rows: Any) -> str:
    """Return the areas' column, such as the borough, that tells those of one name in some rows apart; empty if none."""
    source = match.areas.source
    return telling_column(source.with_frame(source.frame.iloc[np.unique(rows[rows >= 0])]))


def _shared(match: Match, cell: str, rows: Any) -> str:
    """Say of a name that several areas have, where these are, and that their codes tell them apart."""
    areas = match.areas
    column = telling_among(match, rows)
    places = [str(each) for each in areas.source.frame[column].iloc[rows]] if column else []
    more = "such as " if len(places) > _MOST_PLACES else ""
    first = places[:_MOST_PLACES]
    where = f", {more}in {', '.join(first[:-1])} and {first[-1]}" if places else ""
    noun = areas.source.metadata.noun_many
    return (
        f"'{shortened(cell)}' is the name of {len(rows)} {noun}{where}: "
        f"a column of codes, such as {areas.keys[rows[0]]}, tells them apart"
    )


def _near_name(match: Match, cell: str) -> str:
    return next(iter(close_names(cell, map(str, match.areas.names), most=1)), "") if cell else ""


def _near_code(match: Match, cell: str) -> str:
    code = bare_codes(pd.Series([cell])).iloc[0].upper()
    near = [str(each) for each in match.areas.keys if _is_one_off(code, str(each).upper())]
    return near[0] if len(near) == 1 else ""


def _is_one_off(one: str, other: str) -> bool:
    """Tell whether two different texts differ by one character: another one, one more or one less."""
    short, long = sorted((one, other), key=len)
    pairs = zip(short, long, strict=False)
    start = next((n for n, (a, b) in enumerate(pairs) if a != b), len(short))
    return short[start + (len(short) == len(long)) :] == long[start + 1 :]
