"""A column of the user's own that is called as the shapes are: read from every kind of file, renamed and said."""

from __future__ import annotations

import gzip
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lcrmap.io.formats import FORMATS
from lcrmap.layers import Layer
from tests.io.test_spreadsheets import libre

Open = Callable[..., Layer]
X, Y = -2.9, 53.4
POINT: Final = {"type": "Point", "coordinates": [X, Y]}
FEATURE: Final = {"type": "Feature", "properties": {"geometry": "x"}, "geometry": POINT}
TABLE: Final = [["geometry", "lon", "lat"], ["x", X, Y], ["y", X, Y]]
CSV: Final = f"geometry,lon,lat\nx,{X},{Y}\n"
KML: Final = f"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>
<ExtendedData><Data name="geometry"><value>x</value></Data></ExtendedData>
<Point><coordinates>{X},{Y}</coordinates></Point></Placemark></Document></kml>"""
TEXTS: Final = {
    "csv": CSV,
    "geojson": json.dumps({"type": "FeatureCollection", "features": [FEATURE]}),
    "geojsonl": json.dumps(FEATURE) + "\n",
    "gml": f"""<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/"
        xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><ogr:a fid="1"><ogr:geom>
        <gml:Point srsName="EPSG:4326"><gml:coordinates>{X},{Y}</gml:coordinates></gml:Point></ogr:geom>
        <ogr:geometry>x</ogr:geometry></ogr:a></gml:featureMember></ogr:FeatureCollection>""",
    "gpx": f"""<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
        <wpt lat="{Y}" lon="{X}"><extensions><geometry>x</geometry></extensions></wpt></gpx>""",
    "json": json.dumps(
        {
            "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 4326},
            "features": [{"attributes": {"geometry": "x"}, "geometry": {"x": X, "y": Y}}],
        }
    ),
    "kml": KML,
    "topojson": json.dumps(
        {
            "type": "Topology",
            "arcs": [],
            "objects": {"a": {**POINT, "properties": {"geometry": "x"}}},
        }
    ),
}
DRIVERS: Final = {
    "fgb": "FlatGeobuf",
    "gpkg": "GPKG",
    "mif": "MapInfo File",
    "shp": "ESRI Shapefile",
    "tab": "MapInfo File",
}
OTHERS: Final = {"gdb", "gz", "kmz", "ods", "parquet", "xlsx", "zip"}


def made(suffix: str, folder: Path) -> str:
    """Write a file of a kind with a column `geometry` of texts beside its shapes, and return its name."""
    name = f"a.{suffix}"
    shapes = gpd.GeoSeries([shapely.Point(X, Y)], crs="EPSG:4326")
    frame = gpd.GeoDataFrame({"geometry": ["x"], "shape": shapes}, geometry="shape")
    if suffix in TEXTS:
        (folder / name).write_text(TEXTS[suffix])
    elif suffix in DRIVERS:
        frame.to_file(folder / name, driver=DRIVERS[suffix])
    elif suffix == "parquet":
        frame.to_parquet(folder / name)
    elif suffix == "gdb":
        with warnings.catch_warnings(action="ignore"):
            frame.to_file(folder / name, driver="OpenFileGDB")
    elif suffix == "xlsx":
        book = openpyxl.Workbook()
        for row in TABLE:
            book.active.append(row)
        book.save(folder / name)
    elif suffix == "ods":
        libre(folder / name, TABLE)
    elif suffix == "gz":
        name = "a.csv.gz"
        (folder / name).write_bytes(gzip.compress(CSV.encode()))
    else:
        member, text = ("doc.kml", KML) if suffix == "kmz" else ("a.csv", CSV)
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(member, text)
    return name


@pytest.mark.parametrize("suffix", sorted({*TEXTS, *DRIVERS, *OTHERS}))
def test_it_is_renamed_and_said_once(suffix: str, tmp_path: Path, opened: Open) -> None:
    layer = opened(made(suffix, tmp_path))
    assert layer.frame["geometry_"].iloc[0] == "x"
    said = [each for each in layer.notes if "is called 'geometry_', since the shapes" in each]
    assert len(said) == 1


def test_each_kind_that_is_read_has_a_file_here() -> None:
    read = {each.name for each in FORMATS if each.reads}
    assert read | {"json"} == {*TEXTS, *DRIVERS, *OTHERS}
