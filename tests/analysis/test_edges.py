"""Edges in short pieces: in their direction, whole, divided only where they are long."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.analysis.edges import cut_edges


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
