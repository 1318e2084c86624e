"""Writing a layer by the suffix of its file, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from lcrmap.errors import UsageError
from lcrmap.io.atomic import Together, write_bytes, writing_together
from lcrmap.io.encoding import Encoder
from lcrmap.io.formats import FORMATS, format_to_write, suffix_format
from lcrmap.io.shapes import has_shapes
from lcrmap.io.targets import is_special, refuse_target
from lcrmap.io.unheld import shapes_note
from lcrmap.io.values import shape_columns
from lcrmap.layers import Layer

__all__ = [
    "STREAMED",
    "Encoded",
    "described_beside",
    "encode",
    "encode_noting",
    "encoder_for",
    "put_layer",
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
    if format_name in STREAMED:
        encoder = encoder_for(format_name)
        data = encoder.part(layer) + encoder.end()
        return Encoded(data, (*encoder.notes, *_further_shapes(layer)))
    whole = _WHOLE.get(format_name)
    if whole is None:
        known = ", ".join(each.name for each in FORMATS if each.writes)
        raise UsageError(f"There is no format '{format_name}' to write: choose one of {known}.")
    data, notes = whole(layer)
    return Encoded(data, (*notes, *_further_shapes(layer)))


def _further_shapes(layer: Layer) -> tuple[str, ...]:
    """Say which columns of shapes besides the layer's own no file holds."""
    own = layer.frame.active_geometry_name if has_shapes(layer.frame) else None
    shapes = shape_columns(layer.frame)
    further = [str(each) for each in layer.frame.columns if each in shapes and each != own]
    return shapes_note(further, layer.name)


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
    with writing_together(overwrite=overwrite) as together:
        return put_layer(layer, path, together)


def put_layer(layer: Layer, path: str | Path, together: Together) -> tuple[str, ...]:
    """Write a layer among other outputs, with which it stands or falls; see `write_layer`."""
    target = Path(path)
    found = format_to_write(target)
    refuse_target(target, overwrite=together.overwrite, inputs=together.inputs)
    beside = described_beside(target)
    if beside is None:
        encoded = encode_noting(layer, found.name)
        together.write(target, encoded.data)
        return encoded.notes
    refuse_target(beside, overwrite=together.overwrite, inputs=together.inputs)
    from lcrmap.io.writers.csv import Csv, csv_metadata  # each format is loaded where it is written

    encoder = Csv()
    together.write(target, encoder.part(layer) + encoder.end())
    together.write(beside, csv_metadata(layer, target.name, encoder.names))
    return (*encoder.notes, *_further_shapes(layer))


def takes_parts(path: str | Path) -> bool:
    """Tell whether a file of this name can be written as rows come."""
    found = suffix_format(path, "writes")
    return found is not None and found.name in STREAMED


def described_beside(path: Path) -> Path | None:
    """Return where the description of a file stands: beside a CSV, unless that is a device; else nowhere."""
    found = suffix_format(path, "writes")
    if found is None or found.name != "csv" or is_special(path):
        return None
    return path.with_name(f"{path.name}-metadata.json")


STREAMED: Final = {
    "csv": ("csv", "Csv"),
    "geojson": ("geojson", "GeoJson"),
    "geojsonl": ("geojsonseq", "GeoJsonSequence"),
    "json": ("json", "JsonRows"),
    "parquet": ("geoparquet", "Parquet"),
}
"""The formats that can be written as rows come: the file of `writers` that does, and its class."""


def encoder_for(format_name: str) -> Encoder:
    """Return what encodes a format that can be written as rows come; no other writer is loaded."""
    module, name = STREAMED[format_name]
    made: Encoder = getattr(import_module(f"lcrmap.io.writers.{module}"), name)()
    return made


def _geopackage(layer: Layer) -> tuple[bytes, tuple[str, ...]]:
    from lcrmap.io.writers.geopackage import encode_geopackage  # which most answers do without

    return encode_geopackage(layer)


def _markdown(layer: Layer) -> tuple[bytes, tuple[str, ...]]:
    from lcrmap.io.writers.markdown import encode_markdown

    return encode_markdown(layer)


_WHOLE: dict[str, Callable[[Layer], tuple[bytes, tuple[str, ...]]]] = {
    "gpkg": _geopackage,
    "md": _markdown,
}
