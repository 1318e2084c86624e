"""Writing a layer whose rows come in parts; the file is that of the layer written whole, or absent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lcrmap.errors import WholeNeededError
from lcrmap.io.atomic import Together
from lcrmap.io.encoding import Encoder
from lcrmap.io.formats import suffix_format
from lcrmap.io.targets import refuse_target
from lcrmap.io.writers.csv import Csv, csv_metadata
from lcrmap.io.writing import STREAMED, described_beside, encoder_for
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
def writing_in_parts(path: Path, together: Together) -> Iterator[PartsWriter]:
    """Open a file for parts, among other outputs: they stand in their places when those do, a CSV's description too.

    Raises
    ------
    WholeNeededError
        If its format is none that can be written as rows come.
    OutputError
        If it cannot be written; nothing is left half-written.
    """
    found = suffix_format(path, "writes")
    if found is None or found.name not in STREAMED:
        raise WholeNeededError(f"'{path}' is written whole.")
    encoder = encoder_for(found.name)
    beside = described_beside(path)
    if beside is not None:
        refuse_target(beside, overwrite=together.overwrite, inputs=together.inputs)
    writer = PartsWriter(together.open(path), encoder)
    yield writer
    writer.end()
    if writer.last is None:
        raise WholeNeededError(f"Nothing came for '{path}'.")
    if isinstance(encoder, Csv) and beside is not None:
        together.write(beside, csv_metadata(writer.last, path.name, encoder.names))
