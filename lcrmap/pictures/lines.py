"""Lines of text that pictures and reports share: credits, and the name and version of what made them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import lcrmap
from lcrmap.maps.model import PageModel
from lcrmap.maps.words import DECIMALS, number_text
from lcrmap.pictures.scenes import drawn_layers

__all__ = ["credit_sentences", "credit_text", "figure_text"]

_DIGITS: Final = 3  # significant ones
_MOST: Final = 18  # no number is told apart by more
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def credit_text(model: PageModel) -> str:
    """Return the credits of what is drawn in one paragraph: each sentence verbatim, and once."""
    made = f"Map: lcrmap {lcrmap.__version__}."
    drawn = {each.title for each in drawn_layers(model)}
    lines = [each.line for each in model.credits if drawn & set(each.titles)]
    return " ".join([*credit_sentences(lines), made])


def credit_sentences(lines: Iterable[str]) -> list[str]:
    """Return the sentences of credit lines in their order, each once.

    Examples
    --------
    >>> credit_sentences(["Contains A data © A 2025. By B.", "Contains A data © A 2025."])
    ['Contains A data © A 2025.', 'By B.']
    """
    found = [part for line in lines for part in _SENTENCE.split(line.strip()) if part]
    return list(dict.fromkeys(found))


def figure_text(value: float, bounds: Sequence[float] = ()) -> str:
    """Write a figure for a picture: whole numbers in full, others to three significant figures.

    Parameters
    ----------
    bounds
        The lower bounds of classes: it has as many more digits as put it into its own class.

    Examples
    --------
    >>> figure_text(1551784), figure_text(0.7808), figure_text(5.0)
    ('1,551,784', '0.781', '5')
    >>> figure_text(28.98), figure_text(28.98, [29]), figure_text(29.04, [29.04])
    ('29', '28.98', '29.04')
    """
    if float(value).is_integer():
        return number_text(value)
    shorter = (round(float(f"{value:.{digits}g}"), DECIMALS) for digits in range(_DIGITS, _MOST))
    agreeing = (each for each in shorter if _class_of(each, bounds) == _class_of(value, bounds))
    return number_text(next(agreeing, value))


def _class_of(value: float, bounds: Sequence[float]) -> int:
    return sum(value >= bound for bound in bounds)
