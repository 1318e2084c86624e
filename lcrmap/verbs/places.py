"""Open the places that a question is about, check that they can be measured, and say what must be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from lcrmap.analysis import metric
from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.errors import CRSError, GeometryError
from lcrmap.io.places import Place, find_place
from lcrmap.io.postcodes import shared_point
from lcrmap.layers import Layer
from lcrmap.verbs.areas import area_names, named_by
from lcrmap.verbs.keeping import checked_columns
from lcrmap.verbs.numbers import located
from lcrmap.verbs.sources import Reading, Sources

__all__ = [
    "Spots",
    "areas_of",
    "feature_keys",
    "key_note",
    "keyed",
    "open_spots",
    "outside_note",
    "position_notes",
    "spots_of",
    "taken_note",
]


Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Spots:
    """The features that one word on the command line means.

    Attributes
    ----------
    text, kind
        What was typed and how it was understood; see `lcrmap.io.places.Place`.
    layer
        The features, with their metadata.
    source, rows
        Where they come from, to tell a feature from its neighbours.
    names, keys
        What each feature is called, and its id.
    notes
        What must be said of them.
    total, placed
        How many features there are and how many have a position, also where `layer` is but a part of them.
    by_name, others
        Whether a bare name was typed, and what else has it in its name; see `lcrmap.io.places.Place`.
    """

    text: str
    kind: str
    layer: Layer
    source: str
    rows: tuple[int, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    notes: tuple[str, ...]
    total: int
    placed: int
    by_name: bool = False
    others: str = ""

    def __add__(self, other: Spots) -> Spots:
        """Return these features and others of the same layer behind them."""
        whole = pd.concat([self.layer.frame, other.layer.frame])
        return replace(
            self,
            layer=self.layer.with_frame(gpd.GeoDataFrame(whole)),
            rows=(*self.rows, *other.rows),
            names=(*self.names, *other.names),
            keys=(*self.keys, *other.keys),
        )

    def emptied(self) -> Spots:
        """Return what is known of all the features, without any of them."""
        return replace(self, layer=self.layer.emptied(), rows=(), names=(), keys=())

    @property
    def single(self) -> bool:
        """Whether one place is meant, not a layer of them."""
        return self.kind != "layer"

    def what(self) -> str:
        """Return what is meant, in words for a sentence: a name, or "the 13 Freeport sites with a position"."""
        if self.single and len(self.names) == 1:
            return self.names[0]
        count = self.placed
        noun = located(self.layer.metadata.noun(count), some=count < self.total)
        return f"the only {noun}" if count == 1 else f"the {self.total_in_words(count)}{noun}"

    def total_in_words(self, count: int) -> str:
        """Return how many there are, or nothing where the bare total of the whole layer would mislead."""
        whole = count == self.total and bool(self.layer.metadata.breakdown)
        return "" if whole else f"{count:,} "


def open_spots(text: str, sources: Sources, reading: Reading) -> Spots:
    """Open what a text means, and refuse what has no position at all.

    Raises
    ------
    UnknownNameError, UsageError
        If it means nothing, or several things.
    GeometryError, CRSError
        If no feature has a position, or nobody says in which system it is.
    """
    opened = partial(sources.layer, reading=reading)
    path = sources.place(text)
    place = find_place(
        path,
        pack=sources.pack,
        opened=opened,
        at_hand=sources.kept,
        changed=sources.changed,
    )
    if path != text:  # what is said of it names it as it was asked for, wherever it lies
        place = replace(place, text=text)
    if place.kind == "sector":
        place, note = _as_one(place)
        return spots_of(replace(place, layer=place.layer.noting(note)))
    return spots_of(place)


def spots_of(place: Place) -> Spots:
    """Return a place that was found as what a question starts from or measures to.

    Raises
    ------
    GeometryError, CRSError
        As for `open_spots`.
    """
    layer = place.layer
    notes = list(layer.notes)
    if layer.frame.crs is None:
        raise CRSError(f"{layer.name} has no CRS: name it with --crs, such as --crs EPSG:4326.")
    if len(layer.frame) == 0:
        raise GeometryError(f"{layer.name} has no features, so nothing in it is near or far.")
    placed = layer.placed
    if placed == 0:
        if place.kind == "layer":
            what = f"No feature of {layer.name} has a position"
        else:
            known = "published" if layer.metadata.path else "known"
            what = f"The position of {area_names(layer)[0]} is not {known}"
        raise GeometryError(f"{what}: without one no distance can be told.")
    notes += position_notes(layer, len(layer.frame) - placed, of_layer=place.kind == "layer")
    return Spots(
        text=place.text,
        kind=place.kind,
        layer=layer,
        source=place.source,
        rows=place.rows,
        names=tuple(area_names(layer)),
        keys=feature_keys(layer),
        notes=tuple(notes),
        total=len(layer.frame),
        placed=placed,
        by_name=place.by_name,
        others=place.others,
    )


def position_notes(layer: Layer, missing: int, *, of_layer: bool) -> list[str]:
    """Say how many features lack a position, and whether a layer says how exact its positions are."""
    notes = []
    if missing:
        noun = layer.metadata.unplaced_noun(missing)
        notes.append(
            f"{missing:,} {noun} without a position: {layer.unplaced_why}, so without a distance."
        )
    if of_layer and "position_error_m" not in layer.frame.columns:
        notes.append(
            f"{layer.name} has no column position_error_m (metres): how far off its positions may be is not "
            f"known, so ranges stay open."
        )
    return notes


def feature_keys(layer: Layer, *, first: int = 0, numbers: Rows | None = None) -> tuple[str, ...]:
    """Return the id of each feature: its key, else its row number from 1.

    Parameters
    ----------
    first, numbers
        As for `lcrmap.verbs.areas.area_names`.
    """
    called = np.arange(first, first + len(layer.frame)) if numbers is None else numbers
    if not layer.key:
        return tuple(str(number + 1) for number in called.tolist())
    values = layer.frame[layer.key]
    texts = values.astype(str).tolist()  # a list: pandas' own iterators are slow
    for row in np.flatnonzero(values.isna()).tolist():
        texts[row] = str(called[row] + 1)
    return tuple(texts)


def keyed(
    every: Sequence[Spots], key: str | None, *, first: int = 0, others: Sequence[Layer] = ()
) -> list[Spots]:
    """Return places whose features are named by a column, those that have it; the others as they are.

    Parameters
    ----------
    others
        Further layers that may have it.

    Raises
    ------
    UnknownNameError
        If none has the column.
    """
    if key is None:
        return list(every)
    checked_columns([*(each.layer for each in every), *others], [key])
    return [_keyed(each, key, first) if key in each.layer.frame.columns else each for each in every]


def _keyed(spots: Spots, key: str, first: int) -> Spots:
    named = named_by(spots.layer, key)
    layer = replace(named, metadata=named.metadata.replaced(key=key))
    names = (
        spots.names if layer.label == spots.layer.label else tuple(area_names(layer, first=first))
    )
    keys = feature_keys(layer, first=first)
    notes = list(spots.notes)
    if not spots.single:
        notes += key_note(key, layer.name, len(keys) - len(set(keys)), len(keys))
    return replace(spots, layer=layer, names=names, keys=keys, notes=tuple(notes))


def key_note(key: str, name: str, repeated: int, rows: int) -> list[str]:
    """Say that a column does not name each feature of a layer, if some repeat an earlier one."""
    if not repeated:
        return []
    return [
        f"{key} does not tell all features of {name} apart: {repeated:,} of {rows:,} repeat an earlier one."
    ]


def _as_one(place: Place) -> tuple[Place, str]:
    """Make one place of a postcode sector: the middle of its postcodes, and how far they reach."""
    lon, lat, radius = metric.middle(place.layer.frame.geometry)
    count = len(place.layer.frame)
    name = place.text.upper()
    error = np.nan if place.elsewhere else round(radius, 1)
    frame = gpd.GeoDataFrame(
        {"id": [name], "name": [name], "position_error_m": [error]},
        geometry=gpd.points_from_xy([lon], [lat]),
        crs="EPSG:4326",
    )
    metadata = place.layer.metadata.replaced(
        key="id", label="name", fields=(), noun_one="postcode sector"
    )
    middle = f"{name} is taken as the middle of its {count:,} postcodes"
    note = f"{middle}, of which the farthest lies {radius:,.0f} m away: that is its position error."
    if place.elsewhere:
        shared = shared_point(f"{place.elsewhere:,} of them", place.elsewhere)
        note = f"{middle}. {shared}, so how far off {name} may be is not known."
    one = Layer(frame, metadata, place.layer.inputs, place.layer.notes)
    return replace(place, layer=one, rows=()), note


def areas_of(frame: gpd.GeoDataFrame, areas: Layer | None) -> np.ndarray[Any, Any]:
    """Return the name of the area of each feature; None for lines, areas, and what lies in none."""
    found = np.full(len(frame), None, dtype=object)
    points = np.flatnonzero(metric.single_points(frame.geometry.to_numpy()))
    if areas is None or len(points) == 0:
        return found
    rows = assign_areas(frame.iloc[points], areas.frame, key=areas.key)["area"].to_numpy()
    names = np.array(area_names(areas), dtype=object)
    found[points[rows != NOWHERE]] = names[rows[rows != NOWHERE]]
    return found


def taken_note(spots: Spots, areas: Layer | None) -> list[str]:
    """Say what a bare name was taken for, where that lies, and what else has it in its name."""
    if not spots.by_name:
        return []
    noun = spots.layer.metadata.noun(1)
    area = areas_of(spots.layer.frame, areas)[0]
    where = f" in {area}" if area is not None else ""
    note = f"'{spots.text}' is taken as the {noun} {spots.names[0]}{where} ({spots.source}:{spots.keys[0]})."
    if spots.others:
        note += f" Others called so, or in part: {spots.others}."
    return [note]


def outside_note(spots: Spots, areas: Layer | None) -> list[str]:
    """Say that a single place lies outside the pack's areas, and whether its numbers may be swapped."""
    if areas is None or not spots.single or not metric.are_points(spots.layer.frame.geometry):
        return []
    if areas_of(spots.layer.frame, areas)[0] is not None:
        return []
    count = len(areas.frame)
    note = f"{spots.names[0]} lies outside the {count} {areas.metadata.noun(count)} of the pack."
    lon, lat = metric.lonlat(spots.layer.frame.geometry)
    if abs(lon[0]) <= 90 and not pyproj.CRS(spots.layer.frame.crs).is_projected:
        turned = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lat, lon), crs="EPSG:4326")
        area = areas_of(turned, areas)[0]
        if area is not None:
            swapped = f"{lon[0]:g},{lat[0]:g}"
            note += (
                f" Are latitude and longitude swapped? '{swapped}' (latitude first) lies in {area}."
            )
    return [note]
