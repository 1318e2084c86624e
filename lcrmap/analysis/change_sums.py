"""For how many people something changes: sums by group of what `lcrmap.analysis.changes` tells of each point.

Residents may differ between two states. Those who are there in both gain or lose; for those who come or go the places
change nothing, and they are summed apart (``arrive``). So ``second = first + gain - lose + arrive``, in every group and
in all: figures of which that is not true are never returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import as_found, position_errors, possible_areas
from lcrmap.analysis.changes import Paired
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.counting import EXTRA_ROWS, count_points
from lcrmap.analysis.shares import count_in
from lcrmap.errors import DataError, SumError

__all__ = [
    "ALL",
    "NO_GROUP",
    "Counts",
    "Groups",
    "count_features",
    "counted",
    "people",
    "summed",
    "summed_distances",
]

NO_GROUP: Final = "none"
"""The row of those who are in no group."""
ALL: Final = "all"
"""The row of all together."""

_QUANTILES: Final = (("_median", 1, 2), ("_nine_tenths", 9, 10))

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Groups:
    """Sums by group; the last two rows are for those in no group, and for all."""

    def __init__(self, groups: Rows, count: int | None) -> None:
        self.count = int(groups.max(initial=-1)) + 1 if count is None else count
        self.home = np.where(groups >= 0, groups, self.count)
        self.index = pd.Index([*range(self.count), NO_GROUP, ALL])

    def sums(self, values: Rows) -> Floats:
        """Add up whole numbers twice over, by group and in all."""
        parts = np.bincount(self.home, weights=values, minlength=self.count + 1)[: self.count + 1]
        total = values.sum()
        if parts.sum() != total:
            raise SumError(
                f"The groups do not add up to the {total:,} in all, so none is shown: please report this fault."
            )
        return np.append(parts, total).astype(np.float64)

    def of(self, weights: Rows, signs: pd.Series[Any], known: Mask) -> Floats:
        """Add up the weights of those of whom something is true; NaN where that is open for somebody."""
        sums = self.sums(weights * signs.fillna(False).to_numpy(dtype=bool))
        unclear = signs.isna().to_numpy() & known & (weights > 0)
        if unclear.any():
            sums[self.sums(unclear.astype(np.int64)) > 0] = np.nan
        return sums

    def ranged(
        self, weights: Rows, table: pd.DataFrame, name: str, known: Mask
    ) -> dict[str, Floats]:
        """Add up by position, surely and possibly."""
        columns = (("", ""), ("_min", "_surely"), ("_max", "_possibly"))
        return {
            name + end: self.of(weights, table[name + column], known) for end, column in columns
        }


def people(weights: Any, name: str) -> Rows:
    """Return residents as whole numbers."""
    numbers = np.asarray(weights, dtype=np.float64)
    whole = np.rint(numbers)
    if not (whole == numbers).all() or (numbers < 0).any():
        raise DataError(
            f"Residents are whole people, 0 or more: of those {name} the change some are not."
        )
    return whole.astype(np.int64)


def summed(
    changes: pd.DataFrame, groups: Rows, before: Any, after: Any, *, count: int | None = None
) -> pd.DataFrame:
    """Sum the residents within a distance, and those who gain and lose, by group.

    Parameters
    ----------
    changes
        As `lcrmap.analysis.changes.within_change` gives them.
    groups
        For each point the number of its group, from 0; negative for none.
    before, after
        Residents of each point in either state.
    count
        How many groups there are; left out, as many as the greatest number says.

    Returns
    -------
    pandas.DataFrame
        One row a group, then `NO_GROUP` and `ALL`; whole numbers (float64): ``before`` and ``after`` (residents),
        ``first``, ``second``, ``gain``, ``lose``, ``arrive`` (people who were not there before, net, by where they
        live) and ``change``; all but residents also with ``_min`` and ``_max``, NaN where an unknown error leaves them
        open.

    Raises
    ------
    DataError
        If residents are not whole and positive.
    SumError
        If groups do not add up to all, or a change to its parts: a fault of lcrmap.

    Examples
    --------
    >>> truth = pd.DataFrame({"first": [True, False], "gain": [False, True], "lose": [False, False]}, dtype="boolean")
    >>> truth["second"] = True
    >>> for name in list(truth):
    ...     truth[f"{name}_surely"] = truth[f"{name}_possibly"] = truth[name]
    >>> summed(truth, np.array([0, 1]), [5, 7], [5, 9])[["first", "second", "change", "gain", "lose", "arrive"]]
          first  second  change  gain  lose  arrive
    0       5.0     5.0     0.0   0.0   0.0     0.0
    1       0.0     9.0     9.0   7.0   0.0     2.0
    none    0.0     0.0     0.0   0.0   0.0     0.0
    all     5.0    14.0     9.0   7.0   0.0     2.0
    """
    old, new = people(before, "before"), people(after, "after")
    tally, known = Groups(groups, count), changes["first"].notna().to_numpy()
    found = {"before": tally.sums(old), "after": tally.sums(new)}
    found |= tally.ranged(old, changes, "first", known)
    found |= tally.ranged(new, changes, "second", known)
    for name in ("gain", "lose"):
        found |= tally.ranged(np.minimum(old, new), changes, name, known)
    come = tally.ranged(np.maximum(new - old, 0), changes, "second", known)
    gone = tally.ranged(np.maximum(old - new, 0), changes, "first", known)
    found["arrive"] = come["second"] - gone["first"]
    found["arrive_min"] = come["second_min"] - gone["first_max"]
    found["arrive_max"] = come["second_max"] - gone["first_min"]
    found["change"] = found["gain"] - found["lose"] + found["arrive"]
    found["change_min"] = found["gain_min"] - found["lose_max"] + found["arrive_min"]
    found["change_max"] = found["gain_max"] - found["lose_min"] + found["arrive_max"]
    if (found["second"] != found["first"] + found["change"]).any():
        raise SumError(
            "Those who gain, lose and arrive do not add up to the change, so none is shown: please report this fault."
        )
    return pd.DataFrame(found, index=tally.index)


def summed_distances(
    changes: pd.DataFrame,
    groups: Rows,
    before: Any,
    after: Any,
    *,
    count: int | None = None,
    digits: int = 3,
) -> pd.DataFrame:
    """Summarise how far residents have it to the nearest feature, by group.

    Parameters
    ----------
    changes
        As `lcrmap.analysis.changes.distance_change` gives them. Points without a distance in either state are left out.
    groups, before, after, count
        As for `summed`.
    digits
        How many stand behind the point of what is no number of residents: of metres those of a millimetre.

    Returns
    -------
    pandas.DataFrame
        One row a group, then `NO_GROUP` and `ALL`. Residents: ``before``, ``after``, and of those there in both
        states ``gain`` (the nearest is nearer) and ``lose`` (farther), with ``_min`` and ``_max``. Metres:
        ``first`` and ``second`` (the mean of each state's residents, with ``_min`` and ``_max``), with ``_median`` and
        ``_nine_tenths`` (the least distance that such a share does not exceed); ``arrive`` (what the mean changes
        because people come and go) and ``change``, with ``_min`` and ``_max``. NaN where nobody lives, and where an
        unknown error leaves a bound open.
    """
    known = changes["change"].notna().to_numpy()
    old, new = (
        np.where(known, people(each, name), 0)
        for each, name in ((before, "before"), (after, "after"))
    )
    tally = Groups(groups, count)
    found = {"before": tally.sums(old), "after": tally.sums(new)}
    for name in ("gain", "lose"):
        found |= tally.ranged(np.minimum(old, new), changes, name, known)
    everybody = np.zeros_like(tally.home)
    parts = [
        _means(changes, home, size, old, new, digits)
        for home, size in ((tally.home, tally.count + 1), (everybody, 1))
    ]
    found |= {name: np.concatenate([each[name] for each in parts]) for name in parts[0]}
    return pd.DataFrame(found, index=tally.index)


def _means(
    changes: pd.DataFrame, home: Rows, size: int, old: Rows, new: Rows, digits: int
) -> dict[str, Floats]:
    """Return means and quantiles of distances in both states, by group, and what changes the mean.

    In a mean each resident counts for a share of one. The mean changes by the changes of those who are there in both
    states, and by the shares that come and go.
    """
    totals = [np.bincount(home, weights=each, minlength=size) for each in (old, new)]

    def sums(weights: Floats, column: str) -> Floats:
        values = changes[column].to_numpy(dtype=np.float64)
        weighed = np.where(weights > 0, weights * values, 0.0)
        return np.bincount(home, weights=weighed, minlength=size).astype(np.float64)

    found: dict[str, Floats] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, weights, total in zip(("first", "second"), (old, new), totals, strict=True):
            for end in ("", "_min", "_max"):
                found[name + end] = sums(weights.astype(np.float64), name + end) / total
            values = changes[name].to_numpy(dtype=np.float64)
            for end, each in _quantiles(values, weights, home, size).items():
                found[name + end] = each
        before, after = (each / total[home] for each, total in zip((old, new), totals, strict=True))
    stay, come = np.minimum(before, after), np.maximum(after - before, 0)
    gone = np.maximum(before - after, 0)
    nobody = (totals[0] == 0) | (totals[1] == 0)
    for end, other in (("", ""), ("_min", "_max"), ("_max", "_min")):
        arrive = sums(come, f"second{end}") - sums(gone, f"first{other}")
        found[f"arrive{end}"] = np.where(nobody, np.nan, arrive)
        found[f"change{end}"] = np.where(nobody, np.nan, sums(stay, f"change{end}") + arrive)
    return {name: np.round(values, digits) + 0.0 for name, values in found.items()}


def _quantiles(values: Floats, weights: Rows, home: Rows, size: int) -> dict[str, Floats]:
    """Return for each group the least values that at least so large a share of its residents do not exceed."""
    some = np.flatnonzero(weights > 0)
    some = some[np.argsort(values[some])]
    # Few groups have small numbers, and those are sorted by their digits, which is far quicker.
    groups = home[some].astype(np.min_scalar_type(size))
    order = some[np.argsort(groups, kind="stable")]
    running = np.cumsum(weights[order])
    totals = np.bincount(home, weights=weights, minlength=size).astype(np.int64)
    before, there = np.cumsum(totals) - totals, totals > 0
    found = {}
    for end, part, whole in _QUANTILES:
        wanted = before - (-totals * part // whole)  # rounded up
        found[end] = np.full(size, np.nan)
        found[end][there] = values[order[np.searchsorted(running, wanted[there])]]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Features by area, then by `lcrmap.analysis.counting.EXTRA_ROWS`: by position, at least, at most."""

    values: Floats
    low: Floats
    high: Floats


def counted(
    paired: Paired, areas: gpd.GeoDataFrame, key: str = "", *, first: Counts | None = None
) -> pd.DataFrame:
    """Count features by area in both states.

    Parameters
    ----------
    paired
        Points and areas; see `lcrmap.analysis.shares` for where each is counted.
    areas, key
        As for `lcrmap.analysis.joining.assign_areas`.
    first
        What `count_features` gives for the first state, where it is known.

    Returns
    -------
    pandas.DataFrame
        One row an area, then `lcrmap.analysis.counting.EXTRA_ROWS`; whole numbers (float64): ``first``, ``second``,
        ``gain`` (features of the second state alone), ``lose`` (of the first alone) and ``change``; the last three
        also with ``_min`` and ``_max``, NaN where an unknown error leaves them open.

    Raises
    ------
    GeometryError
        If a feature is a line, or one of `areas` is not a polygon.
    SumError
        If areas do not add up to all: a fault of lcrmap.

    Examples
    --------
    >>> import shapely
    >>> halves = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> site = gpd.GeoDataFrame(
    ...     {"position_error_m": [500.0]}, geometry=gpd.points_from_xy([0.999], [0.5]), crs="EPSG:4326"
    ... )
    >>> found = counted(Paired(site.iloc[:0], site.iloc[:0], site), halves)
    >>> found[["first", "second", "change", "change_min", "change_max"]]
                 first  second  change  change_min  change_max
    0              0.0     1.0     1.0         0.0         1.0
    1              0.0     0.0     0.0         0.0         1.0
    outside        0.0     0.0     0.0         0.0         0.0
    no-position    0.0     0.0     0.0         0.0         0.0
    total          0.0     1.0     1.0         1.0         1.0
    """
    gone, come = (count_features(each, areas, key) for each in (paired.first, paired.second))
    common = first or count_features(paired.common, areas, key)
    before = common.values + (0 if first else gone.values)
    found = {"first": before, "second": before - gone.values + come.values}
    for name, each in (("gain", come), ("lose", gone)):
        found |= {name: each.values, f"{name}_min": each.low, f"{name}_max": each.high}
    found["change"] = found["gain"] - found["lose"]
    found["change_min"] = found["gain_min"] - found["lose_max"]
    found["change_max"] = found["gain_max"] - found["lose_min"]
    return pd.DataFrame(found, index=pd.Index([*range(len(areas)), *EXTRA_ROWS]))


def count_features(features: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: str = "") -> Counts:
    """Count features by area, as `counted` does."""
    if len(features) == 0:
        none = np.zeros(len(areas) + len(EXTRA_ROWS))
        return Counts(none, none, none)
    found = count_in(features, areas, key=key)
    errors = position_errors(features)
    errors = np.full(len(features), np.nan) if errors is None else errors
    # A polygon, or several points in one, is counted where most of it lies, and has no range.
    points = ~found.areas & ~found.several & ~found.matched.unplaced
    errors = np.where(points, errors, np.nan)
    possible = as_found(found.matched)
    if not np.isnan(errors).all():
        possible = possible_areas(features, areas, found.matched, errors)
    figure = count_points(found.matched, len(areas), possible)
    low, high = (np.array(each, dtype=np.float64) for each in (figure.low, figure.high))
    if np.isnan(errors[points]).any():
        low[: len(areas) + 1] = high[: len(areas) + 1] = np.nan
    return Counts(figure.values, low, high)
