"""Odd files of every format, asked by every verb; and pages made of them, which `verify` must call the same."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.fuzz.cases import Case, Maker
from tests.fuzz.mutators import (
    delimited,
    flatgeobuf,
    geojson,
    geopackage,
    geoparquet,
    mapinfo,
    markup,
    other_json,
    packed,
    shapefile,
    workbooks,
)
from tests.fuzz.mutators.questions import PACK

__all__ = ["make", "make_honest"]

FILES: tuple[Maker, ...] = (
    geojson.make_collection,
    geojson.make_collection,
    geojson.make_sequence,
    delimited.make,
    delimited.make,
    geopackage.make,
    geoparquet.make,
    flatgeobuf.make,
    shapefile.make,
    shapefile.make_zipped,
    *(packed.make_gzip, packed.make_zip, packed.make_kmz),
    *(workbooks.make_xlsx, workbooks.make_ods),
    *(other_json.make_topology, other_json.make_esri),
    *map(mapinfo.maker, ("tab", "mif")),
    *map(markup.maker, ("kml", "gpx", "gml")),
)
NAMES = (
    "a{}",
    "a{}",
    "a b{}",
    "a#b{}",
    "100%{}",
    "a%41{}",
    "a\\b{}",
    "é{}",
    "a\nb{}",
    "\x1b[31m{}",
    "-a{}",
)


def make(rng: Random) -> Case:
    """Make a file and ask of it."""
    case = rng.choice(FILES)(rng)
    name = case.subject
    printed = rng.choice(["table", "table", "csv", "json", "geojson", "geojsonl", "md"])
    lines = [
        ("show", name, "-f", printed),
        ("show", name, "-f", "table"),
        (
            "show",
            name,
            "-o",
            rng.choice(["o.csv", "o.gpkg", "o.parquet", "o.md", "o.json", "o.geojsonl"]),
        ),
        ("layers", name),
        ("join", name, "isles", "-f", printed, *PACK),
        ("join", name, name, "-f", "table", *PACK),
        ("count", name, "--in", "isles", "-f", "table", *PACK),
        ("count", "landings", "--in", name, "-f", "table", *PACK),
        ("near", name, "landings", "-f", "table", *PACK),
        ("near", "landings", name, "-f", printed, *PACK),
        ("catchment", name, "--rings", "1km", "-f", "table", *PACK),
        ("map", name, "-o", "m.html", *PACK),
        ("gaps", name, "--beyond", "1km", "-f", "table", *PACK),
        ("access", name, "--within", "9km", "-f", "table", *PACK),
        ("access", name, "--within", "9km", "--decay", "linear", "-f", printed, *PACK),
        ("locate", "landings", "--from", name, "--choose", "1..2", "-f", "table", *PACK),
        ("locate", name, "--from", "isles", "--instead", "--time", "5s", "-f", printed, *PACK),
        ("near", "landings", name, "--across", "walk", "-f", printed, *PACK),
        ("catchment", name, "--rings", "9km", "--across", "walk", "-f", "table", *PACK),
        (
            "gaps",
            name,
            "--beyond",
            "9km",
            "--across",
            "rail",
            "--assume-open",
            "-f",
            "table",
            *PACK,
        ),
    ]
    return replace(case, kind="asked", checks=(), lawful=False, lines=tuple(rng.sample(lines, 2)))


def make_honest(rng: Random) -> Case:
    """Make a file of which a page is made and verified."""
    case = rng.choice([geojson.make_collection, geojson.make_sequence, delimited.make])(rng)
    suffix = case.subject[1:]
    name = rng.choice(NAMES).format(suffix)
    return replace(
        case, kind="honest", files={name: case.data}, subject=name, checks=("honest",), lawful=False
    )
