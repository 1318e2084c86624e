"""Writing a layer by the suffix of its file, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.atomic import refuse_existing, write_bytes
from lcrmap.io.encoding import Encoder
from lcrmap.io.formats import FORMATS, format_to_write, suffix_format
from lcrmap.io.writers.csv import Csv, csv_metadata
from lcrmap.io.writers.geojson import GeoJson
from lcrmap.io.writers.geojsonseq import GeoJsonSequence
from lcrmap.io.writers.geopackage import encode_geopackage
from lcrmap.io.writers.geoparquet import Parquet
from lcrmap.io.writers.json import JsonRows
from lcrmap.io.writers.markdown import encode_markdown
from lcrmap.layers import Layer

__all__ = [
    "ENCODERS",
    "Encoded",
    "encode",
    "encode_noting",
    "is_special",
    "metadata_path",
    "refuse_own_input",
    "takes_parts",
    "write_bytes",
    "write_layer",
]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A layer as the bytes of a file, and the sentences to be said about what they leave out."""

    data: bytes
    notes: tuple[str, ...] = ()


def encode(layer: Layer, format_name: str) -> bytes:
    """Return a layer as the bytes of a file.

    Parameters
    ----------
    format_name
        ``csv``, ``geojson``, ``geojsonl``, ``gpkg``, ``json``, ``md`` or ``parquet``.

    Raises
    ------
    UsageError
        If no format that can be written has this name.
    CRSError
        If the format wants degrees and the layer has no coordinate reference system.
    """
    return encode_noting(layer, format_name).data


def encode_noting(layer: Layer, format_name: str) -> Encoded:
    """Return a layer as the bytes of a file, with the notes to be said; see `encode`."""
    if format_name in ENCODERS:
        encoder = ENCODERS[format_name]()
        return Encoded(encoder.part(layer) + encoder.end(), encoder.notes)
    whole = _WHOLE.get(format_name)
    if whole is None:
        known = ", ".join(each.name for each in FORMATS if each.writes)
        raise UsageError(f"There is no format '{format_name}' to write: choose one of {known}.")
    return Encoded(*whole(layer))


def write_layer(layer: Layer, path: str | Path, *, overwrite: bool = False) -> tuple[str, ...]:
    """Write a layer; the suffix decides the format.

    Beside a CSV its source, licence and date are written to ``NAME.csv-metadata.json``.

    Parameters
    ----------
    path
        Where to write; see `write_bytes` for when a file may be replaced.

    Returns
    -------
    tuple of str
        Sentences to be said: what was transformed, guarded or left out.

    Raises
    ------
    UsageError
        If the suffix tells no format that can be written.
    OutputError
        If it cannot be written; nothing is left half-written.
    """
    target = Path(path)
    found = format_to_write(target)
    refuse_existing(target, overwrite=overwrite)
    refuse_own_input(layer, target, overwrite=overwrite)
    if found.name == "csv" and not is_special(target):
        beside = metadata_path(target)
        refuse_existing(beside, overwrite=overwrite)
        encoder = Csv()
        encoded = Encoded(encoder.part(layer) + encoder.end(), encoder.notes)
        write_bytes(beside, csv_metadata(layer, target.name, encoder.names), overwrite=overwrite)
    else:
        encoded = encode_noting(layer, found.name)
    write_bytes(target, encoded.data, overwrite=overwrite)
    return encoded.notes


def takes_parts(path: str | Path) -> bool:
    """Tell whether a file of this name can be written as rows come."""
    found = suffix_format(path, "writes")
    return found is not None and found.name in ENCODERS


def metadata_path(path: Path) -> Path:
    """Return where the description of a CSV file stands."""
    return path.with_name(f"{path.name}-metadata.json")


def is_special(path: Path) -> bool:
    """Tell whether a path is a device or a named pipe, beside which nothing can stand."""
    return path.exists() and not path.is_file()


def refuse_own_input(layer: Layer, target: Path, *, overwrite: bool) -> None:
    """Refuse to replace a file from which the layer itself was read, even in the output folder."""
    if overwrite or not target.is_file():
        return
    if any(each.name == target.name for each in layer.inputs):
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if any(each.sha256 == digest for each in layer.inputs):
            raise OutputError(
                f"'{target}' is what was read: choose another name, or add --overwrite to replace it."
            )


ENCODERS: dict[str, type[Encoder]] = {
    "csv": Csv,
    "geojson": GeoJson,
    "geojsonl": GeoJsonSequence,
    "json": JsonRows,
    "parquet": Parquet,
}
"""The formats that can be written as rows come."""

_WHOLE: dict[str, Callable[[Layer], tuple[bytes, tuple[str, ...]]]] = {
    "gpkg": encode_geopackage,
    "md": encode_markdown,
}
