"""Where people live, as the pack's roles have it: residents at points, those of the most deprived areas among them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from lcrmap.analysis.catchments import weighted_centres
from lcrmap.analysis.chords import Floats
from lcrmap.layers import Layer
from lcrmap.verbs.columns import role_numbers
from lcrmap.verbs.sources import Sources

__all__ = ["DEPRIVED", "People", "open_people", "residents_of"]

# The deprivation cut-offs that a pack may state, with the column and the words for each.
DEPRIVED = {
    "most_deprived_tenth": "in the most deprived tenth",
    "most_deprived_fifth": "in the most deprived fifth",
}


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The pack's residents, ready to be summed.

    Attributes
    ----------
    layer
        Points, with how many live there.
    weights
        By column: ``residents`` and, where the pack knows deprivation, those of the most deprived areas.
    centres
        One point a small area with the sum of its residents as ``weight``: the mean position of its residents' points,
        weighted by them. None where the pack does not say which small area a point belongs to.
    small_area
        The title of the small areas.
    deprivation
        What deprivation is measured by; empty if the pack does not know it.
    """

    layer: Layer
    weights: dict[str, Floats]
    centres: gpd.GeoDataFrame | None
    small_area: str
    deprivation: str

    @property
    def total(self) -> float:
        """How many people there are in all."""
        return float(self.weights["residents"].sum())


def residents_of(layer: Layer, column: str) -> Floats:
    """Return how many people live at each place, none where it is not known; raises UsageError if it is no numbers."""
    people = role_numbers(layer, column, "population")
    return np.where(np.isnan(people), 0.0, people)


def open_people(sources: Sources) -> People:
    """Open the pack's residents.

    Raises
    ------
    UsageError
        If the pack has no population, or no numbers where it says that these are.
    """
    pack = sources.pack
    role = pack.role("population")
    layer = sources.layer(role.layer)
    residents = residents_of(layer, role.field)
    weights = {"residents": residents}
    title = ""
    if pack.has_role("deprivation") and pack.role("deprivation").layer == role.layer:
        known = pack.role("deprivation")
        title = str(known.options.get("title", layer.field(known.field).title))
        rank = role_numbers(layer, known.field, "deprivation")
        for name in DEPRIVED:
            if name in known.options:
                weights[name] = residents * (rank <= float(known.options[name]))
    unit = str(role.options.get("small_area", ""))
    centres = (
        weighted_centres(layer.frame, unit, residents) if unit in layer.frame.columns else None
    )
    return People(layer, weights, centres, layer.field(unit).title if unit else "", title)
