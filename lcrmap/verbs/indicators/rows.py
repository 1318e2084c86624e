"""The indicators of a pack as rows, or of one its lowest, middle and highest figure on each level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lcrmap.errors import UnknownNameError
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.layers.indicators import Indicator
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.figures import figure_of_region, figures_of, with_figures
from lcrmap.verbs.indicators.question import Indicators
from lcrmap.verbs.indicators.words import Apart, about, apart_words, sums_words
from lcrmap.verbs.people import most_deprived_areas
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["IndicatorsWork"]

LIST_FIELDS = (
    Field("id", "Id", description="What to type for the indicator"),
    Field("title", "Title"),
    Field("theme", "Theme"),
    Field("unit", "Unit"),
    Field("level", "Level", description="The smallest areas of which it is known"),
    Field("as_of", "As of", description="The date of the facts"),
    Field("better", "Better", description="Which way is better: up, down or neither"),
    Field("sums", "Sums", description="How the figure of a larger area comes about"),
    Field("derived", "Derived", description="How it was derived from what was published"),
    Field("source", "Source"),
    Field("licence", "Licence"),
)
LEVEL_FIELDS = (
    Field("level", "Level"),
    Field("areas", "Areas", "integer"),
    Field("known", "Known", "integer", "Areas of which there is a figure"),
    Field("lowest", "Lowest", "number"),
    Field("lowest_in", "Lowest in", description="The first of the areas that have it"),
    Field("median", "Median", "number"),
    Field("highest", "Highest", "number"),
    Field("highest_in", "Highest in", description="The first of the areas that have it"),
    Field("most_deprived", "Most deprived", "number", "Those most deprived areas together"),
    Field("elsewhere", "Elsewhere", "number", "All others together"),
)


class IndicatorsWork(WholeWork):
    """Lists the indicators of the pack, or describes one."""

    asked: Indicators

    def answered(self) -> Answer:
        """Return one row an indicator, or one a level and everything else about the indicator as notes."""
        asked, pack = self.asked, self.sources.pack
        known = pack.indicators
        words = (asked.words or "").strip()
        if words in known.entries:
            chosen = known.entries[words]
            apart = _by_deprivation(chosen, self.sources)
            layer = _levels(chosen, self.sources, apart)
            told = (*about(chosen, known), *apart_words(chosen, apart, pack.region))
            return Answer(question=asked, pack=pack, layer=layer, notes=told)
        theme = words.casefold() if words.casefold() in known.themes else ""
        found = [each for each in known if each.theme == theme or (not theme and _has(each, words))]
        if not found:
            raise UnknownNameError("indicator or theme", words, [*known.entries, *known.themes])
        return Answer(question=asked, pack=pack, layer=_listed(found, pack.title))


def _has(indicator: Indicator, words: str) -> bool:
    """Tell whether an indicator has all the words in its id or title."""
    text = f"{indicator.id} {indicator.title}".casefold()
    return all(each in text for each in words.casefold().split())


def _listed(found: Sequence[Indicator], title: str) -> Layer:
    rows = [
        (
            *(each.id, each.title, each.theme, each.unit, each.level, each.source.as_of),
            *(
                each.better,
                sums_words(each),
                each.derived or None,
                each.source.title,
                each.source.licence,
            ),
        )
        for each in found
    ]
    frame = pd.DataFrame(rows, columns=[each.name for each in LIST_FIELDS])
    return _table(
        frame, f"The indicators of {title}", LIST_FIELDS, "id", ("indicator", "indicators")
    )


def _by_deprivation(indicator: Indicator, sources: Sources) -> Apart | None:
    """Put together what is known of the most deprived small areas, and of all others; None where it is not known."""
    smallest = next(iter(sources.pack.indicators.levels))
    if indicator.level != smallest:
        return None
    found = most_deprived_areas(sources)
    if found is None:
        return None
    group, codes = found
    figures = figures_of(sources.pack, indicator.id, smallest)
    others = frozenset(figures.index.astype("str")) - codes
    sums = (figure_of_region(sources.pack, indicator, each) for each in (codes, others, None))
    return Apart(group.where, len(codes), len(figures), *sums)


def _levels(indicator: Indicator, sources: Sources, apart: Apart | None) -> Layer:
    pack = sources.pack
    known = [each for each in pack.indicators.levels if pack.indicators.sums_to(indicator, each)]
    rows = [_summary(indicator, level, sources, apart) for level in known]
    frame = pd.DataFrame(rows, columns=[each.name for each in LEVEL_FIELDS])
    fields = tuple(
        Field(each.name, each.title, each.type, each.description, indicator.unit)
        if each.type == "number"
        else each
        for each in LEVEL_FIELDS
    )
    return _table(frame, indicator.title, fields, "level", ("level", "levels"))


def _summary(
    indicator: Indicator, level: str, sources: Sources, apart: Apart | None
) -> tuple[object, ...]:
    """Return how many areas of a level there are, and the lowest, middle and highest figure with their areas."""
    layer = with_figures(sources.layer(level), [indicator.id], sources.pack)
    values = layer.frame[indicator.id].to_numpy(dtype=np.float64, na_value=np.nan)
    known = int((~np.isnan(values)).sum())
    if known == 0:
        return level, len(values), 0, *[None] * (len(LEVEL_FIELDS) - 3)
    names = layer.frame[layer.label].tolist()
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    middle = round(float(np.nanmedian(values)), 3)
    two: tuple[float | None, float | None] = (None, None)
    if apart is not None and level == indicator.level:
        two = round(apart.inside, 3), round(apart.elsewhere, 3)
    return (
        *(level, len(values), known, values[low], names[low]),
        *(middle, values[high], names[high], *two),
    )


def _table(
    rows: pd.DataFrame, title: str, fields: tuple[Field, ...], key: str, noun: tuple[str, str]
) -> Layer:
    """Make a layer of rows that have no place at all."""
    metadata = Metadata(
        name="indicators",
        title=title,
        key=key,
        label=key,
        noun_one=noun[0],
        noun_many=noun[1],
        geometry="none",
        fields=fields,
    )
    return Layer(without_places(rows), metadata)
