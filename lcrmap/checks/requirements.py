"""What a verb may demand of a layer before it answers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely

from lcrmap.checks.registry import Subject, rows_in_words
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer

__all__ = ["require_kind"]

Kind = Literal["point", "line", "area"]

_WORDS = {"point": "points", "line": "lines", "area": "areas"}
# By shapely's numbers of types; 7, a collection, is of no kind.
_KIND_OF_TYPE = {
    -1: "",
    0: "point",
    4: "point",
    1: "line",
    2: "line",
    5: "line",
    3: "area",
    6: "area",
}


def require_kind(layer: Layer, kind: Kind) -> None:
    """Refuse a layer whose shapes are not all of one kind; features without a position pass.

    Parameters
    ----------
    kind
        ``"point"``, ``"line"`` or ``"area"``, several in one feature included.

    Raises
    ------
    GeometryError
        If there is no shape, or one of another kind; the message lists which.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lcrmap.layers import Metadata
    >>> frame = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    >>> require_kind(Layer(frame, Metadata("sites", "Sites")), "area")
    Traceback (most recent call last):
    lcrmap.errors.GeometryError: 'sites' holds points, and areas are needed: choose a layer of areas.
    """
    shapes = np.array(layer.frame.geometry.array, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    kinds = [_KIND_OF_TYPE.get(int(each), "mixed") for each in shapely.get_type_id(shapes)]
    present = {each for each in kinds if each}
    if present == {kind}:
        return
    wanted = _WORDS[kind]
    if not present:
        raise GeometryError(
            f"'{layer.name}' has no shapes, and {wanted} are needed: choose a layer of {wanted}."
        )
    if len(present) == 1:
        found = _WORDS.get(next(iter(present)), "shapes of mixed kinds")
        raise GeometryError(
            f"'{layer.name}' holds {found}, and {wanted} are needed: choose a layer of {wanted}."
        )
    others = [int(row) for row in np.flatnonzero([bool(each) and each != kind for each in kinds])]
    rows = rows_in_words(Subject(layer.frame, layer.name, key=layer.key), others)
    raise GeometryError(
        f"'{layer.name}' holds shapes of different kinds, and only {wanted} are wanted: "
        f"take out {rows}, or save the {wanted} as a layer of their own."
    )
