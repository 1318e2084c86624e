"""What strangers send to be run or rebuilt: recipes, scenarios, data packs, and pages with a record."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.mutators.questions import PACK
from tests.fuzz.mutators.texts import damaged, json_text, odd_name, odd_text, odd_value

__all__ = ["make_pack", "make_page", "make_recipe", "make_scenario"]

SKERRIES = Path(PACK[1])
PATHS = (
    "../x.csv",
    "/etc/passwd",
    "a\\b",
    "x\0y",
    "~/x",
    "isles.geojson",
    "http://x/y.csv",
    "n" * 300,
    ".",
    "",
)

RECIPE: dict[str, Any] = {
    "title": "A report",
    "size": "report",
    "question": [
        {"ask": "count", "layers": ["landings"], "in": "isles", "title": "How many"},
        {"ask": "near", "from": "landings", "to": ["isles"], "nearest": 1},
        {"ask": "catchment", "places": ["landings"], "rings": ["2km", "5km"]},
        {"ask": "text", "text": "Words."},
        {"ask": "show", "layer": "isles", "where": "ref = 'x'", "limit": 3},
    ],
}


def struck(value: Any, rng: Random, depth: int = 0) -> Any:
    """Return a value of JSON in which one part, at any depth, is something else, gone, doubled or new."""
    if isinstance(value, dict) and value and (not depth or rng.random() < 0.8):
        name = rng.choice([*value])
        match rng.randrange(8):
            case 0:
                return {key: each for key, each in value.items() if key != name}
            case 1:
                return {**value, odd_name(rng): odd_value(rng)}
            case 2:
                return {
                    (odd_name(rng) if key == name else key): each for key, each in value.items()
                }
        return {**value, name: struck(value[name], rng, depth + 1)}
    if isinstance(value, list) and value and rng.random() < 0.8:
        at = rng.randrange(len(value))
        middle = rng.choice([[], [value[at]] * 2, *[[struck(value[at], rng, depth + 1)]] * 4])
        return [*value[:at], *middle, *value[at + 1 :]]
    return rng.choice(
        [odd_value(rng), odd_text(rng), rng.choice(PATHS), None, [], {}, [value], {"a": value}]
    )


def _toml(value: Any) -> str:
    """Return a value as TOML writes it in one line, as far as it can."""
    match value:
        case None:
            return '""'
        case dict():
            inner = ", ".join(
                f"{json.dumps(str(key))} = {_toml(each)}" for key, each in value.items()
            )
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case bool():
            return str(value).lower()
        case str():
            return json_text(value)
    return str(value)


def make_recipe(rng: Random) -> Case:
    """Make a recipe; it is read, and no report is made of it."""
    times = rng.choice([0, 1, 1, 2])
    recipe: Any = RECIPE
    for _ in range(times):
        recipe = struck(recipe, rng)
    if not isinstance(recipe, dict):
        recipe = {"question": recipe}
    text = "\n".join(f"{json.dumps(str(key))} = {_toml(each)}" for key, each in recipe.items())
    data = text.encode("utf-8", "replace")
    if rng.random() < 0.15:
        data = damaged(data, rng)
    elif rng.random() < 0.05:
        data += rng.choice(
            [b"\nx = " + b"[" * 5000, b"\nx = " + b"9" * 5000, b"\x00", b"\na.b.c.d = 1"]
        )
    files = {"r.toml": data}
    return Case(
        "recipe", 0, files, "r.toml", ("recipe",), lawful=not times and data == text.encode()
    )


SCENARIO: dict[str, Any] = {
    "title": "A jetty comes",
    "base": "base.toml",
    "change": [
        {"add": "new.csv", "to": "landings", "reason": "r", "source": "s", "chance": 0.5},
        {
            "add": "jetty",
            "to": "landings",
            "at": "-45.87,60.21",
            "error": "100m",
            "values": {"called": "Jetty", "kind": "jetty"},
            "reason": "r",
        },
        {"remove": "landings:lagoon-raft", "was": {"confidence": "reported"}, "reason": "r"},
        {"move": "boathouse", "at": "-46.07,60.06", "reason": "r"},
        {"set": ["fords:causeway", "fords:ferry"], "values": {"status": "closed"}, "reason": "r"},
        {"people": "isles:great", "more": 4, "reason": "r"},
        {"people": "isles:mor", "times": 1.5, "reason": "r"},
    ],
    "aim": [{"measure": "distance to landings", "should": "fall", "among": "under turf"}],
}
BASE = b'title = "Base"\n[[change]]\nreplace = "fords"\nwith = "fords.geojson"\nreason = "r"\n'


def make_scenario(rng: Random) -> Case:
    """Make a scenario of the Skerries, with a base and a file that it brings features from."""
    scenario: Any = SCENARIO
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        scenario = struck(scenario, rng)
    if not isinstance(scenario, dict):
        scenario = {"title": "x", "change": scenario}
    text = "\n".join(f"{json.dumps(str(key))} = {_toml(each)}" for key, each in scenario.items())
    data = text.encode("utf-8", "replace")
    if rng.random() < 0.1:
        data = damaged(data, rng)
    new = b"ref,called,kind,confidence,lat,lon\nz,Zed,hut,confirmed,-46.05,60.31\n"
    files = {"s.toml": data, "base.toml": BASE, "new.csv": new}
    files["fords.geojson"] = _skerries()["fords.geojson"]
    spoilt = rng.choice([None, None, "base.toml", "new.csv", "fords.geojson"])
    if spoilt is not None:
        files[spoilt] = damaged(files[spoilt], rng)
    lines = [
        ("scenarios", "s.toml", *PACK, "-f", "table"),
        ("gaps", "landings", "--beyond", "5km", "--scenario", "s.toml", *PACK, "-f", "table"),
        ("near", "Jetty", "fords", "--scenario", "s.toml", *PACK, "-f", "table"),
        ("compare", "baseline", "s.toml", *PACK, "-f", "table"),
        ("compare", "s.toml", "base.toml", "--across", "walk", *PACK, "-f", "table"),
        ("count", "landings", "--in", "isles", "--scenario", "s.toml", *PACK, "-o", "c.html"),
    ]
    return Case("scenario", 0, files, "s.toml", (), (rng.choice(lines),))


@cache
def _skerries() -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(SKERRIES.iterdir()) if each.is_file()}


def make_pack(rng: Random) -> Case:
    """Make a data pack."""
    files = dict(_skerries())
    described: Any = json.loads(files["datapackage.json"])
    for _ in range(rng.choice([1, 1, 2])):
        described = struck(described, rng)
    data = json_text(described).encode("utf-8", "replace")
    if rng.random() < 0.1:
        data = damaged(data, rng)
    files["datapackage.json"] = data
    if rng.random() < 0.1:
        name = rng.choice([each for each in files if each != "datapackage.json"])
        files[name] = damaged(files[name], rng)
    lines = [
        ("layers", "--pack", "."),
        ("show", "isles", "--pack", ".", "-f", "table"),
        ("count", "landings", "--in", "isles", "--pack", ".", "-f", "table"),
        ("near", "landings", "isles", "--pack", ".", "-f", "table"),
        ("map", "landings", "--pack", ".", "-o", "m.html"),
        ("catchment", "landings", "--rings", "1km", "--pack", ".", "-f", "table"),
        ("layers", "isles", "--pack", "."),
    ]
    return Case("pack", 0, files, "datapackage.json", (), tuple(rng.sample(lines, 2)))


RECORD: dict[str, Any] = {
    "kind": "lcrmap page",
    "form": 2,
    "question": {"ask": "map", "layers": ["a.csv"]},
    "pack": {"name": "liverpool-city-region", "version": "1", "sha256": "0" * 64},
    "inputs": [{"name": "a.csv", "sha256": "0" * 64}],
    "versions": {"lcrmap": "0.1", "python": "3.11"},
}
REPORT = {
    **RECORD,
    "kind": "lcrmap report",
    "recipe": RECIPE,
    "figures": [{"section": "x", "method": "y"}],
}


def make_page(rng: Random) -> Case:
    """Make a page with a record, which none of ours need be."""
    record: Any = rng.choice([RECORD, RECORD, REPORT])
    pack = json.loads((SKERRIES.parents[2] / "data" / "datapackage.json").read_text())
    if rng.random() < 0.5:  # else it is told at once that the pack is another
        record = {**record, "pack": {**record["pack"], "sha256": _digest(), "name": pack["name"]}}
    for _ in range(rng.choice([1, 1, 2, 3])):
        record = struck(record, rng)
    text = json_text(record).encode("utf-8", "replace")
    if rng.random() < 0.1:
        text = damaged(text, rng)
    block = b'<script type="application/json" id="made">' + text + b"</script>"
    title = odd_text(rng).encode("utf-8", "replace")
    page = (
        b'<!DOCTYPE html><html><head><meta name="generator" content="lcrmap"><title>'
        + title
        + b"</title></head><body>"
        + block * rng.choice([1, 1, 2])
        + b"</body></html>"
    )
    if rng.random() < 0.1:
        page = damaged(page, rng)
    name = rng.choice(["p.html", "p.html", "a#b.html", "100%.html", "a b?.html"])
    files = {name: page, "made.json": text, "a.csv": b"lon,lat\n-3,53.4\n"}
    lines = [
        ("explain", name),
        ("verify", name, "--inputs", "."),
        ("verify", name),
        ("embed", name),
        ("embed", name, "--url", odd_text(rng).replace("\0", "")),
    ]
    return Case("page", 0, files, name, (), tuple(rng.sample(lines, 2)))


@cache
def _digest() -> str:
    import hashlib

    return hashlib.sha256(
        (SKERRIES.parents[2] / "data" / "datapackage.json").read_bytes()
    ).hexdigest()
