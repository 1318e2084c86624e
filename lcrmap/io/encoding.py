"""What every way of writing rows has in common: parts of a layer come one after another, and become bytes.

A layer that is at hand whole is one part. One that is larger than memory comes in many, and must give the same bytes:
whatever an encoder decides, it decides by what all parts share, or it says that it cannot.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from typing import ClassVar

from lcrmap.io.shapes import measures
from lcrmap.io.unheld import (
    decimals_note,
    infinite_note,
    infinite_numbers,
    long_decimals,
    measures_note,
)
from lcrmap.layers import Layer

__all__ = ["Encoder"]


class Encoder(ABC):
    """Turns the parts of one layer into the bytes of one file."""

    title: ClassVar[str]
    """What has no form for infinite numbers, in words: the format, or the text in which it keeps lists and objects."""

    holds_infinite: ClassVar[bool] = False
    """Whether a column of numbers keeps infinite ones."""

    def __init__(self) -> None:
        self._moved: tuple[str, ...] = ()
        self._infinite: Counter[str] = Counter()
        self._decimals: dict[str, None] = {}
        self._measures = 0

    @abstractmethod
    def part(self, layer: Layer) -> bytes:
        """Return the bytes of the next rows; before the first ones, what stands at the head of the file.

        Raises
        ------
        WholeNeededError
            If these rows show that the head should have been another.
        """

    def end(self) -> bytes:
        """Return what stands at the end of the file."""
        return b""

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of the file, known when all parts have come."""
        return (
            *self._moved,
            *infinite_note(self._infinite, self.title),
            *decimals_note(list(self._decimals), self.title),
            *measures_note(self._measures, self.title),
        )

    def _count_infinite(self, layer: Layer) -> None:
        """Count the infinite numbers of the next rows, which the notes say."""
        self._infinite += infinite_numbers(layer.frame, within=self.holds_infinite)

    def _look_at_decimals(self, layer: Layer) -> None:
        """Look which columns of the next rows hold decimal numbers that become text, which the notes say."""
        self._decimals |= dict.fromkeys(long_decimals(layer.frame))

    def _count_measures(self, layer: Layer) -> None:
        """Count the shapes of the next rows whose measures are left out, which the notes say."""
        self._measures += measures(layer.frame)
