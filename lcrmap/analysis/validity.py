"""Shapes that cross themselves are made valid before they are cut or densified: else GEOS fails, or loses parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

__all__ = ["made_valid"]


def made_valid(shapes: Any) -> Any:
    """Return an array of shapes in which those that are not valid are made so; the given one is not changed.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> [None if each is None else each.geom_type for each in made_valid([bow_tie, None])]
    ['MultiPolygon', None]
    """
    made = np.array(shapes, dtype=object)
    broken = ~shapely.is_valid(made) & ~shapely.is_missing(made)
    made[broken] = shapely.make_valid(made[broken])
    return made
