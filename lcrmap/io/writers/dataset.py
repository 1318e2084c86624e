"""Rows as files of a data set: GeoParquet of so many rows at most, each with a covering."""

from __future__ import annotations

from typing import Any, Final

from lcrmap.io.json_rows import carried_form
from lcrmap.io.manifest import Manifest, Part
from lcrmap.io.stores import Place
from lcrmap.io.unheld import Unheld
from lcrmap.io.writers.geoparquet import Parquet
from lcrmap.layers import Layer

__all__ = ["ROWS_PER_FILE", "PartFiles", "written_whole"]

ROWS_PER_FILE: Final = 1_048_576
"""How many rows a file has at most, unless another number is asked for."""


class PartFiles:
    """Takes rows, and writes them to files one after the other.

    Parameters
    ----------
    place
        Where they go.
    stem
        What their names begin with.
    most
        How many rows a file has at most.

    Attributes
    ----------
    carried
        The metadata of the rows, as each file carries them; None before the first.
    unheld
        What the files have no form for.
    """

    def __init__(self, place: Place, stem: str, most: int) -> None:
        self._place, self._stem, self._most = place, stem, most
        self._done: list[Part] = []
        self._file: _File | None = None
        self.carried: dict[str, Any] | None = None
        self.unheld = Unheld()

    def write(self, layer: Layer) -> None:
        """Write the next rows; an empty layer makes a file too, if it is the first."""
        if self.carried is None:
            self.carried = carried_form(layer)
        rows = len(layer.frame)
        at = 0
        while at < rows or (not rows and self._file is None and not self._done):
            if self._file is None:
                name = self._place.named(f"{self._stem}-{len(self._done):04d}.parquet")
                self._file = _File(self._place, name)
            some = layer.frame.iloc[at : at + self._most - self._file.rows]
            self._file.write(layer.with_frame(some))
            at += max(1, len(some))
            if self._file.rows == self._most:
                self._close()

    def end(self) -> tuple[Part, ...]:
        """Close the last file, and return all."""
        if self._file is not None:
            self._close()
        return tuple(self._done)

    def discard(self) -> None:
        """Close the file under way, which is of no use to anyone."""
        if self._file is not None:
            self._file.discard()

    def _close(self) -> None:
        assert self._file is not None  # noqa: S101 (who closes looked)
        self._done.append(self._file.end())
        self.unheld += self._file.unheld
        self._file = None


def written_whole(layer: Layer, place: Place, most: int) -> tuple[Manifest, Unheld]:
    """Write all rows of a layer, and return the list of the files and what they have no form for."""
    files = PartFiles(place, "000000", most)
    try:
        files.write(layer)
        return Manifest(files.end(), files.carried), files.unheld
    finally:
        files.discard()


class _File:
    """A file under way."""

    def __init__(self, place: Place, name: str) -> None:
        self._name, self._file = name, place.create(name)
        self._encoder, self.rows = Parquet(covered=True), 0

    def write(self, layer: Layer) -> None:
        self._file.write(self._encoder.part(layer))
        self.rows += len(layer.frame)

    def end(self) -> Part:
        self._file.write(self._encoder.end())
        size, sha256 = self._file.end()
        return Part(self._name, self.rows, size, sha256)

    @property
    def unheld(self) -> Unheld:
        return self._encoder.unheld

    def discard(self) -> None:
        self._file.discard()
