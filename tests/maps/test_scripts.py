"""What `make lint` asks of scripts: the linter refuses what it should, and the types are those of the data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.layers import FEATURE_ROW, Layer, Pack
from lcrmap.maps import assets
from lcrmap.maps.document import page_data
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Circles, Shading
from lcrmap.reports.embedding import LISTENER
from tests.maps import samples

ROOT = Path(__file__).parents[2]
ASSETS = Path(assets.__file__).parent / "assets"

# One fault a line, with the rule that finds it.
FAULTS = {
    'import * as all from "./data.mjs";': "no-restricted-syntax",
    'import one from "./data.mjs";': "no-restricted-syntax",
    'export * from "./words.mjs";': "no-restricted-syntax",
    "export default () => [all, one];": "no-restricted-syntax",
    'export const later = import("./words.mjs");': "no-restricted-syntax",
    "export function element(text, node) {": "",
    "  node.innerHTML = text;": "no-restricted-properties",
    "  node.outerHTML = text;": "no-restricted-properties",
    '  node.insertAdjacentHTML("beforeend", text);': "no-restricted-properties",
    "  document.write(text);": "no-restricted-properties",
    "  document.cookie = text;": "no-restricted-properties",
    "  node.bindPopup(text);": "no-restricted-properties",
    "  window.fetch(text);": "no-restricted-properties",
    "  fetch(text);": "no-undef",
    "  new XMLHttpRequest();": "no-undef",
    "  localStorage.clear();": "no-undef",
    "  window.sessionStorage.clear();": "no-restricted-properties",
    "  eval(text);": "no-eval",
    '  setTimeout("text", 1);': "no-implied-eval",
    "  new Function(text)();": "no-new-func",
    "  if (text == 1) return node;": "eqeqeq",
    "  const unused = 1;": "no-unused-vars",
    "  for (const text of node.children) text.remove();": "no-shadow",
    "  text = 2; // eslint-disable-line no-param-reassign": "no-param-reassign",
    "  return text;": "",
    "}": "",
}


def run(program: str, *arguments: str | Path, stdin: str = "") -> str:
    """Run a checker of node_modules in the checkout; return what it printed."""
    path = ROOT / "node_modules" / ".bin" / (f"{program}.cmd" if os.name == "nt" else program)
    assert path.exists(), f"{program} is missing: run 'npm ci'."
    command = [str(path), *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, input=stdin, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.stdout


def lint(name: str, text: str) -> list[tuple[int, str]]:
    """Return the lines of a script at which the linter finds something, with its rules."""
    options = ("--stdin", "--stdin-filename", name, "--format", "json")
    (report,) = json.loads(run("eslint", *options, stdin=text))
    return [(each["line"], each["ruleId"]) for each in report["messages"] if each["ruleId"]]


def test_the_linter_finds_each_of_some_faults() -> None:
    wanted = [(number, rule) for number, rule in enumerate(FAULTS.values(), 1) if rule]
    assert lint("lcrmap/maps/assets/faulty.mjs", "\n".join(FAULTS)) == wanted


def test_the_linter_finds_nothing_in_the_script_for_hosts() -> None:
    script = LISTENER.removeprefix("<script>\n").removesuffix("</script>\n")
    assert lint("lcrmap/reports/listener.js", script) == []
    assert lint("lcrmap/reports/listener.js", f"var height;{script}") != []


def bare(geometries: list[Any], **columns: list[Any]) -> Layer:
    return samples.bare(gpd.GeoDataFrame(columns, geometry=geometries, crs="EPSG:4326"))


def totalled() -> Layer:
    """The areas with a row for their sum."""
    areas = samples.areas()
    frame = areas.frame.assign(row=FEATURE_ROW)
    frame.loc[len(frame)] = {"code": None, "name": "All", "residents": 20000, "row": "total"}
    return Layer(frame, areas.metadata.replaced(row="row"))


def views() -> list[LayerView]:
    """A layer of every kind that a page draws, and of every kind of column."""
    area, line = shapely.box(-3, 53.3, -2.9, 53.4), shapely.LineString([(-3, 53.3), (-2.9, 53.4)])
    ring = area.difference(shapely.box(-2.98, 53.32, -2.92, 53.38))
    return [
        LayerView(bare([area], name=["Beyond"]), "backdrop"),
        LayerView(samples.areas(), "areas"),
        LayerView(samples.areas(), "areas", wish=Shading("residents", (10_000,))),
        LayerView(totalled(), "areas", wish=Circles("residents")),
        LayerView(samples.places(), could_also_be={0: ("Southam",), 1: ()}),
        LayerView(samples.hostile(), visible=False),
        LayerView(bare([line, None], length=[1.5, None])),
        LayerView(bare([ring, line, shapely.Point(-3, 53.3)], open=[True, False, None])),
        LayerView(bare([None], name=["Nowhere"])),
        LayerView(bare([shapely.Point(-3, 53.3)])),
    ]


def type_check(data: dict[str, Any], folder: Path) -> str:
    """Return what the type check says of a data block."""
    types = (ASSETS / "types.mjs").as_posix()
    declared = f'/** @type {{import("{types}").PageData}} */\nexport const data'
    (folder / "data.mjs").write_text(f"{declared} = {json.dumps(data)};\n", encoding="utf-8")
    config = {"extends": (ROOT / "tsconfig.json").as_posix(), "include": ["data.mjs"]}
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    return run("tsc", "--project", folder)


@pytest.mark.parametrize("page", ["everything", "nothing", "region"])
def test_the_types_of_the_data_are_those_of_the_document(
    page: str, pack: Pack, tmp_path: Path
) -> None:
    models: dict[str, PageModel] = {
        "everything": build_model(views(), basemap="osm"),
        "nothing": build_model([]),
        "region": build_model([LayerView(samples.places())], pack=pack),
    }
    assert type_check(page_data(models[page]), tmp_path) == ""


def test_data_that_strays_from_the_types_is_found(tmp_path: Path) -> None:
    data = page_data(samples.model())
    data["layers"][0]["further"] = 1
    del data["layers"][1]["placed"]
    said = type_check(data, tmp_path)
    assert """'"further"' does not exist""" in said
    assert "'placed' is missing" in said


def said_of(linked: str, folder: Path) -> str:
    """Return what Node says of modules that were linked, as one module: it holds each name once."""
    path = folder / "linked.mjs"
    path.write_text(linked, encoding="utf-8")
    node = shutil.which("node")
    assert node, "Node.js is needed to look at the scripts: put node on the PATH."
    done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True)
    return done.stderr


@pytest.mark.parametrize("entry", ["main", "foreign"])
def test_no_two_modules_of_a_page_declare_the_same_name(entry: str, tmp_path: Path) -> None:
    assert said_of(assets.link_modules(entry), tmp_path) == ""


@pytest.mark.parametrize(
    "other",
    [
        "const ROOM = 2;",
        "const HALL = 1, ROOM = 2;",
        "let HALL,\n  ROOM;",
        "const {HALL, size: ROOM} = all;",
        "export function ROOM() {}",
    ],
)
@pytest.mark.parametrize("first", ["const YARD = 1, ROOM = 1;", "function ROOM() {}"])
def test_a_name_that_two_modules_declare_is_found(first: str, other: str, tmp_path: Path) -> None:
    (tmp_path / "one.mjs").write_text(f"{first}\n")
    (tmp_path / "two.mjs").write_text(f'import {{ROOM}} from "./one.mjs";\n{other}\n')
    said = said_of(assets.link_modules("two", tmp_path), tmp_path)
    assert "Identifier 'ROOM' has already been declared" in said
