"""The table of a comparison: one row a measure, scenario and group, and what each column holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from lcrmap.analysis.access import PER
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.metric import METHOD
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.numbers import HIGHEST, LOWEST, in_sentence
from lcrmap.verbs.rivers import layers_of, methods_of, titled
from lcrmap.verbs.scene_words import title_of

if TYPE_CHECKING:
    from lcrmap.verbs.compare.comparing import Compared

__all__ = ["compared_layer"]

COMPARE_METHOD: Final = (
    "Each resident is compared with themselves: a feature that both scenarios share stands in the same place in both, "
    "however well its position is known. The range beside a change comes from the features that are not in both. The "
    "bounds are cautious: not all that they allow can be true at once. Residents stand at the points of the pack's "
    "population layer, which are taken as they are."
)
DRAWN: Final = "An end of the middle 95 of 100 draws of the positions; empty without --draws"
_STATISTICS: Final = {
    "within": "residents",
    "count": "features",
    "distance": "mean",
    "access": f"per {PER:,}",
}
_UNITS: Final = {
    "within": "residents",
    "count": "features",
    "distance": "m",
    "access": f"features per {PER:,} residents",
}
_QUANTILES: Final = {"_median": "median", "_nine_tenths": "nine tenths"}
_SIDES: Final = ("gain", "lose")

_FIELDS: Final = (
    Field("measure", "Measure"),
    Field(
        "statistic",
        "Statistic",
        description="What the figures are: residents, features, metres, or what so many residents have",
    ),
    Field(
        "unit",
        "Unit",
        description="Of first, second, change and arrive; gain and lose are residents, of a count features",
    ),
    Field("scenario", "Scenario"),
    Field("group_kind", "Kind of group"),
    Field("group", "Group"),
    Field("group_id", "Id of the group"),
    Field("residents", "Residents", "number", "Residents of the group in the first scenario"),
    Field("first", "First", "number", "The figure in the first scenario"),
    Field("second", "Second", "number", "The figure in this scenario"),
    Field("change", "Change", "number", "Second less first"),
    Field("change_min", "Change, at least", "number", LOWEST),
    Field("change_max", "Change, at most", "number", HIGHEST),
    Field(
        "gain",
        "Gain",
        "number",
        "Who gains: residents who come within the distance or nearer, or have more of what they share; features that "
        "come",
    ),
    Field("lose", "Lose", "number", "Who loses: the contrary"),
    Field(
        "arrive",
        "Arrive",
        "number",
        "Of the change, what comes of people who were not there before, net",
    ),
    Field("share_of_gain_pct", "Share of the gain", "number", unit="%"),
    Field("share_of_residents_pct", "Share of residents", "number", unit="%"),
    Field("gain_min", "Gain, at least", "number", LOWEST),
    Field("gain_max", "Gain, at most", "number", HIGHEST),
    Field("lose_min", "Lose, at least", "number", LOWEST),
    Field("lose_max", "Lose, at most", "number", HIGHEST),
    Field("change_low", "Change, low", "number", DRAWN),
    Field("change_high", "Change, high", "number", DRAWN),
    Field("gain_low", "Gain, low", "number", DRAWN),
    Field("gain_high", "Gain, high", "number", DRAWN),
    Field("lose_low", "Lose, low", "number", DRAWN),
    Field("lose_high", "Lose, high", "number", DRAWN),
    Field("first_min", "First, at least", "number", LOWEST),
    Field("first_max", "First, at most", "number", HIGHEST),
    Field("second_min", "Second, at least", "number", LOWEST),
    Field("second_max", "Second, at most", "number", HIGHEST),
)

# What may be metres in one row and residents in another.
_MIXED: Final = ("first", "second", "change", "arrive")
FIELDS: Final = tuple(
    replace(each, unit_in="unit") if each.name.startswith(_MIXED) else each for each in _FIELDS
)


def compared_layer(
    compared: Sequence[Compared],
    groups: Sequence[Groups],
    points: Layer,
    residents: Floats,
    scenes: Sequence[Scene],
) -> Layer:
    """Put all sums into one long table: those of all residents first, then kind by kind.

    Parameters
    ----------
    points, residents
        Where people live, and how many in the first scenario.
    scenes
        The scenarios, the one that the others are compared with first.
    """
    parts = [
        _rows(each, kind, residents)
        for kind in groups
        for each in compared
        if kind.kind in each.sums
    ]
    frame = pd.concat(parts, ignore_index=True).reindex(columns=[each.name for each in FIELDS])
    for field in FIELDS:
        if field.type == "number":
            whole = field.name == "residents" or field.name.startswith(_SIDES)
            numbers = frame[field.name].astype("Float64")
            frame[field.name] = numbers.astype("Int64") if whole else numbers
    if frame["change_low"].isna().all():
        frame = frame.drop(columns=[each.name for each in FIELDS if each.description == DRAWN])
    across = compared[0].across
    base = Metadata(
        name="compare",
        title=titled(f"What changes from {in_sentence(title_of(scenes[0]))}", across),
        noun_one="comparison",
        noun_many="comparisons",
        geometry="none",
        fields=FIELDS,
        method=" ".join((METHOD, COMPARE_METHOD, *methods_of(across))),
    )
    used = [*(each.target for each in compared), points]
    used += [each.areas for each in groups if each.areas is not None]
    used += layers_of(across)
    metadata = with_sources_of(base, *(each.metadata for each in used))
    inputs = [one for each in used for one in each.inputs]
    inputs += [one for each in scenes for one in each.inputs]
    return Layer(without_places(frame), metadata, tuple(dict.fromkeys(inputs)))


def _rows(each: Compared, kind: Groups, residents: Floats) -> pd.DataFrame:
    """Return the rows of a measure for the groups of a kind; of a distance three rows a group."""
    table = each.sums[kind.kind].iloc[: len(kind)].reset_index(drop=True)
    home = np.where(kind.rows >= 0, kind.rows, len(kind))
    people = np.bincount(home, weights=residents, minlength=len(kind) + 1)[: len(kind)]
    shared = {
        "measure": each.measure.text,
        "unit": _UNITS[each.measure.kind],
        "scenario": each.scene.name,
        "group_kind": kind.kind,
        "group": kind.names,
        "group_id": kind.ids,
        "residents": people,
        "share_of_residents_pct": _shares(people, residents.sum()),
    }
    gain = table["gain"].to_numpy(dtype=np.float64)
    share = _shares(gain, float(each.total["gain"]))
    statistic = _STATISTICS[each.measure.kind]
    known = [name for name in table.columns if name in _COLUMNS]
    first = pd.DataFrame(
        {**shared, "statistic": statistic, **table[known], "share_of_gain_pct": share}
    )
    if each.measure.kind != "distance":
        return first
    others = [
        pd.DataFrame(
            {
                **shared,
                "statistic": told,
                "first": table[f"first{end}"],
                "second": table[f"second{end}"],
                "change": (table[f"second{end}"] - table[f"first{end}"]).round(3),
            }
        )
        for end, told in _QUANTILES.items()
    ]
    return pd.concat([first, *others]).sort_index(kind="stable")


_COLUMNS: Final = frozenset(each.name for each in FIELDS)


def _shares(parts: Any, whole: float) -> Any:
    """Return parts of a whole in per cent; NaN of nothing."""
    return np.round(100 * parts / whole, 1) if whole else np.full(len(parts), np.nan)
