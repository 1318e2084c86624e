"""What a scenario builds on, as its changes speak of it; what several of them need is worked out once."""

from __future__ import annotations

import geopandas as gpd

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Rows
from lcrmap.analysis.joining import assign_areas
from lcrmap.analysis.locating import NOWHERE
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names, sound
from lcrmap.verbs.places import feature_keys
from lcrmap.verbs.sources import Sources

__all__ = ["Base"]


class Base:
    """The region that changes speak of.

    Attributes
    ----------
    people
        The name of the layer of residents; empty if the pack has none.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._called: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._homes: dict[str, Rows] = {}
        pack, population = sources.pack, "population"
        self.people = pack.role(population).layer if pack.has_role(population) else ""

    def keys_names(self, layer: Layer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys and names of the features of a layer of the base, worked out once."""
        if layer.name not in self._called:
            self._called[layer.name] = feature_keys(layer), tuple(area_names(layer))
        return self._called[layer.name]

    def home(self, people: Layer, areas: Layer) -> Rows:
        """Return in which area each of the residents' points lies, worked out once a layer of areas."""
        if areas.name not in self._homes:
            found = assign_areas(people.frame, areas.frame, key=areas.key)["area"]
            self._homes[areas.name] = found.to_numpy()
        return self._homes[areas.name]

    def areas_around(self, frame: gpd.GeoDataFrame) -> str:
        """Return, as the end of a sentence, the area of the pack in which a place lies; empty for none."""
        if len(frame) != 1 or not metric.are_points(frame.geometry):
            return ""
        for role in ("neighbourhoods", "areas"):
            known = self.sources.role(role)
            if known is None:
                continue
            areas, _ = sound(known)
            row = int(assign_areas(frame, areas.frame, key=areas.key)["area"].iloc[0])
            if row != NOWHERE:
                key, name = feature_keys(areas)[row], area_names(areas)[row]
                return f", such as '{areas.name}:{key}' ({name}), in which it lies"
        return ""
