"""The layers of a map: opened, filtered, and sorted into categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.analysis.joining import dimensions
from lcrmap.errors import GeometryError, UnknownNameError, UsageError
from lcrmap.layers import Layer, Metadata
from lcrmap.maps.columns import is_naming
from lcrmap.maps.styling import Shading
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import pack_areas
from lcrmap.verbs.classes import Classes, classes_of
from lcrmap.verbs.columns import column_names, number_column, number_columns, numbered
from lcrmap.verbs.map.page import map_model
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.map.words import with_shades_said
from lcrmap.verbs.sources import Reading
from lcrmap.verbs.work import WholeWork

__all__ = ["MapWork"]


class MapWork(WholeWork):
    """Draws layers: the answer is a page, and has no rows of its own."""

    asked: Map

    def answered(self) -> Answer:
        """Make the page's model."""
        asked, pack = self.asked, self.sources.pack
        shown, hidden = self._opened()
        drawn = [*shown, *hidden]
        for name, column in _clauses("--category", asked.category, drawn):
            drawn = [_sorted_by(each, column) if each.name == name else each for each in drawn]
        for name, expression in _clauses("--where", asked.where, drawn):
            drawn = [_chosen(each, expression) if each.name == name else each for each in drawn]
        before = {each.name: len(each.notes) for each in drawn}
        for name, column in _clauses("--shade", asked.shade, drawn):
            drawn = [numbered(each, column) if each.name == name else each for each in drawn]
        shades = self._shades(drawn)
        model = map_model(
            drawn[: len(shown)],
            drawn[len(shown) :],
            self.sources,
            shades=shades,
            title=asked.title,
            basemap=None if asked.basemap == "none" else asked.basemap,
            language=asked.lang,
        )
        model = with_shades_said(model, headline=not asked.title)
        _, repairs = pack_areas(self.sources)
        nothing = Layer(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), Metadata("map", "Map"))
        return Answer(
            question=asked,
            pack=pack,
            layer=nothing,
            finding=model.headline,
            sentences=(model.subtitle, *model.summary),
            notes=(*repairs, *(each for one in drawn for each in one.notes[before[one.name] :])),
            shown=model,
        )

    def _shades(self, drawn: list[Layer]) -> dict[str, tuple[Shading, str]]:
        """Return, by the name of the layer, how its areas are shaded and the note that says so."""
        asked, shades = self.asked, {}
        classes = classes_of(asked.classes)
        sorted_ = [name for name, _ in _clauses("--category", asked.category, drawn)]
        for name, column in _clauses("--shade", asked.shade, drawn):
            if name in shades or name in sorted_:
                other = "two columns" if name in shades else "--category too"
                raise UsageError(f"--shade paints {name} once, and not by {other}: leave one out.")
            layer = next(each for each in drawn if each.name == name)
            shades[name] = _shaded(layer, column, classes, asked.middle)
        return shades

    def _opened(self) -> tuple[list[Layer], list[Layer]]:
        """Open the layers that are shown, and those that wait to be shown: without any named, the atlas's."""
        sources, reading = self.sources, Reading.of(self.asked)
        if self.asked.layers:
            return [
                sources.layer(each, reading, need_geometry=True) for each in self.asked.layers
            ], []
        atlas = sources.pack.role("atlas").options
        shown = [sources.layer(each) for each in atlas.get("layers", [])]
        return shown, [sources.layer(each) for each in atlas.get("off", [])]


def _chosen(layer: Layer, expression: str) -> Layer:
    from lcrmap.analysis.filtering import choose  # which most maps do without

    return choose(layer, expression)


def _clauses(option: str, clauses: Sequence[str], layers: list[Layer]) -> list[tuple[str, str]]:
    """Take each ``LAYER:REST`` apart; with one layer on the map its name may be left out."""
    names = [layer.name for layer in layers]
    taken = []
    for clause in clauses:
        name, colon, rest = clause.partition(":")
        if colon and name.strip() in names:
            taken.append((name.strip(), rest.strip()))
        elif len(names) == 1:
            taken.append((names[0], clause))
        else:
            raise UsageError(
                f'{option} "{clause}" must begin with a layer on the map and a colon, '
                f'as in "{names[0] if names else "LAYER"}:..."; on the map: {", ".join(names)}.'
            )
    return taken


def _drawn(layer: Layer) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which rows are areas on the map: features, and with a shape."""
    shapes = layer.frame.geometry
    features = layer.frame.index.isin(layer.features.index)
    return np.asarray(features & shapes.notna() & ~shapes.is_empty)


def _shaded(
    layer: Layer, column: str, classes: Classes, middle: float | None
) -> tuple[Shading, str]:
    """Divide a column of a layer of areas into classes.

    Raises
    ------
    GeometryError
        If the layer holds something else than areas.
    UnknownNameError, UsageError
        If there is no such column, or no number in it that measures anything.
    """
    numbers = number_column(layer, column, "shade").to_numpy(dtype=np.float64, na_value=np.nan)
    numbers = numbers[_drawn(layer)]
    if dimensions(layer.frame) - {2}:
        raise GeometryError(
            f"--shade needs areas, and {layer.name} holds points or lines: "
            f"--category tells the values of a column apart there."
        )
    if column == layer.key or is_naming(column):
        raise UsageError(
            f"--shade needs numbers that measure something, and those of '{column}' of {layer.name} "
            f"are names{_others(layer, column)}."
        )
    if np.isinf(numbers).any() or np.isnan(numbers).all():
        held = "infinite ones" if np.isinf(numbers).any() else "none"
        raise UsageError(
            f"--shade needs numbers, and '{column}' of {layer.name} holds {held}{_others(layer, column)}."
        )
    field = layer.field(column)
    title = field.title + (f" ({field.unit})" if field.unit else "")
    from lcrmap.verbs.shading import shaded_by  # which a map without shades does not need

    return shaded_by(column, numbers, classes, title, middle)


def _others(layer: Layer, column: str) -> str:
    """Return, as the end of a sentence, the other columns that may shade a layer."""
    others = [
        each
        for each in number_columns(layer)
        if each not in (column, layer.key)
        and not is_naming(each)
        and layer.frame[each].notna().any()
    ]
    return f": choose one of {', '.join(others)}" if others else ""


def _sorted_by(layer: Layer, column: str) -> Layer:
    """Return the layer with symbols that tell the values of a column apart."""
    columns = column_names(layer)
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name)
    return replace(layer, metadata=layer.metadata.replaced(category=column))
