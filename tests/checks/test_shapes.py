"""Shapes that are not valid, and layers of the wrong kind."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lcrmap.checks import Subject, check, raise_faults, require_kind
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer, Metadata

BOW_TIE = shapely.Polygon([(-3, 53), (-2, 54), (-2, 53), (-3, 54)])
SQUARE = shapely.box(-3, 53, -2, 54)


def layer(*shapes: shapely.Geometry | None) -> Layer:
    frame = gpd.GeoDataFrame(
        {"id": [f"f{n}" for n in range(len(shapes))]}, geometry=list(shapes), crs="EPSG:4326"
    )
    return Layer(frame, Metadata("things", "Things", key="id"))


def test_an_invalid_shape_is_noted_and_kept() -> None:
    one = layer(SQUARE, BOW_TIE, None)
    notes = raise_faults(check(Subject(one.frame, "'areas.gpkg'", key="id")))
    assert notes == (
        (
            "'areas.gpkg' has 1 shape that is not valid (the first: self-intersection), in feature f1: "
            "answers near them may be wrong, so mend them in a GIS."
        ),
    )


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([SQUARE, shapely.MultiPolygon([SQUARE]), None], "area"),
        ([shapely.Point(0, 0), shapely.MultiPoint([(1, 1), (2, 2)]), shapely.Point()], "point"),
        (
            [shapely.LineString([(0, 0), (1, 1)]), shapely.LinearRing([(0, 0), (1, 1), (1, 0)])],
            "line",
        ),
    ],
)
def test_single_and_multiple_shapes_are_of_one_kind(
    shapes: list[shapely.Geometry | None], kind: str
) -> None:
    require_kind(layer(*shapes), kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            [shapely.Point(0, 0)],
            "'things' holds points, and areas are needed: choose a layer of areas.",
        ),
        ([None], "'things' has no shapes, and areas are needed: choose a layer of areas."),
        ([], "'things' has no shapes, and areas are needed: choose a layer of areas."),
        (
            [shapely.GeometryCollection([SQUARE])],
            "'things' holds shapes of mixed kinds, and areas are needed: choose a layer of areas.",
        ),
        (
            [SQUARE, shapely.Point(0, 0), None, shapely.LineString([(0, 0), (1, 1)])],
            (
                "'things' holds shapes of different kinds, and only areas are wanted: take out "
                "features f1 and f3, or save the areas as a layer of their own."
            ),
        ),
    ],
)
def test_another_kind_is_refused_with_the_features_named(
    shapes: list[shapely.Geometry | None], message: str
) -> None:
    with pytest.raises(GeometryError) as caught:
        require_kind(layer(*shapes), "area")
    assert str(caught.value) == message
