"""Shapefiles, zipped or not: parts cut, odd, missing or of other files, and archives that no honest tool makes."""

from __future__ import annotations

import io
import zipfile
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.bases import BASES, written
from tests.fuzz.mutators.texts import damaged, odd_name

__all__ = ["make", "make_zipped"]

PRJ = (
    b"",
    b"\xe9\xe8",
    b"GEOGCS[",
    b'GEOGCS["\xc9t\xe9",DATUM["x"]]',
    b'PROJCS["\x1b]52;c;aGk=\x07"]',
    b"EPSG:4326",
    b"x" * 10_000,
    b"[" * 5000,
    'GEOGCS["x"]'.encode("utf-16"),
    b"+proj=longlat",
)
CPG = (
    b"UTF-8",
    b"1252",
    b"ISO 88591",
    b"LDID/87",
    b"UTF-16",
    b"",
    b"\xff",
    b"x" * 300,
    b"latin1\r\n",
)
CELLS = (b"1e400", b"*****", b"nan", b"\x00\x00", b"\xe9\xff", b"9" * 18, b"-", b" ", b"\x1b[31m")


def _parts(rng: Random) -> dict[str, bytes]:
    parts = dict(written("shp", rng.randrange(BASES)))
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        _strike(parts, rng)
    return parts


def _strike(parts: dict[str, bytes], rng: Random) -> None:
    name = rng.choice([*parts])
    match rng.randrange(8):
        case 0:
            parts[name] = parts[name][: rng.randrange(len(parts[name]) + 1)]
        case 1:
            parts[name] = damaged(parts[name], rng)
        case 2:
            parts["prj"] = rng.choice(PRJ)
        case 3:
            parts["cpg"] = rng.choice(CPG)
        case 4:
            other = written("shp", rng.randrange(BASES))
            parts[name] = other.get(name, b"")
        case 5:
            parts.pop(name)
        case 6:
            table = parts.get("dbf", b"")
            at = rng.randrange(len(table) // 2, len(table)) if len(table) > 2 else 0
            cell = rng.choice(CELLS)
            parts["dbf"] = table[:at] + cell + table[at + len(cell) :]
        case _:
            parts[rng.choice(["dbf", "shp"])] = parts.get(name, b"") + rng.randbytes(7)


def make(rng: Random) -> Case:
    """Make a Shapefile."""
    files = {f"a.{suffix}": data for suffix, data in _parts(rng).items()}
    files.setdefault("a.shp", b"")
    return Case("shp", 0, files, "a.shp", ("reads", "again"))


def make_zipped(rng: Random) -> Case:
    """Make a zipped Shapefile."""
    buffer = io.BytesIO()
    inside = rng.choice(["a", "a", "folder/a", "A", odd_name(rng), "../a", "/a", "C:\\a", "a\\b"])
    with zipfile.ZipFile(buffer, "w") as archive:
        for suffix, data in _parts(rng).items():
            packing = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED])
            if rng.random() < 0.1:
                packing = rng.choice([zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
            _add(archive, f"{inside}.{suffix}", data, packing)
        if rng.random() < 0.3:
            extra = rng.choice(
                ["b.shp", "a.dbf", f"{inside}.shp", "x/", f"{odd_name(rng)}.txt", "n.zip"]
            )
            _add(archive, extra, b"x", zipfile.ZIP_STORED)
        if rng.random() < 0.05:
            archive.comment = b"\x1b[31m"
    data = buffer.getvalue()
    if rng.random() < 0.2:
        data = damaged(data, rng)
    name = rng.choice(["a.zip", "a.shp.zip"])
    return Case("zip", 0, {name: data}, name, ("reads", "again"))


def _add(archive: zipfile.ZipFile, name: str, data: bytes, packing: int) -> None:
    import warnings

    entry = zipfile.ZipInfo(name or "x")
    entry.compress_type = packing
    with warnings.catch_warnings(action="ignore"):  # a name that comes twice
        archive.writestr(entry, data)
