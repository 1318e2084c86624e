"""Each place in which a text becomes a path is known, with why no stranger's text leads anywhere by it.

The readers and writers of `lcrmap/io` open what they are handed; which file that is, is decided in these rooms.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import lcrmap

PACKAGE = Path(lcrmap.__file__).parent
ROOMS = ("layers", "reports", "verbs")
MAKERS = {"Path", "typed_path"}
METHODS = {"open", "joinpath", "with_name", "with_suffix", "with_stem", "scandir"}

OWN = "lcrmap's own files, or a fixed name"
USER = "what the user named, at the door of the command or in Python"
LISTED = "what lies in a folder that the user named"
CHECKED = "a descriptor's path: checked by is_relative_path, and refused where it resolves outside the pack"
FILE_NAME = "a recorded name: refused unless is_file_name, in a temporary folder"
BESIDE = "a file that a scenario names: refused unless is_file_name and stays_in, in the scenario's own folder"
KNOWN = "what the user named; where a record did, a file that was made known beforehand, or it is refused"
WORDS = "a path for its words alone: nothing is opened"

PLACES = {
    "layers/names.py: Path(text)": WORDS,
    "layers/pack.py: Path(__file__)": OWN,
    "layers/pack.py: Path(__file__).resolve().parents[2] / 'data'": OWN,
    "layers/pack.py: Path(folder)": USER,
    "layers/pack.py: Path(str(inside))": OWN,
    "layers/pack.py: folder / 'datapackage.json'": OWN,
    "layers/pack.py: resources.files('lcrmap').joinpath('data')": OWN,
    "layers/pack.py: root / 'datapackage.json'": USER,
    "layers/pack.py: self.folder / path": CHECKED,
    "reports/embed.py: Path(page)": USER,
    "reports/embed.py: path.with_suffix('.alt.txt')": USER,
    "reports/embed.py: path.with_suffix(end)": USER,
    "reports/inputs.py: Path(each.path)": LISTED,
    "reports/inputs.py: os.scandir(folders.pop())": LISTED,
    "reports/inputs.py: path.open('rb')": LISTED,
    "reports/inputs.py: target / each.name": LISTED,
    "reports/inputs.py: work / name": FILE_NAME,
    "reports/making.py: Path(each)": WORDS,
    "reports/making.py: Path(path)": USER,
    "reports/records.py: Path(path)": USER,
    "reports/records.py: folder / RECORD": USER,
    "reports/texts.py: path / 'maps'": WORDS,
    "reports/verify.py: Path(inputs)": USER,
    "reports/verify.py: Path(path)": USER,
    "reports/web.py: Path(str(resources.files('lcrmap.reports')))": OWN,
    "reports/web.py: _HERE / 'assets'": OWN,
    "reports/web.py: _HERE / 'assets' / 'report.css'": OWN,
    "reports/writing.py: folder / each": LISTED,
    "verbs/changing.py: folder / each": BESIDE,
    "verbs/recording.py: Path(path)": WORDS,
    "verbs/recording.py: typed_path(each)": "asked only whether it is a file, for its bare name",
    "verbs/sources.py: typed_path(self.found(name))": KNOWN,
}


def test_each_place_in_which_a_text_becomes_a_path_is_known() -> None:
    assert set(made()) == set(PLACES)


def made() -> Iterator[str]:
    """Yield each expression that makes a path, as FILE: EXPRESSION."""
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if _knows_paths(tree):
                name = path.relative_to(PACKAGE).as_posix()
                yield from (
                    f"{name}: {ast.unparse(each)}" for each in ast.walk(tree) if _makes(each)
                )


def _knows_paths(tree: ast.Module) -> bool:
    """Tell whether a module imports what paths are made with; where it does not, ``/`` divides numbers."""
    imported = (each for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom))
    return any(
        {alias.name for alias in each.names} & {"Path", "os", "typed_path"} for each in imported
    )


def _makes(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div) and not _is_number(node.right)
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Name):
        return called.id in MAKERS
    return isinstance(called, ast.Attribute) and called.attr in METHODS


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)
