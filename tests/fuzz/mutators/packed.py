"""Files packed by gzip, in a zip or a KMZ: what is packed is as odd as bare, and so is the packing."""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators import delimited, flatgeobuf, geojson, geopackage, markup
from tests.fuzz.mutators.texts import damaged, odd_name

__all__ = ["make_gzip", "make_kmz", "make_zip", "zipped"]

_KML = markup.maker("kml")
_PACKABLE = (
    geojson.make_collection,
    geojson.make_sequence,
    delimited.make,
    geopackage.make,
    flatgeobuf.make,
    _KML,
)


def _packed(bare: Case, name: str, data: bytes, rng: Random) -> Case:
    """Return a case of an archive beside what it holds; of a damaged one nothing is known."""
    if rng.random() < 0.25:
        return Case("", 0, {name: damaged(data, rng)}, name, ("again",))
    return replace(
        bare, files={**bare.files, name: data}, subject=name, checks=("bare",), lawful=False
    )


def make_gzip(rng: Random) -> Case:
    """Make a file packed by gzip, such as ``a.csv.gz``."""
    bare = rng.choice(_PACKABLE)(rng)
    packed = gzip.compress(bare.data, compresslevel=rng.choice([0, 1, 9]), mtime=0)
    if rng.random() < 0.1:  # of two members, as pigz and cat make them
        half = len(bare.data) // 2
        packed = gzip.compress(bare.data[:half]) + gzip.compress(bare.data[half:])
    return _packed(bare, f"{bare.subject}.gz", packed, rng)


def make_zip(rng: Random) -> Case:
    """Make a zip of one file, in a folder or with others beside it now and then."""
    bare = rng.choice(_PACKABLE)(rng)
    inside = rng.choice(["", "", "folder/", "é/"]) + bare.subject
    more = rng.choice([{}, {}, {"readme.txt": b"x"}, {"a.png": b"x"}, {odd_name(rng) or "x": b""}])
    return _packed(bare, "a.zip", zipped({inside: bare.data, **more}, rng), rng)


def make_kmz(rng: Random) -> Case:
    """Make a KMZ."""
    bare = _KML(rng)
    inside = rng.choice(["doc.kml", "doc.kml", "a.kml", "folder/doc.kml", "DOC.KML"])
    more = rng.choice([{}, {}, {"files/a.png": b"x"}, {odd_name(rng) or "x": b"x"}])
    return _packed(bare, "a.kmz", zipped({inside: bare.data, **more}, rng), rng)


def zipped(content: dict[str, bytes], rng: Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
            archive.writestr(entry, data)
    return buffer.getvalue()
