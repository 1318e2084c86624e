"""How areas are shaded by a column of numbers, and what a page says of the classes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lcrmap.analysis.classes import are_rounded, class_breaks, readable_breaks, two_sided_breaks
from lcrmap.errors import UsageError
from lcrmap.maps.styling import Shading
from lcrmap.maps.words import number_text
from lcrmap.verbs.classes import METHODS, MOST_A_SIDE, MOST_CLASSES, Classes, too_many

__all__ = ["shaded_by"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

_GIVEN: Final = "Breaks as given"


def shaded_by(
    column: str, values: Any, classes: Classes, title: str, middle: float | None = None
) -> tuple[Shading, str]:
    """Divide the values of a column into classes.

    Parameters
    ----------
    column
        The column of the layer that is shaded.
    values
        One number for each of its areas, in the same order; NaN for those of which none is known.
    classes
        How they are divided.
    title
        What the numbers are, for the note.
    middle
        Where two colours meet; None for 0 if there are numbers on both sides of it, else for one colour.

    Returns
    -------
    tuple of Shading and str
        The wish of a page, and the note that stands in its legend.

    Raises
    ------
    UsageError
        If not all numbers can be classed so: a middle outside them, more classes than there are shades.

    Examples
    --------
    >>> shading, note = shaded_by("rate", [1.0, 2.0, 4.0], Classes("equal", 3), "Sites per km2")
    >>> shading.breaks, note
    ((2.0, 3.0), 'Sites per km2. Equal steps; a class includes its lower bound.')
    >>> shaded_by("change", [-6.0, -1.0, 2.0, 8.0], Classes("equal", 4), "Change")[0].breaks
    (-4.0, 0.0, 4.0)
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    about = _middle_of(known, classes, middle, column)
    breaks = classes.breaks or _breaks(known, classes, about)
    if about is not None:
        breaks = tuple(sorted({*breaks, about}))
    _check_number(breaks, classes, about)
    return Shading(column, breaks, middle=about), f"{title}. {_note(breaks, classes, about)}"


def _middle_of(known: Floats, classes: Classes, asked: float | None, column: str) -> float | None:
    """Return where two colours meet; None for one colour."""
    if asked is None:
        own = not classes.breaks or 0.0 in classes.breaks  # who gives breaks gives the middle too
        both = len(known) > 0 and known.min() < 0 < known.max()
        return 0.0 if both and own else None
    if not len(known):
        return None
    if not known.min() < asked <= known.max():
        ends = [number_text(each) for each in (known.min(), known.max())]
        raise UsageError(
            f"--middle {asked:g} leaves '{column}' on one side, as it runs from {ends[0]} to {ends[1]}: "
            "choose a number between, or leave --middle out."
        )
    return asked


def _breaks(known: Floats, classes: Classes, about: float | None) -> tuple[float, ...]:
    number = classes.number_for(len(known), two_sided=about is not None)
    if about is None:
        breaks = class_breaks(known, classes.method, number)
    else:
        found = two_sided_breaks(known, about, classes.method, number, MOST_A_SIDE)
        breaks = tuple(each for each in found if each != about)
    return readable_breaks(breaks, known)


def _check_number(breaks: tuple[float, ...], classes: Classes, about: float | None) -> None:
    """Refuse more classes than there are shades."""
    asked = max(classes.number or 0, len(breaks) + 1)
    if about is None:
        refused = asked > MOST_CLASSES
    else:
        below = sum(each <= about for each in breaks)
        refused = max(below, len(breaks) + 1 - below) > MOST_A_SIDE
    if refused:
        given = ",".join(f"{each:g}" for each in classes.breaks)
        raise too_many(given or f"{classes.method}:{classes.number}")


def _note(breaks: tuple[float, ...], classes: Classes, about: float | None) -> str:
    """Say how the classes were made, and why there are fewer than were asked for."""
    method = classes.method
    if method == "rounded" and not are_rounded(breaks):
        method = "natural"  # round numbers would leave a class empty
    parts = [METHODS.get(method, _GIVEN)]
    if about is not None:
        parts.append(f"two colours that meet at {number_text(about)}")
    found = len(breaks) + 1
    if classes.number and found < classes.number:
        only = "1 class" if found == 1 else f"{found} classes"
        parts.append(
            f"{only} instead of {classes.number}, as equal values stay together and no class is empty"
        )
    if breaks:
        parts.append("a class includes its lower bound")
    return f"{'; '.join(parts)}."
