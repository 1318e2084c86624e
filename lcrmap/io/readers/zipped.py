"""A zip of one file that lcrmap reads, with what belongs to it; of several one is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from lcrmap.errors import FileError, UnknownNameError
from lcrmap.io.archives import known_as, unpacked_zip
from lcrmap.io.formats import listed_suffixes, suffix_format
from lcrmap.io.readers import read_file
from lcrmap.io.reading import Asked, Reading

__all__ = ["read"]

# What lies beside a layer more often as its description than as one.
_TABLES: Final = (".csv", ".tsv", ".json", ".xlsx", ".ods")
_TEXTS: Final = (".txt",)
_SHOWN: Final = 8


def read(path: Path, asked: Asked) -> Reading:
    """Read the one file that an archive holds, or the one asked for, and of that one the layer behind its colon.

    Raises
    ------
    FileError
        If the archive is not to be trusted, holds no such file or several, or if that cannot be read.
    UnknownNameError
        If it holds none of the name asked for.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    others: list[str] = []
    layer = ""

    def choose(names: Sequence[str]) -> str:
        nonlocal layer
        found = sorted(each for each in names if _is_read(each))
        chosen, layer = _chosen(found, asked.part, path)
        others.extend(e for e in found if e != chosen and not e.casefold().endswith(_TEXTS))
        return chosen

    with unpacked_zip(path, choose) as (inner, member):
        reading = known_as(
            inner, f"{path}:{member}", lambda: read_file(inner, replace(asked, part=layer))
        )
    if others and not asked.part:
        shown = ", ".join(others[:_SHOWN])
        note = f"'{path}' holds also {shown}: '{member}' is read, and '{path}:NAME' reads another."
        reading = replace(reading, notes=(*reading.notes, note))
    return replace(reading, title=asked.part or reading.title)


def _is_read(name: str) -> bool:
    found = suffix_format(name)
    return found is not None and not found.packed


def _chosen(names: Sequence[str], part: str, path: Path) -> tuple[str, str]:
    """Return the file that is meant, and the layer of it that is."""
    if not names:
        raise FileError(
            f"'{path}' holds nothing that lcrmap reads, which is {listed_suffixes('reads')}."
        )
    for name in names if part else ():
        for called in (name, PurePosixPath(name).name, PurePosixPath(name).stem):
            if part == called or part.startswith(f"{called}:"):
                return name, part[len(called) + 1 :]
    meant = _likeliest(names)
    if len(meant) == 1 and (not part or _is_layered(meant[0])):
        return meant[0], part
    if part:
        stems = [PurePosixPath(name).stem for name in meant]
        raise UnknownNameError("layer", part, stems, where=f"'{path}'")
    shown = ", ".join(meant[:_SHOWN]) + (", ..." if len(meant) > _SHOWN else "")
    first = PurePosixPath(meant[0]).stem
    raise FileError(
        f"'{path}' holds {len(meant)} layers ({shown}): name one, such as '{path}:{first}'."
    )


def _likeliest(names: Sequence[str]) -> list[str]:
    """Return the layers, else the tables, else the texts."""
    for others in ((*_TABLES, *_TEXTS), _TEXTS):
        found = [each for each in names if not each.casefold().endswith(others)]
        if found:
            return found
    return list(names)


def _is_layered(name: str) -> bool:
    found = suffix_format(name)
    return found is not None and found.layered
