"""What the columns of a catchment mean, and which of them a terminal shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import geopandas as gpd

from lcrmap.layers import Category, Field, Layer
from lcrmap.verbs.numbers import HIGHEST, LOWEST, counted_title, distance_words, snake
from lcrmap.verbs.people import People

__all__ = ["catchment_fields", "main_columns"]


def catchment_fields(
    counted: Sequence[Layer],
    people: People | None,
    areas: Layer | None,
    rings_m: Sequence[float],
    unit: str,
    own: Collection[str] = (),
) -> tuple[Field, ...]:
    """Describe every column; of the layers of the places themselves, which are called `own`, others are counted."""
    rings = [distance_words(each, unit, exact=True) for each in rings_m]
    categories = tuple(Category(f"within {ring}", f"Within {ring}") for ring in rings)
    fields = [
        Field("name", "Ring"),
        Field("place_id", "Place (id)"),
        Field("place", "Place"),
        Field("in_area", areas.metadata.noun_one.capitalize() if areas else "Area"),
        Field("ring", "Distance", categories=categories),
        Field(f"ring_{unit}", "Distance", "number", "Geodesic, WGS84", unit),
        Field("area_km2", "Area", "number", "Geodesic", "km2"),
    ]
    for layer in counted:
        several = layer.metadata.noun_many
        title = f"Other {several}" if layer.name in own else counted_title(layer.metadata)
        fields += _with_range(snake(layer.name), title, "Leaves out the place itself")
    if people is not None:
        fields += _people_fields(people, areas)
    fields.append(Field("no_data_pct", "Without data", "number", _no_data(areas), "%"))
    return tuple(fields)


def _with_range(name: str, title: str, description: str) -> list[Field]:
    return [
        Field(name, title, "integer", description),
        Field(
            f"{name}_min",
            f"{title}, at least",
            "integer",
            LOWEST,
        ),
        Field(
            f"{name}_max",
            f"{title}, at most",
            "integer",
            HIGHEST,
        ),
    ]


def _people_fields(people: People, areas: Layer | None) -> list[Field]:
    noun, measure = areas.metadata.noun_one if areas else "area", people.measure
    fields = _with_range(measure.column, measure.title, measure.note or people.layer.metadata.title)
    fields += [
        Field(each.column, f"{measure.title} {each.words}", "integer", each.source)
        for each in people.groups
    ]
    fields += [
        Field(
            f"{measure.column}_by_centre",
            f"{measure.title}, small areas counted whole",
            "integer",
            f"{measure.title} if all of a small area ({people.small_area}) lived at the mean of their points",
        ),
        Field(
            "share_of_area_pct",
            f"Share of the {noun}",
            "number",
            f"Of the {measure.many} of the place's {noun}",
            "%",
        ),
        Field(
            "share_of_region_pct",
            "Share of the region",
            "number",
            f"Of all {measure.many} known to the pack",
            "%",
        ),
    ]
    return fields


def _no_data(areas: Layer | None) -> str:
    if areas is None:
        return ""
    count = len(areas.frame)
    noun = areas.metadata.noun(count)
    return f"Share of the ring outside the {count} {noun}, water included: no residents are known there"


def main_columns(
    frame: gpd.GeoDataFrame, unit: str, people: People | None, *, dissolve: bool
) -> tuple[str, ...]:
    """Return the columns that a terminal shows."""
    ranges = {f"{name}_{end}" for name in frame.columns for end in ("min", "max")}
    hidden = {"name", "place_id", f"ring_{unit}", "area_km2", str(frame.geometry.name)}
    hidden |= ranges - (
        {f"{people.measure.column}_{end}" for end in ("min", "max")} if people else set()
    )
    if dissolve:
        hidden.add("place")
    return tuple(str(each) for each in frame.columns if each not in hidden)
