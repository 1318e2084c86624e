"""List the layers of a pack, and tell everything about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lcrmap.io.opening import open_layer
from lcrmap.layers import Field, Layer, Metadata, Pack
from lcrmap.verbs.answer import Answer

if TYPE_CHECKING:
    from lcrmap.maps.page import Page

__all__ = ["describe_layer", "list_layers"]

LIST_FIELDS = (
    Field("name", "Name", description="What to type for the layer"),
    Field("title", "Title"),
    Field("features", "Features", "integer"),
    Field("placed", "Placed", "integer", "Features with a position"),
    Field("geometry", "Geometry", description="point, line or area"),
    Field("as_of", "As of", description="The date of the facts"),
    Field("licence", "Licence"),
    Field(
        "confirmed", "Confirmed", "integer", "Features named by an official or first-hand source"
    ),
)
FIELD_FIELDS = (
    Field("name", "Field"),
    Field("title", "Title"),
    Field("type", "Type"),
    Field("unit", "Unit"),
    Field("description", "Description"),
    Field("values", "Allowed values"),
)


def list_layers(pack: Pack) -> Answer:
    """Return one row a layer of the pack, with how many features it has and how sure they are.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> list_layers(open_pack()).layer.frame["name"].iloc[0]
    'boroughs'
    """
    rows = [_summarise(open_layer(each.name, pack=pack)) for each in pack]
    metadata = Metadata(
        name="layers",
        title=f"The layers of {pack.title}",
        key="name",
        label="title",
        noun_one="layer",
        noun_many="layers",
        geometry="none",
        fields=LIST_FIELDS,
    )
    return Answer(_table(pd.DataFrame(rows), metadata), _no_page)


def describe_layer(name: str, *, pack: Pack) -> Answer:
    """Return one row a field of the layer, and everything else about it as notes."""
    layer = open_layer(name, pack=pack)
    known = layer.metadata
    columns = [column for column in layer.frame.columns if column != layer.frame.geometry.name]
    fields = [layer.field(column) for column in columns]
    rows = pd.DataFrame(
        {
            "name": [each.name for each in fields],
            "title": [each.title for each in fields],
            "type": [each.type for each in fields],
            "unit": [each.unit for each in fields],
            "description": [each.description for each in fields],
            "values": [", ".join(value.value for value in each.categories) for each in fields],
        }
    )
    metadata = Metadata(
        name=f"{known.name}-fields",
        title=f"The fields of {known.title}",
        key="name",
        label="title",
        noun_one="field",
        noun_many="fields",
        geometry="none",
        fields=FIELD_FIELDS,
    )
    return Answer(_table(rows, metadata), _no_page, _about(layer))


def _summarise(layer: Layer) -> dict[str, object]:
    known, frame = layer.metadata, layer.frame
    confirmed = int((frame["confidence"] == "confirmed").sum()) if "confidence" in frame else None
    return {
        "name": known.name,
        "title": known.title,
        "features": len(frame),
        "placed": layer.placed,
        "geometry": known.geometry,
        "as_of": known.as_of,
        "licence": ", ".join(each.name for each in known.licences),
        "confirmed": confirmed,
    }


def _about(layer: Layer) -> tuple[str, ...]:
    known = layer.metadata
    unplaced = len(layer.frame) - layer.placed
    lines = [
        f"{known.title} ({known.name})",
        f"Chosen: {len(layer.frame):,} of {known.selected_from:,} rows, those for which {known.selection}."
        if known.selection
        else "",
        known.description,
        f"Features: {len(layer.frame):,}, of which {layer.placed:,} have a position"
        + (f" and {unplaced:,} have none." if unplaced else "."),
        _counted_by(layer, "confidence"),
        _counted_by(layer, known.breakdown) if known.breakdown != "confidence" else "",
        _position_error(layer),
        f"Key: {known.key}" if known.key else "",
        f"As of: {known.as_of}" if known.as_of else "",
        f"Method: {known.method}" if known.method else "",
        *(f"Source: {each.title} {each.url}".rstrip() for each in known.sources),
        *(f"Licence: {each.title} {each.url}".rstrip() for each in known.licences),
        f"Credit: {known.credit}" if known.credit else "",
    ]
    return tuple(line for line in lines if line)


def _counted_by(layer: Layer, column: str) -> str:
    """Say how many features have each value of a column, and what the values mean."""
    if not column or column not in layer.frame.columns:
        return ""
    counts = layer.frame[column].value_counts()
    field = layer.field(column)
    ordered = [each.value for each in field.categories if each.value in counts] or list(
        counts.index
    )
    parts = []
    for value in ordered:
        described = field.category(value)
        label = described.label.lower() if described else str(value)
        meaning = f" ({described.description})" if described and described.description else ""
        parts.append(f"{counts[value]:,} {label}{meaning}")
    return f"{field.title}: {'; '.join(parts)}." if parts else ""


def _position_error(layer: Layer) -> str:
    """Say how far off the positions may be."""
    if "position_error_m" not in layer.frame.columns:
        return ""
    errors = layer.frame["position_error_m"].dropna()
    if errors.empty:
        return "Positions: how far off they may be is not known."
    unknown = layer.placed - len(errors)
    return (
        f"Positions: believed right to within {errors.min():,.0f} to {errors.max():,.0f} m "
        f"(median {errors.median():,.0f} m)" + (f"; not known for {unknown:,}." if unknown else ".")
    )


def _table(rows: pd.DataFrame, metadata: Metadata) -> Layer:
    """Make a layer of rows that have no place at all."""
    if "confirmed" in rows:
        rows["confirmed"] = rows["confirmed"].astype("Int64")
    nowhere = gpd.array.from_shapely([None] * len(rows), crs="EPSG:4326")
    frame = gpd.GeoDataFrame(rows.assign(place=nowhere), geometry="place")
    return Layer(frame, metadata)


def _no_page(layer: Layer) -> Page:
    from lcrmap.verbs.map import make_map

    return make_map(layer)
