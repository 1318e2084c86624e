"""The headline of a count: one sentence, computed from the figures, and never surer than they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from lcrmap.analysis.counting import EXTRA_ROWS, Figure
from lcrmap.analysis.leading import Leading, leading
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.areas import names_apart
from lcrmap.verbs.count.accounts import lacking_words
from lcrmap.verbs.count.columns import STATISTIC_HEADS, Counted
from lcrmap.verbs.numbers import (
    allowing,
    counted_title,
    in_sentence,
    listed,
    number_words,
    too_close,
)

__all__ = ["count_finding", "figure_words"]

_MOST_NAMED = 3  # areas that may be first
_IN_SENTENCES = {"sum": "total of", "mean": "mean", "min": "minimum", "max": "", "median": "median"}
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count_finding(counted: Sequence[Counted], areas: Layer, lost: ArrayLike = ()) -> str:
    """Say which area has the most of the layer with the most features.

    Parameters
    ----------
    lost
        A mask of the areas whose place is not known; without, all are known.

    Returns
    -------
    str
        A layer whose total needs its breakdown is chosen last, and its total is not said. Who is first, and whether
        anybody is, `lcrmap.analysis.leading` decides.

    Examples
    --------
    >>> import lcrmap
    >>> lcrmap.count("investment-zone-sites", areas="boroughs").finding
    'Liverpool has more of the Investment Zone sites than any other borough: 10 (9 to 10, as positions are not exact)'
    """
    able = [each for each in counted if each.figures[0].inside > 0]
    if not able:
        titles = listed([each.layer.metadata.title for each in counted])
        return f"None of the {titles} lies in {_many(areas)}"
    shown = max(able, key=lambda each: (not each.layer.metadata.breakdown, each.figures[0].inside))
    figure = shown.rate or shown.main
    unknown = _lie(areas, np.flatnonzero(lost).tolist())
    if unknown:
        return f"{_no_first(shown, figure, areas)}: where {unknown} is not known"
    said = _leading(shown, figure)
    if figure.lacking is not None and figure.lacking[list(said.rows)].any():
        return f"{_no_first(shown, figure, areas)}: {lacking_words(shown)}"
    if said.kind == "first":
        return _first_sentence(shown, figure, said.rows[0], areas)
    return _undecided(shown, figure, said, areas)


def _leading(shown: Counted, figure: Figure) -> Leading:
    """Tell which areas may be first.

    A figure without a range, such as a mean, may be anything in an area of which a place may not be; and so may a sum
    where something has no number.
    """
    size = len(figure.values) - len(EXTRA_ROWS)
    values, count = figure.values, shown.figures[0]
    open_ = np.zeros(len(values), dtype=bool) if figure.lacking is None else figure.lacking
    if figure.low is None and count.low is not None and count.high is not None:
        open_ = open_ | (count.low < count.high)
    low, high = (
        np.where(open_, np.nan, values if each is None else each)[:size]
        for each in (figure.low, figure.high)
    )
    return leading(np.where(open_, np.nan_to_num(values), values)[:size], low, high)


def _first_sentence(shown: Counted, figure: Figure, row: int, areas: Layer) -> str:
    name, metadata = names_apart(areas)[row], shown.layer.metadata
    value, range_ = _figure_number(figure, figure.values[row]), _range(figure, row)
    what = figure_words(metadata, figure)
    if figure.kind == "rate":
        return f"{name} has the most {what}: {value}{range_}"
    if figure.kind == "statistic":
        return f"{name} has the highest {what}: {_with_unit(value, figure)}{range_}"
    if metadata.breakdown:
        other = areas.metadata.noun_one
        return f"{name} has more of the {metadata.title} than any other {other}: {value}{range_}"
    inside = int(figure.inside)
    noun = metadata.noun(inside)
    if inside == 1:
        return f"{name} has the only {noun} inside {_many(areas)}{range_}"
    return f"{name} has {value} of the {inside:,} {noun} inside {_many(areas)}{range_}"


def _undecided(shown: Counted, figure: Figure, said: Leading, areas: Layer) -> str:
    """Name the areas that may be first, as long as there are few of them."""
    if not 1 < len(said.rows) <= _MOST_NAMED:
        return _no_first(shown, figure, areas)
    more, most = _compared(shown, figure)
    names = names_apart(areas)
    called = [names[row] for row in said.rows]
    if said.kind == "tie":
        value = _figure_number(figure, figure.values[said.rows[0]])
        return f"{listed(called)} have {most}: {_with_unit(value, figure)} each"
    return too_close(called, more, most)


def _no_first(shown: Counted, figure: Figure, areas: Layer) -> str:
    return f"No {areas.metadata.noun_one} clearly has {_compared(shown, figure)[1]}"


def _compared(shown: Counted, figure: Figure) -> tuple[str, str]:
    """Return what the first of two has, and of several: "more sites", "the most sites"."""
    what = figure_words(shown.layer.metadata, figure)
    if figure.kind == "statistic":
        return f"the higher {what}", f"the highest {what}"
    return f"more {what}", f"the most {what}"


def _lie(areas: Layer, rows: Sequence[int]) -> str:
    """Name some areas with their verb: "Narnia lies"; empty if there are none."""
    if not rows:
        return ""
    names = names_apart(areas)
    if len(rows) > _MOST_NAMED:
        return f"{len(rows):,} of {len(names):,} {areas.metadata.noun(len(names))} lie"
    return f"{listed([names[row] for row in rows])} {'lies' if len(rows) == 1 else 'lie'}"


def _range(figure: Figure, row: int) -> str:
    """Return the range of an area's number in words; empty where it has none."""
    if figure.low is None or figure.high is None or not figure.low[row] < figure.high[row]:
        return ""
    return allowing(
        _figure_number(figure, figure.low[row]), _figure_number(figure, figure.high[row])
    )


def _many(areas: Layer) -> str:
    """Name all the areas: "the six boroughs"."""
    size = areas.named
    number = _WORDS[size] if size < len(_WORDS) else f"{size:,}"
    return f"the {number} {areas.metadata.noun(size)}"


def _figure_number(figure: Figure, value: float) -> str:
    """Write a figure's number; of a rate under 100 no more than three digits."""
    if figure.kind == "rate" and value < 100:
        value = float(f"{value:.3g}")
    return number_words(value)


def _with_unit(value: str, figure: Figure) -> str:
    """Put the unit of a statistic behind its number; what counts and rates are of, their words say."""
    if figure.kind != "statistic" or not figure.unit:
        return value
    from lcrmap.maps.words import with_unit  # which a count without a unit does not need

    return with_unit(value, figure.unit)


def figure_words(metadata: Metadata, figure: Figure) -> str:
    """Return a figure's title as it stands behind "the most" or "the highest"; a noun keeps the capitals that it has.

    >>> import numpy as np
    >>> figure_words(Metadata("a", "A", noun_many="Acme sites"), Figure("x", "Acme sites per km2", "rate", np.ones(1)))
    'Acme sites per km2'
    >>> figure_words(Metadata("a", "A"), Figure("mean_price", "Mean of price", "statistic", np.ones(1)))
    'mean price'
    """
    if figure.kind == "statistic":
        return _statistic_words(figure.title)
    own = counted_title(metadata)
    if figure.title.startswith(own):
        many = metadata.noun_many
        noun = own if many in ("features", "") else many
        return noun + figure.title[len(own) :]
    return in_sentence(figure.title)


def _statistic_words(title: str) -> str:
    for kind, head in STATISTIC_HEADS.items():
        if title.startswith(f"{head} "):
            return f"{_IN_SENTENCES[kind]} {title.removeprefix(head).strip()}".strip()
    return in_sentence(title)
