"""A join whose left layer comes in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lcrmap.analysis.attaching import Tally
from lcrmap.analysis.joining import Matched
from lcrmap.engines.answer import PartsAnswer, Rows
from lcrmap.engines.boxes import box_around
from lcrmap.errors import WholeNeededError
from lcrmap.io.parts import Box, Parts, PassedOver, Progress, unsaid
from lcrmap.layers import Layer
from lcrmap.verbs.joined import closing_line
from lcrmap.verbs.joiner import JoinAsked, Joiner

__all__ = ["join_in_parts"]


@dataclass(slots=True)
class _Sums:
    """What the closing lines count, over the parts so far."""

    tally: Tally = field(default_factory=lambda: Tally(0, 0, 0, 0, 0, 0))
    several: int = 0
    rows: int = 0
    renamed: tuple[str, ...] = ()


def join_in_parts(
    left: Parts,
    right: Layer,
    asked: JoinAsked,
    *,
    unmatched: bool = True,
    progress: Progress = unsaid,
) -> PartsAnswer:
    """Attach columns of the right layer to each feature of the left, as `lcrmap.verbs.join.join_layers` would.

    Parameters
    ----------
    left
        Points; they are passed over once more than they are written, where what is written depends on all of them.
    right
        The layer whose columns are attached, held whole.
    unmatched
        Whether what matched nothing is wanted beside the rows. Where it is wanted neither there nor among them, what
        lies far from the right layer need not be read.
    progress
        Told how far that first pass has come.

    Returns
    -------
    PartsAnswer
        Beside the rows: those that matched nothing.

    Raises
    ------
    WholeNeededError
        If the left layer is not one of points.
    """
    if left.metadata.geometry != "point":
        raise WholeNeededError("Only points are joined in parts.")
    joiner = Joiner(right, asked, expected=left.rows)
    box = None
    if asked.keeps_only_touching and not unmatched:
        box = box_around(joiner.right.frame, left.crs)
    found = _found(left, joiner, box, progress)
    sums = _Sums()

    def parts() -> Iterator[Rows]:
        done = 0
        for layer in left.layers_in(box):
            if isinstance(layer, PassedOver):
                done += layer.rows
                sums.tally = sums.tally + _beyond(layer)
                continue
            joined = joiner.joined(
                layer, nearest=asked.finds_nearest(found.alone), repeated=found.repeated
            )
            done += len(layer.frame)
            sums.tally = joined.tally + sums.tally
            sums.several += joined.several
            sums.rows += len(joined.layer.frame)
            sums.renamed = joined.renamed
            yield Rows(joined.layer, joined.lost, done)

    def notes() -> tuple[str, ...]:
        return (
            *left.notes,
            *joiner.notes,
            *joiner.several_note(left.metadata, sums.several),
            *sums.renamed,
            *joiner.left_out_note(found.alone),
            closing_line(sums.tally, sums.rows, snap=asked.snap_m is not None),
        )

    return PartsAnswer(parts(), left.rows, notes, found.rows)


@dataclass(frozen=True, slots=True)
class _Found:
    """What only all left features together tell, and what is written depends on.

    Attributes
    ----------
    alone
        How many placed features matched nothing.
    repeated
        Whether any comes in more than one row.
    rows
        How many rows come out; None if that depends on what is snapped.
    """

    alone: int
    repeated: bool
    rows: int | None


def _beyond(passed: PassedOver) -> Tally:
    """Count rows that were passed over: those with a shape lie outside."""
    outside = passed.rows - passed.without_shape
    return Tally(passed.rows, 0, 0, 0, outside, passed.without_shape)


def _found(left: Parts, joiner: Joiner, box: Box | None, progress: Progress) -> _Found:
    alone = matched = pairs = done = 0
    for found in _matched(left, joiner, box):
        if isinstance(found, PassedOver):
            alone += found.rows - found.without_shape
            done += found.rows
            continue
        if joiner.asked.border == "error" and found.on_border is not None and found.on_border.any():
            raise WholeNeededError("A point on a border is refused by its name.")
        matches = found.matches
        alone += int(((matches == 0) & ~found.unplaced).sum())
        matched += int((matches > 0).sum())
        pairs += len(found.left)
        done += len(found.unplaced)
        progress("Matching", done, left.rows)
    repeated = joiner.asked.repeats and pairs > matched
    kept = pairs if joiner.asked.repeats else matched
    rows = {"left": left.rows - matched + kept, "inner": kept, "anti": left.rows - matched}
    snaps = joiner.asked.snap_m is not None and joiner.asked.how != "left"
    return _Found(alone, repeated, None if snaps else rows[joiner.asked.how])


def _matched(left: Parts, joiner: Joiner, box: Box | None) -> Iterator[Matched | PassedOver]:
    if joiner.rules_points and left.points is not None:
        for part in left.points(box):
            if isinstance(part, PassedOver):
                yield part
            else:
                yield joiner.matched_points(*part, left.crs)
        return
    for layer in left.layers_in(box, []):
        yield layer if isinstance(layer, PassedOver) else joiner.matched(layer)
