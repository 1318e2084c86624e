"""A region that does not exist, as large as is asked for: squares, people at points, stops; and many changes to it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

__all__ = ["region", "region_scenario", "region_sites"]

_SIDE: Final = 10  # squares in a row
_WEST, _SOUTH, _STEP = 10.0, 50.0, 0.1  # degrees
_STOPS: Final = 400
_LICENCE: Final = {"name": "CC0-1.0", "title": "Creative Commons Zero v1.0", "path": ""}


def region(size: int, path: Path) -> None:
    """Write a data pack of so many points at which people live."""
    path.mkdir()
    chance = np.random.default_rng(15)
    spots = (
        _WEST + _SIDE * _STEP * chance.random(size),
        _SOUTH + _SIDE * _STEP * chance.random(size),
    )
    people = chance.integers(0, 6, size)
    square = _square(*spots)
    totals = np.bincount(square, weights=people, minlength=_SIDE**2).astype(int)
    with (path / "homes.csv").open("w", encoding="utf-8") as file:
        file.write("ref,x_deg,y_deg,people\n")
        for start in range(0, size, 100_000):
            rows = zip(
                *(each[start : start + 100_000].tolist() for each in (*spots, people)), strict=True
            )
            file.writelines(
                f"h{start + n},{x:.6f},{y:.6f},{k}\n" for n, (x, y, k) in enumerate(rows)
            )
    squares = [
        _feature(_ring(n), ref=f"q{n}", called=f"Square {n}", people=int(totals[n]))
        for n in range(_SIDE**2)
    ]
    stops = [
        _feature(
            {"type": "Point", "coordinates": [round(float(x), 6), round(float(y), 6)]},
            ref=f"s{n}",
            called=f"Stop {n}",
            position_error_m=50,
        )
        for n, (x, y) in enumerate(_places(_STOPS, 7))
    ]
    for name, features in (("squares", squares), ("stops", stops)):
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (path / f"{name}.geojson").write_text(text, encoding="utf-8")
    (path / "datapackage.json").write_text(json.dumps(_descriptor(path)), encoding="utf-8")


def region_scenario(size: int, path: Path) -> None:
    """Write a scenario of so many changes: stops come, go and move."""
    blocks = ['title = "Many changes"']
    for n, (x, y) in enumerate(_places(size, 8)):
        at = f'at = "{y:.5f},{x:.5f}"\nerror = "50m"\nreason = "An illustration."'
        what = f'add = "n{n}"\nto = "stops"\nvalues = {{ called = "New {n}" }}\n{at}'
        if n < _STOPS // 2:
            what = f'move = "stops:s{n}"\n{at}'
        elif n < _STOPS:
            what = f'remove = "stops:s{n}"\nreason = "An illustration."'
        blocks.append(f"[[change]]\n{what}")
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def region_sites(size: int, path: Path) -> None:
    """Write so many places at which a further stop could be."""
    lines = [f"c{n},{x:.6f},{y:.6f}\n" for n, (x, y) in enumerate(_places(size, 9))]
    path.write_text("id,longitude,latitude\n" + "".join(lines), encoding="utf-8")


def _places(size: int, seed: int) -> Any:
    chance = np.random.default_rng(seed)
    return np.array([_WEST, _SOUTH]) + _SIDE * _STEP * chance.random((size, 2))


def _square(x: Any, y: Any) -> Any:
    column, row = ((each // _STEP).astype(int) for each in (x - _WEST, y - _SOUTH))
    return np.clip(row, 0, _SIDE - 1) * _SIDE + np.clip(column, 0, _SIDE - 1)


def _ring(number: int) -> dict[str, Any]:
    row, column = divmod(number, _SIDE)
    west, south = round(_WEST + column * _STEP, 6), round(_SOUTH + row * _STEP, 6)
    east, north = round(west + _STEP, 6), round(south + _STEP, 6)
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def _feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _descriptor(folder: Path) -> dict[str, Any]:
    fields = {
        "squares": {"ref": "string", "called": "string", "people": "integer"},
        "stops": {"ref": "string", "called": "string", "position_error_m": "integer"},
        "homes": {"ref": "string", "x_deg": "number", "y_deg": "number", "people": "integer"},
    }
    nouns = {"squares": "square", "stops": "stop", "homes": "home"}
    roles = {
        "areas": "squares",
        "population": {"layer": "homes", "field": "people"},
        "area_residents": {"layer": "squares", "field": "people"},
        "atlas": {"layers": ["stops"], "off": []},
    }
    return {
        "name": "squares",
        "title": "The Squares",
        "description": "A region that does not exist, for benchmarks.",
        "version": "1.0.0",
        "licenses": [_LICENCE],
        "lcrmap": {"region": "The Squares", "roles": roles},
        "resources": [
            _resource(folder, name, kinds, nouns[name]) for name, kinds in fields.items()
        ],
    }


def _resource(folder: Path, name: str, kinds: dict[str, str], noun: str) -> dict[str, Any]:
    suffix = "csv" if name == "homes" else "geojson"
    path = folder / f"{name}.{suffix}"
    about = {
        "crs": "EPSG:4326",
        "credit": "Invented.",
        "as_of": "2026",
        "geometry": "area" if name == "squares" else "point",
        "label": "ref" if name == "homes" else "called",
        "noun": {"one": noun, "many": f"{noun}s"},
    }
    if name == "homes":
        about |= {"x": "x_deg", "y": "y_deg"}
    return {
        "name": name,
        "title": name.capitalize(),
        "description": "Invented for benchmarks.",
        "path": path.name,
        "format": suffix,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest(),
        "licenses": [_LICENCE],
        "sources": [{"title": "Invented for benchmarks"}],
        "schema": {
            "primaryKey": ["ref"],
            "fields": [{"name": key, "title": key, "type": kind} for key, kind in kinds.items()],
        },
        "lcrmap": about,
    }
