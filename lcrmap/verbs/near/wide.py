"""One row a place, with its neighbours side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.layers import Category, Field, Layer
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.keeping import Kept, kept_names, kept_of
from lcrmap.verbs.near.found import Found
from lcrmap.verbs.rivers import Across

__all__ = ["across_fields", "kept_ends", "pair_columns", "widened"]


def across_fields(across: Across | None, unit: str) -> tuple[Field, ...]:
    """Describe the columns that ways over crossings have besides."""
    if across is None:
        return ()
    crossings = zip(across.keys, area_names(across.crossings), strict=True)
    return (
        Field(
            "across",
            "Across",
            description="Crossing taken; empty where both lie on one bank",
            categories=tuple(Category(key, name) for key, name in crossings),
        ),
        Field(f"straight_{unit}", "Straight", "number", "Geodesic, WGS84, across or not", unit),
    )


def pair_columns(unit: str, across: Across | None) -> tuple[str, ...]:
    """Return the columns of a pair of features, in order."""
    return (
        *("from_id", "from_name", "layer", "rank", "id", "name", "in_area"),
        *(f"distance{part}_{unit}" for part in ("", "_min", "_max")),
        *("bearing", "direction", "rank_certain", "could_also_be"),
        *(each.name for each in across_fields(across, unit)),
    )


def kept_ends(found: Sequence[Found], keep: Sequence[str], unit: str) -> tuple[Kept, Kept]:
    """Name the carried columns of the places that one starts from, and of their neighbours."""
    there = pair_columns(unit, found[0].across)
    start = kept_names([found[0].spots.layer], keep, there, prefix="from_", clash="kept_")
    targets = [each.target.layer for each in found]
    return start, kept_names(targets, keep, [*there, *start.values()], clash="to_")


def widened(layer: Layer, found: Sequence[Found], unit: str, keep: Sequence[str] = ()) -> Layer:
    """Turn rows of pairs into one row a place; a place without a neighbour keeps its row.

    Parameters
    ----------
    layer
        One row a pair, as `lcrmap.verbs.near` makes them.
    found
        What the rows were made from.
    unit
        The unit of the distances.
    keep
        The columns of either side that are carried.

    Returns
    -------
    Layer
        The places with their geometry; for each target layer and neighbour its id, name and distance with the range,
        and whether its rank is certain.
    """
    start = found[0].spots
    frame = layer.frame
    columns: dict[str, Any] = {"id": list(start.keys), "name": list(start.names)}
    fields = [Field("id", "Id"), Field("name", "Name")]
    own, carried = kept_ends(found, keep, unit)
    for old, new in own.items():
        values, field = kept_of([start.layer], old, new)
        columns[new] = values.array
        fields.append(field)
    for each in found:
        rows = frame[frame["layer"] == each.target.layer.name].reset_index(drop=True)
        left = each.pairs["left"].to_numpy()
        number = rows.groupby(left).cumcount().to_numpy()
        prefix = _snake(each.target.layer.name) + "_" if len(found) > 1 else ""
        noun = each.target.layer.metadata.noun_one.capitalize()
        distances = [f"distance{part}_{unit}" for part in ("", "_min", "_max")]
        distances += [field.name for field in across_fields(each.across, unit)]
        for place in range(int(number.max(initial=-1)) + 1):
            chosen, at = rows[number == place], left[number == place]
            for column in ("id", "name", *distances, "rank_certain", *carried.values()):
                known = layer.field(column)
                name = f"{prefix}{place + 1}_{column}"
                title = f"{noun} {place + 1}: {known.title.lower()}"
                values = chosen[column].set_axis(at).reindex(np.arange(len(start.keys)))
                columns[name] = values.array
                fields.append(
                    Field(name, title, known.type, unit=known.unit, categories=known.categories)
                )
    shapes = start.layer.frame.geometry.to_crs("EPSG:4326").to_numpy()
    wide = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    metadata = layer.metadata.replaced(
        key="id",
        fields=tuple(fields),
        noun_one=start.layer.metadata.noun_one,
        noun_many=start.layer.metadata.noun_many,
    )
    return Layer(wide, metadata, layer.inputs, layer.notes)


def _snake(name: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in name.lower())
