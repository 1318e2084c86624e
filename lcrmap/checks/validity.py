"""Rules about the shapes themselves."""

from __future__ import annotations

import numpy as np
import shapely

from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import GeometryError

__all__: list[str] = []


@rule("invalid-shape", "notice", GeometryError)
def _invalid(subject: Subject) -> Finding | None:
    """Find shapes that cross themselves or are broken in another way that makes answers doubtful."""
    shapes = subject.shapes
    areas = shapely.get_dimensions(shapes) >= 1
    rows = np.flatnonzero(areas)[~shapely.is_valid(shapes[areas])]
    if not rows.size:
        return None
    reason = str(shapely.is_valid_reason(shapes[rows[0]]))
    reason = reason.split("[")[0].strip().lower()
    count = len(rows)
    shapes_word = "shape that is" if count == 1 else "shapes that are"
    return Finding(
        f"has {count} {shapes_word} not valid (the first: {reason})",
        "answers near them may be wrong, so mend them in a GIS",
        tuple(int(row) for row in rows),
    )
