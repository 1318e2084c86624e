"""What is said of a join: how many found their match, and a line that accounts for every feature."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.analysis.attaching import Tally
from lcrmap.io.parts import Parts
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.join.question import MOST_NEAREST
from lcrmap.verbs.join.right import Right
from lcrmap.verbs.numbers import located

__all__ = ["closing_line", "join_finding", "join_notes"]


def join_finding(left: Metadata, right: Right, counted: Tally) -> str:
    """Say how many found their match; the total of a layer that needs its breakdown is not said."""
    placed = counted.rows - counted.unplaced
    noun = located(left.noun(placed), some=placed < counted.rows)
    inside = counted.matched + counted.snapped
    one, several = ("matches", "match") if counted.on_border is None else ("lies in", "lie in")
    size = right.told.size
    what = right.layer.metadata.noun(size)
    whole = f"the only {what}" if size == 1 else f"one of the {size:,} {what}"
    if placed == 1 and not left.breakdown:
        verb = one if inside else f"does not {several}"
        any_ = whole if inside or size == 1 else f"any of the {size:,} {what}"
        return f"The only {noun} {verb} {any_}"
    total = "" if left.breakdown and placed == counted.rows else f"{placed:,} "
    return f"{inside:,} of the {total}{noun} {one if inside == 1 else several} {whole}"


def join_notes(
    right: Right,
    left: Layer | Parts,
    left_notes: Sequence[str],
    counted: Tally,
    *,
    alone: int,
    several: int,
    renamed: Sequence[str],
    rows: int,
) -> tuple[str, ...]:
    """Return all that must be said, in the order in which it is said.

    Parameters
    ----------
    alone
        How many placed left features matched nothing.
    several
        How many match more than one right feature, of which the first is attached.
    renamed
        The note on columns that could not keep their name.
    rows
        How many rows come out.
    """
    return (
        *left_notes,
        *right.told.notes,
        *_several_note(right, left.metadata, several),
        *renamed,
        *_left_out_note(right, alone),
        *_points_note(right, left.metadata, counted),
        closing_line(counted, rows, snap=right.asked.snap is not None),
    )


def _several_note(right: Right, left: Metadata, several: int) -> list[str]:
    if not several:
        return []
    rule = f"lowest {right.key}" if right.key else "first by shape"
    match = "matches" if several == 1 else "match"
    note = (
        f"{several:,} {left.noun(several)} {match} more than one of {right.layer.name}: the {rule} "
        f"is attached and the column 'matches' says how many; --many gives each of them."
    )
    return [note]


def _points_note(right: Right, left: Metadata, counted: Tally) -> list[str]:
    """Say how points are brought together with points, where none lies exactly on another."""
    asked = right.asked
    points = left.geometry == "point" == right.layer.metadata.geometry
    met = counted.matched or not counted.outside
    if not points or met or asked.predicate == "dwithin" or asked.snap is not None:
        return []
    return [
        "Points rarely lie within points: use 'lcrmap near', or --predicate dwithin --distance 500m."
    ]


def _left_out_note(right: Right, alone: int) -> list[str]:
    """Say that the nearest is left out, where nobody asked for that."""
    if right.asked.nearest is False or right.asked.finds_nearest(alone):
        return []
    note = (
        f"The nearest of {right.layer.name} is left out for the {alone:,} that matched nothing, as they are "
        f"more than {MOST_NEAREST:,}: --nearest finds it all the same."
    )
    return [note]


def closing_line(counted: Tally, rows: int, *, snap: bool) -> str:
    """Account for every left feature in one line."""
    on_areas = counted.on_border is not None
    border = f" ({counted.on_border:,} of them on a shared border)" if on_areas else ""
    parts = [
        f"{counted.matched:,} matched{border}",
        *([f"{counted.snapped:,} snapped"] if snap else []),
        f"{counted.outside:,} {'outside' if on_areas else 'unmatched'}",
        f"{counted.unplaced:,} without a position",
    ]
    out = "" if rows == counted.rows else f" {rows:,} out."
    return f"{counted.rows:,} in: {', '.join(parts)}.{out}"
