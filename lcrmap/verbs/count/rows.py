"""How many features lie in each area: the rows of a count, split by split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import (
    ERROR_COLUMN,
    Outline,
    Possible,
    as_found,
    position_errors,
    possible_areas,
)
from lcrmap.analysis.counting import (
    EXTRA_ROWS,
    Figure,
    count_points,
    cross_tabulate,
    rate,
    share,
    summarise,
)
from lcrmap.analysis.joining import Matched, dimensions
from lcrmap.analysis.shares import count_in
from lcrmap.errors import GeometryError, UnknownNameError, WholeNeededError
from lcrmap.io.boxes import box_around
from lcrmap.io.parts import Parts, PassedOver, Progress, Wanted
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import areas_alone, checked_key, coverage_notes, sound
from lcrmap.verbs.classes import Classes, classes_of
from lcrmap.verbs.columns import number_column, reading_note
from lcrmap.verbs.count.accounts import closing_lines, lines_refused, page_lines, shared_lines
from lcrmap.verbs.count.columns import (
    STATISTIC_HEADS,
    Counted,
    FigureNames,
    categories_of,
    counted_layer,
    main_columns,
)
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.count.rates import Base, base_of
from lcrmap.verbs.count.words import count_finding
from lcrmap.verbs.keeping import checked_columns
from lcrmap.verbs.numbers import counted_title, in_sentence
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import Piece, Read, Share, Work

__all__ = ["CountShare", "CountShown", "CountWork", "Located"]


@dataclass(frozen=True, slots=True)
class CountShown:
    """What the page of a count shows besides the rows.

    Attributes
    ----------
    counted, names
        The figures that the rows are made of, and the columns in which they stand.
    areas
        The areas in which was counted.
    classes
        How a figure that is shaded is divided into classes.
    middle
        Where two colours of a shading meet; None for the default.
    adds_up
        Whether the numbers are totals, as counts and sums are, and means are not.
    by
        The column whose values divide the numbers; empty without one.
    """

    counted: tuple[Counted, ...]
    names: FigureNames
    areas: Layer
    classes: Classes
    middle: float | None = None
    adds_up: bool = True
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Located:
    """Where the features of a layer lie, and where they may lie.

    Attributes
    ----------
    layer
        With at least the columns that are asked for.
    rules
        Sentences on where features are counted that are no points.
    """

    layer: Layer
    matched: Matched
    possible: Possible | None
    rules: tuple[str, ...] = ()

    def __add__(self, other: Located) -> Located:
        """Return where these features and others of the same layer behind them lie."""
        frame = pd.concat([self.layer.frame, other.layer.frame], ignore_index=True)
        return Located(
            layer=self.layer.with_frame(gpd.GeoDataFrame(frame)),
            matched=self.matched + other.matched,
            possible=_either(self, other),
            rules=(*self.rules, *other.rules),
        )


def _either(first: Located, second: Located) -> Possible | None:
    """Put together where points may lie; those without any known error stand as they were found."""
    if first.possible is None and second.possible is None:
        return None
    known = [each.possible or as_found(each.matched) for each in (first, second)]
    return known[0] + known[1]


@dataclass(frozen=True, slots=True, eq=False)
class CountShare(Share):
    """Where some of the features lie, by the number of their layer."""

    located: dict[int, Located] = field(default_factory=dict)

    def __add__(self, other: CountShare) -> CountShare:
        """Return both together."""
        both = dict(self.located)
        for number, each in other.located.items():
            both[number] = both[number] + each if number in both else each
        return CountShare(located=both)


class CountWork(Work[Any, CountShare]):
    """Counts the features of layers, which may come in splits, in areas that are held whole."""

    asked: Count
    working: ClassVar[str] = "Counting"

    def __init__(
        self,
        question: Count,
        sources: Sources,
        layers: Sequence[Layer | Parts],
        *,
        beside: bool = True,
    ) -> None:
        super().__init__(question, sources, layers, beside=beside)
        areas = sources.layer(question.areas)
        checked_columns([areas], question.keep)
        mended, repairs = sound(areas)
        self._notes = [*areas.notes, *repairs, *coverage_notes(mended)]
        self.areas, _ = areas_alone(mended)  # what it says is among the notes
        self._base = base_of(question.per, self.areas, sources.pack) if question.per else None
        self._order = checked_key(self.areas, question.key)
        self._outline = Outline(self.areas.frame)

    @classmethod
    def whole_layers(cls, question: Count, sources: Sources) -> list[Layer]:
        """Open the counted layers."""
        reading = Reading.of(question)
        return [sources.layer(each, reading, need_geometry=True) for each in question.layers]

    @classmethod
    def part_layers(
        cls, question: Count, sources: Sources, progress: Progress
    ) -> list[Layer | Parts]:
        """Open the counted layers, the large ones in splits if they are points."""
        reading = Reading.of(question)
        opened: list[Layer | Parts] = []
        for name in question.layers:
            parts = sources.parts(name, reading, progress=progress)
            if parts is not None:
                _check_columns(parts, question)
            opened.append(parts or sources.layer(name, reading, need_geometry=True))
        if not any(isinstance(each, Parts) for each in opened):
            raise WholeNeededError("None of the layers is large.")
        return opened

    def read(self, piece: Piece, wanted: Wanted) -> Read:
        """Read the columns that are needed; where none is, what lies beyond the areas may be passed over."""
        layer = self.layers[piece.layer]
        if isinstance(layer, Parts):
            needed = self.asked.needed
            box = None
            if not needed and not layer.metadata.has_field(ERROR_COLUMN):
                box = box_around(self.areas.frame, layer.crs)
            wanted = Wanted(columns=(*needed, ERROR_COLUMN), box=box)
        return super().read(piece, wanted)

    def work(self, piece: Piece, read: Read, seen: Any) -> CountShare:
        """Find where the points of a piece lie."""
        if isinstance(read, PassedOver):
            nothing = self.layers[piece.layer]
            empty = Layer(gpd.GeoDataFrame(), nothing.metadata, nothing.inputs, nothing.notes)
            located = Located(layer=empty, matched=_outside(read), possible=None)
            return CountShare(located={piece.layer: located})
        assert isinstance(read, Layer)  # noqa: S101 (points alone are not wanted)
        located = self._located(read, self.asked.layers[piece.layer])
        if piece.split is not None:  # without shapes: where they lie is known by now
            rows = pd.DataFrame(read.frame[self.asked.needed]).reset_index(drop=True)
            whole = self.layers[piece.layer]
            layer = Layer(gpd.GeoDataFrame(rows), whole.metadata, whole.inputs, whole.notes)
            located = Located(layer=layer, matched=located.matched, possible=located.possible)
        return CountShare(located={piece.layer: located})

    def _located(self, layer: Layer, asked: str) -> Located:
        frame = layer.frame
        if 1 in dimensions(frame):
            raise GeometryError(lines_refused(layer, self.areas, asked, self.asked.areas))
        found = count_in(frame, self.areas.frame, key=self._order)
        errors = position_errors(frame)
        if errors is not None:
            errors = np.where(found.areas | found.several, np.nan, errors)
        possible = None
        if errors is not None and not np.isnan(errors).all():
            possible = possible_areas(
                frame, self.areas.frame, found.matched, errors, outline=self._outline
            )
        rules = tuple(shared_lines(layer, found, self.areas))
        return Located(layer=layer, matched=found.matched, possible=possible, rules=rules)

    def together(self, seen: Any, done: CountShare) -> Answer:
        """Make the table of figures, and what is said of them."""
        located = [done.located[number] for number in range(len(self.layers))]
        counted = tuple(
            Counted(
                each.layer,
                each.matched,
                each.possible,
                tuple(_figures(each, len(self.areas.frame), self.asked, self._base)),
            )
            for each in located
        )
        layer, names = counted_layer(
            counted, self.areas, self._base, key=self._order, keep=self.asked.keep
        )
        rules = [rule for each in located for rule in each.rules]
        notes = [*self._notes, *(note for each in located for note in each.layer.notes), *rules]
        if self.asked.statistic is not None:
            column = self.asked.statistic[1]
            notes += filter(None, (reading_note(each.layer, column) for each in located))
        return Answer(
            question=self.asked,
            pack=self.sources.pack,
            layer=layer,
            finding=count_finding(counted, self.areas),
            sentences=(*page_lines(counted, self.areas), *rules),
            notes=(*notes, *closing_lines(counted, self.areas)),
            main=main_columns(layer, counted, names, _asked_for(self.asked)),
            shown=CountShown(
                counted,
                names,
                self.areas,
                classes_of(self.asked.classes),
                middle=self.asked.middle,
                adds_up=_adds_up(self.asked),
                by=self.asked.by or "",
            ),
            origin=Origin(layer=self.asked.areas, closing=EXTRA_ROWS),
        )


def _asked_for(asked: Count) -> tuple[str, ...]:
    """Return the columns of the areas that were asked for by name."""
    return (*filter(None, (asked.key,)), *asked.keep)


def _outside(passed: PassedOver) -> Matched:
    """Return that none of some rows is in an area; those without a shape are taken for the first of them."""
    none = np.empty(0, dtype=np.int64)
    unplaced = np.arange(passed.rows) < passed.without_shape
    return Matched(none, none, unplaced, np.zeros(passed.rows, dtype=bool))


def _check_columns(layer: Parts, asked: Count) -> None:
    """Refuse a column that is not there; one of a wrong type is left to the whole, which lists the right ones."""
    if layer.metadata.geometry != "point":
        raise WholeNeededError("Only points are counted in parts.")
    for name in asked.needed:
        if not layer.metadata.has_field(name):
            known = [each.name for each in layer.metadata.fields]
            raise UnknownNameError("column", name, known, where=layer.name)
    number = asked.statistic[1] if asked.statistic else ""
    if number and layer.metadata.field(number).type not in ("integer", "number"):
        raise WholeNeededError(f"'{number}' holds no numbers.")


def _adds_up(asked: Count) -> bool:
    """Tell whether the figures are totals, of which an area has a share and a circle shows the size."""
    return asked.statistic is None or asked.statistic[0] == "sum"


def _figures(located: Located, areas: int, asked: Count, base: Base | None) -> list[Figure]:
    layer, matched, possible = located.layer, located.matched, located.possible
    count = count_points(matched, areas, possible, title=counted_title(layer.metadata))
    figures = [count]
    main = count
    values = None
    if asked.statistic is not None:
        kind, column = asked.statistic
        values = number_column(layer, column, kind)
        field = layer.field(column)
        main = summarise(
            matched,
            areas,
            values,
            kind,
            possible,
            name=f"{kind}_{column}",
            title=f"{STATISTIC_HEADS[kind]} {in_sentence(field.title)}",
            unit=field.unit,
        )
        figures.append(main)
    if asked.by:
        codes, columns = categories_of(layer, asked.by)
        kind = "count" if asked.statistic is None else asked.statistic[0]
        figures += cross_tabulate(
            matched, areas, codes, columns, possible, values=values, statistic=kind, unit=main.unit
        )
    if _adds_up(asked):
        figures.append(share(main))
    if base is not None:
        summed = asked.statistic is not None and asked.statistic[0] == "sum"
        what = layer.field(asked.statistic[1]).title if asked.statistic and summed else main.title
        title = f"{what} {base.words}"
        name = f"{main.name}_{base.suffix}"
        figures.append(rate(main, base.values, name=name, title=title, unit="", per=base.per))
    return figures
