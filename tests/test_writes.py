"""Who may change a disk: a walk of the code finds every place, and each of them is listed here with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import lcrmap

PACKAGE = Path(lcrmap.__file__).parent

CHANGING = re.compile(
    r"chmod|chown|copy2|copyfile|copytree|hardlink_to|mkdir|mkdtemp|mkstemp|move|removedirs|rename|rmdir|rmtree"
    r"|symlink_to|NamedTemporaryFile|TemporaryDirectory|TemporaryFile|touch|unlink|write_text"
)

PLACES = {
    "io/access.py": "gives what is written its mode and owner",
    "io/atomic.py": "writes files beside their targets, and puts them in their places",
    "io/folders.py": "the same of folders",
    "io/placed_sets.py": "gives the files of a data set their names, beside its place",
    "io/stores.py": "writes the files of a data set, beside its place or into a store",
    "io/renaming.py": "renames",
    "io/siblings.py": "makes and sweeps what is hidden, and temporary folders",
    "io/targets.py": "makes output/",
    "io/xml_text.py": "writes a copy into a temporary folder",
    "io/json_copy.py": "writes a copy into a temporary folder",
    "io/archives.py": "unpacks into a temporary folder, under names of its own",
    "io/readers/geopackage.py": "copies a database with its log into a temporary folder",
    "reports/inputs.py": "lays the inputs of a record into a temporary folder",
    "live/making.py": "writes a live map beside its place, and the pack that it begins with",
    "live/copies.py": "copies that pack, beside the place of an export; unpacks a backup there",
    "live/serving.py": "takes the folder for one server",
    "live/sqlite.py": "takes the file away in which a server that ended noted who was here",
    "mcp/outbox.py": "puts what a call wrote into the folder that the server may write into",
    "cli/streaming.py": "holds what is printed in a file without a name",
}


def changes(path: Path) -> Iterator[str]:
    """Give the calls of a module that change a disk."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            method = isinstance(node.func, ast.Attribute)
            name = node.func.attr if method else getattr(node.func, "id", "")
            of_a_frame = name == "rename" and not (method and node.args)
            if (CHANGING.fullmatch(name) and not of_a_frame) or (name == "open" and writes(node)):
                yield f"{name}, line {node.lineno}"


def writes(call: ast.Call) -> bool:
    """Tell whether a call of ``open`` has a mode in which a file changes."""
    values = (*call.args, *(each.value for each in call.keywords))
    given = [each.value for each in values if isinstance(each, ast.Constant)]
    return any(
        isinstance(each, str) and each.strip("bt") in ("w", "a", "x", "r+", "w+") for each in given
    )


def test_only_these_change_a_disk() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): list(changes(path))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    assert {name: calls for name, calls in found.items() if calls and name not in PLACES} == {}
    assert [name for name in PLACES if not found.get(name)] == []
