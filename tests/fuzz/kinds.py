"""Every kind of input that is made, and the one way in which a case is made of a kind and a seed."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.fuzz.cases import Case, Maker
from tests.fuzz.mutators import (
    asked,
    delimited,
    documents,
    flatgeobuf,
    geodatabase,
    geojson,
    geopackage,
    geoparquet,
    mapinfo,
    markup,
    other_json,
    packed,
    questions,
    shapefile,
    workbooks,
)

__all__ = ["KINDS", "make"]

KINDS: dict[str, Maker] = {
    "geojson": geojson.make_collection,
    "geojsonl": geojson.make_sequence,
    "csv": delimited.make,
    "gpkg": geopackage.make,
    "parquet": geoparquet.make,
    "fgb": flatgeobuf.make,
    "shp": shapefile.make,
    "zip": shapefile.make_zipped,
    "gz": packed.make_gzip,
    "packed": packed.make_zip,
    "kmz": packed.make_kmz,
    "xlsx": workbooks.make_xlsx,
    "ods": workbooks.make_ods,
    "topojson": other_json.make_topology,
    "esrijson": other_json.make_esri,
    "gdb": geodatabase.make,
    "gdbzip": geodatabase.make_zipped,
    "tab": mapinfo.maker("tab"),
    "mif": mapinfo.maker("mif"),
    "kml": markup.maker("kml"),
    "gpx": markup.maker("gpx"),
    "gml": markup.maker("gml"),
    "asked": asked.make,
    "honest": asked.make_honest,
    "filter": questions.make_filter,
    "place": questions.make_place,
    "distance": questions.make_distance,
    "recipe": documents.make_recipe,
    "scenario": documents.make_scenario,
    "pack": documents.make_pack,
    "page": documents.make_page,
}


def make(kind: str, seed: int) -> Case:
    """Make the case that a kind and a seed stand for."""
    return replace(KINDS[kind](Random(f"{kind} {seed}")), kind=kind, seed=seed)
