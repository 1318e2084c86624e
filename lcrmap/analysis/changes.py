"""What a change of features changes for each person: two states, compared one person at a time.

What both states share stands in the same place in both, however well its position is known. So a change has a range of
its own, and it is far narrower than the difference of the two states' ranges. Options are taken in three groups: C is
in both states, A in the first alone, B in the second alone. An option is a feature, reached by some ways; where a
crossing opens or closes, the ways over it are options of one state alone, to whatever feature they lead.

Positions are known within a circle (see `lcrmap.analysis.ranges`), and what is known of one says nothing of another.
For a single person the bounds are exact then; all persons' bounds together are cautious, since the positions that make
one gain the most may make another gain less.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.links import STRAIGHT, Side, Ways
from lcrmap.analysis.ranges import error_radii, with_range

__all__ = [
    "STRAIGHT_IN_BOTH",
    "Measured",
    "Paired",
    "PairedWays",
    "distance_change",
    "falls",
    "measured",
    "pair",
    "within_change",
]

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Maybe = pd.arrays.BooleanArray  # true, false, or missing where an unknown error leaves it open


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """Two states of a layer, feature by feature; a feature that moved is in `first` and, elsewhere, in `second`.

    Attributes
    ----------
    common
        Features in both states.
    first, second
        Features in one state alone.
    """

    common: gpd.GeoDataFrame
    first: gpd.GeoDataFrame
    second: gpd.GeoDataFrame

    def exchanged(self) -> Paired:
        """Return the same with the states exchanged."""
        return Paired(self.common, self.second, self.first)


@dataclass(frozen=True, slots=True)
class PairedWays:
    """How one gets to the features in two states; see `lcrmap.analysis.crossings` for a region that a river divides.

    Attributes
    ----------
    common
        The ways of both states.
    first, second
        Those over crossings that are open in one state alone; None where there are none.
    """

    common: Ways = STRAIGHT
    first: Ways | None = None
    second: Ways | None = None


STRAIGHT_IN_BOTH: Final = PairedWays()


def pair(
    first: gpd.GeoDataFrame,
    second: gpd.GeoDataFrame,
    key: str,
    *,
    alike: Sequence[str] = (ERROR_COLUMN,),
) -> Paired:
    """Tell which features two states of a layer share.

    Parameters
    ----------
    first, second
        The layer in both states.
    key
        The column by which features are told apart; empty for none.
    alike
        Columns that matter besides shape and key; missing is like missing, and like no column.

    Examples
    --------
    >>> here, there = gpd.points_from_xy([0, 1], [0, 0], crs="EPSG:4326")
    >>> before = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[here, there], crs="EPSG:4326")
    >>> after = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[here, here], crs="EPSG:4326")
    >>> both = pair(before, after, "id")
    >>> len(both.common), len(both.first), len(both.second)
    (1, 1, 1)
    """
    frames = (first, second)
    shapes = [shapely.to_wkb(shapely.normalize(each.geometry.to_numpy())) for each in frames]
    codes = [
        _codes(*shapes),
        np.repeat([0, int(first.crs != second.crs)], [len(first), len(second)]),
    ]
    columns = [key, *alike] if key else alike
    codes += [_codes(*(_values(each, name) for each in frames)) for name in columns]
    same = np.unique(np.column_stack(codes), axis=0, return_inverse=True)[1].ravel()
    here, there = (_numbered(each, len(same)) for each in np.split(same, [len(first)]))
    stays, stayed = np.isin(here, there), np.isin(there, here)
    return Paired(first[stays], first[~stays], second[~stayed])


def _values(frame: gpd.GeoDataFrame, name: str) -> Any:
    if name == ERROR_COLUMN:
        return error_radii(frame)
    return frame[name].to_numpy(dtype=object) if name in frame else np.full(len(frame), None)


def _codes(one: Any, other: Any) -> Any:
    """Return one number a value, the same for equal ones."""
    both = np.concatenate([np.asarray(each, dtype=object) for each in (one, other)])
    return pd.factorize(both)[0]


def _numbered(same: Any, most: int) -> Any:
    """Tell those that are the same apart by their number, so that of two one may go and one stay."""
    return same * most + pd.Series(same).groupby(same).cumcount().to_numpy()


class _Option(NamedTuple):
    """Some features, and the ways to them."""

    here: Side
    features: gpd.GeoDataFrame
    ways: Ways
    crossing: bool  # whether only ways over crossings count: the others are options already

    @property
    def there(self) -> Side:
        return self.ways.side(self.features.geometry)

    def ranged(self, links: pd.DataFrame, error: Floats) -> pd.DataFrame:
        some = links[links["across"] >= 0] if self.crossing else links
        return with_range(some, np.zeros(len(self.here.shapes)), error)


class _Options(NamedTuple):
    """The options of both states (C), of the first alone (A), and of the second alone (B)."""

    placed: Mask
    common: list[_Option]
    first: list[_Option]
    second: list[_Option]


def _options(points: gpd.GeoDataFrame, paired: Paired, ways: PairedWays) -> _Options:
    here = ways.common.side(points.geometry)
    placed = np.zeros(len(points), dtype=bool)
    placed[here.rows] = True

    def of(features: gpd.GeoDataFrame) -> list[_Option]:
        return [_Option(here, features, ways.common, False)] if len(features) else []

    def alone(features: gpd.GeoDataFrame, own: Ways | None) -> list[_Option]:
        if own is None:
            return of(features)
        start = own.side(points.geometry)
        over = [_Option(start, each, own, True) for each in (features, paired.common) if len(each)]
        return of(features) + over

    return _Options(
        placed,
        of(paired.common),
        alone(paired.first, ways.first),
        alone(paired.second, ways.second),
    )


class _Reach(NamedTuple):
    """Whether one of some options lies within a distance: by position, surely, possibly."""

    there: Maybe
    surely: Maybe
    possibly: Maybe

    def __or__(self, other: _Reach) -> _Reach:
        """Tell whether one of either lies within."""
        return _Reach(*map(operator.or_, self, other))


def within_change(
    points: gpd.GeoDataFrame,
    paired: Paired,
    metres: float,
    *,
    ways: PairedWays = STRAIGHT_IN_BOTH,
) -> pd.DataFrame:
    """Tell for each point whether a feature lies within a distance in either state, and what that changes.

    Parameters
    ----------
    points
        Where people live; points in any CRS, taken as they are.
    paired
        The features in both states: points, lines or areas.
    metres
        The distance; equal to the millimetre is within.
    ways
        How one gets there.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`, nullable bool: ``first`` and ``second`` (within in this state, by position), ``gain``
        (within in the second alone) and ``lose`` (in the first alone), each also with ``_surely`` and ``_possibly``.
        They are missing where a feature's unknown error leaves them open; all are without a position. The states are as
        `lcrmap.analysis.gaps.beyond` tells them: within is not beyond.

    Examples
    --------
    >>> people = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.0095, 0.02], [0, 0, 0]), crs="EPSG:4326")
    >>> stop = gpd.GeoDataFrame({"position_error_m": [100.0]}, geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326")
    >>> found = within_change(people, Paired(stop.iloc[:0], stop.iloc[:0], stop), 1000)
    >>> found[["first", "second", "gain", "gain_surely", "gain_possibly"]]
       first  second   gain  gain_surely  gain_possibly
    0  False    True   True         True           True
    1  False   False  False        False           True
    2  False   False  False        False          False
    """
    return measured(points, paired, ways=ways).within(metres)


def _named(name: str, reach: _Reach) -> dict[str, Maybe]:
    return {name: reach.there, f"{name}_surely": reach.surely, f"{name}_possibly": reach.possibly}


class _Nearest(NamedTuple):
    """How far the nearest of some options is: by position, at least, and at most.

    Without any it is infinitely far. Where an unknown error leaves the least open, it is minus infinity, and the most
    is infinity: open ends, from which a difference is known only if it is the same wherever they lie.
    """

    metres: Floats
    low: Floats
    high: Floats
    known: Floats  # the least distance of those whose error is known

    def __or__(self, other: _Nearest) -> _Nearest:
        """Return how far the nearest of either is."""
        return _Nearest(*(np.minimum(one, two) for one, two in zip(self, other, strict=True)))

    def within(self, metres: float, placed: Mask) -> _Reach:
        """Tell whether one lies within a distance."""
        there, surely = self.metres <= metres, self.high <= metres
        # A feature of unknown error reaches its own surroundings by position, and may reach anything.
        possibly = there | (self.known <= metres)
        open_ = ~placed | (np.isneginf(self.low) & ~possibly)
        return _Reach(Maybe(there, ~placed), Maybe(surely, ~placed), Maybe(possibly, open_))


class _Change(NamedTuple):
    """By how much a distance changes: by position, at least, and at most."""

    metres: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """How far each point has it in both states: measured once, it answers for any distance.

    Attributes
    ----------
    index
        That of the points.
    placed
        Which points have a position.
    options
        What can be reached in both states, and in one alone.
    common, first, second
        How far the nearest is of what both states share, and of what one has alone.
    """

    index: pd.Index[Any]
    placed: Mask
    options: _Options
    common: _Nearest
    first: _Nearest
    second: _Nearest

    def within(self, metres: float) -> pd.DataFrame:
        """Return what `within_change` does."""
        both, gone, come = (
            # Where it is not known how long some ways are, another than the nearest may be the one that is sure.
            _reached(self.placed, options, metres)
            if any(each.ways.vague for each in options)
            else nearest.within(metres, self.placed)
            for nearest, options in (
                (self.common, self.options.common),
                (self.first, self.options.first),
                (self.second, self.options.second),
            )
        )
        first, second = both | gone, both | come
        table = {
            **_named("first", first),
            **_named("second", second),
            "gain": ~first.there & come.there,
            "gain_surely": ~first.possibly & come.surely,
            "gain_possibly": ~first.surely & come.possibly,
            "lose": ~second.there & gone.there,
            "lose_surely": ~second.possibly & gone.surely,
            "lose_possibly": ~second.surely & gone.possibly,
        }
        return pd.DataFrame(table, index=self.index)

    def distances(self) -> pd.DataFrame:
        """Return what `distance_change` does."""
        first, second = self.common | self.first, self.common | self.second
        change = _differences(self.common, self.first, self.second)
        known = [self.placed & np.isfinite(each.metres) for each in (first, second)]
        asked = known[0] & known[1]
        table = {
            f"{name}{suffix}": np.where(there & np.isfinite(values), values, np.nan)
            for name, each, there in (
                ("first", first, known[0]),
                ("second", second, known[1]),
                ("change", change, asked),
            )
            for suffix, values in zip(("", "_min", "_max"), each[:3], strict=True)
        }
        by, low, high = (table[name] for name in ("change", "change_min", "change_max"))
        turned = {"gain": (by, low, high), "lose": (-by, -high, -low)}
        signs = {
            name: values
            for each, three in turned.items()
            for name, values in falls(each, three, asked)
        }
        return pd.DataFrame(table | signs, index=self.index)


def measured(
    points: gpd.GeoDataFrame,
    paired: Paired,
    *,
    ways: PairedWays = STRAIGHT_IN_BOTH,
    alike: Measured | None = None,
) -> Measured:
    """Measure for each point how far what both states share is, and what one of them has alone.

    Parameters
    ----------
    points, paired, ways
        As for `within_change`.
    alike
        What was measured of two states that share the same features by the same ways; this need not be done again.
    """
    found = _options(points, paired, ways)
    placed = found.placed
    common = _nearest(placed, found.common) if alike is None else alike.common
    alone = (_nearest(placed, each) for each in (found.first, found.second))
    return Measured(points.index, placed, found, common, *alone)


def _reached(placed: Mask, options: list[_Option], metres: float) -> _Reach:
    """Tell whether one of some options lies within a distance, by all ways that are no longer."""
    there, surely, possibly = np.zeros((3, len(placed)), dtype=bool)
    vague = False
    for option in options:
        other, error = option.there, error_radii(option.features)
        farthest = metres + np.nanmax(error[other.rows], initial=0) + option.ways.slack
        links = option.ways.within(option.here, other, np.full(len(placed), farthest))
        links = option.ranged(links, error)
        left = links["left"].to_numpy(dtype=np.int64)
        for mask, column in (
            (there, "metres"),
            (surely, "metres_max"),
            (possibly, "metres_min"),
        ):
            mask[left[links[column].to_numpy() <= metres]] = True
        vague |= bool(np.isnan(error[other.rows]).any()) or option.ways.vague
    possibly |= there
    open_ = ~placed | (vague & ~possibly)
    return _Reach(Maybe(there, ~placed), Maybe(surely, ~placed), Maybe(possibly, open_))


def distance_change(
    points: gpd.GeoDataFrame, paired: Paired, *, ways: PairedWays = STRAIGHT_IN_BOTH
) -> pd.DataFrame:
    """Measure for each point how far the nearest feature is in either state, and what that changes.

    Parameters
    ----------
    points, paired, ways
        As for `within_change`.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`, metres to the millimetre: ``first``, ``second`` and ``change`` (second less first),
        each also with ``_min`` and ``_max``; NaN where an unknown error leaves a bound open, and all without a position
        or without any feature. Nullable bool: ``gain`` (the nearest is nearer in the second state) and ``lose``
        (farther), each also with ``_surely`` and ``_possibly``; equal to the millimetre is neither.

    Examples
    --------
    >>> people = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.02], [0, 0]), crs="EPSG:4326")
    >>> stops = gpd.GeoDataFrame(
    ...     {"position_error_m": [100.0, 50.0]}, geometry=gpd.points_from_xy([0, 0.01], [0, 0]), crs="EPSG:4326"
    ... )
    >>> found = distance_change(people, Paired(stops.iloc[:1], stops.iloc[:0], stops.iloc[1:]))
    >>> found[["first", "second", "change", "change_min", "change_max"]].round()
        first  second  change  change_min  change_max
    0     0.0     0.0     0.0         0.0         0.0
    1  2226.0  1113.0 -1113.0     -1263.0      -963.0
    """
    return measured(points, paired, ways=ways).distances()


def falls(
    name: str, change: tuple[Floats, Floats, Floats], asked: Mask
) -> Iterator[tuple[str, Maybe]]:
    """Tell where a number falls: by its value, surely, possibly; its range may be open."""
    by, low, high = change
    falls = by < 0
    yield name, Maybe(falls, ~asked)
    yield f"{name}_surely", Maybe(high < 0, ~asked | (np.isnan(high) & falls))
    yield f"{name}_possibly", Maybe((low < 0) | falls, ~asked | (np.isnan(low) & ~falls))


def _differences(both: _Nearest, gone: _Nearest, come: _Nearest) -> _Change:
    """Return the change of the distance with its extremes.

    min(C, B) - min(C, A) falls as A rises and rises as B does; as C rises it does the one or the other. So its extremes
    are at the ends of the three intervals.
    """

    def at(c: Floats, a: Floats, b: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            difference = np.minimum(c, b) - np.minimum(c, a)
        # Where what both states share is the nearest, there is no change, wherever an open end lies.
        return np.asarray(np.where(c <= np.minimum(a, b), 0.0, difference).round(3) + 0.0)

    ends = both.low, both.high
    return _Change(
        at(both.metres, gone.metres, come.metres),
        np.minimum(*(at(c, gone.high, come.low) for c in ends)),
        np.maximum(*(at(c, gone.low, come.high) for c in ends)),
    )


def _nearest(placed: Mask, options: list[_Option]) -> _Nearest:
    result = _Nearest(*np.full((4, len(placed)), np.inf))
    for option in options:
        result |= _nearest_of(option, len(placed))
    return result


def _nearest_of(option: _Option, count: int) -> _Nearest:
    error = error_radii(option.features)
    vague, links = np.isnan(error), _nearest_links(option)
    known = option._replace(features=option.features[~vague]) if vague.any() else option
    low, high = _range_of(known, links if known is option else _nearest_links(known), count)
    open_ = bool(vague[option.there.rows].any()) or option.ways.vague
    least = np.full(count, -np.inf) if open_ else low
    return _Nearest(_least(links, "metres", count), least, high, low)


def _nearest_links(option: _Option) -> pd.DataFrame:
    other = option.there
    if len(other.rows) == 0 or len(option.here.rows) == 0:
        links = option.ways.within(option.here, other, np.full(len(option.here.shapes), np.nan))
    else:
        links = option.ways.nearest(option.here, other, 1)  # on this bank, and over a crossing
    return option.ranged(links, error_radii(option.features))


def _range_of(option: _Option, links: pd.DataFrame, count: int) -> tuple[Floats, Floats]:
    """Return how far the nearest is at least and at most: what may be nearer than the nearest is looked for."""
    other = option.there
    low, high = _least(links, "metres_min", count), _least(links, "metres_max", count)
    errors, slack = error_radii(option.features)[other.rows], option.ways.slack
    if len(errors) == 0 or (errors.min() == errors.max() and not slack):
        return low, high
    farthest = np.maximum(high - errors.min(), np.where(low > 0, low + errors.max(), 0)) + slack
    reach = np.where(np.isfinite(farthest), farthest, np.nan)
    links = option.ways.within(option.here, other, reach)
    more = option.ranged(links, error_radii(option.features))
    return (
        np.minimum(low, _least(more, "metres_min", count)),
        np.minimum(high, _least(more, "metres_max", count)),
    )


def _least(links: pd.DataFrame, column: str, count: int) -> Floats:
    """Return for each point the least number of its links; infinity without one."""
    least = np.full(count, np.inf)
    values = links[column].to_numpy(dtype=np.float64)
    known = ~np.isnan(values)
    np.minimum.at(least, links["left"].to_numpy(dtype=np.int64)[known], values[known])
    return least
