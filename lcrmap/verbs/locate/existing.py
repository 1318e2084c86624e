"""What exists already, and stays."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from lcrmap.errors import GeometryError
from lcrmap.layers import Layer
from lcrmap.verbs.areas import pack_areas
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.places import Spots, taken_note
from lcrmap.verbs.sources import Reading, Sources

__all__ = ["Existing", "open_existing"]


@dataclass(frozen=True, slots=True, eq=False)
class Existing:
    """What exists.

    Attributes
    ----------
    layer
        The layer, whose features have a noun.
    text
        What was typed for it.
    frame
        What of it stays: all, or nothing.
    notes
        What must be said of it.
    """

    layer: Layer
    text: str
    frame: gpd.GeoDataFrame
    notes: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing stays."""
        return len(self.frame) == 0


def open_existing(asked: Locate, sources: Sources) -> Existing:
    """Open what exists; a layer without features, or without positions, is as if nothing existed."""
    reading = Reading.of(asked)
    try:
        spots: Spots | None = sources.spots(asked.layer, reading)
    except GeometryError:
        if asked.layer not in sources.pack.names and "." not in asked.layer:
            raise
        spots = None
    if spots is None:
        layer = sources.layer(asked.layer, reading)
        if layer.placed:
            raise GeometryError(f"The features of {layer.name} cannot be measured to.")
        note = f"{layer.name} has no feature with a position: the choice is made as if nothing existed."
        return Existing(layer, asked.layer, _nothing(layer), (note,))
    layer = spots.layer
    if asked.instead:
        return Existing(layer, spots.text, _nothing(layer), ())
    taken = taken_note(spots, pack_areas(sources)[0])
    return Existing(layer, spots.text, layer.frame, (*spots.notes, *taken))


def _nothing(layer: Layer) -> gpd.GeoDataFrame:
    frame = layer.frame.iloc[:0]
    return frame if frame.crs is not None else gpd.GeoDataFrame(frame.set_crs("EPSG:4326"))
