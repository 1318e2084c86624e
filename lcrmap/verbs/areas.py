"""Open the areas that points are joined to or counted in, and say what is wrong with them first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.coverage import coverage_faults, only_polygons, overlaps_throughout, repaired
from lcrmap.analysis.joining import dimensions, placed_rows
from lcrmap.errors import GeometryError, UnknownNameError
from lcrmap.layers import Layer, Metadata
from lcrmap.layers.naming import named_apart, words_apart
from lcrmap.verbs.sources import Sources

__all__ = [
    "area_names",
    "areas_alone",
    "at_points",
    "checked_key",
    "coverage_notes",
    "named_by",
    "nameless_note",
    "names_apart",
    "only_areas",
    "pack_areas",
    "sound",
    "with_sources_of",
]

Rows = np.ndarray[Any, np.dtype[np.int64]]

_SHOWN = 3  # features named in a note


def pack_areas(sources: Sources) -> tuple[Layer | None, list[str]]:
    """Open the pack's areas, to find what lies in them: as `sound` returns them, or None where the pack has none."""
    areas = sources.role("areas")
    return (None, []) if areas is None else sound(areas)


def sound(layer: Layer) -> tuple[Layer, list[str]]:
    """Return a layer whose areas are valid polygons, and notes on those that were not."""
    frame, rows = only_polygons(layer.frame)
    notes = [_collections_note(layer, len(rows))] if len(rows) else []
    layer = layer.with_frame(frame)
    frame, rows = repaired(frame)
    if len(rows) == 0:
        return layer, notes
    names = area_names(layer)
    shown = ", ".join(names[row] for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    what = "invalid shape, which was" if len(rows) == 1 else "invalid shapes, which were"
    note = (
        f"{layer.name} holds {len(rows):,} {what} repaired for this answer ({shown}{more}): "
        f"compare the result with the source."
    )
    return layer.with_frame(frame), [*notes, note]


def _collections_note(layer: Layer, many: int) -> str:
    are, their = ("is a collection", "its") if many == 1 else ("are collections", "their")
    return f"{many:,} {layer.metadata.noun(many)} of {layer.name} {are}: only {their} polygons are {their} ground."


def areas_alone(layer: Layer, *, wanting: str = "Areas are needed here") -> tuple[Layer, list[str]]:
    """Return a layer of areas in which what is a point or a line has no shape, so that nothing lies in it; and say so.

    Raises
    ------
    GeometryError
        If the layer holds no areas at all.
    """
    found = dimensions(layer.frame)
    if 2 not in found:
        held = " and ".join({0: "points", 1: "lines"}[each] for each in sorted(found))
        raise GeometryError(f"{wanting}, but {layer.name} holds {held or 'no shapes'}.")
    if found == {2}:
        return layer, []
    bare = _bare(layer)
    many = int(bare.sum())
    are, them = ("is a point or a line", "it") if many == 1 else ("are points or lines", "them")
    note = f"{many:,} of the {len(bare):,} features of {layer.name} {are}: nothing lies in {them}."
    return only_areas(layer), [note]


def only_areas(layer: Layer) -> Layer:
    """Return a layer in which what is a point or a line has no shape, so that nothing lies in it."""
    bare = _bare(layer)
    if not bare.any():
        return layer
    plain = layer.frame.geometry.to_numpy().copy()
    plain[bare] = None
    return layer.with_frame(layer.frame.set_geometry(plain, crs=layer.frame.crs))


def _bare(layer: Layer) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which features are a point or a line."""
    shapes = layer.frame.geometry.to_numpy()
    found: np.ndarray[Any, np.dtype[np.bool_]] = np.isin(shapely.get_dimensions(shapes), [0, 1])
    return found & ~shapely.is_empty(shapes)


def checked_key(layer: Layer, key: str | None) -> str:
    """Return the column that orders the features of a layer: the one asked for, else its key field.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    """
    if key is None:
        return layer.key
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    if key not in columns:
        raise UnknownNameError("column", key, columns, where=layer.name)
    return key


def area_names(
    layer: Layer, *, by_key: bool = False, first: int = 0, numbers: Rows | None = None
) -> list[str]:
    """Return what each feature of a layer is called: by its name or by its key, else by its row number from 1.

    An area that only a number names is called "Area 1".

    Parameters
    ----------
    by_key
        Whether the key goes before the name.
    first
        How many rows came before, where the layer is a part of one.
    numbers
        The number of each row from 0, where the layer is some of the rows of one; None if they follow each other.
    """
    column = layer.key or layer.label if by_key else layer.label
    called = np.arange(first, first + len(layer.frame)) if numbers is None else numbers
    noun = layer.metadata.noun_one
    head = (
        f"{noun[:1].upper()}{noun[1:]} " if layer.metadata.geometry == "area" and not by_key else ""
    )
    if not column:
        return [f"{head}{number + 1}" for number in called.tolist()]
    values = layer.frame[column]
    numbered = column == layer.key and pd.api.types.is_numeric_dtype(values)
    names = list(map(str, values.tolist()))  # a list: pandas' own iterators are slow
    if head and numbered:
        names = [head + name for name in names]
    for row in np.flatnonzero(values.isna()).tolist():
        names[row] = f"{head}{called[row] + 1}"
    return names


def named_by(layer: Layer, key: str) -> Layer:
    """Return a layer whose features a column names, if it holds texts and nothing else does."""
    nameless = layer.label in ("", layer.key)
    if not nameless or layer.field(key).type != "string":
        return layer
    return replace(layer, metadata=layer.metadata.replaced(label=key))


def nameless_note(layer: Layer, *, keyed: bool) -> list[str]:
    """Say how to name areas that have but numbers; nothing if they have names.

    Parameters
    ----------
    keyed
        Whether the question takes the column of their names.
    """
    if layer.label or layer.metadata.geometry != "area":
        return []
    remedy = (
        "name them by a column of texts with --key"
        if keyed
        else "call the column of their names 'name'"
    )
    return [
        f"No column of {layer.name} is known to name its {layer.metadata.noun_many}, so they are numbered: {remedy}."
    ]


def names_apart(layer: Layer) -> list[str]:
    """Return what each feature is called in a sentence: of those of one name, with what tells them apart behind it."""
    words = words_apart(layer)
    return [named_apart(name, words.get(row)) for row, name in enumerate(area_names(layer))]


def coverage_notes(layer: Layer) -> list[str]:
    """Say where areas overlap or leave gaps, and how much; nothing if they cover their ground once.

    Raises
    ------
    GeometryError
        If no feature of the layer is an area.
    """
    missing = len(layer.frame) - len(placed_rows(layer.frame))
    layer, notes = areas_alone(layer)
    if missing:
        noun = layer.metadata.unplaced_noun(missing)
        notes.append(
            f"{missing:,} {noun} of {layer.name} without a shape: what lies there is not known."
        )
    if overlaps_throughout(layer.frame):
        notes.append(
            f"The areas of {layer.name} overlap in so many places that these are not measured: "
            f"a point may lie in several areas."
        )
        return notes
    faults = coverage_faults(layer.frame)
    names = area_names(layer)
    for kind, verb in (("overlap", "overlap"), ("gap", "leave gaps")):
        some = faults[faults["kind"] == kind]
        if len(some):
            notes.append(_fault_note(layer, gpd.GeoDataFrame(some), verb, names))
    return notes


def _fault_note(layer: Layer, faults: gpd.GeoDataFrame, verb: str, names: list[str]) -> str:
    worst = faults.iloc[0]
    at = gpd.GeoSeries([worst.geometry.representative_point()], crs=faults.crs).to_crs("EPSG:4326")
    beside = [names[row] for row in (worst["first"], worst["second"]) if row >= 0]
    where = f"{'of' if verb == 'overlap' else 'beside'} {' and '.join(beside)}" if beside else ""
    count = len(faults)
    return (
        f"The areas of {layer.name} {verb} in {count:,} {'place' if count == 1 else 'places'}, "
        f"{_area_text(faults['area_km2'].sum())} in all; the largest, {_area_text(worst['area_km2'])}, "
        f"{where + ' ' if where else ''}at {at.x[0]:.5f}, {at.y[0]:.5f}"
        f"{'' if verb == 'overlap' else ' (points there are outside)'}."
    )


def _area_text(km2: float) -> str:
    """Write an area in the unit that suits its size.

    >>> _area_text(12345.6), _area_text(1.234), _area_text(0.0123), _area_text(0.00000001)
    ('12,346 km2', '1.23 km2', '1.23 ha', 'less than 1 m2')
    """
    if km2 >= 1000:
        return f"{km2:,.0f} km2"
    if km2 >= 1:
        return f"{km2:,.3g} km2"
    if km2 >= 1e-2:
        return f"{km2 * 100:,.3g} ha"
    metres = km2 * 1e6
    return f"{metres:,.0f} m2" if metres >= 1 else "less than 1 m2"


def at_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows at a point well inside each area, where its circle is drawn."""
    inside = frame.geometry.representative_point()
    return frame.set_geometry(gpd.GeoSeries(inside, index=frame.index, crs=frame.crs))


def with_sources_of(metadata: Metadata, *others: Metadata) -> Metadata:
    """Return metadata that name the sources, licences and credit lines of others too, each once."""
    every = (metadata, *others)
    credits_ = list(dict.fromkeys(each.credit for each in every if each.credit))
    return metadata.replaced(
        sources=tuple(dict.fromkeys(one for each in every for one in each.sources)),
        licences=tuple(dict.fromkeys(one for each in every for one in each.licences)),
        credit=" ".join(credits_),
    )
