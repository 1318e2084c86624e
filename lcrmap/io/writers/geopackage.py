"""Layers as GeoPackage, in their own CRS, carrying their metadata."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.errors import OutputError
from lcrmap.io.columns import EXACT, free_name
from lcrmap.io.json_rows import carried_form, dump
from lcrmap.io.shapes import has_shapes, measures, without_measures
from lcrmap.io.telling_apart import told_apart
from lcrmap.io.unheld import infinite_note, infinite_numbers, is_mixed, measures_note, mixed_note
from lcrmap.io.values import as_text_note, columns_of, holds_numbers
from lcrmap.layers import Layer

__all__ = ["encode_geopackage"]

# Types that a column keeps of which it has no value.
_BARE: Final = {"integer": "Int64", "number": "float64", "boolean": "boolean"}


def encode_geopackage(layer: Layer) -> tuple[bytes, tuple[str, ...]]:
    """Return a GeoPackage with the layer as its only one, and the notes to be said.

    The date of the last change in it is a fixed one, so that the same layer gives the same bytes.
    """
    rule = "Columns of a GeoPackage must differ in more than case"
    layer, notes = told_apart(layer, _folded, rule)
    notes += infinite_note(infinite_numbers(layer.frame, within=True), "JSON text")
    import pyogrio  # GDAL: no other writer needs it, and no reader of the bundled layers

    from lcrmap.io.guard import guarded

    frame, mixed = _typed(layer)
    as_text = [
        name
        for name, values in frame.items()
        if pd.api.types.is_string_dtype(values) and holds_numbers(layer.frame[name])
    ]
    notes = (
        *notes,
        *as_text_note(as_text, "GeoPackage"),
        *mixed_note(mixed, "GeoPackage"),
        *measures_note(measures(layer.frame), "GeoPackage"),
    )
    buffer = io.BytesIO()
    options: dict[str, Any] = {"layer_options": {"FID": _free_name("fid", frame)}}
    if has_shapes(frame):
        options["layer_options"]["GEOMETRY_NAME"] = _free_name("geom", frame)
        kinds = set(frame.geometry.geom_type.dropna())
        options["geometry_type"] = _common_type(kinds, has_z=bool(frame.geometry.has_z.any()))
        options["promote_to_multi"] = False
    with guarded():
        try:
            pyogrio.write_dataframe(
                frame,
                buffer,
                layer=layer.name,
                driver="GPKG",
                layer_metadata={"lcrmap": json.dumps(carried_form(layer))},
                **options,
            )
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
            raise OutputError(
                f"The layer '{layer.name}' cannot be written as GeoPackage: {error}."
            ) from error
    return buffer.getvalue(), notes


def _folded(name: str) -> bytes:
    """Return a name as SQLite compares it: its ASCII letters in lower case."""
    return name.encode("utf-8", "surrogatepass").lower()


def _typed(layer: Layer) -> tuple[Any, list[str]]:
    """Return a copy of the frame whose columns have types that the format knows, and which mix such types.

    Whole numbers and truth values with gaps keep their type; lists, objects and whole numbers that no number of the
    format holds become text.
    """
    frame = without_measures(layer.frame) if has_shapes(layer.frame) else layer.frame
    for name in map(str, frame.columns):
        if "\0" in name:
            raise _cut(name)
    fractions = {
        str(name): frame[name].to_numpy(dtype="float64", na_value=np.nan)
        for name, dtype in frame.dtypes.items()
        if pd.api.types.is_float_dtype(dtype) and layer.field(str(name)).type != "integer"
    }
    others = columns_of(frame.drop(columns=list(fractions)), layer.metadata)
    columns: dict[str, Any] = {
        **fractions,
        **{name: _column(name, each, layer.field(name).type) for name, each in others.items()},
    }
    mixed = [
        name
        for name, each in others.items()
        if columns[name].dtype == "str" and is_mixed(each, layer.field(name).type)
    ]
    names = [name for name in map(str, frame.columns) if name in columns]
    plain = pd.DataFrame(columns, index=range(len(frame)), columns=names)
    if not has_shapes(frame):
        return plain, mixed
    own = _free_name("geom", frame)  # an attribute may itself be called "geometry"
    shapes = gpd.GeoSeries(frame.geometry.to_numpy(), index=plain.index, crs=frame.crs, name=own)
    shaped = gpd.GeoDataFrame(pd.concat([plain, shapes], axis=1), geometry=own, crs=frame.crs)
    return shaped, mixed


def _column(name: str, values: list[Any], described: str) -> pd.Series[Any]:
    there = [each for each in values if each is not None]
    if not there and described in _BARE:
        return pd.Series(values, dtype=_BARE[described])
    kinds = {type(each) for each in there}
    if kinds == {bool}:
        dtype = "bool" if len(there) == len(values) else "boolean"
        return pd.Series(values, dtype=dtype)
    if kinds == {int} and all(-(2**63) <= each < 2**63 for each in there):
        return pd.Series(values, dtype="int64" if len(there) == len(values) else "Int64")
    if (
        kinds
        and kinds <= {int, float}
        and all(abs(each) <= EXACT for each in there if type(each) is int)
    ):
        return pd.Series(values, dtype="float64")
    texts = [each if each is None or isinstance(each, str) else dump(each) for each in values]
    if any(each is not None and "\0" in each for each in texts):
        raise _cut(name)
    safe = [each and each.encode("utf-8", "backslashreplace").decode() for each in texts]
    return pd.Series(safe, dtype="str")


def _cut(name: str) -> OutputError:
    """Return the error for a name or text that GDAL would end at its first U+0000."""
    return OutputError(
        f"The column {name!r:.80} holds the character U+0000, which GeoPackage cannot keep: "
        f"take it out, or write .geojson or .parquet."
    )


def _free_name(wanted: str, frame: Any) -> str:
    return free_name(wanted, {str(each).casefold() for each in frame.columns})


def _common_type(kinds: set[str], *, has_z: bool) -> str:
    single = kinds.pop() if len(kinds) == 1 else "Unknown"
    if single == "LinearRing":
        single = "LineString"
    return f"{single} Z" if has_z and single != "Unknown" else single
