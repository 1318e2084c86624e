"""From the arguments of a function of Python to a question, and its answer back under the index that was given.

Layers are names from the pack, paths, layers that were opened before, answers, GeoDataFrames, GeoSeries or shapely
geometries. Options are keywords, called as the fields of the verb's question are; distances are texts with a unit or
numbers of metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from lcrmap.errors import LcrmapError, UsageError
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.at_hand import AtHand, flattened
from lcrmap.verbs.question import Question, Reads, fields_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.spelling import in_python, respell
from lcrmap.verbs.work import answer

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries
    from shapely.geometry.base import BaseGeometry

    LayerLike = str | Path | Layer | Answer | GeoDataFrame | GeoSeries | BaseGeometry
    Layers = LayerLike | Sequence[LayerLike]
    Columns = str | Sequence[str]
    Metres = str | float
    Crs = str | int | pyproj.CRS

__all__ = ["asked", "code_of", "pack_of", "refuse_columns"]


def asked(kind: type[Question], given: Mapping[str, Any]) -> Answer:
    """Ask a question whose fields are a function's arguments; what is said of it names the arguments."""
    values = {field.name: _plain(given[field.name]) for field in fields_of(kind)}
    try:
        sources = Sources(pack_of(given["pack"]))
        layers = [field for field in fields_of(kind) if field.names_files]
        if issubclass(kind, Reads):
            values["crs"] = code_of(values["crs"])
            refuse_columns(values, layers[0].name)
        hand = AtHand(sources, values.get("crs"))
        for field in layers:
            if values[field.name] is not None or not field.optional:
                first = field == layers[0]
                values[field.name] = hand.named(field, values[field.name], first=first)
        found = hand.handed_back(answer(kind(**values), sources))
    except LcrmapError as error:
        respell(error, kind)
        raise
    notes = (in_python(each, kind) for each in (*found.notes, *found.layer.notes))
    return replace(found, notes=tuple(notes))


def refuse_columns(values: Mapping[str, Any], first: str) -> None:
    """Refuse names of coordinate columns where nothing is a file."""
    files = any(isinstance(each, str | Path) for each in flattened(values[first]))
    if any(values[each] for each in ("x", "y", "match", "encoding")) and not files:
        raise UsageError(
            "--x, --y, --match and --encoding are for files: what is at hand has its shapes already."
        )


def pack_of(given: Any) -> Pack | None:
    """Return the pack that was passed, or the one in the folder that was named."""
    return given if given is None or isinstance(given, Pack) else open_pack(given)


def _plain(value: Any) -> Any:
    """Return a number of numpy's as Python's own."""
    return value.item() if isinstance(value, np.generic) else value


def code_of(crs: Any) -> str | None:
    """Return the code of a coordinate reference system that is given as geopandas takes it."""
    if crs is None or isinstance(crs, str):
        return crs
    if isinstance(crs, int):
        return f"EPSG:{crs}"
    known = crs.to_authority() if isinstance(crs, pyproj.CRS) else None
    if known is None:
        raise UsageError(f"--crs is {str(crs)[:80]!r}, and must be a code such as EPSG:27700.")
    return ":".join(known)
