"""How many of the residents of each of the pack's areas live within the distances of any place, nobody twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.catchments import Reached
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.joining import assign_areas
from lcrmap.layers import Field, Layer
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.numbers import HIGHEST, LOWEST
from lcrmap.verbs.people import People

__all__ = ["residents_by_area"]


def residents_by_area(
    areas: Layer, people: People, reached: Reached, rings: Sequence[tuple[float, str]], title: str
) -> Layer:
    """Return the areas with their residents, and for each ring how many of them live within it.

    Parameters
    ----------
    reached
        The residents near any of the places, as one group.
    rings
        The distances in metres and in words.
    title
        Of the table.
    """
    home = assign_areas(people.layer.frame, areas.frame, key=areas.key)["area"].to_numpy()
    measure, residents, count = people.measure, people.counted, len(areas.frame)
    whole = np.bincount(home[home >= 0], weights=residents[home >= 0], minlength=count).astype(
        np.float64
    )
    columns: dict[str, Any] = {
        "name": pd.Series(area_names(areas), dtype="str").array,
        measure.column: _counts(whole),
    }
    fields = [
        Field("name", areas.metadata.noun_one.capitalize()),
        Field(measure.column, measure.title),
    ]
    for number, (metres, words) in enumerate(rings, 1):
        sums = [reached.sums(residents * (home == row), metres).iloc[0] for row in range(count)]
        within = {part: np.array([each[part] for each in sums]) for part in sums[0].index}
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(whole > 0, 100 * within["value"] / whole, np.nan).round(1)
        name = f"within_{number}"
        columns |= {
            name: _counts(within["value"]),
            f"{name}_min": _counts(within["least"]),
            f"{name}_max": _counts(within["most"]),
            f"{name}_pct": share,
        }
        fields += [
            Field(name, f"Within {words}", "integer"),
            Field(f"{name}_min", "At least", "integer", LOWEST),
            Field(f"{name}_max", "At most", "integer", HIGHEST),
            Field(f"{name}_pct", f"Share within {words}", "number", unit="%"),
        ]
    frame = gpd.GeoDataFrame(columns, geometry=areas.frame.geometry.to_numpy(), crs=areas.frame.crs)
    metadata = areas.metadata.replaced(title=title, label="name", key="", fields=tuple(fields))
    return Layer(frame, metadata, areas.inputs)


def _counts(values: Floats) -> pd.Series[Any]:
    return pd.Series(values).round().astype("Int64")
