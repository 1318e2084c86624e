"""The base maps that a page may ask for: tiles from a host that the page names and credits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lcrmap.errors import UnknownNameError

__all__ = ["BASEMAPS", "Basemap", "find_basemap"]


@dataclass(frozen=True, slots=True)
class Basemap:
    """Tiles: their address, the hosts that serve them, their credit and their largest zoom."""

    name: str
    title: str
    url: str
    hosts: tuple[str, ...]
    credit: str
    credit_url: str
    max_zoom: int = 19


BASEMAPS: Final[tuple[Basemap, ...]] = (
    Basemap(
        "osm",
        "OpenStreetMap",
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        ("https://tile.openstreetmap.org",),
        "© OpenStreetMap contributors",
        "https://www.openstreetmap.org/copyright",
    ),
    Basemap(
        "opentopo",
        "OpenTopoMap",
        "https://a.tile.opentopomap.org/{z}/{x}/{y}.png",
        ("https://a.tile.opentopomap.org",),
        "© OpenStreetMap contributors, SRTM; map style: © OpenTopoMap (CC-BY-SA)",
        "https://opentopomap.org/about",
        17,
    ),
)


def find_basemap(name: str) -> Basemap:
    """Return the base map called `name`.

    Raises
    ------
    UnknownNameError
        If there is none of that name; ``none`` is the way to ask for no base map.
    """
    for each in BASEMAPS:
        if each.name == name:
            return each
    raise UnknownNameError("base map", name, [each.name for each in BASEMAPS])
