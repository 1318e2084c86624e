"""The features of a layer: the rows of ``show``, split by split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import geopandas as gpd
import pandas as pd

from lcrmap.errors import NothingFoundError, WholeNeededError
from lcrmap.io.parts import Parts, Progress
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, Origin, arranged
from lcrmap.verbs.arranging import MOST_COLUMNS, main_columns
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.show.words import no_features, nothing_left
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import Piece, Read, Share, Work, chosen

__all__ = ["ShowShare", "ShowWork", "first_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class ShowShare(Share):
    """Some features of the layer; `count` is how many there are, also when they were handed on."""

    count: int = 0

    def __add__(self, other: ShowShare) -> ShowShare:
        """Return both together."""
        rows = None
        if self.rows is not None and other.rows is not None:
            whole = pd.concat([self.rows.frame, other.rows.frame])
            rows = self.rows.with_frame(gpd.GeoDataFrame(whole))
        return ShowShare(rows, count=self.count + other.count)

    def told(self) -> dict[str, Any]:
        """Return how many there are."""
        return {"count": self.count}

    def as_told(self, told: Mapping[str, Any]) -> ShowShare:
        """Return so many, which were handed on."""
        return ShowShare(count=told["count"])


class ShowWork(Work[Any, ShowShare]):
    """Chooses the features of a layer, which may come in splits."""

    asked: Show
    streams: ClassVar[bool] = True
    working: ClassVar[str] = "Writing"

    @classmethod
    def whole_layers(cls, question: Show, sources: Sources) -> list[Layer]:
        """Open the layer."""
        layer = sources.layer(question.layer, Reading.of(question))
        if question.indicators:
            from lcrmap.verbs.figures import with_figures  # which most questions do without

            layer = with_figures(layer, question.indicators, sources.pack)
        return [layer]

    @classmethod
    def part_layers(
        cls, question: Show, sources: Sources, progress: Progress
    ) -> Sequence[Layer | Parts]:
        """Open the layer in splits."""
        if question.indicators:
            raise WholeNeededError("Indicators are put beside a layer that is held whole.")
        reading = Reading.of(question)
        parts = sources.parts(question.layer, reading, need_geometry=False, progress=progress)
        if parts is None:
            raise WholeNeededError("The layer is small.")
        return [parts]

    def rows_to_come(self, seen: Any) -> int:
        """Return how many features there are."""
        (layer,) = self.layers
        return layer.rows if isinstance(layer, Parts) else len(layer.frame)

    def work(self, piece: Piece, read: Read, seen: Any) -> ShowShare:
        """Choose among the features of a piece."""
        assert isinstance(read, Layer)  # noqa: S101 (all of each row is wanted)
        some, where = read, self.asked.where
        if where is not None and piece.split is None:
            from lcrmap.analysis.filtering import choose  # which most questions do without

            some = choose(read, where)
        elif where is not None:
            some = chosen(read, where, self.rows_to_come(seen))
        return ShowShare(some, count=len(some.frame))

    def together(self, seen: Any, done: ShowShare) -> Answer:
        """Return the features that are left."""
        (layer,) = self.layers
        if self.asked.where is not None and not done.count:
            rows = self.rows_to_come(seen)
            raise NothingFoundError(nothing_left(rows, layer.name, self.asked.where))
        empty = Layer(gpd.GeoDataFrame(geometry=[]), layer.metadata, layer.inputs)
        notes = layer.notes if isinstance(layer, Parts) else no_features(layer)
        return Answer(
            question=self.asked,
            pack=self.sources.pack,
            layer=done.rows or empty,
            notes=notes,
            origin=Origin(layer=self.asked.layer),
            main=_main(layer, self.asked.indicators) if isinstance(layer, Layer) else (),
        )


def _main(layer: Layer, indicators: Sequence[str]) -> tuple[str, ...]:
    """Put indicators right behind key and name, as whoever asks for them wants to see them; without any, nothing."""
    if not indicators:
        return ()
    usual = main_columns(layer)
    first = [each for each in (layer.key, layer.label) if each in usual]
    wanted = dict.fromkeys([*first, *indicators])
    return tuple(dict.fromkeys([*wanted, *usual]))[: max(MOST_COLUMNS, len(wanted))]


def first_rows(question: Show, sources: Sources, progress: Progress) -> Answer:
    """Answer a question for the first rows of a large layer, of which no more is held than their splits.

    Raises
    ------
    WholeNeededError
        If they are not simply the first ones, or the layer does not come in splits.
    """
    if question.limit is None or question.where is not None or question.sort:
        raise WholeNeededError("All rows decide which are shown.")
    (parts,) = ShowWork.part_layers(question, sources, progress)
    assert isinstance(parts, Parts)  # noqa: S101 (the only layer is the large one)
    if not 0 < question.limit < parts.rows:
        raise WholeNeededError("All rows are shown, or none.")
    needed = [each for each in parts.splits if each.first < question.limit]
    read = [parts.read(each) for each in needed]
    frames = [each.frame for each in read if isinstance(each, Layer)]
    frame = gpd.GeoDataFrame(pd.concat(frames).iloc[: question.limit])
    said = f"The first {question.limit:,} of {parts.rows:,} rows (--limit {question.limit})."
    layer = Layer(frame, parts.metadata, parts.inputs, (*parts.notes, said))
    answer = Answer(
        question=question,
        pack=sources.pack,
        layer=layer,
        notes=(),
        origin=Origin(layer=question.layer),
    )
    return arranged(answer)
