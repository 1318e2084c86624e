"""What a map that is shaded by two columns says: who lives in each of the nine classes, and in each pair of tenths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from lcrmap.analysis.tenths import TENTHS
from lcrmap.analysis.two_way import two_way
from lcrmap.maps.crossing import CLASSES, Crossed, Grid
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.maps.styling import floats_of, numbers_of
from lcrmap.verbs.map.crossing import PEOPLE, TENTH
from lcrmap.verbs.map.shades import Painted
from lcrmap.verbs.numbers import by_each, in_sentence

__all__ = ["with_crossing_said"]

_OF_AREAS: Final = "These are figures of areas: who lives where both are high need not be those of whom either is true."


@dataclass(frozen=True, slots=True, eq=False)
class _Both:
    """A layer shaded by two columns, and what is counted in its areas.

    Attributes
    ----------
    weights
        Of each area its residents, or one where they are not known.
    counted
        What they are called.
    """

    layer: PageLayer
    grid: Grid
    codes: Any
    weights: Any
    counted: str

    def at(self, row: int, column: int) -> tuple[float, int]:
        """Return what is counted, and how many areas there are, in a class of the legend."""
        there = self.codes == CLASSES * row + column
        return float(self.weights[there].sum()), int(there.sum())


def with_crossing_said(
    model: PageModel, name: str, made: Painted, *, headline: bool = True
) -> PageModel:
    """Return a page that says by which columns its areas are shaded, and who lives where both are high or low.

    Parameters
    ----------
    name
        The name of the layer that is shaded so.
    headline
        Whether that is the headline too; without, the headline stays.
    """
    both = _both(model.layer(name))
    if both is None or not isinstance(made.wish, Crossed):
        return model
    said = _headline(both)
    none = int((both.codes == CLASSES**2).sum())
    has = "has" if none == 1 else "have"
    missing = f" {none:,} {both.layer.noun(none)} {has} no data in one or both." if none else ""
    return replace(
        model,
        headline=said if headline else model.headline,
        subtitle=f"{_pair(both)}: {model.subtitle.rstrip('.')}.{missing}",
        map_name=f"{model.map_name}. {said}",
        passages=(*model.passages, _nine(both), _tenths(both, made.wish)),
        glance=(*model.glance, *_corners(both)),
    )


def _corners(both: _Both) -> list[str]:
    """Say beside the map who lives in each corner of the legend: where both are high or low, and where they part."""
    first, second = map(in_sentence, both.grid.titles)
    last = CLASSES - 1
    corners = (
        ("Highest third of both", 0, last),
        (f"Highest third of {first}, lowest of {second}", 0, 0),
        (f"Lowest third of {first}, highest of {second}", last, last),
        ("Lowest third of both", last, 0),
    )
    return [f"{where}: {_who(both, row, column)}." for where, row, column in corners]


def _both(layer: PageLayer) -> _Both | None:
    style, people = layer.style, layer.column(PEOPLE)
    if style.kind != "shade" or style.grid is None:
        return None
    weights = np.ones(layer.total) if people is None else np.nan_to_num(floats_of(people))
    counted = layer.noun_many if people is None else "residents"
    return _Both(layer, style.grid, np.asarray(style.codes), weights, counted)


def _pair(both: _Both) -> str:
    first, second = both.grid.titles
    return f"{first} and {in_sentence(second)}"


def _headline(both: _Both) -> str:
    """Say who lives where both are high, and where the first is high and the second low."""
    first = in_sentence(both.grid.titles[0])
    high = f"{_who(both, 0, CLASSES - 1)} in the highest third of both"
    apart = f"{_who(both, 0, 0)} in the highest third of {first} and the lowest of the other"
    return f"{by_each(_pair(both), both.layer.noun_one)}: {high}, {apart}"


def _who(both: _Both, row: int, column: int) -> str:
    people, areas = both.at(row, column)
    if not areas:
        return f"no {both.layer.noun_one}"
    there = f"{areas:,} {both.layer.noun(areas)}"
    if both.counted != "residents":
        return there
    return f"{people:,.0f} {'resident' if people == 1 else 'residents'} of {there}"


def _nine(both: _Both) -> Passage:
    """Put what is counted in each of the nine classes into a table, as they lie in the legend."""
    first, second = both.grid.titles
    sums = [[both.at(row, each)[0] for each in range(CLASSES)] for row in range(CLASSES)]
    caption = (
        f"{_capital(both.counted)} by third of {in_sentence(first)} and of {in_sentence(second)}"
    )
    heads = (first, *(f"{second}: {each}" for each in both.grid.columns), "All")
    sheet = _sheet(caption, heads, both.grid.rows, np.array(sums))
    return Passage(f"{_capital(both.counted)} in each of the nine", (_OF_AREAS,), sheet=sheet)


def _tenths(both: _Both, wish: Crossed) -> Passage:
    """Put what is counted in each pair of tenths into a table, the highest tenth of the first column on top."""
    first, second = map(in_sentence, both.grid.titles)
    places = [
        np.nan_to_num(floats_of(numbers_of(both.layer.columns, TENTH.format(each)))).astype(int)
        for each in (wish.column, wish.other)
    ]
    sums = two_way(places[0], places[1], both.weights, TENTHS)[::-1]
    names = [str(number) for number in range(1, TENTHS + 1)]
    names[0], names[-1] = f"{names[0]}, lowest", f"{names[-1]}, highest"
    caption = f"{_capital(both.counted)} by tenth of {first} (rows) and of {second} (columns)"
    sheet = _sheet(caption, (f"Tenth of {first}", *names, "All"), names[::-1], sums)
    areas = int((places[0] > 0).sum())
    how = (
        f"The {areas:,} {both.layer.noun(areas)} of which both are known, by rank in tenths of each column; "
        "equal figures lie in one tenth."
    )
    return Passage("Tenth by tenth", (how,), sheet=sheet)


def _sheet(caption: str, heads: Sequence[str], names: Sequence[str], sums: Any) -> Sheet:
    """Return a table of sums, with those of rows and columns."""
    whole = np.vstack([np.column_stack([sums, sums.sum(axis=1)]), [*sums.sum(axis=0), sums.sum()]])
    values = tuple(
        (name, *(round(each) for each in row))
        for name, row in zip((*names, "All"), whole.tolist(), strict=True)
    )
    rows = tuple((name, *(f"{each:,}" for each in row)) for name, *row in values)
    numeric = (False, *(True for _ in heads[1:]))
    return Sheet(caption, tuple(heads), numeric, rows, values, len(rows), crossed=True)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
