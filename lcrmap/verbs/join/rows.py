"""Which features match: the rows of a join, split by split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any, ClassVar

import geopandas as gpd
import pandas as pd

from lcrmap.analysis.attaching import Tally
from lcrmap.analysis.joining import Matched
from lcrmap.errors import WholeNeededError
from lcrmap.io.parts import Parts, PassedOver, Points, Progress, Wanted
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import sound
from lcrmap.verbs.beside import refuse_outgrown
from lcrmap.verbs.join.joiner import Joined, Joiner
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.join.right import Right
from lcrmap.verbs.join.words import join_finding, join_notes
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import Piece, Read, Share, Work

__all__ = ["JoinSeen", "JoinShare", "JoinShown", "JoinWork"]


@dataclass(frozen=True, slots=True)
class JoinShown:
    """What the page of a join shows besides the rows.

    Attributes
    ----------
    right
        The layer that was joined to.
    area
        The attached column that names the area of each feature; empty if there is none.
    """

    right: Layer
    area: str


@dataclass(frozen=True, slots=True)
class JoinSeen:
    """What only all left features together tell, and what is written depends on.

    Attributes
    ----------
    matched, pairs
        How many left features matched, and how many pairs there are.
    alone
        How many placed ones matched nothing.
    rows
        How many there are.
    """

    matched: int
    pairs: int
    alone: int
    rows: int

    def __add__(self, other: JoinSeen) -> JoinSeen:
        """Count others too."""
        return JoinSeen(
            self.matched + other.matched,
            self.pairs + other.pairs,
            self.alone + other.alone,
            self.rows + other.rows,
        )


@dataclass(frozen=True, slots=True, eq=False)
class JoinShare(Share):
    """What was attached to some of the left features.

    Attributes
    ----------
    joined
        How it was attached; without the rows, which are `rows` and `beside`.
    tally
        How many left features ended how.
    several
        How many matched more than one right feature, of which the first is attached.
    count
        How many rows come out.
    """

    joined: Joined | None = None
    tally: Tally = field(default_factory=lambda: Tally(0, 0, 0, 0, 0, 0))
    several: int = 0
    count: int = 0

    def __add__(self, other: JoinShare) -> JoinShare:
        """Return both together, the other features behind these."""
        return JoinShare(
            rows=_stacked(self.rows, other.rows),
            beside=_stacked(self.beside, other.beside),
            joined=self.joined or other.joined,
            tally=other.tally + self.tally,
            several=self.several + other.several,
            count=self.count + other.count,
        )

    def told(self) -> dict[str, Any]:
        """Return how many left features ended how."""
        return {"tally": list(astuple(self.tally)), "several": self.several, "count": self.count}

    def as_told(self, told: Mapping[str, Any]) -> JoinShare:
        """Return so many, whose rows were handed on."""
        tally = Tally(*told["tally"])
        return JoinShare(
            joined=self.joined, tally=tally, several=told["several"], count=told["count"]
        )


def _stacked(first: Layer | None, second: Layer | None) -> Layer | None:
    if first is None or second is None:
        return first or second
    return first.with_frame(gpd.GeoDataFrame(pd.concat([first.frame, second.frame])))


class JoinWork(Work[JoinSeen, JoinShare]):
    """Attaches columns of the right layer to the features of the left one, which may come in splits."""

    asked: Join
    streams: ClassVar[bool] = True
    reads_covered: ClassVar[bool] = True
    looking: ClassVar[str] = "Matching"
    working: ClassVar[str] = "Writing"

    def __init__(
        self,
        question: Join,
        sources: Sources,
        layers: Sequence[Layer | Parts],
        *,
        beside: bool = True,
    ) -> None:
        super().__init__(question, sources, layers, beside=beside)
        (left,) = self.layers
        rows = left.rows if isinstance(left, Parts) else len(left.frame)
        self.left, self.right = left, Right(question, sources, expected=rows)
        self.left_notes = left.notes
        if isinstance(left, Layer):
            left, repairs = sound(left)
            self.layers, self.left_notes = (left,), (*self.left_notes, *repairs)
        box = None
        if isinstance(left, Parts) and question.keeps_only_touching and not beside:
            box = self.right.box(left.crs)
        points = isinstance(left, Parts) and left.has_points and self.right.rules_points
        self.looks = Wanted(columns=(), box=box, points=points)
        self.works = Wanted(box=box)
        self._last: tuple[Piece, Joiner, Matched] | None = None

    @classmethod
    def whole_layers(cls, question: Join, sources: Sources) -> list[Layer]:
        """Open the left layer."""
        return [sources.layer(question.left, Reading.of(question), need_geometry=True)]

    @classmethod
    def part_layers(cls, question: Join, sources: Sources, progress: Progress) -> list[Parts]:
        """Open the left layer in splits, if it is one of points."""
        refuse_outgrown(sources, [question.right])
        left = sources.parts(question.left, Reading.of(question), progress=progress)
        if left is None or left.metadata.geometry != "point":
            raise WholeNeededError("Only points of a large file are joined in parts.")
        return [left]

    def look(self, piece: Piece, read: Read) -> JoinSeen:
        """Count the matches of a piece."""
        if isinstance(read, PassedOver):
            return JoinSeen(0, 0, read.rows - read.without_shape, read.rows)
        found = self._matched(piece, read)
        matches = found.matches
        border = found.on_border is not None and found.on_border.any()
        if border and self.asked.border == "error" and isinstance(self.left, Parts):
            raise WholeNeededError("A point on a border is refused by its name.")
        return JoinSeen(
            matched=int((matches > 0).sum()),
            pairs=len(found.left),
            alone=int(((matches == 0) & ~found.unplaced).sum()),
            rows=len(found.unplaced),
        )

    def _matched(self, piece: Piece, read: Read) -> Matched:
        """Match a piece; what was matched last is at hand, so that a layer that is one piece is matched once."""
        if isinstance(read, Points):
            joiner = self.right.matching_points(read)
            return joiner.matched_points(read.x, read.y, read.crs)
        assert isinstance(read, Layer)  # noqa: S101 (the other kinds were dealt with)
        return self._matched_by(self.right.matching(read), piece, read)

    def _matched_by(self, joiner: Joiner, piece: Piece, left: Layer) -> Matched:
        if self._last is not None and self._last[:2] == (piece, joiner):
            return self._last[2]
        found = joiner.matched(left)
        if isinstance(self.left, Layer):
            self._last = piece, joiner, found
        return found

    def rows_to_come(self, seen: JoinSeen | None) -> int | None:
        """Return how many rows come out; None if that depends on what is snapped."""
        assert seen is not None  # noqa: S101 (a join looks first)
        how = self.asked.how
        if self.asked.snap is not None and how != "left":
            return None
        kept = seen.pairs if self.asked.repeats else seen.matched
        rows = {
            "left": seen.rows - seen.matched + kept,
            "inner": kept,
            "anti": seen.rows - seen.matched,
        }
        return rows[how]

    def work(self, piece: Piece, read: Read, seen: JoinSeen | None) -> JoinShare:
        """Attach the columns to the features of a piece."""
        if isinstance(read, PassedOver):
            outside = read.rows - read.without_shape
            border = 0 if self.right.rules_points else None
            return JoinShare(tally=Tally(read.rows, 0, border, 0, outside, read.without_shape))
        assert isinstance(read, Layer) and seen is not None  # noqa: S101, PT018 (as `works` wants it)
        nearest = self.asked.finds_nearest(seen.alone)
        matching = self.right.matching(read)
        matched = self._matched_by(matching, piece, read)
        joiner = self.right.attaching(read, matched, nearest=nearest)
        if joiner is not matching:
            matched = joiner.matched(read)
        joined = joiner.attached(read, matched, nearest=nearest, repeated=self._repeated(seen))
        return JoinShare(
            rows=joined.layer,
            beside=joined.lost,
            joined=joined.emptied(),
            tally=joined.tally,
            several=joined.several,
            count=len(joined.layer.frame),
        )

    def _repeated(self, seen: JoinSeen) -> bool | None:
        """Tell whether a feature comes in several rows; None to see by the rows of the whole."""
        if isinstance(self.left, Layer):
            return None
        return self.asked.repeats and seen.pairs > seen.matched

    def together(self, seen: JoinSeen | None, done: JoinShare) -> Answer:
        """Make the answer: rows, finding, and notes of which the last accounts for every left feature."""
        if seen is None or done.joined is None:
            raise WholeNeededError("All rows were passed over, so none shows what is attached.")
        joined, left = done.joined, self.layers[0]
        on_areas = done.tally.on_border is not None
        return Answer(
            question=self.asked,
            pack=self.sources.pack,
            layer=done.rows or joined.layer,
            finding=join_finding(left.metadata, self.right, done.tally),
            notes=join_notes(
                self.right,
                left,
                self.left_notes,
                done.tally,
                alone=seen.alone,
                several=done.several,
                renamed=joined.renamed,
                rows=done.count,
            ),
            main=joined.main,
            beside=done.beside or joined.lost,
            origin=Origin(layer=self.asked.left),
            shown=JoinShown(
                self.right.layer,
                joined.names.get(self.right.layer.label, "") if on_areas else "",
            ),
        )
