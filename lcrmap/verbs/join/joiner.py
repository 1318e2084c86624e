"""A join whose right side is set up: any number of left layers, or parts of one, go through it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lcrmap.analysis.attaching import Nearest, Tally, attach, nearest_right, tally
from lcrmap.analysis.certainty import Outline, position_errors, possible_areas
from lcrmap.analysis.joining import NOWHERE, AreaMatcher, Matched
from lcrmap.analysis.matching import (
    keep_first,
    keep_largest_overlap,
    match_predicate,
)
from lcrmap.analysis.metric import are_points
from lcrmap.analysis.ties import tie_order
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.beside import Told
from lcrmap.verbs.join.columns import attached_names, flag_names, joined_layer, main_columns
from lcrmap.verbs.join.question import Join

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

__all__ = ["Joined", "Joiner"]


@dataclass(frozen=True, slots=True)
class Joined:
    """Left features with what was attached to them.

    Attributes
    ----------
    layer, lost
        The rows that are kept, and those that matched nothing.
    tally
        How many left features ended how.
    several
        How many matched more than one right feature, of which the first is attached.
    names, renamed
        The attached columns, old names and new; and a note on those that could not keep the name meant for them.
    main
        The columns that a table on a terminal shows.
    """

    layer: Layer
    lost: Layer
    tally: Tally
    several: int
    names: dict[str, str]
    renamed: tuple[str, ...]
    main: tuple[str, ...]

    def emptied(self) -> Joined:
        """Return how it was attached, without any feature and what was counted of them."""
        layer, lost = self.layer.emptied(), self.lost.emptied()
        return replace(self, layer=layer, lost=lost, tally=Tally(0, 0, 0, 0, 0, 0), several=0)


class Joiner:
    """Joins left layers to a right layer, or to those of its features that can matter to them.

    Parameters
    ----------
    right
        The layer whose columns are attached, with sound shapes.
    asked
        What is asked for.
    told
        What is told of the whole layer.
    key
        The column that orders its features.
    numbers
        The number of each row in the whole layer, from 0; None if it is the whole.
    expected
        About how many left features will come: decides nothing but how fast it goes.
    """

    def __init__(
        self,
        right: Layer,
        asked: Join,
        told: Told,
        key: str,
        *,
        numbers: Rows | None = None,
        expected: int = 0,
    ) -> None:
        self.asked, self.right, self.key = asked, right, key
        self._told, self._numbers, self._expected = told, numbers, expected
        self._matcher: AreaMatcher | None = None
        self._outline = Outline(self.right.frame)

    def by_border_rule(self, left: Layer) -> bool:
        """Tell whether each left feature belongs to one area."""
        free = self.asked.predicate is None and not self.asked.largest_overlap
        return free and self._told.on_areas and are_points(left.frame.geometry)

    def matched_points(self, x: Floats, y: Floats, crs: Any) -> Matched:
        """Return the pairs of points with areas, by the border rule; NaN where there is no position."""
        return self._areas(len(x)).match_numbers(x, y, crs, border=self._border)

    def _areas(self, points: int) -> AreaMatcher:
        if self._matcher is None:
            expected = max(self._expected, points)
            self._matcher = AreaMatcher(self.right.frame, key=self.key, expected=expected)
        return self._matcher

    @property
    def _border(self) -> str:
        return "all" if self.asked.many else self.asked.border

    def matched(self, left: Layer) -> Matched:
        """Return the pairs that go together, before any is left out."""
        asked = self.asked
        if self.by_border_rule(left):
            areas = self._areas(len(left.frame))
            return areas.match(left.frame, border=self._border, named_by=left.key)
        return match_predicate(
            left.frame,
            self.right.frame,
            asked.predicate or "intersects",
            key=self.key,
            distance_m=asked.distance or 0.0,
            on_areas=self._told.on_areas,
        )

    def attached(
        self, left: Layer, matched: Matched, *, nearest: bool, repeated: bool | None = None
    ) -> Joined:
        """Attach the columns, and count how each left feature ended.

        Parameters
        ----------
        matched
            The pairs, as `matched` gives them.
        nearest
            Whether the nearest right feature is found of each that matched none.
        repeated
            Whether a feature comes in several rows; None: whether one of these does.
        """
        asked, right = self.asked, self.right
        wanted = asked.taken or None
        names, renamed = attached_names(left, right, wanted, asked.prefix)
        matched, flags, pair_flags, several = self._flagged(left, matched)
        near = self._nearest(left, matched) if nearest else None
        snapped = None if asked.snap is None or near is None else _snapped(near, asked.snap)
        flags |= {} if snapped is None else {"snapped": snapped != NOWHERE}
        flags |= self._nearest_flags(near) if near is not None else {}
        fresh = flag_names(left, right, names, [*flags, *pair_flags])
        rows = attach(
            left.frame,
            right.frame,
            matched,
            take=names,
            flags={fresh[name]: values for name, values in flags.items()},
            pair_flags={fresh[name]: values for name, values in pair_flags.items()},
            snapped=snapped,
        )
        counted = tally(left.frame, matched, snapped, rows)
        again = len(rows.left) > len(left.frame) if repeated is None else repeated
        layer = joined_layer(left, right, names, fresh, repeated=again)
        lost = rows.kept("anti").drop(columns=list(names.values()))
        kept = lost if asked.how == "anti" else rows.kept(asked.how)
        if asked.how == "inner" and near is not None:
            kept = kept.drop(columns=[fresh["nearest"], fresh["nearest_m"]])
        return Joined(
            layer.with_frame(kept),
            layer.with_frame(lost),
            counted,
            several,
            names,
            tuple(renamed),
            main_columns(left, right, names, fresh, asked.indicators),
        )

    def _flagged(
        self, left: Layer, matched: Matched
    ) -> tuple[Matched, dict[str, Any], dict[str, Any], int]:
        """Keep the pairs that are wanted; say what is told of each left feature, of each pair, and of how many."""
        if matched.on_border is not None:
            return matched, self._certainty(left, matched), {}, 0
        if self.asked.largest_overlap:
            kept, share = keep_largest_overlap(
                matched,
                left.frame,
                self.right.frame,
                many=self.asked.many,
                on_areas=self._told.on_areas,
            )
            return kept, {}, {"overlap_share": np.round(100 * share, 3)}, 0
        if self.asked.many:
            return matched, {}, {}, 0
        matches = matched.matches
        return keep_first(matched), {"matches": matches}, {}, int((matches > 1).sum())

    def _certainty(self, left: Layer, matched: Matched) -> dict[str, Any]:
        on_border = pd.arrays.BooleanArray(np.asarray(matched.on_border), matched.unplaced.copy())
        flags: dict[str, Any] = {"on_border": on_border}
        errors = position_errors(left.frame)
        if errors is None:
            return flags
        frame = self.right.frame
        possible = possible_areas(left.frame, frame, matched, errors, outline=self._outline)
        names = area_names(self.right, by_key=True, numbers=self._numbers)
        also = possible.others(matched.first(), names, tie_order(frame, self.key))
        return flags | {
            "area_certain": possible.certain,
            "could_also_be": pd.array(also, dtype="str"),
        }

    def _nearest(self, left: Layer, matched: Matched) -> Nearest:
        alone = np.flatnonzero((matched.matches == 0) & ~matched.unplaced)
        return nearest_right(left.frame, self.right.frame, alone, key=self.key)

    def _nearest_flags(self, near: Nearest) -> dict[str, Any]:
        names = np.array([*area_names(self.right, numbers=self._numbers), None], dtype=object)
        return {"nearest": pd.array(names[near.right], dtype="str"), "nearest_m": near.metres}


def _snapped(near: Nearest, metres: float) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where(near.metres <= metres, near.right, NOWHERE)
