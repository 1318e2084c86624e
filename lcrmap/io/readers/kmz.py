"""KMZ: a KML packed with its pictures, of which the KML alone is unpacked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lcrmap.errors import FileError
from lcrmap.io.archives import known_as, unpacked_zip
from lcrmap.io.readers import kml
from lcrmap.io.reading import Asked, Reading

__all__ = ["read"]


def read(path: Path, asked: Asked) -> Reading:
    """Read all places of a layer; raises as `kml.read` does, and if the archive is not to be trusted."""

    def choose(names: Sequence[str]) -> str:
        found = [each for each in names if each.casefold().endswith(".kml")]
        if not found:
            raise FileError(f"'{path}' holds no KML: save or download it again.")
        return next((each for each in found if each.casefold() == "doc.kml"), found[0])

    with unpacked_zip(path, choose) as (inner, _):
        return known_as(inner, str(path), lambda: kml.read(inner, asked))
