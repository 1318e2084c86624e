"""Layers as GeoJSONSeq: features that follow each other."""

from __future__ import annotations

from typing import Final

from lcrmap.io.encoding import Encoder
from lcrmap.io.json_rows import feature_texts
from lcrmap.io.unheld import columns_said
from lcrmap.layers import Layer

__all__ = ["GeoJsonSequence"]

_TYPES: Final = ("integer", "number", "boolean")


class GeoJsonSequence(Encoder):
    """One feature a line, in degrees (RFC 8142 without its separators).

    A feature has an id of its own only where its key is called so: a sequence cannot say which column it repeats, and
    readers would make one more of it.
    """

    title = "JSON"

    def __init__(self) -> None:
        super().__init__()
        self._bare: list[str] | None = None

    def part(self, layer: Layer) -> bytes:
        """Return the next features."""
        features, self._moved = feature_texts(layer, with_ids=layer.key == "id")
        self._count_infinite(layer)
        self._count_measures(layer)
        self._look_at_decimals(layer)
        self._look_for_values(layer)
        return "".join(f"{each}\n" for each in features).encode()

    def _look_for_values(self, layer: Layer) -> None:
        """Look which columns of numbers and truth values have had none so far."""
        if self._bare is None:
            typed = [each.name for each in layer.metadata.fields if each.type in _TYPES]
            self._bare = [each for each in typed if each in layer.frame.columns]
        self._bare = [each for each in self._bare if layer.frame[each].isna().all()]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is read otherwise from the file than it was written."""
        if not self._bare:
            return super().notes
        are = "is" if len(self._bare) == 1 else "are"
        untold = (
            f"GeoJSONSeq says no types of columns without values: {columns_said(self._bare)} {are} read from it as "
            f"text; .geojson, .gpkg and .parquet keep their types."
        )
        return (*super().notes, untold)
