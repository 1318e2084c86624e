"""The layers of a map: opened, filtered, and sorted into categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd

from lcrmap.analysis.filtering import choose
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.map.page import map_model
from lcrmap.verbs.map.question import Map
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
            drawn = [choose(each, expression) if each.name == name else each for each in drawn]
        model = map_model(
            drawn[: len(shown)],
            drawn[len(shown) :],
            self.sources,
            title=asked.title,
            basemap=None if asked.basemap == "none" else asked.basemap,
            language=asked.lang,
        )
        nothing = Layer(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), Metadata("map", "Map"))
        return Answer(
            question=asked,
            pack=pack,
            layer=nothing,
            finding=model.headline,
            sentences=(model.subtitle, *model.summary),
            shown=model,
        )

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


def _sorted_by(layer: Layer, column: str) -> Layer:
    """Return the layer with symbols that tell the values of a column apart."""
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name)
    return replace(layer, metadata=layer.metadata.replaced(category=column))
