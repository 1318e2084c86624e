"""The rows of access: areas, groups and all together; and beside them the features, with who shares each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.access import PER
from lcrmap.analysis.chords import Rows
from lcrmap.analysis.metric import METHOD
from lcrmap.layers import FEATURE_ROW, TOTAL_ROW, Category, Field, Layer, Metadata
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.numbers import HIGHEST, LOWEST
from lcrmap.verbs.rivers import layers_of, methods_of, titled

if TYPE_CHECKING:
    from lcrmap.verbs.access.told import Told

__all__ = [
    "GROUP_ROW",
    "MAIN",
    "access_layer",
    "area_rows",
    "shared_layer",
    "shown_columns",
]

GROUP_ROW: Final = "group"
MAIN: Final = (
    "name",
    "residents",
    "access",
    "access_min",
    "access_max",
    "without",
    "number",
    "gravity",
    "shared_beyond_pct",
)
_DIGITS: Final = 4
_METHOD: Final = (
    "Two-step floating catchment area (Luo and Wang 2003; with a decay, Luo and Qi 2009): what each feature supplies "
    "is divided by the residents within the distance, weighted by the decay, and each resident has the sum of these "
    "shares. The range is that of the errors of the features' positions, each bounded by itself."
)


def shown_columns(told: Told) -> tuple[str, ...]:
    """Return the columns that tables show: without a decay the decayed number is that of those within the distance."""
    return tuple(each for each in MAIN if each != "gravity" or told.asked.decay != "step")


def area_rows(told: Told, rows: Rows, count: int) -> dict[str, Any]:
    """Return the figures of groups of residents, the last for all together."""
    found = told.found
    home = np.where(rows >= 0, rows, count)

    def summed(values: Any) -> Any:
        sums = np.bincount(home, values * found.weight, minlength=count + 1)[:count]
        return np.append(sums, float((values * found.weight).sum()))

    residents = summed(np.ones(len(found.weight)))
    have, shared = found.among(rows, count), found.among(rows, count, told.beyond)
    low, high = found.range_among(rows, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        heads = np.where(residents > 0, residents, np.nan)
        return {
            "residents": residents,
            "access": (PER * have / heads).round(_DIGITS),
            "access_min": (PER * low / heads).round(_DIGITS),
            "access_max": (PER * high / heads).round(_DIGITS),
            "without": summed(found.access == 0),
            "number": (summed(found.number) / heads).round(_DIGITS),
            "gravity": (summed(found.gravity) / heads).round(_DIGITS),
            "shared_beyond_pct": (100 * shared / np.where(have > 0, have, np.nan)).round(1),
        }


def access_layer(told: Told) -> Layer:
    """Return areas, then groups such as deciles, then all together."""
    areas = told.areas
    assert areas.areas is not None  # noqa: S101 (they are areas)
    parts = [(areas.ids, areas.names, FEATURE_ROW, area_rows(told, areas.rows, len(areas)))]
    for kind in told.groups:
        if kind.areas is None and kind.kind != "all":
            ids = tuple(f"{kind.kind}:{each}" for each in kind.ids)
            parts.append((ids, kind.names, GROUP_ROW, area_rows(told, kind.rows, len(kind))))
    tables = [
        pd.DataFrame({"id": list(ids), "name": list(names), "row": row}).join(
            pd.DataFrame(figures).iloc[:-1].reset_index(drop=True)
        )
        for ids, names, row, figures in parts
    ]
    whole = pd.DataFrame({"id": ["all"], "name": ["All together"], "row": [TOTAL_ROW]}).join(
        pd.DataFrame(parts[0][3]).iloc[-1:].reset_index(drop=True)
    )
    table = pd.concat([*tables, whole], ignore_index=True)
    for name in ("residents", "without"):
        table[name] = table[name].round().astype("Int64")
    shapes: list[Any] = areas.areas.frame.geometry.to_crs("EPSG:4326").tolist()
    shapes += [None] * (len(table) - len(shapes))
    geometry = gpd.GeoSeries(shapes, crs="EPSG:4326")
    metadata = _metadata(told)
    read = [areas.areas, told.people.layer, told.layer, *layers_of(told.across)]
    inputs = tuple(dict.fromkeys(one for each in read for one in each.inputs))
    with_sources = with_sources_of(metadata, *(each.metadata for each in read))
    return Layer(gpd.GeoDataFrame(table, geometry=geometry), with_sources, inputs)


def _metadata(told: Told) -> Metadata:
    assert told.areas.areas is not None  # noqa: S101 (they are areas)
    areas = told.areas.areas.metadata
    title = f"Access to {told.unit} within {told.far}, shared with others"
    return Metadata(
        name="access",
        title=titled(title, told.across),
        key="id",
        label="name",
        row="row",
        noun_one=areas.noun_one,
        noun_many=areas.noun_many,
        geometry="area",
        fields=_fields(told),
        method=" ".join([METHOD, _METHOD, *methods_of(told.across)]),
        crs="EPSG:4326",
    )


def _fields(told: Told) -> tuple[Field, ...]:
    per = f"{told.unit[:1].upper()}{told.unit[1:]} per {PER:,} residents"
    rows = (
        Category(FEATURE_ROW, "Area"),
        Category(GROUP_ROW, "Group"),
        Category(TOTAL_ROW, "All together"),
    )
    return (
        Field("id", "Id"),
        Field("name", "Name"),
        Field("row", "Row", categories=rows),
        Field("residents", "Residents", "integer", told.people.layer.metadata.title),
        Field("access", per, "number", "Shared with all residents within the distance"),
        Field("access_min", "At least", "number", LOWEST),
        Field("access_max", "At most", "number", HIGHEST),
        Field("without", "Residents without any", "integer"),
        Field("number", f"Within {told.far}, mean number", "number", "Nobody shares them"),
        Field("gravity", "Decayed number", "number", "Nobody shares them"),
        Field(
            "shared_beyond_pct",
            "From features shared beyond the region",
            "number",
            f"Share of the access from features near which people live outside {told.region}, who are not counted: it "
            f"reads high",
            "%",
        ),
    )


def shared_layer(told: Told) -> Layer:
    """Return the features, with how many people share each."""
    found, layer = told.found, told.layer
    reached = found.reached
    people = np.bincount(
        found.feature,
        (found.counts > 0) * found.weight[found.person],
        minlength=len(found.supply),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(reached, PER * found.supply / np.where(reached, found.shared, 1), np.nan)
    placed = (layer.frame.geometry.notna() & ~layer.frame.geometry.is_empty).to_numpy()
    frame = gpd.GeoDataFrame(
        {
            "id": list(told.spots.keys),
            "name": list(told.spots.names),
            "supply": found.supply,
            "residents_within": pd.array(np.where(placed, people, np.nan).round(), dtype="Int64"),
            "sharing": np.where(placed, found.shared, np.nan).round(1),
            "per_10000": each.round(_DIGITS),
            "shared_beyond": pd.array(told.beyond, dtype="boolean"),
            "outside_pct": told.outside.round(1),
        },
        geometry=layer.frame.geometry.to_numpy(),
        crs=layer.frame.crs,
    )
    fields = (
        Field("id", "Id"),
        Field("name", "Name"),
        Field("supply", "Supply", "number"),
        Field("residents_within", f"Residents within {told.far}", "integer"),
        Field("sharing", "Residents who share it, by the decay", "number"),
        Field("per_10000", f"Supply per {PER:,} of them", "number"),
        Field("shared_beyond", "Shared beyond the region", "boolean"),
        Field(
            "outside_pct",
            "Land without population data",
            "number",
            "Of the land within the distance",
            "%",
        ),
    )
    metadata = layer.metadata.replaced(
        name="shared",
        title=f"{layer.metadata.title}, by residents who share them",
        key="id",
        label="name",
        row="",
        category="",
        fields=fields,
    )
    return Layer(frame, metadata, (*layer.inputs, *told.people.layer.inputs))
