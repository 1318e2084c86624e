"""What changes of how much people have of features that others share: two states, compared one resident at a time.

A feature that both states share stands in the same place in both, however well its position is known. Where the people
near it are the same as well, what each of them has of it does not change at all. So the range of a change comes from
the features of one state alone, and from those near which people come or go.

A feature that both states share but that is near others in each, since a crossing opens or closes, counts as one that
goes and another that comes. Its range is cautious.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.access import PER, Near, near
from lcrmap.analysis.change_sums import Groups, summed_distances
from lcrmap.analysis.changes import STRAIGHT_IN_BOTH, Paired, PairedWays, falls
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.errors import SumError

__all__ = ["AccessChange", "access_change"]

_DIGITS = 6
_NOISE = 1e-12
_ALIKE = 1e-9  # of the features: so near must what people have add up to them


class _Range(NamedTuple):
    """Numbers by position, at least and at most."""

    value: Floats
    low: Floats
    high: Floats

    def __add__(self, other: _Range) -> _Range:  # type: ignore[override]  # numbers, not a tuple's
        return _Range(*(one + two for one, two in zip(self, other, strict=True)))

    def __sub__(self, other: _Range) -> _Range:
        return _Range(self.value - other.value, self.low - other.high, self.high - other.low)

    def __mul__(self, other: _Range) -> _Range:  # type: ignore[override]  # numbers, not a tuple's
        ends = [one * two for one in self[1:] for two in other[1:]]
        return _Range(self.value * other.value, *(np.stack(ends).min(0), np.stack(ends).max(0)))

    def __neg__(self) -> _Range:
        return _Range(-self.value, -self.high, -self.low)

    def over(self, whole: _Range) -> _Range:
        """Divide by what is positive; nought by nought is nought."""
        inverse = _Range(*(_over(1.0, each) for each in (whole.value, whole.high, whole.low)))
        return self * inverse

    def opened(self, *, low: bool, high: bool) -> _Range:
        """Return the same with ends that are not known."""
        nan = np.full(len(self.value), np.nan)
        return _Range(self.value, nan if low else self.low, nan if high else self.high)


def _over(part: float | Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0))


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What groups of people are of those who share each feature: a cell for each group and feature near it.

    Attributes
    ----------
    group
        Of each cell.
    own, whole
        The people of the cell near its feature, and all who are near it.
    """

    group: Rows
    own: _Range
    whole: _Range

    @property
    def others(self) -> _Range:
        """How many of others share."""
        parts = zip(self.whole, self.own, strict=True)
        return _Range(*(one - two for one, two in parts))

    @property
    def share(self) -> _Range:
        """Which share of its feature each cell has."""
        own, others = self.own, self.others
        low = _over(own.low, own.low + np.maximum(others.high, 0))
        high = _over(own.high, own.high + np.maximum(others.low, 0))
        return _Range(_over(own.value, self.whole.value), low, high)


def _shared(found: Near, weight: Floats, home: Rows) -> _Shared:
    """Return the cells of some groups; weights may be people who come, and negative of those who go."""
    features = int(found.feature.max(initial=0)) + 1
    cells, cell = np.unique(home[found.person] * features + found.feature, return_inverse=True)
    people = weight[found.person]
    ends = [people * each for each in (found.counts, found.least, found.most)]
    ends[1:] = np.minimum(*ends[1:]), np.maximum(*ends[1:])
    own = (np.bincount(cell, each, minlength=len(cells)).astype(np.float64) for each in ends)
    feature = cells % features
    whole = (
        np.bincount(found.feature, each, minlength=features).astype(np.float64) for each in ends
    )
    return _Shared(cells // features, _Range(*own), _Range(*(each[feature] for each in whole)))


@dataclass(frozen=True, slots=True, eq=False)
class AccessChange:
    """How much of some features people have in two states, and what that changes.

    Attributes
    ----------
    index, placed
        Of the points; which of them have a position.
    before, after
        Residents of each in either state.
    kept
        What is near whom in both states.
    gone, come
        What is near whom in the first state alone, and in the second.
    """

    index: pd.Index[Any]
    placed: np.ndarray
    before: Floats
    after: Floats
    kept: Near
    gone: tuple[Near, ...]
    come: tuple[Near, ...]

    def sums(self, groups: Rows, count: int) -> pd.DataFrame:
        """Return what groups of residents have on average, as `lcrmap.analysis.change_sums.summed_distances` does.

        Of figures and their changes the range is that of the group as a whole: what one of its residents has less,
        since a feature is nearer to another, that one has.
        """
        table = summed_distances(
            self.heads(), groups, self.before, self.after, count=count, digits=_DIGITS
        )
        home = Groups(groups, count).home
        parts = [self._ranges(home, count + 1), self._ranges(np.zeros_like(home), 1)]
        for name in parts[0]:
            ends = np.concatenate([each[name] for each in parts])
            table[name] = np.where(table[name.rpartition("_")[0]].isna(), np.nan, ends)
        return table

    def heads(self) -> pd.DataFrame:
        """Return what one resident at each point has in both states, and what changes, with ranges."""
        count = len(self.index)
        home = np.arange(count)
        gone, come = self._heads(self.gone, self.before), self._heads(self.come, self.after)
        first, second = (self._heads((self.kept,), each) for each in (self.before, self.after))
        first, second = first + gone, second + come
        change = _whole((come - gone) + self._kept_heads(home, count), first + second)
        table: dict[str, Any] = {}
        for name, each in (
            ("first", first),
            ("second", second),
            ("change", change),
        ):
            for end, values in zip(("", "_min", "_max"), each, strict=True):
                table[name + end] = np.where(self.placed, PER * values, np.nan)
        for name, (by, low, high) in (
            ("gain", (-change.value, -change.high, -change.low)),
            ("lose", change),
        ):
            table |= dict(falls(name, (by, low, high), self.placed))
        return pd.DataFrame(table, index=self.index)

    def _heads(self, some: Sequence[Near], weight: Floats) -> _Range:
        """Return what a resident of each point has of some features."""
        count = len(self.index)
        total = _Range(*np.zeros((3, count)))
        for each in some:
            cells = _shared(each, weight, np.arange(count))
            heads = _summed(_a_head(each, cells), cells.group, count)
            total += heads.opened(low=False, high=bool(len(each.unknown)))
        return total

    def _have(self, some: Sequence[Near], weight: Floats, home: Rows, count: int) -> _Range:
        """Return what groups have of some features together."""
        total = _Range(*np.zeros((3, count)))
        for each in some:
            cells = _shared(each, weight, home)
            parts = _summed(cells.share, cells.group, count)
            total += parts.opened(low=False, high=bool(len(each.unknown)))
        return total

    def _kept_heads(self, home: Rows, count: int) -> _Range:
        """Return what changes for a resident of each point as people come and go near what stays."""
        more = self.after - self.before
        if not more.any():
            return _Range(*np.zeros((3, count)))
        old, new, grown = (
            _shared(self.kept, each, home) for each in (self.before, self.after, more)
        )
        before, after = _a_head(self.kept, old), _a_head(self.kept, new)
        # One has less by the share of those who come in all who are there then; or, looking back from there, by the
        # same share of what one has then in all who are there now.
        fell = [
            _known(had * grown.whole.over(whole), whole, grown.whole)
            for had, whole in ((before, new.whole), (after, old.whole))
        ]
        change = _common(after - before, *(-each for each in fell))
        open_ = bool(len(self.kept.unknown))
        return _summed(change, old.group, count).opened(low=open_, high=open_)

    def _ranges(self, home: Rows, count: int) -> dict[str, Floats]:
        """Return the ends of what groups have in both states, and of the change, for each of so many residents."""
        heads = [np.bincount(home, each, minlength=count) for each in (self.before, self.after)]
        per = [PER * _over(1.0, each.astype(float)) for each in heads]
        gone = self._have(self.gone, self.before, home, count)
        come = self._have(self.come, self.after, home, count)
        first, second = (
            self._have((self.kept,), each, home, count) for each in (self.before, self.after)
        )
        kept = self._kept_groups(home, count, per[0], per[1])
        found = {
            "first": _times(first + gone, per[0]),
            "second": _times(second + come, per[1]),
            "change": _times(come, per[1]) - _times(gone, per[0]) + kept,
        }
        ends = {"_min": 1, "_max": 2}
        return {
            f"{name}{end}": (each[at].round(_DIGITS) + 0.0)
            for name, each in found.items()
            for end, at in ends.items()
        }

    def _kept_groups(self, home: Rows, count: int, before: Floats, after: Floats) -> _Range:
        """Return what changes for a resident of each group as people come and go near what stays."""
        more = self.after - self.before
        if not more.any():
            return _Range(*np.zeros((3, count)))
        old, new, grown = (
            _shared(self.kept, each, home) for each in (self.before, self.after, more)
        )
        had, has = old.share, new.share
        rose = _common(has - had, _rising(had, new.whole, grown), _rising(has, old.whole, grown))
        then, now, scale = after[old.group], before[old.group], (after - before)[old.group]
        change = _common(
            _times(has, then) - _times(had, now),
            _times(rose, then) + had * _Range(scale, scale, scale),
            _times(rose, now) + has * _Range(scale, scale, scale),
        )
        open_ = bool(len(self.kept.unknown))
        return _summed(change, old.group, count).opened(low=open_, high=open_)


def _a_head(found: Near, cells: _Shared) -> _Range:
    """Return what one resident of each cell has of its feature, where each cell is one point."""
    order = np.lexsort([found.feature, found.person])  # as the cells are
    count, least, most = (each[order] for each in (found.counts, found.least, found.most))
    others = cells.others
    low = _over(least, cells.own.low + np.maximum(others.high, 0))
    high = _over(most, cells.own.high + np.maximum(others.low, 0))
    return _Range(_over(count, cells.whole.value), low, high)


def _rising(share: _Range, whole: _Range, grown: _Shared) -> _Range:
    """Return by how much shares rise as people come and go: of shares in either state, over all of the other."""
    others = _Range(1 - share.value, 1 - share.high, 1 - share.low)
    rose = grown.own.over(whole) * others - share * grown.others.over(whole)
    return _known(rose, whole, grown.whole, grown.own)


def _known(change: _Range, whole: _Range, *grown: _Range) -> _Range:
    """Return a change over all who are near, of which nothing is known where it may be that nobody is.

    Where as many are near for sure, nothing changes.
    """
    still = np.all([(each.low == 0) & (each.high == 0) for each in grown], axis=0)
    some = (whole.low > 0) | still
    return _Range(
        change.value, np.where(some, change.low, -np.inf), np.where(some, change.high, np.inf)
    )


def _common(*some: _Range) -> _Range:
    """Return what ranges of the same numbers have in common."""
    value = some[0].value
    low = np.max([each.low for each in some], axis=0)
    high = np.min([each.high for each in some], axis=0)
    return _Range(value, np.minimum(low, value), np.maximum(high, value))


def _whole(change: _Range, scale: _Range) -> _Range:
    """Return a change that is nought where it is no more than the last digits of what it is taken from."""
    least = _NOISE * np.maximum(scale.value, np.nan_to_num(scale.high))
    return _Range(*(np.where(np.abs(each) <= least, 0.0, each) for each in change))


def _times(one: _Range, factor: Floats) -> _Range:
    """Multiply by numbers of which none is below nought; an end that is not known stays so, and the other known."""
    return _Range(*(each * factor for each in one))


def _summed(cells: _Range, group: Rows, count: int) -> _Range:
    sums = (np.bincount(group, each, minlength=count).astype(np.float64) for each in cells)
    return _Range(*sums)


def access_change(
    points: gpd.GeoDataFrame,
    before: Floats,
    after: Floats,
    paired: Paired,
    within: float,
    *,
    ways: PairedWays = STRAIGHT_IN_BOTH,
) -> AccessChange:
    """Work out how much of some features each person has in two states, when all who are near share them.

    Parameters
    ----------
    points, before, after
        Where people live, and how many in either state.
    paired
        The features in both states.
    within
        The distance in metres.
    ways
        How one gets there.

    Raises
    ------
    SumError
        If what people have does not add up to the features that anybody reaches: a fault of lcrmap.

    Examples
    --------
    >>> people, shops = (
    ...     gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, [0] * len(x)), crs="EPSG:4326")
    ...     for x in ([0.0, 0.01], [0.0, 0.01])
    ... )
    >>> both = np.array([100.0, 300.0])
    >>> found = access_change(people, both, both, Paired(shops.iloc[:1], shops.iloc[:0], shops.iloc[1:]), 500)
    >>> found.heads()[["first", "second", "change", "gain"]].round(3)
       first   second  change   gain
    0  100.0  100.000   0.000  False
    1    0.0   33.333  33.333   True
    """
    first = tuple(each for each in (ways.common, ways.first) if each is not None)
    second = tuple(each for each in (ways.common, ways.second) if each is not None)
    kept = near(points, paired.common, within, ways=first)
    gone, come = (
        [near(points, paired.first, within, ways=first)],
        [near(points, paired.second, within, ways=second)],
    )
    if len(first) > 1 or len(second) > 1:
        other = near(points, paired.common, within, ways=second)
        moved = _moved(kept, other, len(paired.common))
        gone.append(_of(kept, moved))
        come.append(_of(other, moved))
        kept = _of(kept, ~moved)
    placed = np.zeros(len(points), dtype=bool)
    placed[ways.common.side(points.geometry).rows] = True
    found = AccessChange(
        points.index, placed, before * placed, after * placed, kept, tuple(gone), tuple(come)
    )
    _check(found)
    return found


def _moved(one: Near, other: Near, features: int) -> np.ndarray:
    """Tell of which features it is not the same who is near."""
    pairs = [
        pd.DataFrame(
            {"f": each.feature, "p": each.person, "c": each.counts, "l": each.least, "m": each.most}
        )
        for each in (one, other)
    ]
    apart = pd.concat(pairs).drop_duplicates(keep=False)["f"].to_numpy()
    moved = np.zeros(features, dtype=bool)
    moved[apart] = True
    return moved


def _of(found: Near, features: np.ndarray) -> Near:
    some = features[found.feature]
    return Near(
        found.person[some],
        found.feature[some],
        found.counts[some],
        found.least[some],
        found.most[some],
        found.unknown[features[found.unknown]],
    )


def _check(found: AccessChange) -> None:
    """Refuse figures of which it is not true that what people have is what anybody reaches."""
    for alone, weight in ((found.gone, found.before), (found.come, found.after)):
        total = float(found._heads((found.kept, *alone), weight).value @ weight)
        reached = sum(
            int((np.bincount(each.feature, each.counts * weight[each.person]) > 0).sum())
            for each in (found.kept, *alone)
        )
        if abs(total - reached) > _ALIKE * max(1.0, reached):
            raise SumError(
                f"What residents have adds up to {total:.9g} and not to the {reached:,} features that they reach, so "
                f"nothing is shown: please report this fault."
            )
