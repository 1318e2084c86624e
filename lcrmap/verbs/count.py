"""Count the features of layers by area, in one table that adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from lcrmap.analysis.certainty import Outline, Possible, position_errors, possible_areas
from lcrmap.analysis.classes import class_breaks
from lcrmap.analysis.counting import (
    STATISTICS,
    Figure,
    count_points,
    cross_tabulate,
    rate,
    share,
    summarise,
)
from lcrmap.analysis.joining import Matched, dimensions, match_areas
from lcrmap.errors import GeometryError, UsageError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.accounts import closing_lines
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import checked_key, coverage_notes, sound
from lcrmap.verbs.counted import (
    Counted,
    categories_of,
    counted_layer,
    main_columns,
    number_column,
)
from lcrmap.verbs.rates import Base, base_of
from lcrmap.verbs.wording import counted_title, in_sentence

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["CountAsked", "Counter", "Located", "Statistic", "count_layers", "statistic_of"]

_KINDS = {
    "sum": "Sum of",
    "mean": "Mean of",
    "min": "Least of",
    "max": "Greatest of",
    "median": "Median of",
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """What to work out for each area beside the count: such as the ``sum`` of a column."""

    kind: str
    column: str

    def __post_init__(self) -> None:
        if self.kind not in STATISTICS:
            raise UsageError(f"No statistic '{self.kind}': known are {', '.join(STATISTICS)}.")


@dataclass(frozen=True, slots=True)
class CountAsked:
    """What a count is asked for.

    Attributes
    ----------
    by
        A column; one further column of figures for each of its values.
    statistic
        A column of numbers to summarise by area.
    per
        ``km2``, ``residents`` (per 10,000; the areas' own, by the pack's role), or a column of the areas: a rate.
    key
        The areas' column that decides on a border; None for their key field, else their shapes.
    method, classes
        How a rate is divided into classes on the page; see `lcrmap.analysis.classes`.
    """

    by: str = ""
    statistic: Statistic | None = None
    per: str = ""
    key: str | None = None
    method: str = "rounded"
    classes: int | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown method before anything is read."""
        class_breaks([], self.method, self.classes or 1)

    @property
    def columns(self) -> list[str]:
        """The columns of the counted layers that are needed, besides that of position errors."""
        return [each for each in (self.by, self.statistic.column if self.statistic else "") if each]


def count_layers(
    *layers: str | Layer,
    areas: str | Layer,
    asked: CountAsked | None = None,
    pack: Pack | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: str | None = None,
    stdin: BinaryIO | None = None,
    command: str = "",
) -> Answer:
    """Count the points of layers by area.

    Parameters
    ----------
    layers
        Layers of points: names from the pack, files, ``-``, or layers that were opened before.
    areas
        The layer of areas, likewise.
    asked
        What is worked out; None: the count alone.
    pack
        The data pack; None for lcrmap's own.
    x, y, crs, stdin
        How to read `layers`; see `lcrmap.io.opening.open_layer`.
    command
        What the page records as the command that made it.

    Returns
    -------
    Answer
        One row an area, in the areas' order, then ``outside``, ``no-position`` and ``total``, told apart by the column
        ``row``. The areas carry their shapes.

    Examples
    --------
    >>> answer = count_layers("innovation-assets", areas="boroughs")
    >>> answer.layer.frame[["row", "name", "count"]].tail(4).values.tolist()[-1]
    ['total', 'Total', 57]
    """
    if not layers:
        raise UsageError(
            "Name a layer to count, as in 'lcrmap count innovation-assets --in boroughs'."
        )
    pack = pack or open_pack()
    where = areas if isinstance(areas, Layer) else open_layer(areas, pack=pack, stdin=stdin)
    counter = Counter(where, asked or CountAsked(), pack)
    located = []
    for each in layers:
        layer = (
            each
            if isinstance(each, Layer)
            else open_layer(each, pack=pack, x=x, y=y, crs=crs, stdin=stdin, need_geometry=True)
        )
        located.append(counter.located(layer))
    return counter.answer(located, command=command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where the features of a layer lie, and where they may lie.

    Attributes
    ----------
    layer
        With at least the columns that are asked for.
    """

    layer: Layer
    matched: Matched
    possible: Possible | None


class Counter:
    """A count whose areas are set up: any number of layers, or parts of one, go through it."""

    def __init__(self, areas: Layer, asked: CountAsked, pack: Pack) -> None:
        self.asked, self._pack = asked, pack
        self.areas, repairs = sound(areas)
        self._notes = [*areas.notes, *repairs, *coverage_notes(self.areas)]
        self._base = base_of(asked.per, self.areas, pack) if asked.per else None
        self._order = checked_key(self.areas, asked.key)
        self._outline = Outline(self.areas.frame)

    def located(self, layer: Layer) -> Located:
        """Find where the points of a layer, or of a part of one, lie."""
        frame = layer.frame
        if dimensions(frame) - {0}:
            raise GeometryError(
                f"Points are counted, but {layer.name} holds lines or areas: 'lcrmap join {layer.name} "
                f"{self.areas.name} --largest-overlap' puts each into one area first."
            )
        matched = match_areas(frame, self.areas.frame, key=self._order)
        errors = position_errors(frame)
        possible = None
        if errors is not None and not np.isnan(errors).all():
            possible = possible_areas(
                frame, self.areas.frame, matched, errors, outline=self._outline
            )
        return Located(layer=layer, matched=matched, possible=possible)

    def answer(self, located: Sequence[Located], *, command: str = "") -> Answer:
        """Make the table of figures, and the page that shows them."""
        counted = [
            Counted(
                each.layer,
                each.matched,
                each.possible,
                tuple(_figures(each, len(self.areas.frame), self.asked, self._base)),
            )
            for each in located
        ]
        answer, names = counted_layer(counted, self.areas, self._base)
        notes = [*self._notes, *(note for each in located for note in each.layer.notes)]
        notes += closing_lines(counted, self.areas)

        def page(arranged: Layer) -> Page:
            from lcrmap.verbs.countpage import ClassChoice, make_count_page

            shading = ClassChoice(self.asked.method, self.asked.classes)
            return make_count_page(
                arranged, counted, names, self.areas, self._pack, shading, command=command
            )

        return Answer(answer, page, tuple(notes), main_columns(answer, counted, names))


def _figures(located: Located, areas: int, asked: CountAsked, base: Base | None) -> list[Figure]:
    layer, matched, possible = located.layer, located.matched, located.possible
    count = count_points(matched, areas, possible, title=counted_title(layer.metadata))
    figures = [count]
    main = count
    values = None
    if asked.statistic is not None:
        kind, column = asked.statistic.kind, asked.statistic.column
        values = number_column(layer, column, kind)
        field = layer.field(column)
        main = summarise(
            matched,
            areas,
            values,
            kind,
            possible,
            name=f"{kind}_{column}",
            title=f"{_KINDS[kind]} {in_sentence(field.title)}",
            unit=field.unit,
        )
        figures.append(main)
    if asked.by:
        codes, columns = categories_of(layer, asked.by)
        kind = "count" if asked.statistic is None else asked.statistic.kind
        figures += cross_tabulate(
            matched, areas, codes, columns, possible, values=values, statistic=kind, unit=main.unit
        )
    if asked.statistic is None or asked.statistic.kind == "sum":
        figures.append(share(main))
    if base is not None:
        summed = asked.statistic is not None and asked.statistic.kind == "sum"
        what = (
            layer.field(asked.statistic.column).title if asked.statistic and summed else main.title
        )
        title = f"{what} {base.words}"
        name = f"{main.name}_{base.suffix}"
        figures.append(rate(main, base.values, name=name, title=title, unit="", per=base.per))
    return figures


def statistic_of(**columns: str | None) -> Statistic | None:
    """Return the one statistic that was asked for.

    Raises
    ------
    UsageError
        If more than one was.
    """
    asked: Sequence[Statistic] = [Statistic(kind, each) for kind, each in columns.items() if each]
    if len(asked) > 1:
        named = " and ".join(f"--{each.kind}" for each in asked)
        raise UsageError(f"One statistic at a time: {named} were asked for together.")
    return asked[0] if asked else None
