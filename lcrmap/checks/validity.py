"""Rules about the shapes themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import GeometryError

__all__ = ["invalid_rows", "invalid_words"]


@rule("invalid-shape", "notice", GeometryError)
def _invalid(subject: Subject) -> Finding | None:
    """Find shapes that cross themselves or are broken in another way that makes answers doubtful.

    An outline that crosses itself has no clear inside, so that what lies in it, and its area, depend on who is
    asked. The reason is that of GEOS. Mend such shapes in a GIS ("fix geometries" in QGIS, `make_valid` in
    geopandas).
    """
    rows, reason = invalid_rows(subject.shapes)
    if not rows.size:
        return None
    what, remedy = invalid_words(len(rows), reason)
    return Finding(what, remedy, tuple(int(row) for row in rows))


def invalid_rows(shapes: Any) -> tuple[Any, str]:
    """Return which of some shapes are not valid, and why the first of them is not."""
    solid = np.flatnonzero(shapely.get_dimensions(shapes) >= 1)
    rows = solid[~shapely.is_valid(shapes[solid])]
    if not rows.size:
        return rows, ""
    reason = str(shapely.is_valid_reason(shapes[rows[0]]))
    return rows, reason.split("[")[0].strip().lower()


def invalid_words(count: int, reason: str) -> tuple[str, str]:
    """Return what is said of shapes that are not valid, and the remedy."""
    shapes_word = "shape that is" if count == 1 else "shapes that are"
    what = f"has {count} {shapes_word} not valid (the first: {reason})"
    return what, "answers near them may be wrong, so mend them in a GIS"
