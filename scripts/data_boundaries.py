"""Derive boroughs, neighbourhoods, small areas and wards as coverages: sets of areas without gaps or overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from data_files import Row, geojson, read_features, read_table, rounded
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

DECIMALS = 5
#: Gaps narrower than this many degrees come from the sources' rounding to five decimals.
ROUNDING_GAP = 1e-5

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class SmallAreas:
    """The LSOAs: one row of figures and one shape each, in the order of their codes."""

    table: pd.DataFrame
    shapes: NDArray[np.object_]

    def dissolved(self, column: str) -> dict[str, BaseGeometry]:
        """Return the union of the small areas of each value of `column`, in the values' order."""
        return {
            str(value): shapely.coverage_union_all(self.shapes[positions])
            for value, positions in sorted(self.table.groupby(column).indices.items())
        }


def read_small_areas(reference: Path) -> SmallAreas:
    """Read the LSOAs with residents and deprivation, cleaned so that they form a coverage."""
    table = read_table(reference / "context" / "lsoa_population.csv").sort_values("lsoa21cd")
    table = table.reset_index(drop=True)
    for column in ("population_2021", "imd2025_decile", "imd2025_rank"):
        table[column] = table[column].astype(int)
    features = {
        str(row["lsoa21cd"]): shape
        for row, shape in read_features(reference / "context" / "lsoa21_boundaries.geojson")
    }
    if set(features) != set(table["lsoa21cd"]):
        raise SystemExit("The LSOA table and the LSOA boundaries do not hold the same areas.")
    return SmallAreas(table, coverage([features[code] for code in table["lsoa21cd"]]))


def coverage(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Mend edges that the sources' rounding pulled apart, and make sure that none is left."""
    clean = np.array(
        [rounded(shape, DECIMALS) for shape in cleaned(shapes, ROUNDING_GAP)], dtype=object
    )
    if not (shapely.coverage_is_valid(clean) and shapely.is_valid(clean).all()):
        raise SystemExit("The areas still overlap or gape after cleaning.")
    return clean


def cleaned(shapes: Sequence[BaseGeometry], gap: float) -> list[BaseGeometry]:
    """Return the areas without overlaps and without gaps narrower than `gap` degrees."""
    clean = getattr(shapely, "coverage_clean", None)
    if clean is None:
        raise SystemExit("Building the pack needs shapely 2.2 or later: pip install -U shapely.")
    return list(clean(np.array(shapes, dtype=object), gap_width=gap))


def area_km2(shape: BaseGeometry) -> float:
    """Return the geodesic area on WGS84 in square kilometres, to 0.001."""
    return round(abs(_GEOD.geometry_area_perimeter(shape)[0]) / 1e6, 3)


def label_point(shape: BaseGeometry) -> tuple[float, float]:
    """Return the pole of inaccessibility, the best place for a name, within 20 m.

    Degrees of longitude are shortened to the length of degrees of latitude at the shape's middle.
    """
    _, south, _, north = shape.bounds
    stretch = np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    parts = shapely.get_parts(shapely.transform(shape, lambda xy: xy * stretch))
    circles = shapely.maximum_inscribed_circle(parts, tolerance=20 / 111_000)
    widest = circles[shapely.length(circles).argmax()]
    lon, lat = shapely.get_coordinates(widest)[0] / stretch
    return round(float(lon), DECIMALS), round(float(lat), DECIMALS)


def boroughs(areas: SmallAreas) -> tuple[list[Row], list[BaseGeometry]]:
    """Return properties and shapes of the boroughs."""
    names = areas.table.groupby("lad_code")["lad_name"].first()
    residents = areas.table.groupby("lad_code")["population_2021"].sum()
    rows, shapes = [], []
    for code, shape in areas.dissolved("lad_code").items():
        lon, lat = label_point(shape)
        rows.append(
            {
                "code": code,
                "name": str(names[code]),
                "area_km2": area_km2(shape),
                "residents_2021": int(residents[code]),
                "label_lon": lon,
                "label_lat": lat,
            }
        )
        shapes.append(shape)
    return rows, shapes


def neighbourhoods(areas: SmallAreas) -> tuple[list[Row], list[BaseGeometry]]:
    """Return properties and shapes of the MSOAs, dissolved from the same LSOAs as the boroughs."""
    first = areas.table.groupby("msoa21cd")[["msoa_name", "lad_name", "lad_code"]].first()
    residents = areas.table.groupby("msoa21cd")["population_2021"].sum()
    rows, shapes = [], []
    for code, shape in areas.dissolved("msoa21cd").items():
        rows.append(
            {
                "code": code,
                "name": str(first.loc[code, "msoa_name"]),
                "borough": str(first.loc[code, "lad_name"]),
                "borough_code": str(first.loc[code, "lad_code"]),
                "area_km2": area_km2(shape),
                "residents_2021": int(residents[code]),
            }
        )
        shapes.append(shape)
    return rows, shapes


def small_areas(areas: SmallAreas) -> tuple[list[Row], list[BaseGeometry]]:
    """Return properties and shapes of the LSOAs, each called after its neighbourhood with a letter."""
    rows = [
        {
            "code": row["lsoa21cd"],
            "name": f"{row['msoa_name']} {row['lsoa21nm'][-1]}",
            "ons_name": row["lsoa21nm"],
            "neighbourhood": row["msoa_name"],
            "neighbourhood_code": row["msoa21cd"],
            "borough": row["lad_name"],
            "borough_code": row["lad_code"],
            "area_km2": area_km2(shape),
            "residents_2021": row["population_2021"],
        }
        for row, shape in zip(areas.table.to_dict("records"), areas.shapes, strict=True)
    ]
    return rows, list(areas.shapes)


def wards(reference: Path, areas: SmallAreas) -> tuple[list[Row], list[BaseGeometry]]:
    """Return properties and shapes of the wards of 2025."""
    names = areas.table.groupby("lad_code")["lad_name"].first()
    features = read_features(reference / "context" / "ward25_boundaries.geojson")
    features.sort(key=lambda pair: str(pair[0]["wd25cd"]))
    shapes = list(coverage([shape for _, shape in features]))
    rows = [
        {
            "code": row["wd25cd"],
            "name": row["wd25nm"],
            "borough": str(names[row["lad_code"]]),
            "borough_code": row["lad_code"],
            "area_km2": area_km2(shape),
        }
        for (row, _), shape in zip(features, shapes, strict=True)
    ]
    return rows, shapes


def boundary_files(reference: Path, areas: SmallAreas) -> dict[str, str]:
    """Return the texts of the boundary layers by their paths in the pack."""
    layers = {
        "boroughs": boroughs(areas),
        "neighbourhoods": neighbourhoods(areas),
        "small-areas": small_areas(areas),
        "wards": wards(reference, areas),
    }
    return {
        f"boundaries/{name}.geojson": geojson(name, "code", rows, shapes)
        for name, (rows, shapes) in layers.items()
    }
