"""Small made-up regions with whatever a scenario may change: towns, homes, depots, planned ones, bridges over a river.

All lies on and about the equator, as in `tests.verbs.shire`: three towns of ten kilometres, side by side.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from hypothesis import strategies as st

from lcrmap.layers import Pack, open_pack
from tests.verbs.shire import DEGREE, shire

__all__ = ["Region", "block", "blocks", "built", "planned_all", "regions", "written"]

STEP = 500  # metres between places: some lie as far from a home as others
KINDS = ["most deprived tenth", "middle", "least deprived tenth"]


@dataclass(frozen=True)
class Place:
    """Where a feature stands, in steps east and north, and how far off that may be; None if nobody knows."""

    east: int
    north: int
    error: float | None

    @property
    def at(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.east * STEP / DEGREE, self.north * STEP / DEGREE


@dataclass(frozen=True)
class Region:
    """A region: homes (step east, residents, class), depots there and planned, bridges (step north, metres, status)."""

    homes: tuple[tuple[int, int, int], ...]
    depots: tuple[Place, ...]
    planned: tuple[Place, ...]
    bridges: tuple[tuple[int, float | None, str], ...]


places = st.builds(
    Place, st.integers(0, 59), st.integers(-3, 3), st.sampled_from([0.0, 50.0, 400.0, 1200.0, None])
)
regions = st.builds(
    Region,
    st.lists(
        st.tuples(st.integers(0, 59), st.integers(1, 300), st.sampled_from([1, 5, 10])),
        min_size=1,
        max_size=6,
    ).map(tuple),
    st.lists(places, min_size=2, max_size=4).map(tuple),
    st.lists(places, min_size=1, max_size=2).map(tuple),
    st.lists(
        st.tuples(
            st.integers(-5, 5),
            st.sampled_from([0.0, 30.0, None]),
            st.sampled_from(["open", "closed"]),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


@contextmanager
def built(region: Region) -> Iterator[tuple[Pack, Path]]:
    """Write a region as a data pack; yield it, and an empty folder for scenarios."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "pack").mkdir()
        (root / "mine").mkdir()
        yield _pack(region, root / "pack"), root / "mine"


def _pack(region: Region, folder: Path) -> Pack:
    homes = [
        (f"h{n}", east * STEP, people, decile, "b1")
        for n, (east, people, decile) in enumerate(region.homes, 1)
    ]
    shire(folder, homes=homes)
    _put(folder / "depots.geojson", _points("d", region.depots))
    _put(folder / "planned.geojson", _points("p", region.planned))
    _put(folder / "bridges.geojson", _bridges(region))
    river = shapely.LineString([(_RIVER, -0.2), (_RIVER, 0.2)])
    _put(
        folder / "river.geojson",
        gpd.GeoDataFrame({"id": ["r"], "name": ["River"]}, geometry=[river], crs="EPSG:4326"),
    )
    path = folder / "datapackage.json"
    whole = json.loads(path.read_text())
    depots = next(each for each in whole["resources"] if each["name"] == "depots")
    depots["schema"]["fields"] = _fields(position_error_m="number", status=["open", "closed"])
    depots["lcrmap"]["there"] = ["open"]
    bridges = _fields(
        modes="string", portal_error_m="number", length_m="number", status=["open", "closed"]
    )
    whole["resources"] += [
        _like(depots, "planned", depots["schema"]["fields"]),
        _like(depots, "bridges", bridges, geometry="line"),
        _like(depots, "river", _fields(), geometry="line", there=None),
    ]
    classes = [{"value": n, "label": each} for n, each in zip((1, 5, 10), KINDS, strict=True)]
    kind = {"kind": "deprivation", "title": "deprivation", "field": "decile", "classes": classes}
    watch = ["residents within 2km of depots", "distance to depots", "count of depots"]
    whole["lcrmap"]["roles"] |= {
        "barrier": "river",
        "crossings": "bridges",
        "groups": {"layer": "homes", "kinds": [kind]},
        "watch": {"measures": watch},
    }
    path.write_text(json.dumps(whole))
    return open_pack(folder)


_RIVER = 15_250 / DEGREE  # half a step east of a home or depot: none lies on it


def _points(start: str, some: Sequence[Place]) -> gpd.GeoDataFrame:
    columns = {
        "id": [f"{start}{n}" for n in range(1, len(some) + 1)],
        "name": [f"{start.upper()} {n}" for n in range(1, len(some) + 1)],
        "position_error_m": [each.error for each in some],
        "status": ["open"] * len(some),
    }
    shapes = [shapely.Point(each.at) for each in some]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def _bridges(region: Region) -> gpd.GeoDataFrame:
    columns: dict[str, list[Any]] = {
        "id": [f"b{n}" for n in range(1, len(region.bridges) + 1)],
        "name": [f"Bridge {n}" for n in range(1, len(region.bridges) + 1)],
        "modes": ["walk; cycle"] * len(region.bridges),
        "portal_error_m": [error for _, error, _ in region.bridges],
        "length_m": [None] * len(region.bridges),
        "status": [status for _, _, status in region.bridges],
    }
    half = 200 / DEGREE
    shapes = [
        shapely.LineString([(_RIVER - half, north * STEP / DEGREE), (_RIVER + half, north * STEP / DEGREE)])
        for north, _, _ in region.bridges
    ]  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def _put(path: Path, frame: gpd.GeoDataFrame) -> None:
    path.write_text(frame.to_json(na="null", drop_id=True))


def _fields(**more: str | list[str]) -> list[dict[str, Any]]:
    fields = []
    for name, kind in {"id": "string", "name": "string", **more}.items():
        field: dict[str, Any] = {"name": name, "title": name.capitalize(), "type": "string"}
        if isinstance(kind, str):
            field["type"] = kind
        else:
            field["categories"] = [{"value": each, "label": each.capitalize()} for each in kind]
        fields.append(field)
    return fields


def _like(other: dict[str, Any], name: str, fields: list[dict[str, Any]], **own: Any) -> Any:
    lcrmap = {**other["lcrmap"], "noun": {"one": name.rstrip("s"), "many": name}, **own}
    known = {key: value for key, value in lcrmap.items() if value is not None}
    schema = {**other["schema"], "fields": fields}
    return {**other, "name": name, "path": f"{name}.geojson", "schema": schema, "lcrmap": known}


# Scenarios


def written(folder: Path, *changes: str, name: str = "mine.toml", head: str = "") -> str:
    """Write a scenario; return its path."""
    path = folder / name
    path.write_text("\n".join(('title = "Mine"', head, *changes)), encoding="utf-8")
    return str(path)


def block(**keys: Any) -> str:
    """Return a change as TOML."""
    lines = [f"{key} = {_toml(value)}" for key, value in {**keys, "reason": "A test."}.items()]
    return "\n".join(("[[change]]", *lines, ""))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    return json.dumps(value)


def planned_all() -> str:
    """Return the change that adds what is planned."""
    return block(add="planned", to="depots")


def blocks(region: Region) -> st.SearchStrategy[tuple[str, ...]]:
    """Return changes of which no two speak of one feature."""
    first = region.depots[0]
    at = "{1},{0}".format(*first.at)
    error = {} if first.error is None else {"error": f"{first.error}m"}
    every = [
        planned_all(),
        block(add="new", to="depots", at="0.01,0.1", error="50m", values={"status": "open"}),
        block(add="newer", to="depots", at=at, **error),
        block(set="bridges:b1", values={"status": "closed"}),
        block(people="towns:t1", more=17),
        block(people="towns:t2", times=0.5),
    ]
    others = [
        [block(remove=f"depots:d{n}"), block(move=f"depots:d{n}", at="0.02,0.05", error="100m"),
         block(set=f"depots:d{n}", values={"status": "closed"})]
        for n in range(2, len(region.depots) + 1)
    ]  # fmt: skip
    lived = {east * STEP // 10_000 for east, _, _ in region.homes if east * STEP % 10_000}
    able = [each for n, each in enumerate(every) if n < 4 or n - 4 in lived]
    one_each = [st.sampled_from([None, *some]) for some in others]
    chosen = st.tuples(st.lists(st.sampled_from(able), unique=True), *one_each)
    return chosen.map(lambda found: tuple(filter(None, itertools.chain(found[0], found[1:]))))
