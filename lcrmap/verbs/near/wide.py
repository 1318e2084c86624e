"""One row a place, with its neighbours side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.layers import Field, Layer
from lcrmap.verbs.near.words import Found

__all__ = ["widened"]


def widened(layer: Layer, found: Sequence[Found], unit: str) -> Layer:
    """Turn rows of pairs into one row a place; a place without a neighbour keeps its row.

    Parameters
    ----------
    layer
        One row a pair, as `lcrmap.verbs.near` makes them.
    found
        What the rows were made from.
    unit
        The unit of the distances.

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
    for each in found:
        rows = frame[frame["layer"] == each.target.layer.name].reset_index(drop=True)
        left = each.pairs["left"].to_numpy()
        number = rows.groupby(left).cumcount().to_numpy()
        prefix = _snake(each.target.layer.name) + "_" if len(found) > 1 else ""
        noun = each.target.layer.metadata.noun_one.capitalize()
        distances = [f"distance{part}_{unit}" for part in ("", "_min", "_max")]
        for place in range(int(number.max(initial=-1)) + 1):
            chosen, at = rows[number == place], left[number == place]
            for column in ("id", "name", *distances, "rank_certain"):
                known = layer.field(column)
                name = f"{prefix}{place + 1}_{column}"
                title = f"{noun} {place + 1}: {known.title.lower()}"
                values = chosen[column].set_axis(at).reindex(np.arange(len(start.keys)))
                columns[name] = values.array
                fields.append(Field(name, title, known.type, unit=known.unit))
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
