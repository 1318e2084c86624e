"""Layers as GeoJSONSeq: features that follow each other."""

from __future__ import annotations

from lcrmap.io.encoding import Encoder
from lcrmap.io.json_rows import feature_texts
from lcrmap.layers import Layer

__all__ = ["GeoJsonSequence"]


class GeoJsonSequence(Encoder):
    """One feature a line, in degrees (RFC 8142 without its separators).

    A feature has an id of its own only where its key is called so: a sequence cannot say which column it repeats, and
    readers would make one more of it.
    """

    title = "JSON"

    def part(self, layer: Layer) -> bytes:
        """Return the next features."""
        features, self._moved = feature_texts(layer, with_ids=layer.key == "id")
        self._count_infinite(layer)
        self._count_measures(layer)
        self._look_at_decimals(layer)
        return "".join(f"{each}\n" for each in features).encode()
