"""How areas are shaded by a column of numbers, and what a page says of the classes."""

from __future__ import annotations

from typing import Any

from lcrmap.analysis.classes import class_breaks
from lcrmap.maps.styling import Shading
from lcrmap.verbs.classes import METHODS, Classes

__all__ = ["shaded_by"]


def shaded_by(column: str, values: Any, classes: Classes, title: str) -> tuple[Shading, str]:
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

    Returns
    -------
    tuple of Shading and str
        The wish of a page, and the note that stands in its legend.

    Examples
    --------
    >>> shading, note = shaded_by("rate", [1.0, 2.0, 4.0], Classes("equal", 3), "Sites per km2")
    >>> shading.breaks, note
    ((2.0, 3.0), 'Sites per km2. Equal steps; a class includes its lower bound.')
    """
    breaks = class_breaks(values, classes.method, classes.number_for(len(values)))
    return Shading(column, breaks), (
        f"{title}. {METHODS[classes.method]}; a class includes its lower bound."
    )
