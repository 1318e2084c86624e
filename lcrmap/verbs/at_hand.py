"""Features that Python holds, asked about as layers are: under a name, and given back under their own index.

A question holds names, so that it can be written down. What is passed for one is kept in `Sources` under a name of its
own, with its rows numbered; the answer's rows get back the index that the features came with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeGuard

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point
from shapely.geometry.base import BaseGeometry

from lcrmap.errors import UsageError
from lcrmap.io.crs import asked_crs
from lcrmap.io.describing import kebab
from lcrmap.io.opening import open_frame
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer, Handed, Origin
from lcrmap.verbs.question import QuestionField, RefusedValueError
from lcrmap.verbs.sources import Sources

__all__ = ["AtHand", "flattened", "layer_of"]

_AT_HAND = (Layer, Answer, gpd.GeoDataFrame, gpd.GeoSeries, BaseGeometry)


class AtHand:
    """What Python passed for the layers and places of one question.

    Parameters
    ----------
    sources
        Keeps the features.
    crs
        The code of their coordinate reference system, where they are what the question's `crs` is about; else None.
    """

    def __init__(self, sources: Sources, crs: str | None = None) -> None:
        self._sources, self._crs = sources, crs
        self._known: dict[int, str] = {}
        self._labels: dict[str, pd.Index[Any]] = {}

    def named(self, field: QuestionField, value: Any, *, first: bool) -> Any:
        """Return the name by which a question asks for what was passed, or the names of several.

        Parameters
        ----------
        field
            What it was passed for.
        value
            The value, or a list or tuple of such where the field takes several.
        first
            Whether the question's `crs` is about it.
        """
        if not field.many:
            return self._name(field, value, first=first)
        return tuple(self._name(field, each, first=first) for each in flattened(value))

    def _name(self, field: QuestionField, value: Any, *, first: bool) -> str:
        if isinstance(value, str | Path):
            return str(value)
        if isinstance(value, list | tuple):
            raise RefusedValueError(field, value, f"{field.spelled} is {_several(field, value)}")
        if not isinstance(value, _AT_HAND) or field.option.kind == "scenario":
            raise RefusedValueError(field, value, f"{field.spelled} is {_refused(value)}")
        crs = self._crs if first else None
        if field.option.kind == "place" and crs is None and _is_position(value):
            return _position(value)
        if id(value) not in self._known:
            self._known[id(value)] = self._kept(field, value, crs)
        return self._known[id(value)]

    def _kept(self, field: QuestionField, value: Any, crs: str | None) -> str:
        layer = layer_of(value, crs=crs, sources=self._sources, called=field.name)
        index = layer.frame.index
        numbered = layer.with_frame(layer.frame.reset_index(drop=True))
        name = self._sources.keep(numbered)
        self._labels[name] = index
        return name

    def handed_back(self, answer: Answer) -> Answer:
        """Return the answer with its rows under the index of the features that they are of, if these were passed."""
        origin = answer.origin
        answer = replace(answer, in_memory=self._sources.kept)
        if origin is None or origin.layer not in self._labels:
            return answer
        index = self._labels[origin.layer]
        rows = _labelled(answer.layer.frame, index, origin.rows, origin.closing)
        if origin.shapes is not None:
            rows = _shaped(rows, answer.layer.frame.index.to_numpy(), origin)
        beside = None
        if answer.beside is not None:
            beside = _labelled(answer.beside.frame, index, origin.beside)
        return replace(answer, handed=Handed(rows=rows, beside=beside))


def layer_of(
    value: Any,
    *,
    sources: Sources,
    crs: str | None = None,
    title: str | None = None,
    called: str = "",
) -> Layer:
    """Make a layer of features that are at hand.

    Parameters
    ----------
    value
        A Layer, an Answer, a GeoDataFrame, a GeoSeries or a shapely geometry, whose numbers are longitude and latitude
        in WGS84 unless `crs` says another system; it is not changed.
    sources
        Knows the region in which positions are expected.
    crs
        The code of the coordinate reference system, which goes before what the features say.
    title
        What to call the layer; None for what it is, such as places or areas.
    called
        The argument for which it was passed, which messages name; empty for the title.

    Raises
    ------
    UsageError
        If it is something else.
    """
    if isinstance(value, Answer):
        value = value.layer.with_frame(value.frame)
    if isinstance(value, Layer):
        if title is None:
            return value
        return replace(value, metadata=value.metadata.replaced(name=kebab(title), title=title))
    if isinstance(value, BaseGeometry):
        name = title or f"the {value.geom_type.lower()}"
        title = title or value.geom_type
        series = gpd.GeoSeries([value], crs=None if crs else "EPSG:4326")
        value = gpd.GeoDataFrame({"name": [name], "position_error_m": [0.0]}, geometry=series)
    elif isinstance(value, gpd.GeoSeries):
        value = value.to_frame("geometry")
    if not isinstance(value, gpd.GeoDataFrame):
        raise UsageError(f"A layer is asked for, and this is {_refused(value)}")
    if crs is not None:
        value = value.set_crs(asked_crs(crs), allow_override=True)
    return open_frame(value, title=title, pack=sources.pack, called=called)


def flattened(value: Any) -> Iterator[Any]:
    """Yield a single value, or those of a list; a function that takes any number may be given one list of them."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from flattened(each)
    else:
        yield value


def _is_position(value: Any) -> TypeGuard[Point]:
    return isinstance(value, Point) and not value.is_empty


def _position(point: Point) -> str:
    """Return a point as the position that one types: latitude first, in degrees."""
    if not (abs(point.x) <= 180 and abs(point.y) <= 90):
        raise UsageError(
            f"{point.wkt} is no longitude and latitude in degrees: put it into a GeoSeries with its crs, as in "
            f"GeoSeries([point], crs=27700)."
        )
    lat, lon = (np.format_float_positional(each, trim="0") for each in (point.y, point.x))
    return f"{lat},{lon}"


def _several(field: QuestionField, values: Any) -> str:
    if field.option.kind == "place" and len(values) == 2 and all(map(_is_number, values)):
        written = ", ".join(map(str, values))
        return f"{values!r}, and a position is a point: pass shapely.Point({written}), longitude first."
    return "one layer, and not several in a list: put them into one, as with GeoSeries(points, crs=4326)."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _refused(value: Any) -> str:
    if isinstance(value, pd.DataFrame):
        return (
            "a DataFrame, which has no shapes: make it a GeoDataFrame first, as with "
            "geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(frame.lon, frame.lat), crs=4326)."
        )
    return (
        f"of the type {type(value).__name__}, and must be a name, a path, a Layer, an Answer, a GeoDataFrame, a "
        f"GeoSeries or a shapely geometry."
    )


def _labelled(
    frame: gpd.GeoDataFrame,
    index: pd.Index[Any],
    numbers: Any = None,
    closing: Sequence[str] = (),
) -> gpd.GeoDataFrame:
    """Return rows that are numbered by their index under the labels of their features."""
    labels = index if numbers is None else index.take(numbers)
    if closing:
        labels = labels.append(_closing_labels(index, closing))
    rows = frame.copy(deep=False)
    rows.index = labels.take(frame.index.to_numpy())
    return rows


def _closing_labels(index: pd.Index[Any], closing: Sequence[str]) -> pd.Index[Any]:
    if index.nlevels == 1:
        return pd.Index(closing, name=index.name)
    rest = [""] * (index.nlevels - 1)
    return pd.MultiIndex.from_tuples([(each, *rest) for each in closing], names=index.names)


def _shaped(rows: gpd.GeoDataFrame, numbers: Any, origin: Origin) -> gpd.GeoDataFrame:
    """Return the rows with the shapes of their features, in these features' own coordinate reference system."""
    assert origin.shapes is not None  # noqa: S101 (asked for only where there are any)
    shapes = np.append(origin.shapes.to_numpy(), [None] * len(origin.closing))
    own = gpd.GeoSeries(shapes[numbers], index=rows.index, crs=origin.shapes.crs)
    own.name = rows.geometry.name
    return rows.set_geometry(own)
