"""The shape of the code: imports go one way, start-up is light, the public door is complete."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lcrmap

PACKAGE = Path(lcrmap.__file__).parent

# Each room may import from those before it and from itself, never from one behind it.
ROOMS = [
    "errors",
    "layers",
    "checks",
    "io",
    "analysis",
    "maps",
    "pictures",
    "verbs",
    "reports",
    "engines",
    "live",
    "cli",
    "mcp",
]
HEAVY = [
    "geopandas",
    "pandas",
    "numpy",
    "shapely",
    "pyproj",
    "pyogrio",
    "fiona",
    "folium",
    "rich",
    "matplotlib",
    "msgspec",
    "dask",
    "distributed",
    "mcp",
    "pydantic",
    "starlette",
    "uvicorn",
]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "lcrmap" and len(parts) > 1 and parts[1] in ROOMS else None


def imported_names(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [node.module or ""]
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own not in ROOMS:
        return  # the public door (lcrmap/__init__.py) and __main__ open onto every room
    steps_back = [
        name
        for name in imported_names(path)
        if (room := room_of(name)) is not None and ROOMS.index(room) > ROOMS.index(own)
    ]
    assert steps_back == []


def test_one_module_alone_knows_of_dask() -> None:
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if {name.split(".")[0] for name in imported_names(path)} & {"dask", "distributed"}
    }
    assert knowing == {"engines/dask.py"}


def test_one_module_alone_knows_of_the_protocol() -> None:
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if {name.split(".")[0] for name in imported_names(path)} & {"mcp", "mcp_types"}
    }
    assert knowing == {"mcp/server.py"}


def test_every_folder_is_a_room() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(ROOMS)


def test_analysis_knows_no_files_no_page_and_no_command_line() -> None:
    banned = {"click", "folium", "jinja2", "rich", "pyogrio", "fiona"}
    for path in (PACKAGE / "analysis").rglob("*.py"):
        tops = {name.split(".")[0] for name in imported_names(path)}
        assert not tops & banned, path


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["--help"], {}),
        (["--version"], {}),
        (["map", "--help"], {}),
        (["show", "--help"], {}),
        (["completion", "bash"], {}),
        (
            [],
            {
                "_LCRMAP_COMPLETE": "bash_complete",
                "COMP_WORDS": "lcrmap show inn",
                "COMP_CWORD": "2",
            },
        ),
        (
            [],
            {
                "_LCRMAP_COMPLETE": "bash_complete",
                "COMP_WORDS": "lcrmap show innovation-assets --where sec",
                "COMP_CWORD": "4",
            },
        ),
    ],
    ids=[
        "help",
        "version",
        "map-help",
        "show-help",
        "completion",
        "complete-layer",
        "complete-field",
    ],
)
def test_light_commands_load_no_heavy_library(
    words: list[str], environment: dict[str, str]
) -> None:
    code = (
        "import sys, atexit\n"
        f"sys.argv = ['lcrmap', *{words!r}]\n"
        f"heavy = {HEAVY!r}\n"
        "atexit.register(lambda: print('LOADED', [h for h in heavy if h in sys.modules], file=sys.stderr))\n"
        "import lcrmap.cli; lcrmap.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PACKAGE.parent,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip(), done.stderr
    assert "LOADED []" in done.stderr


def test_the_public_door_lists_what_it_opens_and_opens_what_it_lists() -> None:
    assert lcrmap.__all__ == sorted(lcrmap.__all__)
    for name in lcrmap.__all__:
        assert getattr(lcrmap, name).__name__ == name


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        lcrmap.nonsense  # noqa: B018 (the access is the test)


SPEAKING = {"print", "echo", "secho", "echo_via_pager", "Console"}
DOOR = PACKAGE / "cli" / "door.py"


@pytest.mark.parametrize(
    "path",
    [each for each in modules() if each != DOOR],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_is_printed_but_through_the_door(path: Path) -> None:
    said = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "id", getattr(called, "attr", ""))
            if name in SPEAKING:
                said.append(f"{node.lineno}: {name}")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "sys" and node.attr.strip("_") in ("stdout", "stderr"):
                said.append(f"{node.lineno}: sys.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module == "rich.console":
            said += [f"{node.lineno}: {each.name}" for each in node.names if each.name == "Console"]
    assert said == []
