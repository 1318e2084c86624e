"""What a rate is measured against: square kilometres, residents, or a column of the areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.metric import area_km2
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.numbers import in_sentence, listed

__all__ = ["Base", "base_of"]

RESIDENTS = 10_000  # so many count as one


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """One number for each area.

    Attributes
    ----------
    column, title, unit
        What the column of the base is called.
    suffix, words
        What a rate's name and title end with.
    per
        So many units of the base count as one.
    """

    column: str
    title: str
    unit: str
    values: np.ndarray[Any, np.dtype[np.float64]]
    suffix: str
    words: str
    per: float = 1.0
    whole: bool = False


def base_of(per: str, areas: Layer, pack: Pack) -> Base:
    """Return the base that ``--per`` names.

    Raises
    ------
    UsageError
        If the pack knows no residents of these areas, or a column holds no numbers.
    UnknownNameError
        If there is no such column.
    """
    if per == "km2":
        km2 = np.round(area_km2(gpd.GeoSeries(areas.frame.geometry)), 4)
        return Base("km2", "Area", "km2", km2, "per_km2", "per km2")
    if per == "residents":
        values = _numbers(areas, _residents_column(areas, pack))
        words = f"per {RESIDENTS:,} residents"
        return Base(
            "residents", "Residents", "", values, "per_10000_residents", words, RESIDENTS, True
        )
    values = _numbers(areas, per)
    field = areas.field(per)
    words = f"per {field.unit}" if field.unit else f"per unit of {in_sentence(field.title)}"
    whole = bool(pd.api.types.is_integer_dtype(areas.frame[per]))
    return Base(per, field.title, field.unit, values, f"per_{per}", words, whole=whole)


def _residents_column(areas: Layer, pack: Pack) -> str:
    role = pack.role("area_residents")
    if role.layer == areas.name or (role.field in areas.frame.columns and areas.name in pack.names):
        return role.field
    known = [
        each.name
        for each in pack
        if each.name == role.layer or (each.geometry == "area" and each.has_field(role.field))
    ]
    raise UsageError(
        f"The data pack '{pack.name}' knows the residents of its {listed(known)}, not of {areas.name}: "
        f"count in one of these, or name the column of {areas.name} that holds them, as in --per {role.field}."
    )


def _numbers(areas: Layer, column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [str(each) for each in areas.frame.columns if each != areas.frame.geometry.name]
    if column not in columns:
        raise UnknownNameError("column", column, [*columns, "km2", "residents"], where=areas.name)
    values = areas.frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        numeric = [c for c in columns if pd.api.types.is_numeric_dtype(areas.frame[c])]
        raise UsageError(
            f"--per needs numbers, and '{column}' of {areas.name} holds none: "
            f"choose one of {', '.join([*numeric, 'km2', 'residents'])}."
        )
    numbers: np.ndarray[Any, np.dtype[np.float64]] = values.to_numpy(
        dtype="float64", na_value=np.nan
    )
    return numbers
