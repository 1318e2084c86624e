"""A join whose right side is set up: any number of left layers, or parts of one, go through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lcrmap.analysis.attaching import How, Nearest, Tally, attach, nearest_right, tally
from lcrmap.analysis.certainty import Outline, position_errors, possible_areas
from lcrmap.analysis.joining import NOWHERE, AreaMatcher, Matched, dimensions
from lcrmap.analysis.matching import (
    Predicate,
    keep_first,
    keep_largest_overlap,
    match_predicate,
)
from lcrmap.analysis.ties import tie_order
from lcrmap.errors import UsageError
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.areas import area_names, checked_key, coverage_notes, sound
from lcrmap.verbs.joined import attached_names, flag_names, joined_layer, main_columns

Floats = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["MOST_NEAREST", "JoinAsked", "Joined", "Joiner"]

MOST_NEAREST = (
    50_000  # features that matched nothing, above which their nearest is found only when asked for
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAsked:
    """What a join is asked for.

    Attributes
    ----------
    predicate
        Raw, as shapely has it. None: the border rule for points on areas, so that each point belongs to one area;
        ``intersects`` for everything else.
    distance_m
        How far apart ``dwithin`` allows, in metres.
    how
        ``left`` keeps every left feature, ``inner`` those that matched, ``anti`` those that did not.
    many
        One row for each match, instead of the first by key.
    largest_overlap
        Keep the right area that shares the most ground.
    border
        What becomes of a point on a border that areas share: ``once``, ``all`` or ``error``.
    key
        The right column that orders matches; None for the layer's key field, else the shapes themselves.
    take
        The right columns to attach; None for all.
    prefix
        What the attached columns' names begin with.
    snap_m
        Attach a feature that matched nothing to the nearest one within so many metres, and flag it.
    nearest
        Whether the nearest right feature of each that matched nothing is found, with its distance; None: where there
        are at most `MOST_NEAREST` of them, or where `snap_m` needs it.

    Raises
    ------
    UsageError
        If two of these cannot be meant together.
    """

    predicate: Predicate | None = None
    distance_m: float | None = None
    how: How = "left"
    many: bool = False
    largest_overlap: bool = False
    border: str = "once"
    key: str | None = None
    take: Sequence[str] | None = None
    prefix: str = ""
    snap_m: float | None = None
    nearest: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant together."""
        if (self.predicate == "dwithin") != (self.distance_m is not None):
            raise UsageError(
                "--distance belongs to --predicate dwithin, which needs it: "
                "write both, as in --predicate dwithin --distance 500m."
            )
        if self.border != "once" and (self.predicate is not None or self.largest_overlap):
            raise UsageError(
                "--border is about the rule for points on areas, which --predicate and --largest-overlap "
                "replace: leave one of them out."
            )
        if self.largest_overlap and self.predicate is not None:
            raise UsageError(
                "--largest-overlap is a way of matching like --predicate: leave one out."
            )
        if self.border == "error" and self.many:
            raise UsageError("--border error refuses what --many asks for: leave one out.")

    @property
    def repeats(self) -> bool:
        """Whether a left feature may come in more than one row."""
        return self.many or self.border == "all"

    @property
    def keeps_only_touching(self) -> bool:
        """Whether no left feature is kept that shares no point with a right one."""
        raw = self.predicate in (None, "within", "intersects", "covered_by")
        return raw and self.how == "inner" and self.snap_m is None

    def finds_nearest(self, alone: int) -> bool:
        """Tell whether the nearest is found where so many features matched nothing."""
        if self.snap_m is not None or self.nearest:
            return True
        return self.nearest is None and alone <= MOST_NEAREST


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


class Joiner:
    """Joins left layers to one right layer.

    Parameters
    ----------
    right
        The layer whose columns are attached.
    asked
        What is asked for.
    expected
        About how many left features will come: decides nothing but how fast it goes.

    Attributes
    ----------
    notes
        What must be said of the right layer itself.
    """

    def __init__(self, right: Layer, asked: JoinAsked, *, expected: int = 0) -> None:
        self.asked = asked
        self.right, repairs = sound(right)
        self.notes = (*right.notes, *repairs)
        self._on_areas = dimensions(self.right.frame) == {2}
        if self._on_areas:
            self.notes += tuple(coverage_notes(self.right))
        self.key = checked_key(self.right, asked.key)
        self._expected = expected
        self._matcher: AreaMatcher | None = None
        self._outline = Outline(self.right.frame)

    def by_border_rule(self, left: Layer) -> bool:
        """Tell whether each left feature belongs to one area."""
        return self.rules_points and dimensions(left.frame) <= {0}

    @property
    def rules_points(self) -> bool:
        """Whether a point belongs to one area."""
        free = self.asked.predicate is None and not self.asked.largest_overlap
        return free and self._on_areas

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
            return self._areas(len(left.frame)).match(left.frame, border=self._border)
        return match_predicate(
            left.frame,
            self.right.frame,
            asked.predicate or "intersects",
            key=self.key,
            distance_m=asked.distance_m or 0.0,
        )

    def joined(self, left: Layer, *, nearest: bool, repeated: bool | None = None) -> Joined:
        """Attach the columns, and count how each left feature ended.

        Parameters
        ----------
        nearest
            Whether the nearest right feature is found of each that matched none.
        repeated
            Whether a feature comes in several rows; None: whether one of these does.
        """
        return self.attached(left, self.matched(left), nearest=nearest, repeated=repeated)

    def attached(
        self, left: Layer, matched: Matched, *, nearest: bool, repeated: bool | None = None
    ) -> Joined:
        """Do the same with pairs that are at hand."""
        asked, right = self.asked, self.right
        names, renamed = attached_names(left, right, asked.take, asked.prefix)
        matched, flags, pair_flags, several = self._flagged(left, matched)
        near = self._nearest(left, matched) if nearest else None
        snapped = None if asked.snap_m is None or near is None else _snapped(near, asked.snap_m)
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
            main_columns(left, right, names, fresh),
        )

    def _flagged(
        self, left: Layer, matched: Matched
    ) -> tuple[Matched, dict[str, Any], dict[str, Any], int]:
        """Keep the pairs that are wanted; say what is told of each left feature, of each pair, and of how many."""
        if matched.on_border is not None:
            return matched, self._certainty(left, matched), {}, 0
        if self.asked.largest_overlap:
            kept, share = keep_largest_overlap(
                matched, left.frame, self.right.frame, many=self.asked.many
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
        names = area_names(self.right, by_key=True)
        also = possible.others(matched.first(), names, tie_order(frame, self.key))
        return flags | {
            "area_certain": possible.certain,
            "could_also_be": pd.array(also, dtype="str"),
        }

    def _nearest(self, left: Layer, matched: Matched) -> Nearest:
        alone = np.flatnonzero((matched.matches == 0) & ~matched.unplaced)
        return nearest_right(left.frame, self.right.frame, alone, key=self.key)

    def _nearest_flags(self, near: Nearest) -> dict[str, Any]:
        names = np.array([*area_names(self.right), None], dtype=object)
        return {"nearest": pd.array(names[near.right], dtype="str"), "nearest_m": near.metres}

    def several_note(self, left: Metadata, several: int) -> tuple[str, ...]:
        """Say how many left features match more than one right one, if any do."""
        if not several:
            return ()
        rule = f"lowest {self.key}" if self.key else "first by shape"
        note = (
            f"{several:,} {left.noun(several)} match more than one of {self.right.name}: the {rule} "
            f"is attached and the column 'matches' says how many; --many gives a row for each."
        )
        return (note,)

    def left_out_note(self, alone: int) -> tuple[str, ...]:
        """Say that the nearest is left out, where nobody asked for that."""
        if self.asked.nearest is False or self.asked.finds_nearest(alone):
            return ()
        note = (
            f"The nearest of {self.right.name} is left out for the {alone:,} that matched nothing, as they are "
            f"more than {MOST_NEAREST:,}: --nearest finds it all the same."
        )
        return (note,)


def _snapped(near: Nearest, metres: float) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where(near.metres <= metres, near.right, NOWHERE)
