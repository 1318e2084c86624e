"""Writing a layer whose rows come in parts; the file is that of the layer written whole, or absent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lcrmap.errors import WholeNeededError
from lcrmap.io.atomic import refuse_existing, replacing, write_bytes
from lcrmap.io.encoding import Encoder
from lcrmap.io.formats import suffix_format
from lcrmap.io.writers.csv import Csv, csv_metadata
from lcrmap.io.writing import ENCODERS, is_special, metadata_path, refuse_own_input
from lcrmap.layers import Layer

__all__ = ["PartsWriter", "writing_in_parts"]


class PartsWriter:
    """Takes the parts of one layer.

    Attributes
    ----------
    rows
        How many rows it was given.
    last
        The last part, or None before the first.
    """

    def __init__(self, stream: BinaryIO, encoder: Encoder) -> None:
        self._stream, self._encoder = stream, encoder
        self.rows = 0
        self.last: Layer | None = None

    def write(self, layer: Layer) -> None:
        """Write the rows of a part."""
        self._stream.write(self._encoder.part(layer))
        self.rows += len(layer.frame)
        self.last = layer

    def end(self) -> None:
        """Write what stands behind the last row."""
        self._stream.write(self._encoder.end())

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of the file, known at its end."""
        return self._encoder.notes


@contextmanager
def writing_in_parts(path: Path, *, overwrite: bool = False) -> Iterator[PartsWriter]:
    """Open a file for parts; it stands in its place when the block ends, and the CSV's description beside it.

    Raises
    ------
    WholeNeededError
        If its format is none that can be written as rows come.
    OutputError
        If it cannot be written; nothing is left half-written.
    """
    found = suffix_format(path, "writes")
    if found is None or found.name not in ENCODERS:
        raise WholeNeededError(f"'{path}' is written whole.")
    encoder = ENCODERS[found.name]()
    described = isinstance(encoder, Csv) and not is_special(path)
    if described:
        refuse_existing(metadata_path(path), overwrite=overwrite)
    with replacing(path, overwrite=overwrite) as stream:
        writer = PartsWriter(stream, encoder)
        yield writer
        writer.end()
        if writer.last is None:
            raise WholeNeededError(f"Nothing came for '{path}'.")
        refuse_own_input(writer.last, path, overwrite=overwrite)
        if isinstance(encoder, Csv) and described:
            about = csv_metadata(writer.last, path.name, encoder.names)
            write_bytes(metadata_path(path), about, overwrite=overwrite)
