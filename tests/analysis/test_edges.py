"""Edges in short pieces: in their direction, whole, divided only where they are long."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.analysis.chords import chord_space
from lcrmap.analysis.edges import BEND, LONGEST_PIECE, cut, cut_edges


def test_short_edges_stay_as_they_are_in_their_direction() -> None:
    line = shapely.LineString([(0, 0), (0, 0.002), (0.001, 0.002), (0.001, -0.0)])
    shape, start, step = cut_edges(gpd.GeoSeries([None, line], crs="EPSG:4326"))
    assert shape.tolist() == [1, 1, 1]
    assert start.tolist() == [[0, 0], [0, 0.002], [0.001, 0.002]]
    assert step.round(9).tolist() == [[0, 0.002], [0.001, 0], [0, -0.002]]


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84"])
def test_a_long_edge_among_short_ones_is_divided_evenly(crs: str) -> None:
    line = shapely.LineString([(0, 0), (0, 0.002), (0, 0.008)])
    shape, start, step = cut_edges(gpd.GeoSeries([line], crs=crs))
    assert shape.tolist() == [0, 0, 0]
    assert start[:, 1].round(9).tolist() == [0, 0.002, 0.005]
    assert step[:, 1].round(9).tolist() == [0.002, 0.003, 0.003]


def test_edges_in_metres_are_brought_to_degrees() -> None:
    line = shapely.LineString([(334000, 390000), (334000, 390100)])
    _, start, step = cut_edges(gpd.GeoSeries([line], crs="EPSG:27700"))
    ends = gpd.GeoSeries.from_xy([334000, 334000], [390000, 390100], crs="EPSG:27700").to_crs(4326)
    wanted = shapely.get_coordinates(ends.to_numpy())
    assert np.abs(start - wanted[:1]).max() < 1e-9
    assert np.abs(start + step - wanted[1:]).max() < 1e-9


@pytest.mark.parametrize("latitude", [0.0, 35.0, 53.4, 70.0, 85.0, 89.5])
@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84"])
def test_pieces_of_edges_in_degrees_are_short_and_lie_by_the_line_between_their_ends(
    latitude: float, crs: str
) -> None:
    seeded = np.random.default_rng(7)
    length, turned = seeded.uniform(1, 399.9, 400), seeded.uniform(0, 2 * np.pi, 400)
    length[:20] *= 50
    step = length[:, None] / 111_700 * np.column_stack([np.cos(turned), np.sin(turned)])
    start = np.tile([0, latitude], (400, 1))
    pieces = cut(
        gpd.GeoSeries(shapely.linestrings(np.stack([start, start + step], axis=1)), crs=crs)
    )
    chord = pieces.b - pieces.a
    squared = (chord**2).sum(axis=1)
    assert np.sqrt(squared.max()) <= LONGEST_PIECE
    for share in np.linspace(0.1, 0.9, 9):
        away = chord_space(*(pieces.start + share * pieces.step).T) - pieces.a
        away -= chord * ((away * chord).sum(axis=1) / squared)[:, None]
        assert np.sqrt((away**2).sum(axis=1)).max() < BEND
