"""In which other areas places may lie, by name, so that a page can tell whether an area is certain to come first."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from lcrmap.analysis.certainty import Outline, position_errors, possible_areas
from lcrmap.analysis.joining import NOWHERE, Matched
from lcrmap.errors import DataError

__all__ = ["errors_known", "other_areas"]


def other_areas(
    points: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    matched: Matched,
    names: Sequence[str],
    *,
    outline: Outline | None = None,
) -> dict[int, tuple[str, ...]]:
    """Return the areas in which points may lie besides the one in which each was found.

    Parameters
    ----------
    points, areas
        The frames that were matched.
    matched
        What `lcrmap.analysis.joining.match_areas` found: one area a point.
    names
        The areas' names, by row number; areas of one name are one.
    outline
        That of the areas, where it is at hand.

    Returns
    -------
    dict
        By row number, for each point that may lie elsewhere: the names; empty if that is only outside all areas. Of a
        point whose error is unknown nothing is said.
    """
    errors = _errors(points)
    if errors is None or np.isnan(errors).all():
        return {}
    possible = possible_areas(points, areas, matched, errors, outline=outline)
    found = matched.first()
    elsewhere = possible.area != found[possible.point]
    others: dict[int, dict[str, None]] = {}
    listed = zip(possible.point[elsewhere].tolist(), possible.area[elsewhere].tolist(), strict=True)
    for row, area in listed:
        own = found[row]
        if area == NOWHERE:
            others.setdefault(row, {})
        elif own == NOWHERE or names[area] != names[own]:
            others.setdefault(row, {})[names[area]] = None
    return {row: tuple(others[row]) for row in sorted(others)}


def errors_known(points: gpd.GeoDataFrame) -> bool:
    """Tell whether any place is known to lie perhaps elsewhere than its position says."""
    errors = _errors(points)
    return errors is not None and bool((errors > 0).any())


def _errors(points: gpd.GeoDataFrame) -> np.ndarray | None:
    """Return the position errors; None if nothing is stated, or something that is no distance."""
    try:
        return position_errors(points)
    except DataError:
        return None
