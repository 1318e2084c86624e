"""The rows of a comparison that are read by people: all residents first, then the groups for whom something changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from lcrmap.analysis.access import PER
from lcrmap.layers import Layer
from lcrmap.verbs.compare.groups import ALL_RESIDENTS

__all__ = ["main_columns_of", "told_rows"]

_MOVES: Final = ("change", "change_min", "change_max", "gain", "lose")
_SHARED: Final = f"per {PER:,}"
_DIGITS: Final = 3
_TELLING: Final = ("group_kind", "statistic", *_MOVES)
_AFTER: Final = ("change", "gain", "lose", "change_min", "change_max")
_WHOLE: Final = ("residents", "features", _SHARED)
_GROUPED: Final = (*_WHOLE, "mean")  # of a distance the mean alone, in groups


def main_columns_of(scenarios: int) -> tuple[str, ...]:
    """Return the columns that matter most first, as a terminal is narrow.

    Examples
    --------
    >>> main_columns_of(2)[:4], main_columns_of(3)[:4]
    (('measure', 'statistic', 'group', 'change'), ('scenario', 'measure', 'statistic', 'group'))
    """
    several = ("scenario",) if scenarios > 2 else ()
    return (*several, "measure", "statistic", "group", *_AFTER)


def told_rows(layer: Layer, kinds: Collection[str], measures: Mapping[str, str]) -> Layer:
    """Return the rows of all residents, and of the groups of some kinds those in which a figure changes or may.

    Figures are rounded to whole residents and metres, and those that are metres say so; the words of `measures` stand
    for their sentences. Where columns were chosen that
    do not tell which rows matter, all rows are returned.
    """
    frame = layer.frame
    if set(_TELLING) <= set(frame.columns):
        numbers = frame[list(_MOVES)]
        moves = (numbers.fillna(0) != 0).any(axis="columns") | numbers["change"].isna()
        grouped = frame["group_kind"].isin(kinds) & frame["statistic"].isin(_GROUPED)
        frame = frame.loc[(frame["group_kind"] == ALL_RESIDENTS) | (grouped & moves)]
    told = frame.copy()
    if "measure" in told:
        told["measure"] = told["measure"].replace(dict(measures))
    shared = told.get("statistic", pd.Series("", told.index)) == _SHARED
    for name in map(str, told.select_dtypes("Float64")):
        if not name.endswith("_pct"):
            whole = pd.Series(told[name].round(0), dtype="Int64")
            told[name] = _with_decimals(told[name], whole, shared) if shared.any() else whole
    if "statistic" in told:
        far = ~told["statistic"].isin(_WHOLE)
        told["statistic"] = told["statistic"].mask(far, told["statistic"] + ", m")
    return replace(layer, frame=told.reset_index(drop=True))


def _with_decimals(values: pd.Series, whole: pd.Series, shared: pd.Series) -> pd.Series:
    """Return whole numbers as text, but what is shared among so many residents with what is behind the point."""
    texts = whole.map("{:,}".format, na_action="ignore")
    return texts.astype(object).where(
        ~shared, values.map(f"{{:,.{_DIGITS}f}}".format, na_action="ignore")
    )
