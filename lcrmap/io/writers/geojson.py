"""Layers as GeoJSON (RFC 7946)."""

from __future__ import annotations

from lcrmap.io.json_rows import Collection, carried_form, dump, feature_texts
from lcrmap.layers import Layer

__all__ = ["GeoJson"]


class GeoJson(Collection):
    """A FeatureCollection in degrees, one feature a line.

    Its first members are ``type``, ``name`` and ``lcrmap``; whoever does not know the last passes over it
    (RFC 7946, 6.1).
    """

    def head(self, layer: Layer) -> str:
        """Return the members before the features."""
        return (
            f'{{"type":"FeatureCollection","name":{dump(layer.name)},\n'
            f'"lcrmap":{dump(carried_form(layer))},\n"features":[\n'
        )

    def items(self, layer: Layer) -> list[str]:
        """Return the features."""
        self._count_measures(layer)
        features, self._moved = feature_texts(layer)
        return features
