"""Inputs, made on the spot from a seed: the same bytes wherever they are made.

``python -m benchmarks.inputs KIND SIZE FILE`` writes one; a process of its own, so that what measures stays small.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.regions import region, region_scenario, region_sites

__all__ = ["KINDS", "positions"]

_DATA = Path(__file__).resolve().parents[1] / "data"
_BATCH = 100_000
_KINDS = ("school", "surgery", "library", "station", "market")


def positions(size: int, seed: int, batch: int = _BATCH) -> Iterator[tuple[int, Any, Any]]:
    """Yield batches of positions over the region's rectangle: where they begin, longitudes, latitudes."""
    west, south, east, north = _region()
    random = np.random.default_rng(seed)
    for start in range(0, size, batch):
        count = min(batch, size - start)
        yield start, random.uniform(west, east, count), random.uniform(south, north, count)


def _region() -> tuple[float, float, float, float]:
    corners = np.array(list(_corners(_features("boundaries/boroughs.geojson"))))
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _features(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((_DATA / name).read_text())["features"]
    return found


def _corners(features: list[dict[str, Any]]) -> Iterator[tuple[float, float]]:
    def walk(inner: Any) -> Iterator[tuple[float, float]]:
        if isinstance(inner[0], (int, float)):
            yield inner[0], inner[1]
        else:
            for each in inner:
                yield from walk(each)

    for each in features:
        yield from walk(each["geometry"]["coordinates"])


def points_csv(size: int, path: Path, seed: int = 8) -> None:
    """Write points over the region as CSV: id, name, longitude, latitude."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,longitude,latitude\n")
        for start, x, y in positions(size, seed):
            file.writelines(
                f"{n},place {n},{a:.6f},{b:.6f}\n"
                for n, a, b in zip(_from(start, x), x, y, strict=True)
            )


def points_parquet(size: int, path: Path) -> None:
    """Write the same points as GeoParquet, with the box of each."""
    import geopandas as gpd

    _, x, y = next(positions(size, 8, batch=size))
    names = [f"place {n}" for n in range(size)]
    points = gpd.points_from_xy(x.round(6), y.round(6), crs="EPSG:4326")
    gpd.GeoDataFrame({"id": range(size), "name": names}, geometry=points).to_parquet(
        path, write_covering_bbox=True, row_group_size=65_536
    )


def targets_csv(size: int, path: Path) -> None:
    """Write other points of the same form."""
    points_csv(size, path, seed=88)


def points_geojson(size: int, path: Path) -> None:
    """Write points over the region as GeoJSON, with a number, two texts and a decimal each."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for start, x, y in positions(size, 8):
            rows = (
                f'{{"type":"Feature","properties":{{"id":{n},"name":"place {n}",'
                f'"kind":"{_KINDS[n % 5]}","value":{n % 1000 / 8 + 0.0625}}},'
                f'"geometry":{{"type":"Point","coordinates":[{a:.6f},{b:.6f}]}}}}'
                for n, a, b in zip(_from(start, x), x, y, strict=True)
            )
            file.write(("" if start == 0 else ",\n") + ",\n".join(rows))
        file.write("\n]}\n")


def _from(start: int, values: Any) -> range:
    return range(start, start + len(values))


def boroughs(size: int, path: Path) -> None:
    """Copy the pack's boroughs."""
    shutil.copyfile(_DATA / "boundaries/boroughs.geojson", path)


def residents(size: int, path: Path) -> None:
    """Copy the pack's residents by postcode."""
    shutil.copyfile(_DATA / "context/residents.csv", path)


def neighbourhoods(size: int, path: Path) -> None:
    """Copy the pack's neighbourhoods, which are MSOAs."""
    shutil.copyfile(_DATA / "boundaries/neighbourhoods.geojson", path)


def pieces(size: int, path: Path) -> None:
    """Cut the neighbourhoods into one piece around the middle of each LSOA's residents."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    postcodes = pd.read_csv(_DATA / "context/residents.csv")
    middles = postcodes.groupby("lsoa21")[["lon", "lat"]].mean().reset_index()
    whole = gpd.read_file(_DATA / "boundaries/neighbourhoods.geojson")[["code", "geometry"]]
    places = gpd.GeoDataFrame(
        middles, geometry=gpd.points_from_xy(middles["lon"], middles["lat"]), crs=whole.crs
    )
    rows = []
    for number, inside in _within(places, whole).groupby("area"):
        shape = whole.geometry[int(number)]
        cells = shapely.get_parts(
            shapely.voronoi_polygons(shapely.MultiPoint(list(inside.geometry)), extend_to=shape)
        )
        tree = shapely.STRtree(inside.geometry.to_numpy())
        for cell in cells:
            owner = inside["lsoa21"].iloc[tree.query(cell, predicate="contains")[0]]
            rows.append((owner, shapely.intersection(cell, shape)))
    shapes = _areal([shape for _, shape in rows])
    made = gpd.GeoDataFrame({"code": [code for code, _ in rows]}, geometry=shapes, crs=whole.crs)
    made.sort_values("code").to_file(path, driver="GeoJSON")


def scenario(number: int, path: Path) -> None:
    """Write one of many scenarios: a station closes, one opens elsewhere, and an asset moves."""
    stations = [each["id"] for each in _features("context/rail-stations.geojson")]
    assets = [each for each in _features("sites/innovation-assets.geojson") if each["geometry"]]
    asset = assets[number % len(assets)]["id"]
    _, x, y = next(positions(2, seed=number))
    path.write_text(
        f"""title = "Scenario {number}"

[[change]]
remove = "rail-stations:{stations[number * 7 % len(stations)]}"
reason = "It closes."

[[change]]
add = "station-{number}"
to = "rail-stations"
at = "{y[0]:.5f},{x[0]:.5f}"
error = "100m"
reason = "It opens."

[[change]]
move = "innovation-assets:{asset}"
at = "{y[1]:.5f},{x[1]:.5f}"
error = "100m"
reason = "It moves."
""",
        encoding="utf-8",
    )


def _within(places: Any, whole: Any) -> Any:
    """Give each place the number of its neighbourhood; one that lies in none has the nearest."""
    grid = places.to_crs(27700).sjoin_nearest(whole.to_crs(27700), how="left")
    area = grid[~grid.index.duplicated()]["index_right"]
    return places.assign(area=area)


def _areal(shapes: list[Any]) -> list[Any]:
    """Keep the polygons of each shape."""
    import shapely

    return [
        shapely.union_all(
            [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
        )
        for shape in shapes
    ]


KINDS: dict[str, Callable[[int, Path], None]] = {
    each.__name__: each
    for each in (
        points_csv,
        points_parquet,
        targets_csv,
        points_geojson,
        boroughs,
        neighbourhoods,
        pieces,
        residents,
        scenario,
        region,
        region_scenario,
        region_sites,
    )
}

if __name__ == "__main__":
    kind, size, file = sys.argv[1:]
    KINDS[kind](int(size), Path(file))
