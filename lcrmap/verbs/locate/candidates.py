"""The candidates among which is chosen: points, or areas, each taken where its residents live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.catchments import weighted_centres
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.analysis.ranges import error_radii
from lcrmap.analysis.ties import tie_order
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names, sound
from lcrmap.verbs.numbers import listed
from lcrmap.verbs.people import People
from lcrmap.verbs.places import feature_keys

__all__ = ["Candidates", "open_candidates"]

_SHOWN: Final = 3  # named in a note


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The places among which is chosen, by their ids from low to high.

    Attributes
    ----------
    layer
        The layer that they are of.
    points
        Where each is taken to be, WGS84, with its position error.
    keys, names
        Their ids, and what they are called.
    notes
        What must be said of them.
    areas
        Whether they are areas.
    """

    layer: Layer
    points: gpd.GeoDataFrame
    keys: tuple[str, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...]
    areas: bool

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.keys)


def open_candidates(layer: Layer, people: People) -> Candidates:
    """Return the candidates of a layer; those without a position, and those where another stands, are left out.

    Raises
    ------
    GeometryError
        If the layer holds lines, or nothing that has a position.
    """
    order = tie_order(layer.frame, layer.key)
    names, keys = (
        np.array(area_names(layer), dtype=object),
        np.array(feature_keys(layer), dtype=object),
    )
    shapes = layer.frame.geometry
    kinds = shapely.get_dimensions(shapes.to_numpy())
    there = (shapes.notna() & ~shapes.is_empty).to_numpy()
    if ((kinds == 1) & there).any():
        raise GeometryError(f"Candidates are points or areas, and {layer.name} holds lines.")
    if (shapely.get_type_id(shapes.to_numpy()) == shapely.GeometryType.MULTIPOINT)[there].any():
        raise GeometryError(
            f"Candidates are single points or areas, and {layer.name} holds groups of points."
        )
    if not there.any():
        raise GeometryError(f"No feature of {layer.name} has a position, so none can be chosen.")
    areas = bool((kinds == 2).any())
    points, notes = _at_residents(layer, people, names) if areas else (_as_points(layer), [])
    notes = [*layer.notes, *notes]
    order = order[there[order]]
    if missing := len(there) - len(order):
        noun = layer.metadata.unplaced_noun(missing)
        notes.append(
            f"{missing:,} {noun} of {layer.name} without a position: not among the candidates."
        )
    order, same = _apart(points, order)
    if len(same):
        noun = layer.metadata.noun(len(same))
        stand = "stands" if len(same) == 1 else "stand"
        notes.append(
            f"{len(same):,} {noun} of {layer.name} {stand} where another does, of which one is a candidate: "
            f"{_shown(names[same])} left out."
        )
    points = points.iloc[order].reset_index(drop=True)
    return Candidates(
        layer.with_frame(gpd.GeoDataFrame(layer.frame.iloc[order])),
        points,
        tuple(keys[order]),
        tuple(names[order]),
        tuple(notes),
        areas,
    )


def _as_points(layer: Layer) -> gpd.GeoDataFrame:
    shapes = layer.frame.geometry.to_crs("EPSG:4326").reset_index(drop=True)
    return gpd.GeoDataFrame({ERROR_COLUMN: error_radii(layer.frame)}, geometry=shapes)


def _at_residents(
    layer: Layer, people: People, names: np.ndarray
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Take areas at the mean position of their residents, else at a point inside; points stay where they are."""
    layer, notes = sound(layer)
    own = _as_points(layer)
    areas = shapely.get_dimensions(own.geometry.to_numpy()) == 2
    shapes = layer.frame.geometry
    grounds = layer.frame.set_geometry(shapes.where(pd.Series(areas, index=shapes.index)))
    homes = assign_areas(people.layer.frame, grounds, key=layer.key)["area"].to_numpy()
    residents = people.weights["residents"]
    lived = np.flatnonzero((homes != NOWHERE) & (residents > 0))
    here = people.layer.frame.geometry
    table = gpd.GeoDataFrame({"home": homes[lived]}, geometry=here.to_numpy()[lived], crs=here.crs)
    centres = weighted_centres(table, "home", residents[lived])
    at = own.geometry.to_numpy().copy()
    at[areas] = shapely.point_on_surface(at[areas])
    mean = centres[areas[centres["home"].to_numpy()]]
    at[mean["home"].to_numpy()] = mean.geometry.to_numpy()
    empty = np.setdiff1d(
        np.flatnonzero(areas & ~shapely.is_missing(at)), centres["home"].to_numpy()
    )
    if len(empty):
        noun = layer.metadata.noun(len(empty))
        stand = "stands" if len(empty) == 1 else "stand"
        notes.append(
            f"{len(empty):,} {noun} of {layer.name} without residents {stand} at a point inside: "
            f"{_shown(names[empty])}."
        )
    error = np.where(areas, 0.0, own[ERROR_COLUMN].to_numpy())
    return gpd.GeoDataFrame({ERROR_COLUMN: error}, geometry=at, crs="EPSG:4326"), notes


def _apart(points: gpd.GeoDataFrame, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first at each position, and the others."""
    where = shapely.get_coordinates(points.geometry.to_numpy()[order]).round(9)
    first = np.sort(np.unique(where, axis=0, return_index=True)[1])
    return order[first], order[np.setdiff1d(np.arange(len(order)), first)]


def _shown(names: np.ndarray) -> str:
    more = len(names) - _SHOWN
    return listed([*map(str, names[:_SHOWN]), *([f"{more:,} more"] if more > 0 else [])])
