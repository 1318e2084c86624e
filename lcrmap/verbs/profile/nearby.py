"""What lies in an area or near a place: of each kind of service how many are inside, or the nearest."""

from __future__ import annotations

import geopandas as gpd

from lcrmap.layers import Layer
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.places import Spots
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["nearby"]


def nearby(spots: Spots, sources: Sources) -> tuple[Passage, tuple[Layer, ...]]:
    """Return a table of the services that the pack's indicators name, and the layers that it was made from."""
    layers = sources.pack.indicators.services
    rows = []
    for name in layers:
        found = answer(Near(start=spots.text, targets=(name,)), sources)
        rows.append((sources.pack.metadata(name).title, _said(found.layer.frame)))
    table = tuple(rows)
    sheet = Sheet(
        "Services, in straight lines",
        ("Service", "Nearest"),
        (False, False),
        table,
        table,
        len(table),
    )
    return Passage("What is near", sheet=sheet), tuple(sources.layer(each) for each in layers)


def _said(frame: gpd.GeoDataFrame) -> str:
    """Say how many are inside, else which is nearest and how far."""
    if frame.empty:
        return "none"
    inside = int((frame["distance_m"] == 0).sum())
    if inside:
        return f"{inside:,} inside" if inside > 1 else f"{frame['name'].iloc[0]}, inside"
    return f"{frame['name'].iloc[0]}, {distance_words(float(frame['distance_m'].iloc[0]))}"
