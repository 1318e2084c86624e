"""File Geodatabases: GDAL's own, with tables cut, changed, missing, swapped or of other layers; bare and in a zip."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.bases import BASES, frame_of
from tests.fuzz.mutators.packed import zipped
from tests.fuzz.mutators.texts import damaged, odd_name

__all__ = ["make", "make_zipped"]

_LAYERS = ("a", "b")


@cache
def _written(number: int) -> dict[str, bytes]:
    """Return the files that GDAL writes for two layers, by name."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        path = Path(folder) / "a.gdb"
        for at, layer in enumerate(_LAYERS):
            frame_of((number + at) % BASES).to_file(path, layer=layer, driver="OpenFileGDB")
        return {each.name: each.read_bytes() for each in sorted(path.iterdir())}


def _tables(rng: Random) -> dict[str, bytes]:
    files = dict(_written(rng.randrange(BASES)))
    for _ in range(rng.choice([0, 1, 1, 1, 2, 5])):
        # The tables of the layers themselves come last, those that tell of them before.
        name = rng.choice([each for each in files if each.endswith(("table", "tablx"))] or ["gdb"])
        match rng.randrange(5):
            case 0 | 1 | 2:
                files[name] = damaged(files.get(name, b"x"), rng)
            case 3:
                files[name] = rng.choice(list(_written(rng.randrange(BASES)).values()))
            case _:
                files.pop(name, None)
    return files


def _file_name(text: str) -> str:
    """Return a text as a name that a file can have."""
    plain = text.replace("\0", "").replace("/", "_")[:60]
    return "x" if plain in ("", ".", "..") else plain


def make(rng: Random) -> Case:
    """Make a folder; with another file in it now and then."""
    files = {f"a.gdb/{name}": data for name, data in _tables(rng).items()}
    if rng.random() < 0.1:
        files[f"a.gdb/{_file_name(odd_name(rng))}"] = b"x"
    files.setdefault("a.gdb/gdb", b"")
    return Case("gdb", 0, files, f"a.gdb:{rng.choice(_LAYERS)}", ("again",))


def make_zipped(rng: Random) -> Case:
    """Make a zip of a folder, which may be damaged."""
    inside = rng.choice(["a.gdb/", "a.gdb/", "x/a.gdb/", "A.GDB/"])
    data = zipped({f"{inside}{name}": each for name, each in _tables(rng).items()}, rng)
    data = damaged(data, rng) if rng.random() < 0.25 else data
    return Case("gdbzip", 0, {"a.gdb.zip": data}, f"a.gdb.zip:{rng.choice(_LAYERS)}", ("again",))
