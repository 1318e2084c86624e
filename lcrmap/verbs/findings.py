"""The headline of a count: one sentence, computed from the figures, and never surer than they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lcrmap.analysis.counting import EXTRA_ROWS, Figure
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.counted import Counted
from lcrmap.verbs.wording import figure_words, several

__all__ = ["finding"]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def finding(counted: Sequence[Counted], areas: Layer) -> str:
    """Say which area has the most of the layer with the most features.

    Returns
    -------
    str
        A layer whose total needs its breakdown is chosen last, and its total is not said. Where two areas tie, or the
        ranges of their counts overlap, no area is called the first.

    Examples
    --------
    >>> from lcrmap.verbs.count import count_layers
    >>> from lcrmap.verbs.countpage import make_count_page
    >>> page = count_layers("innovation-assets", areas="boroughs")
    >>> page.page(page.layer).model.headline
    'Liverpool has 32 of the 52 placed innovation assets inside the six boroughs'
    """
    size = len(areas.frame)
    able = [each for each in counted if _in_areas(each.main) > 0]
    if not able:
        titles = several([each.layer.metadata.title for each in counted])
        return f"None of the {titles} lies in {_many(areas, size)}"
    shown = max(
        able, key=lambda each: (not each.layer.metadata.breakdown, _in_areas(each.figures[0]))
    )
    figure = shown.rate or shown.main
    first, certain = _first(figure)
    names = area_names(areas)
    if not certain:
        return _undecided(figure, figure_words(shown.layer.metadata, figure), names, areas)
    return _first_sentence(shown, figure, names[first], first, areas)


def _first_sentence(shown: Counted, figure: Figure, name: str, row: int, areas: Layer) -> str:
    size = len(areas.frame)
    value = _number(figure.values[row])
    if figure.kind == "rate":
        rate = _number(float(f"{figure.values[row]:.3g}")) if figure.values[row] < 100 else value
        return f"{name} has the most {figure_words(shown.layer.metadata, figure)}: {rate}"
    if figure.kind == "statistic":
        unit = f" {figure.unit}" if figure.unit else ""
        return f"{name} is first of {_many(areas, size)} by {figure_words(shown.layer.metadata, figure)}: {value}{unit}"
    metadata = shown.layer.metadata
    if metadata.breakdown:
        return f"{name} has more of the {metadata.title} than any other {areas.metadata.noun_one}: {value}"
    inside = int(_in_areas(figure))
    return f"{name} has {value} of the {inside:,} placed {metadata.noun(inside)} inside {_many(areas, size)}"


def _undecided(figure: Figure, what: str, names: list[str], areas: Layer) -> str:
    """Name the areas that may be first, as long as there are few of them."""
    low = figure.values if figure.low is None else figure.low
    high = figure.values if figure.high is None else figure.high
    size = len(names)
    leaders = np.flatnonzero((high[:size] >= np.nanmax(low[:size])) & (high[:size] > 0))
    if len(leaders) > 3:
        return f"No {areas.metadata.noun_one} clearly has the most {what}"
    listed = several([names[row] for row in leaders])
    if figure.uncertain:
        return f"Which of {listed} is first by {what} is open, within the errors of the positions"
    return f"{listed} are equally first by {what}: {_number(figure.values[leaders[0]])}"


def _first(figure: Figure) -> tuple[int, bool]:
    """Return the area with the greatest number, and whether no other can reach it."""
    size = len(figure.values) - len(EXTRA_ROWS)
    values = np.nan_to_num(figure.values[:size], nan=-np.inf)
    row = int(np.argmax(values))
    low = values if figure.low is None else np.nan_to_num(figure.low[:size], nan=-np.inf)
    high = values if figure.high is None else np.nan_to_num(figure.high[:size], nan=-np.inf)
    others = np.delete(high, row)
    return row, bool(len(others) == 0 or low[row] > others.max())


def _in_areas(figure: Figure) -> float:
    return float(np.nansum(figure.values[: -len(EXTRA_ROWS)]))


def _many(areas: Layer, size: int) -> str:
    """Name all the areas: "the six boroughs"."""
    number = _WORDS[size] if size < len(_WORDS) else f"{size:,}"
    return f"the {number} {areas.metadata.noun(size)}"


def _number(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.4g}"
