"""A tiny pack whose region is a square, and files that the tests of reading and writing share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.io.opening import open_layer
from lcrmap.layers import Category, Field, Input, Layer, Licence, Metadata, Pack, Source, open_pack


@pytest.fixture
def square(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A pack whose one layer is a square of areas from 3.2 to 2.7 degrees west, 53.2 to 53.7 north."""
    folder = tmp_path_factory.mktemp("pack")
    area = {
        "type": "Feature",
        "properties": {"code": "A1", "name": "Square"},
        "geometry": shapely.geometry.mapping(shapely.box(-3.2, 53.2, -2.7, 53.7)),
    }
    (folder / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [area]})
    )
    package = {
        "name": "square",
        "resources": [{"name": "areas", "path": "areas.geojson", "schema": {"fields": []}}],
        "lcrmap": {"roles": {"areas": "areas"}},
    }
    (folder / "datapackage.json").write_text(json.dumps(package))
    return open_pack(folder)


@pytest.fixture
def opened(square: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Layer]:
    """Write a file into an empty folder and open it as a user does."""
    monkeypatch.chdir(tmp_path)

    def open_it(name: str, content: str | bytes | None = None, **options: Any) -> Layer:
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        return open_layer(name, pack=square, **options)

    return open_it


@pytest.fixture
def collection() -> Callable[..., str]:
    """Return the text of a FeatureCollection of points, each given as (x, y, properties)."""

    def make(*points: tuple[float, float, dict[str, Any]] | None, **members: Any) -> str:
        features = [
            {
                "type": "Feature",
                "properties": each[2] if each else {},
                "geometry": each and {"type": "Point", "coordinates": [each[0], each[1]]},
            }
            for each in points
        ]
        return json.dumps({"type": "FeatureCollection", **members, "features": features})

    return make


@pytest.fixture
def sites() -> Layer:
    """Three sites, one of them without a position, with metadata of every kind."""
    frame = gpd.GeoDataFrame(
        {
            "code": ["s1", "s2", "s3"],
            "name": ["Alpha | Works", "Béta", None],
            "jobs": [10.0, float("nan"), 30.0],
            "share": [0.1, 0.25, float("nan")],
            "open": [True, None, False],
            "tags": [["a", "b"], None, []],
            "more": [{"k": [1, None]}, None, {}],
        },
        geometry=[shapely.Point(-2.9916, 53.4084), shapely.Point(-3.0212345678, 53.5), None],
        crs="EPSG:4326",
    )
    fields = (
        Field("code", "Code", "string", required=True),
        Field("name", "Name", "string", "What people call it"),
        Field("jobs", "Jobs", "integer", unit="people"),
        Field("share", "Share", "number"),
        Field("open", "Open", "boolean"),
        Field("tags", "Tags", "array"),
        Field("more", "More", "object"),
    )
    metadata = Metadata(
        name="works",
        title="Works",
        description="Places of work.",
        geometry="point",
        key="code",
        label="name",
        noun_one="site",
        noun_many="sites",
        fields=fields,
        licences=(
            Licence("OGL-UK-3.0", "Open Government Licence v3.0", "https://example.org/ogl"),
        ),
        sources=(Source("A register", "https://example.org/register"),),
        credit="Contains public sector information.",
        as_of="2026-04",
    )
    return Layer(frame, metadata, (Input("works.csv", "0" * 64),))


@pytest.fixture
def with_categories(sites: Layer) -> Layer:
    """The sites with a category whose values have words and symbols."""
    frame = sites.frame.assign(kind=["big", "small", "big"])
    kinds = Field(
        "kind",
        "Kind",
        categories=(
            Category("big", "Big", colour="rose", symbol="circle"),
            Category("small", "Small", colour="#0a0b0c", symbol="square"),
        ),
    )
    fields = (*sites.metadata.fields, kinds)
    return Layer(frame, sites.metadata.replaced(fields=fields, category="kind"), sites.inputs)
