"""Small layers and pages for the tests of the page: two made-up areas, some places in and around them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.layers import Category, Field, Input, Layer, Licence, Metadata, Source
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Shading

HOSTILE = Path(__file__).parents[1] / "hostile" / "page" / "texts.json"

SURE = Field(
    "confidence",
    "How sure",
    categories=tuple(
        Category(each, each.capitalize()) for each in ("confirmed", "reported", "reconstructed")
    ),
)
KIND = Field(
    "kind",
    "Kind",
    categories=(
        Category("mill", "Mill", "mills", colour="brown", symbol="square"),
        Category("quay", "Quay", "quays", colour="navy", symbol="gate"),
        Category("kiln", "Kiln", "kilns", colour="vermilion", symbol="triangle-up"),
    ),
)
PLACES: list[dict[str, Any]] = [
    # id, name, aliases, kind, in_area, confidence, position_error_m, x, y
    {"id": "alder", "name": "Alder Mill", "aliases": "Old Mill", "kind": "mill", "in_area": "Northam",
         "confidence": "confirmed", "position_error_m": 100, "at": (-2.95, 53.45)},
    {"id": "birch", "name": "Birch Quay", "aliases": None, "kind": "quay", "in_area": "Northam",
         "confidence": "reported", "position_error_m": 600, "at": (-2.85, 53.46)},
    {"id": "cedar", "name": "Cedar Kiln", "aliases": "Brickworks", "kind": "kiln", "in_area": "Southam",
         "confidence": "reconstructed", "position_error_m": 2500, "at": (-2.90, 53.35)},
    {"id": "docks", "name": "Dock Quay", "aliases": None, "kind": "quay", "in_area": "Northam",
         "confidence": "confirmed", "position_error_m": None, "at": (-2.95, 53.45)},
    {"id": "ember", "name": "Ember Kiln", "aliases": None, "kind": "kiln", "in_area": "outside",
         "confidence": "confirmed", "position_error_m": 50, "at": (-2.70, 53.40)},
    {"id": "flint", "name": "Flint Mill", "aliases": None, "kind": "mill", "in_area": None,
         "confidence": "confirmed", "position_error_m": None, "at": None},
]  # fmt: skip


def areas() -> Layer:
    """Two areas that share a border."""
    frame = gpd.GeoDataFrame(
        {"code": ["N", "S"], "name": ["Northam", "Southam"], "residents": [12000, 8000]},
        geometry=[shapely.box(-3.0, 53.4, -2.8, 53.5), shapely.box(-3.0, 53.3, -2.8, 53.4)],
        crs="EPSG:4326",
    )
    metadata = Metadata(
        "areas", "Areas", key="code", label="name", noun_one="area", noun_many="areas",
        fields=(Field("code", "Code"), Field("name", "Name"),
                Field("residents", "Residents", "integer")),
        credit="Areas: made up for the tests.", as_of="2021",
    )  # fmt: skip
    return Layer(frame, metadata, (Input("areas.geojson", "a" * 64),))


def places(rows: list[dict[str, Any]] | None = None, **changes: Any) -> Layer:
    """Six places: five with a position, two of them at one spot; one in no area."""
    rows = PLACES if rows is None else rows
    points = [None if row["at"] is None else shapely.Point(row["at"]) for row in rows]
    columns = {name: [row.get(name) for row in rows] for name in PLACES[0] if name != "at"}
    columns["source_title"] = [f"Register of {row['name']}" for row in rows]
    columns["source_url"] = [f"https://example.org/{row['id']}" for row in rows]
    frame = gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
    metadata = Metadata(
        "works", "Works", key="id", label="name", category="kind",
        noun_one="works site", noun_many="works sites", as_of="2026-11",
        fields=(
            Field("id", "Id"), Field("name", "Name"), Field("aliases", "Also called"), KIND,
            Field("in_area", "Area", categories=(
                Category("Northam", "Northam"), Category("Southam", "Southam"),
                Category("outside", "Outside the 2 areas"))),
            SURE, Field("position_error_m", "Position known to", "number", unit="m"),
            Field("source_title", "Source"), Field("source_url", "Address of the source"),
        ),
        credit="Works: made up for the tests.",
        sources=(Source("A register", "https://example.org/register"),),
        licences=(Licence("MIT", "MIT Licence", "https://opensource.org/license/mit"),),
    )  # fmt: skip
    return Layer(frame, metadata.replaced(**changes), (Input("works.geojson", "b" * 64),))


def shaded() -> PageModel:
    """A page of areas that are shaded, one of them without a number."""
    layer = areas()
    wish = Shading("rate", (5, 10))
    return build_model(
        [LayerView(layer.with_frame(layer.frame.assign(rate=[12.5, None])), "areas", wish=wish)]
    )


def model(**options: Any) -> PageModel:
    """The page of areas and places."""
    return build_model([LayerView(areas(), "areas"), LayerView(places())], **options)


def bare(frame: gpd.GeoDataFrame, name: str = "mine") -> Layer:
    """A user's file about which nothing is known."""
    return Layer(frame, Metadata(name, name.capitalize()))


def many_points(count: int, seed: int = 1) -> Layer:
    """As many points as asked for, in clusters, with a name and a category of five."""
    random = np.random.default_rng(seed)
    centres = random.uniform((-3.1, 53.3), (-2.6, 53.6), (40, 2))
    xy = centres[random.integers(0, 40, count)] + random.normal(0, 0.02, (count, 2))
    kind = Field("kind", "Kind", categories=tuple(Category(each, each) for each in "abcde"))
    frame = gpd.GeoDataFrame(
        {
            "name": [f"Point {number}" for number in range(count)],
            "kind": random.choice(list("abcde"), count),
        },
        geometry=gpd.points_from_xy(*xy.T, crs="EPSG:4326"),
    )
    metadata = Metadata(
        "points",
        "Points",
        label="name",
        category="kind",
        noun_one="point",
        noun_many="points",
        fields=(Field("name", "Name"), kind),
    )
    return Layer(frame, metadata)  # fmt: skip


def many_areas(count: int) -> Layer:
    """As many square areas as asked for, in rows of fifty, with a name."""
    boxes = [
        shapely.box(-3 + x / 100, 53 + y / 100, -2.99 + x / 100, 53.01 + y / 100)
        for y, x in (divmod(number, 50) for number in range(count))
    ]
    frame = gpd.GeoDataFrame(
        {"name": [f"Area {number}" for number in range(count)]}, geometry=boxes, crs="EPSG:4326"
    )
    metadata = Metadata("squares", "Squares", label="name", fields=(Field("name", "Name"),))
    return Layer(frame, metadata)


def hostile_texts() -> list[str]:
    """Every text of the corpus, lone surrogates and control characters included."""
    return list(json.loads(HOSTILE.read_text(encoding="ascii")).values())


def hostile() -> Layer:
    """A layer whose names, values, column names and metadata are the corpus."""
    texts = hostile_texts()
    columns = {
        "name": texts,
        "category": [texts[(number * 7 + 3) % len(texts)] for number in range(len(texts))],
        "in_area": texts[::-1],
        "source_title": texts,
        "source_url": ["javascript:document.title='pwned'"] * len(texts),
        texts[0]: texts,
    }
    frame = gpd.GeoDataFrame(
        {name: np.array(values, dtype=object) for name, values in columns.items()},
        dtype=object,
        geometry=gpd.points_from_xy(
            np.linspace(-3, -2.8, len(texts)), np.linspace(53.3, 53.5, len(texts)), crs="EPSG:4326"
        ),
    )
    text = texts[0]
    metadata = Metadata(
        "hostile", text, label="name", category="category", noun_one=text, noun_many=text,
        credit=text, as_of=text, colour=text, symbol=text, description=text,
        fields=(Field("category", text), Field("in_area", text), Field("name", text, unit=text)),
        sources=(Source(text, "javascript:alert(1)"),), licences=(Licence(text, text, text),),
    )  # fmt: skip
    return Layer(frame, metadata, (Input(text, "c" * 64),))
