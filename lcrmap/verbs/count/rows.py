"""How many features lie in each area: the rows of a count, split by split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import (
    ERROR_COLUMN,
    Possible,
)
from lcrmap.analysis.counting import (
    EXTRA_ROWS,
    Category,
    Figure,
    Groups,
    Summary,
    Sums,
    categories_in,
    count_figure,
    counts_of,
    cross_tabulate,
    merged_categories,
    rate,
    share,
)
from lcrmap.analysis.exact_sums import ExactSums
from lcrmap.analysis.joining import Matched, dimensions
from lcrmap.analysis.medians import Cells, Middles
from lcrmap.errors import GeometryError, UnknownNameError, WholeNeededError
from lcrmap.io.parts import Parts, PassedOver, Progress, Wanted
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, Origin
from lcrmap.verbs.areas import nameless_note
from lcrmap.verbs.beside import refuse_outgrown
from lcrmap.verbs.classes import Classes, classes_of
from lcrmap.verbs.columns import column_names, number_column, reading_note
from lcrmap.verbs.count.accounts import closing_lines, lines_refused, page_lines, shared_lines
from lcrmap.verbs.count.areas import CountAreas
from lcrmap.verbs.count.columns import (
    MOST_CATEGORIES,
    STATISTIC_HEADS,
    Account,
    Counted,
    FigureNames,
    category_columns,
    counted_layer,
    main_columns,
    too_many_categories,
    with_names_apart,
)
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.count.rates import Base, base_of
from lcrmap.verbs.count.words import count_finding
from lcrmap.verbs.numbers import counted_title, in_sentence
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import Piece, Read, Share, Work

if TYPE_CHECKING:
    from lcrmap.verbs.count.medians import FoundMedians, SoughtMedians

__all__ = ["CountShare", "CountShown", "CountWork", "Tallied"]


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
class Tallied:
    """What was counted of some features of a layer; ``+`` counts others of it too.

    Attributes
    ----------
    layer
        Without its features.
    rows
        How many there are.
    counts
        By area.
    summary
        Of the column that is summarised; None without one.
    categories
        By the values of the column that divides them; None without one.
    account
        What else was counted.
    rules
        Sentences on where features are counted that are no points, and on how a column is read.
    groups
        Sums of the people in groups, by the groups' columns.
    """

    layer: Layer
    rows: int
    counts: Sums
    summary: Summary | None
    categories: Mapping[Any, Category] | None
    account: Account
    rules: tuple[str, ...] = ()
    groups: Mapping[str, Summary] = field(default_factory=dict)

    def __add__(self, other: Tallied) -> Tallied:
        """Count both."""
        categories = None
        if self.categories is not None and other.categories is not None:
            categories = merged_categories(dict(self.categories), dict(other.categories))
        summary = self.summary
        if summary is not None and other.summary is not None:
            summary += other.summary
        return Tallied(
            layer=self.layer,
            rows=self.rows + other.rows,
            counts=self.counts + other.counts,
            summary=summary,
            categories=categories,
            account=self.account + other.account,
            rules=tuple(dict.fromkeys((*self.rules, *other.rules))),
            groups={name: each + other.groups[name] for name, each in self.groups.items()},
        )


@dataclass(frozen=True, slots=True, eq=False)
class CountShare(Share):
    """What was counted of some of the features.

    Attributes
    ----------
    tallied
        By the number of their layer.
    medians
        What further passes over all features found of medians.
    """

    tallied: dict[int, Tallied] = field(default_factory=dict)
    medians: Mapping[tuple[int, int], Middles] = field(default_factory=dict)

    def __add__(self, other: CountShare) -> CountShare:
        """Return both together."""
        both = dict(self.tallied)
        for number, each in other.tallied.items():
            both[number] = both[number] + each if number in both else each
        return CountShare(tallied=both)

    def told(self) -> dict[str, Any]:
        """Return what was counted, without the layers, which are opened again."""
        from lcrmap.io.plain_form import to_plain  # only what is kept for a later run is told

        return {
            str(number): to_plain({**_parts_of(each), "layer": None})
            for number, each in self.tallied.items()
        }


def _parts_of(tallied: Tallied) -> dict[str, Any]:
    return {each.name: getattr(tallied, each.name) for each in fields(tallied)}


_KINDS: Final = (Account, Cells, ExactSums, Middles, Sums, Summary)
"""What a tally of a count is made of."""


class CountWork(Work[Any, CountShare]):
    """Counts the features of layers, which may come in splits, in areas."""

    asked: Count
    reads_covered: ClassVar[bool] = True
    working: ClassVar[str] = "Counting"
    seeking: ClassVar[str] = "Narrowing medians"

    def __init__(
        self,
        question: Count,
        sources: Sources,
        layers: Sequence[Layer | Parts],
        *,
        beside: bool = True,
    ) -> None:
        super().__init__(question, sources, layers, beside=beside)
        self.areas = CountAreas(question, sources)
        # Of areas that are not held only what is refused is told before all is counted.
        self._base = base_of(question.per, self.areas.layer, sources.pack) if question.per else None

    @classmethod
    def whole_layers(cls, question: Count, sources: Sources) -> list[Layer]:
        """Open the counted layers."""
        if question.of_people:
            from lcrmap.verbs.count.people import people_layer  # which most counts do without

            return [people_layer(question, sources)]
        reading = Reading.of(question)
        return [sources.layer(each, reading, need_geometry=True) for each in question.layers]

    @classmethod
    def part_layers(
        cls, question: Count, sources: Sources, progress: Progress
    ) -> list[Layer | Parts]:
        """Open the counted layers, the large ones in splits if they are points."""
        refuse_outgrown(sources, [question.areas])
        if question.of_people:
            raise WholeNeededError("People are summed of a layer that is held whole.")
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
                box = self.areas.box(layer.crs)
            wanted = Wanted(columns=(*needed, ERROR_COLUMN), box=box)
        return super().read(piece, wanted)

    def work(self, piece: Piece, read: Read, seen: Any) -> CountShare:
        """Count the features of a piece."""
        if isinstance(read, PassedOver):
            return CountShare(tallied={piece.layer: self._passed(read, piece.layer)})
        assert isinstance(read, Layer)  # noqa: S101 (points alone are not wanted)
        notes = self.layers[piece.layer].notes
        tallied = self._tallied(replace(read, notes=notes), self.asked.layers[piece.layer])
        return CountShare(tallied={piece.layer: tallied})

    def sought(self, done: CountShare) -> SoughtMedians | None:
        """Return where medians are still sought; None if all are known."""
        if self.asked.median is None:
            return None
        from lcrmap.verbs.count.medians import (  # which other counts do without
            WHOLE,
            SoughtMedians,
            merged_by_column,
            with_medians,
        )

        places, cells = {}, {}
        for number, tallied in done.tallied.items():
            summaries = {WHOLE: tallied.summary}
            if self.asked.by and tallied.summary is not None and tallied.categories is not None:
                of, columns = category_columns(tallied.layer, self.asked.by, tallied.categories)
                places[number] = of
                merged = merged_by_column(tallied.categories, of, len(columns))
                summaries |= {at: each[1] for at, each in enumerate(merged) if each is not None}
            for column, summary in summaries.items():
                if summary is not None:
                    found = with_medians(summary, done.medians.get((number, column)))
                    cells[number, column] = found.further
        left = {of: each for of, each in cells.items() if each is not None}
        return SoughtMedians(left, places) if left else None

    def seek(self, piece: Piece, read: Read, sought: SoughtMedians) -> FoundMedians:
        """Look for the medians of a piece's layer among its features."""
        assert isinstance(read, Layer)  # noqa: S101 (where a column is needed, nothing is passed over)
        assert self.asked.statistic is not None  # noqa: S101 (it is a median)
        frame = read.frame
        groups = Groups(self.areas.counted(frame)[0].matched, self.areas.told.size)
        statistic, column = self.asked.statistic
        values = number_column(read, column, statistic)
        by = frame[self.asked.by] if piece.layer in sought.places else None
        return sought.find(piece.layer, groups, values, by)

    def found(self, done: CountShare, found: FoundMedians) -> CountShare:
        """Add what was found of medians to what was counted."""
        return replace(done, medians={**done.medians, **found.middles})

    def share_of(self, told: Any) -> CountShare:
        """Return what was counted of which plain values were told."""
        from lcrmap.io.plain_form import from_plain

        tallied = {
            int(number): Tallied(**{**from_plain(each, _KINDS), "layer": self._bare(int(number))})
            for number, each in told.items()
        }
        return CountShare(tallied=tallied)

    def _bare(self, number: int) -> Layer:
        """Return a counted layer without its features."""
        whole = self.layers[number]
        return Layer(gpd.GeoDataFrame(), whole.metadata, whole.inputs, whole.notes)

    def _passed(self, read: PassedOver, number: int) -> Tallied:
        """Count features none of which is in an area, and of which nothing else is wanted."""
        return Tallied(
            layer=self._bare(number),
            rows=read.rows,
            counts=counts_of(Groups(_outside(read), self.areas.told.size)),
            summary=None,
            categories=None,
            account=Account(on_border=0, open=None, unknown=0, missing=0, kinds={}),
        )

    def _tallied(self, layer: Layer, asked: str) -> Tallied:
        frame = layer.frame
        if 1 in dimensions(frame):
            raise GeometryError(lines_refused(layer, self.areas.layer, asked, self.asked.areas))
        found, possible = self.areas.counted(frame)
        matched = found.matched
        groups = Groups(matched, self.areas.told.size, possible)
        everything = np.ones(len(frame), dtype=bool)
        values, summary, statistic = None, None, "count"
        rules = [*shared_lines(layer, found, self.areas.layer)]
        if self.asked.statistic is not None:
            statistic, column = self.asked.statistic
            values = number_column(layer, column, statistic)
            summary = Summary.of(groups, values, statistic, everything)
            rules += filter(None, [reading_note(layer, column)])
        return Tallied(
            layer=layer.emptied(),
            rows=len(frame),
            counts=counts_of(groups),
            summary=summary,
            categories=self._categories(layer, groups, values, statistic),
            account=_account(layer, matched, possible, self.asked),
            rules=tuple(rules),
            groups={
                name: Summary.of(groups, number_column(layer, name, "groups"), "sum", everything)
                for name in self.asked.groups
            },
        )

    def _categories(
        self, layer: Layer, groups: Groups, values: pd.Series[Any] | None, statistic: str
    ) -> dict[Any, Category] | None:
        by = self.asked.by
        if not by:
            return None
        columns = column_names(layer)
        if by not in columns:
            raise UnknownNameError("column", by, columns, where=layer.name)
        cells = layer.frame[by]
        if cells.nunique() > MOST_CATEGORIES:
            raise too_many_categories(layer, by)
        return categories_in(groups, cells, values, statistic)

    def together(self, seen: Any, done: CountShare) -> Answer:
        """Make the table of figures, and what is said of them."""
        (areas, lost), order = self.areas.whole(), self.areas.order
        base = self._base
        if self.asked.per and areas is not self.areas.layer:
            base = base_of(self.asked.per, areas, self.sources.pack)
        tallied = [done.tallied[number] for number in range(len(self.layers))]
        counted = tuple(
            Counted(
                each.layer,
                each.account,
                tuple(
                    figure.without(lost)
                    for figure in _figures(each, self.asked, base, _medians_of(number, done))
                ),
            )
            for number, each in enumerate(tallied)
        )
        layer, names = counted_layer(counted, areas, base, key=order, keep=self.asked.kept)
        rules = [rule for each in tallied for rule in each.rules]
        if self.asked.of_people:
            from lcrmap.verbs.count.people import people_notes

            rules += people_notes(self.asked, self.sources)
        notes = [
            *self.areas.told.notes,
            *nameless_note(areas, keyed=True),
            *(note for each in tallied for note in each.layer.notes),
            *rules,
        ]
        return Answer(
            question=self.asked,
            pack=self.sources.pack,
            layer=layer,
            finding=count_finding(counted, areas, lost),
            sentences=(*page_lines(counted, areas), *rules),
            notes=(*notes, *closing_lines(counted, areas)),
            main=main_columns(layer, counted, names, _asked_for(self.asked)),
            spoken=partial(with_names_apart, areas=areas),
            shown=CountShown(
                counted,
                names,
                areas,
                classes_of(self.asked.classes),
                middle=self.asked.middle,
                adds_up=_adds_up(self.asked),
                by=self.asked.by or "",
            ),
            origin=Origin(layer=self.asked.areas, closing=EXTRA_ROWS),
        )


def _asked_for(asked: Count) -> tuple[str, ...]:
    """Return the columns of the areas that were asked for by name."""
    return (*filter(None, (asked.key,)), *asked.kept)


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


def _account(layer: Layer, matched: Matched, possible: Possible | None, asked: Count) -> Account:
    """Count what stands beside the figures."""
    border = 0 if matched.on_border is None else int(matched.on_border.sum())
    open_, unknown = None, int((~matched.unplaced).sum())
    if possible is not None:
        open_ = int(np.asarray((~possible.certain).fillna(False), dtype=bool).sum())
        unknown = int((~possible.known & ~matched.unplaced).sum())
    breakdown, kinds = layer.metadata.breakdown, {}
    if breakdown and breakdown in layer.frame.columns:
        kinds = layer.frame[breakdown].value_counts().to_dict()
    missing = 0
    if asked.statistic is not None:
        missing = int(layer.frame[asked.statistic[1]].isna().sum())
    return Account(on_border=border, open=open_, unknown=unknown, missing=missing, kinds=kinds)


def _medians_of(number: int, done: CountShare) -> dict[int, Middles]:
    """Return what further passes found of a layer's medians, by column."""
    return {column: each for (layer, column), each in done.medians.items() if layer == number}


def _figures(
    tallied: Tallied, asked: Count, base: Base | None, medians: Mapping[int, Middles]
) -> list[Figure]:
    layer = tallied.layer
    count = count_figure(tallied.counts, tallied.rows, title=counted_title(layer.metadata))
    figures = [count]
    main = count
    if asked.statistic is not None and tallied.summary is not None:
        kind, column = asked.statistic
        described = layer.field(column)
        title = f"{STATISTIC_HEADS[kind]} {in_sentence(described.title)}"
        from lcrmap.verbs.count.medians import (  # which a plain count does without
            WHOLE,
            with_medians,
        )

        summary = with_medians(tallied.summary, medians.get(WHOLE))
        main = summary.figure(f"{kind}_{column}", title, described.unit)
        figures.append(main)
    for name, of_group in tallied.groups.items():
        described = layer.field(name)
        figures.append(of_group.figure(name, described.title, described.unit))
    if asked.by and tallied.categories is not None:
        places, columns = category_columns(layer, asked.by, tallied.categories)
        from lcrmap.verbs.count.medians import merged_by_column, with_medians

        found = merged_by_column(tallied.categories, places, len(columns))
        for at, each in enumerate(found):
            if each is not None and each[1] is not None:
                found[at] = each[0], with_medians(each[1], medians.get(at))
        figures += cross_tabulate(tallied.counts, found, columns, unit=main.unit)
    if _adds_up(asked):
        figures.append(share(main))
    if base is not None:
        summed = asked.statistic is not None and asked.statistic[0] == "sum"
        what = layer.field(asked.statistic[1]).title if asked.statistic and summed else main.title
        title = f"{what} {base.words}"
        name = f"{main.name}_{base.suffix}"
        figures.append(rate(main, base.values, name=name, title=title, unit="", per=base.per))
    return figures
