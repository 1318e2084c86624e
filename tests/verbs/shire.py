"""A county on the equator, where distances along it can be worked out in the head: three towns, four homes, a depot.

| metres east | 0 to 10,000 | 10,000 to 20,000 | 20,000 to 30,000 |
|---|---|---|---|
| town | Aham | Bham | Cham |
| residents | 100 at 1,000 and 200 at 3,000 | 300 at 12,000 and 400 at 18,000 | nobody is known |
| decile | 1 and 2 | 5 and 1 | |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

import lcrmap
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.question import Question
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["DEGREE", "along", "asked", "layer", "shire", "town", "towns"]

DEGREE = 111_319.490793  # metres of a degree of longitude on the equator (WGS84)
HOMES = (
    ("h1", 1_000, 100, 1, "b1"),
    ("h2", 3_000, 200, 2, "b1"),
    ("h3", 12_000, 300, 5, "b2"),
    ("h4", 18_000, 400, 1, "b3"),
)
DEPRIVATION = {"field": "decile", "most_deprived_tenth": 1, "most_deprived_fifth": 2}


def at(east: float) -> shapely.Point:
    """Return the point so many metres east of the beginning."""
    return shapely.Point(east / DEGREE, 0)


def along(metres: Mapping[str, float | None], **columns: Any) -> gpd.GeoDataFrame:
    """Return features so many metres east, by name, whose position is right to the metre; None for no position.

    A column that is None is left out, as ``error=None`` leaves out what is known of the positions.
    """
    points = [None if each is None else at(each) for each in metres.values()]
    columns["position_error_m"] = columns.pop("error", 0.0)
    known = {name: values for name, values in columns.items() if values is not None}
    return gpd.GeoDataFrame({"name": list(metres), **known}, geometry=points, crs="EPSG:4326")


def town(west: float, east: float) -> shapely.Polygon:
    """Return an area between two meridians, ten kilometres high."""
    return shapely.box(west / DEGREE, -0.045, east / DEGREE, 0.045)


def towns(names: Sequence[str] = ("Aham", "Bham", "Cham"), **columns: Any) -> gpd.GeoDataFrame:
    """Return towns side by side, ten kilometres wide."""
    shapes = [town(10_000 * n, 10_000 * (n + 1)) for n in range(len(names))]
    return gpd.GeoDataFrame({"name": list(names), **columns}, geometry=shapes, crs="EPSG:4326")


def layer(frame: gpd.GeoDataFrame, name: str, one: str = "", many: str = "", **known: Any) -> Layer:
    """Make a layer of features, which are called by a noun."""
    made = lcrmap.open_layer(frame, title=name.capitalize())
    nouns = {"noun_one": one or name.rstrip("s"), "noun_many": many or name}
    return Layer(made.frame, made.metadata.replaced(name=name, **nouns, **known), made.inputs)


def asked(question: Question, pack: Pack | None = None, **layers: Layer) -> Answer:
    """Answer a question about layers at hand, by their names."""
    return answer(question, Sources(pack, given=layers))


def _resource(name: str, noun: str, fields: Mapping[str, str], **others: Any) -> dict[str, Any]:
    described = [
        {"name": each, "title": each.capitalize(), "type": fields[each]} for each in fields
    ]
    own = {
        "geometry": others.pop("geometry", "point"),
        "label": "name" if "name" in fields else "id",
        "noun": {"one": noun, "many": f"{noun}s"},
        "crs": "EPSG:4326",
        "as_of": "2025",
        "credit": f"Contains {name} of the county.",
        **others.pop("own", {}),
    }
    known = {
        "name": name,
        "title": name.capitalize(),
        "description": f"All {name}.",
        "encoding": "utf-8",
    }
    known |= {
        "licenses": [
            {"name": "CC0-1.0", "title": "Creative Commons Zero", "path": "https://cc0.example/"}
        ]
    }
    known |= {"sources": [{"title": f"The county's list of {name}"}]}
    return {**known, **others, "schema": {"primaryKey": ["id"], "fields": described}, "lcrmap": own}


def _features(frame: gpd.GeoDataFrame) -> str:
    return frame.to_json(drop_id=True)


def shire(folder: Path, *, homes: Sequence[tuple[Any, ...]] = HOMES, **roles: Any) -> Pack:
    """Write the pack of the county, and open it.

    Parameters
    ----------
    homes
        Where people live: id, metres east, residents, decile, small area.
    roles
        Roles that are other than usual; None for one that it lacks.
    """
    text = {"id": "string", "name": "string"}
    (folder / "towns.geojson").write_text(
        _features(towns(id=["t1", "t2", "t3"], people=[300, 700, 0], change=[0.5, 12345.6, -2.0]))
    )
    rows = [
        f"{key},{east / DEGREE:.12f},0,{people},{decile},{block}"
        for key, east, people, decile, block in homes
    ]
    (folder / "homes.csv").write_text("\n".join(["id,lon,lat,people,decile,block", *rows]) + "\n")
    depots = along({"Long Dock": 2_000, "Far Yard": 15_000}, id=["d1", "d2"], error=[100, 50])
    (folder / "depots.geojson").write_text(
        _features(depots.assign(confidence=["confirmed", "reported"]))
    )
    number = {"people": "integer", "change": "number"}
    home = {
        "id": "string",
        "lon": "number",
        "lat": "number",
        "people": "integer",
        "decile": "integer",
        "block": "string",
    }
    geojson = {"format": "geojson", "mediatype": "application/geo+json"}
    depot = {**text, "position_error_m": "number", "confidence": "string"}
    resources = [
        _resource(
            "towns", "town", {**text, **number}, path="towns.geojson", geometry="area", **geojson
        ),
        _resource("homes", "home", home, path="homes.csv", format="csv", mediatype="text/csv"),
        _resource("depots", "depot", depot, path="depots.geojson", **geojson),
    ]
    usual = {
        "areas": "towns",
        "population": {"layer": "homes", "field": "people", "small_area": "block"},
        "deprivation": {"layer": "homes", **DEPRIVATION, "title": "Index of the county"},
        "area_residents": {"layer": "towns", "field": "people"},
        "atlas": {"layers": ["depots"], "off": []},
    }
    given = {name: role for name, role in (usual | roles).items() if role is not None}
    whole = {
        "name": "shire",
        "title": "The county",
        "licenses": [{"name": "CC0-1.0"}],
        "lcrmap": {"region": "Midshire", "roles": given},
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(whole))
    return open_pack(folder)
