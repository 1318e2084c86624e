"""The layers of a map: opened, filtered, and sorted into categories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd

from lcrmap.analysis.joining import dimensions
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import pack_areas
from lcrmap.verbs.classes import classes_of
from lcrmap.verbs.columns import column_names
from lcrmap.verbs.map.page import map_model
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.map.shades import Painted, painted, with_missing_areas
from lcrmap.verbs.map.words import with_shades_said
from lcrmap.verbs.sources import Reading
from lcrmap.verbs.work import WholeWork

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicator
    from lcrmap.maps.model import PageModel

__all__ = ["MapWork"]


class MapWork(WholeWork):
    """Draws layers: the answer is a page, and has no rows of its own."""

    asked: Map

    def answered(self) -> Answer:
        """Make the page's model."""
        asked, pack = self.asked, self.sources.pack
        shown, hidden = self._opened()
        drawn = [*shown, *hidden]
        before = {each.name: len(each.notes) for each in drawn}
        own = {each.name: column_names(each) for each in drawn}
        drawn = self._with_figures(drawn) if asked.shade or asked.indicators else drawn
        for name, column in _clauses("--category", asked.category, drawn):
            drawn = [_sorted_by(each, column) if each.name == name else each for each in drawn]
        for name, expression in _clauses("--where", asked.where, drawn):
            drawn = [_chosen(each, expression) if each.name == name else each for each in drawn]
        if asked.shade:
            shaded = {name for name, _ in _clauses("--shade", asked.shade, drawn)}
            drawn = [self._completed(each) if each.name in shaded else each for each in drawn]
        made = self._painted(drawn, own)
        drawn = [made[each.name].layer if each.name in made else each for each in drawn]
        model = map_model(
            drawn[: len(shown)],
            drawn[len(shown) :],
            self.sources,
            shades=made,
            title=asked.title,
            basemap=None if asked.basemap == "none" else asked.basemap,
            language=asked.lang,
        )
        model = self._said(model, made)
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

    def _completed(self, layer: Layer) -> Layer:
        """Return a table of some of the pack's areas with those of which it says nothing too."""
        areas, _ = pack_areas(self.sources)
        if areas is None or layer.name == areas.name:
            return layer
        return with_missing_areas(layer, areas)

    def _with_figures(self, drawn: list[Layer]) -> list[Layer]:
        """Put indicators beside the layers of areas: those of ``--with``, and those by which a layer is shaded."""
        asked, pack = self.asked, self.sources.pack
        wanted: dict[str, list[str]] = {each.name: [] for each in drawn}
        if asked.indicators:
            areas = [each.name for each in drawn if dimensions(each.frame) == {2}]
            for name in areas or wanted:
                wanted[name] += asked.indicators
        from lcrmap.verbs.figures import is_indicator, with_figures  # which most maps do without

        for name, column in _clauses("--shade", asked.shade, drawn):
            layer = next(each for each in drawn if each.name == name)
            for each in filter(None, (column, asked.against)):
                if each not in column_names(layer) and is_indicator(pack, each):
                    wanted[name].append(each)
        return [with_figures(each, tuple(dict.fromkeys(wanted[each.name])), pack) for each in drawn]

    def _painted(
        self, drawn: list[Layer], own: Mapping[str, Collection[str]]
    ) -> dict[str, Painted]:
        """Return, by the name of the layer, how its areas are shaded and the note that says so.

        Parameters
        ----------
        own
            The columns that each layer has of its own, which are no indicators.
        """
        asked, pack = self.asked, self.sources.pack
        made: dict[str, Painted] = {}
        sorted_ = [name for name, _ in _clauses("--category", asked.category, drawn)]
        for name, column in _clauses("--shade", asked.shade, drawn):
            if name in made or name in sorted_:
                other = "two columns" if name in made else "--category too"
                raise UsageError(f"--shade paints {name} once, and not by {other}: leave one out.")
            layer = next(each for each in drawn if each.name == name)
            indicator = None if column in own[name] else _indicator(pack, column)
            if asked.against is not None:
                from lcrmap.verbs.map.crossing import crossed  # which most maps do without

                second = None if asked.against in own[name] else _indicator(pack, asked.against)
                pair = ((column, indicator), (asked.against, second))
                made[name] = crossed(layer, pair, pack, per=asked.per)
                continue
            classes = classes_of(asked.classes)
            made[name] = painted(
                *(layer, column, classes, pack),
                middle=asked.middle,
                per=asked.per,
                indicator=indicator,
            )
        return made

    def _said(self, model: PageModel, made: Mapping[str, Painted]) -> PageModel:
        """Return the page with what is to be said of its shades."""
        headline = not self.asked.title
        if self.asked.against is None:
            wholes = {name: each.whole for name, each in made.items()}
            return with_shades_said(model, wholes, headline=headline)
        from lcrmap.verbs.map.crossed_words import with_crossing_said

        (name,) = made
        return with_crossing_said(model, name, made[name], headline=headline)

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


def _indicator(pack: Pack, name: str) -> Indicator | None:
    return pack.indicators.entries.get(name) if pack.has_indicators else None


def _sorted_by(layer: Layer, column: str) -> Layer:
    """Return the layer with symbols that tell the values of a column apart."""
    columns = column_names(layer)
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name)
    return replace(layer, metadata=layer.metadata.replaced(category=column))
