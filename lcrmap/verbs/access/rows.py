"""How much of a layer residents have, when others share it: one row an area, a group, and all together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.access import access_of
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.zones import zones
from lcrmap.errors import UsageError
from lcrmap.layers import Layer
from lcrmap.verbs.access.columns import access_layer, shared_layer, shown_columns
from lcrmap.verbs.access.question import Access
from lcrmap.verbs.access.told import Told
from lcrmap.verbs.access.words import access_finding, access_notes, access_sentences
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import nameless_note, pack_areas
from lcrmap.verbs.columns import number_column
from lcrmap.verbs.compare.groups import groups_of
from lcrmap.verbs.numbers import listed
from lcrmap.verbs.places import Spots, taken_note
from lcrmap.verbs.rivers import open_across, ways_of
from lcrmap.verbs.sources import Reading, Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["AccessShown", "AccessWork"]

_SHOWN: Final = 3
# Percent of the land below which a border is drawn coarsely, and not crossed.
_NOTICED: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class AccessShown:
    """What the page of access shows besides the rows."""

    told: Told
    shared: Layer


class AccessWork(WholeWork):
    """Divides each feature among the residents near it."""

    asked: Access

    def answered(self) -> Answer:
        """Work out what residents have, by area and by group."""
        asked, sources = self.asked, self.sources
        people = sources.people()
        spots = sources.spots(asked.layer, Reading.of(asked))
        across = open_across(sources, asked)
        ways, frame = ways_of(across), spots.layer.frame
        supply, notes = _supply(asked.supply, spots)
        found = access_of(
            people.layer.frame,
            people.weights["residents"],
            frame,
            supply,
            asked.within,
            asked.decay,
            ways=ways,
        )
        found.checked()
        groups = groups_of(people.layer, _areas(asked.by, sources), sources)
        areas = next(each for each in groups if each.areas is not None)
        peopled, _ = pack_areas(sources)
        outside = _outside(frame.geometry, asked.within, peopled, sources)
        region = sources.pack.region
        nameless = nameless_note(areas.areas, keyed=False) if areas.areas is not None else []
        told = Told(asked, found, people, spots, areas, groups, outside, region, across)
        taken = taken_note(spots, peopled)
        layer, shared, said = access_layer(told), shared_layer(told), access_finding(told)
        return Answer(
            question=asked,
            pack=sources.pack,
            layer=layer,
            finding=said,
            sentences=(*access_sentences(told), *taken),
            notes=(*spots.notes, *taken, *notes, *nameless, *access_notes(told), f"{said}."),
            main=shown_columns(told),
            beside=shared,
            shown=AccessShown(told, shared),
        )


def _areas(by: str | None, sources: Sources) -> str | None:
    """Return the layer of areas of the rows: the one asked for, else the neighbourhoods, else the pack's areas."""
    if by is not None or not sources.pack.has_role("neighbourhoods"):
        return by
    return sources.pack.role("neighbourhoods").layer


def _supply(column: str | None, spots: Spots) -> tuple[Floats, list[str]]:
    """Return what each feature supplies.

    Raises
    ------
    UsageError
        If one supplies less than nothing, or it is not known how much.
    """
    if column is None:
        return np.ones(len(spots.layer.frame)), []
    values = number_column(spots.layer, column, "supply")
    supply = values.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~(supply >= 0) | ~np.isfinite(supply))
    if len(wrong):
        names = listed([spots.names[each] for each in wrong[:_SHOWN].tolist()])
        raise UsageError(
            f"--supply needs a number of 0 or more for each feature, and '{column}' has none for {names}: fill it in, "
            f"or leave them out with 'lcrmap show --where'."
        )
    return supply, []


def _outside(shapes: gpd.GeoSeries, within: float, areas: Layer | None, sources: Sources) -> Floats:
    """Return for each feature which share of the land near it has no population data, in percent."""
    share = np.zeros(len(shapes))
    if areas is None:
        return share
    known = shapely.union_all(areas.frame.geometry.to_crs("EPSG:4326").to_numpy())
    shapely.prepare(known)
    places = gpd.GeoSeries(shapes.to_numpy(), crs=shapes.crs)
    rings = zones(places, [within])
    rows, drawn = rings["place"].to_numpy(), rings.geometry.to_numpy()
    crossing = np.flatnonzero(~shapely.contains(known, drawn) & shapely.intersects(known, drawn))
    land = drawn[crossing]
    backdrop = sources.role("backdrop")
    if backdrop is not None:  # else what lies outside may be water as well
        around = backdrop.frame.geometry.to_crs("EPSG:4326")
        ground = shapely.union_all([known, *around[around.notna()]])
        land = shapely.intersection(land, ground)
    beyond = shapely.difference(land, known)
    whole, out = (metric.area_km2(gpd.GeoSeries(each, crs="EPSG:4326")) for each in (land, beyond))
    found = 100 * np.nan_to_num(out) / np.where(whole > 0, whole, 1)
    share[rows[crossing]] = np.where(found >= _NOTICED, found, 0)
    return share
