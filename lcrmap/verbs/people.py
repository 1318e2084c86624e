"""Where people live, as the pack's roles have it: residents at points, those of the most deprived areas among them.

Instead of residents any count of the pack can be asked for, such as households without a car: it is shared out from its
small areas to their points, as residents are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.catchments import weighted_centres
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.sharing import shared_out
from lcrmap.analysis.tenths import Flags
from lcrmap.errors import UsageError
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.columns import role_numbers
from lcrmap.verbs.groups import Group, indicator_of_group, tenth_of
from lcrmap.verbs.numbers import in_sentence
from lcrmap.verbs.sources import Sources

__all__ = [
    "DEPRIVED",
    "RESIDENTS",
    "Measure",
    "People",
    "most_deprived_areas",
    "open_people",
    "residents_of",
]

# The deprivation cut-offs that a pack may state, with the column and the words for each.
DEPRIVED = {
    "most_deprived_tenth": "in the most deprived tenth",
    "most_deprived_fifth": "in the most deprived fifth",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: the name of its columns, its noun, its title, and what must be said of it."""

    column: str
    one: str
    many: str
    title: str
    note: str = ""

    def noun(self, count: float) -> str:
        """Return the word for so many, without the number."""
        return self.one if count == 1 else self.many


RESIDENTS: Final = Measure("residents", "resident", "residents", "Residents")


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The pack's residents, or what is counted instead of them, ready to be summed.

    Attributes
    ----------
    layer
        Points, with how many live there.
    weights
        By column: that of `measure`, and of each group.
    centres
        One point a small area with the sum of its residents as ``weight``: the mean position of its residents' points,
        weighted by them. None where the pack does not say which small area a point belongs to.
    small_area
        The title of the small areas.
    deprivation
        What deprivation is measured by; empty if the pack does not know it.
    measure
        What is counted.
    groups
        Those of the most deprived areas, where the pack knows deprivation, and what other groups were asked for.
    """

    layer: Layer
    weights: dict[str, Floats]
    centres: gpd.GeoDataFrame | None
    small_area: str
    deprivation: str
    measure: Measure = RESIDENTS
    groups: tuple[Group, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of the measure and the groups."""
        return tuple(filter(None, (self.measure.note, *(each.note for each in self.groups))))

    @property
    def sure(self) -> tuple[str, ...]:
        """What a page says of how sure it is where they live."""
        metadata = self.layer.metadata
        text = metadata.description
        what = f"{metadata.title}: {text[:1].lower()}{text[1:]}" if text else f"{metadata.title}."
        return (f"{what} Their points are taken as exact: ranges are of other positions alone.",)

    @property
    def counted(self) -> Floats:
        """How many there are at each point."""
        return self.weights[self.measure.column]

    @property
    def total(self) -> float:
        """How many there are in all."""
        return float(self.counted.sum())


def residents_of(layer: Layer, column: str) -> Floats:
    """Return how many people live at each place, none where it is not known; raises UsageError if it is no numbers."""
    people = role_numbers(layer, column, "population")
    return np.where(np.isnan(people), 0.0, people)


def open_people(sources: Sources, of: str | None = None, groups: Sequence[str] = ()) -> People:
    """Open the pack's residents, or what is counted instead of them.

    Parameters
    ----------
    of
        An indicator that counts; None for the pack's own residents.
    groups
        Further groups by their names, such as ``no_car_tenth``.

    Raises
    ------
    UsageError
        If the pack has no population, no numbers where it says that these are, no such count of small areas, or no such
        group.
    """
    pack = sources.pack
    role = pack.role("population")
    layer = sources.layer(role.layer)
    measure, counted = RESIDENTS, residents_of(layer, role.field)
    if of is not None and of != RESIDENTS.column:
        layer, measure, counted = _measured(of, layer, sources)
    found = _deprived(layer, groups, pack)
    title = next((each.source for each, _ in found), "")
    unit = str(role.options.get("small_area", ""))
    others = [each for each in dict.fromkeys(groups) if each not in DEPRIVED]
    if others:
        layer, more = _by_indicator(layer, unit, others, sources)
        found += more
    weights = {measure.column: counted}
    weights |= {group.column: counted * inside for group, inside in found}
    centres = weighted_centres(layer.frame, unit, counted) if unit in layer.frame.columns else None
    named = layer.field(unit).title if unit else ""
    kinds = tuple(group for group, _ in found)
    return People(layer, weights, centres, named, title, measure, kinds)


def most_deprived_areas(sources: Sources) -> tuple[Group, frozenset[str]] | None:
    """Return the group of the most deprived, and the codes of its small areas; None where the pack knows neither."""
    pack = sources.pack
    if not pack.has_role("population"):
        return None
    role = pack.role("population")
    layer, unit = sources.layer(role.layer), str(role.options.get("small_area", ""))
    found = _deprived(layer, (), pack)
    if not found or unit not in layer.frame.columns:
        return None
    group, inside = found[0]
    return group, frozenset(layer.frame.loc[inside, unit].astype("str"))


def _deprived(layer: Layer, asked: Sequence[str], pack: Pack) -> list[tuple[Group, Flags]]:
    """Return the groups of the most deprived, and who is in them; none if the pack knows no deprivation.

    Raises
    ------
    UsageError
        If one is asked for that the pack does not know.
    """
    known = pack.role("deprivation") if pack.has_role("deprivation") else None
    if known is None or known.layer != layer.name:
        known = None
    wanted = [each for each in DEPRIVED if known is not None and each in known.options]
    unknown = [each for each in asked if each in DEPRIVED and each not in wanted]
    if unknown:
        raise UsageError(
            f"The pack '{pack.name}' does not say who is in '{unknown[0]}': leave it out of --groups."
        )
    if known is None:
        return []
    title = str(known.options.get("title", layer.field(known.field).title))
    rank = role_numbers(layer, known.field, "deprivation")
    return [
        (
            Group(name, DEPRIVED[name], f"{DEPRIVED[name]} of small areas", title),
            rank <= float(known.options[name]),
        )
        for name in wanted
    ]


def _by_indicator(
    layer: Layer, unit: str, names: Sequence[str], sources: Sources
) -> tuple[Layer, list[tuple[Group, Flags]]]:
    """Return the groups by indicators, and the layer with their credits.

    Raises
    ------
    UsageError
        If the pack does not say in which small area a point lies, or there is no such group.
    """
    from lcrmap.verbs.figures import credited  # which most questions do without

    pack = sources.pack
    chosen = [indicator_of_group(each, pack) for each in names]
    areas = _small_areas(layer, unit, "--groups")
    found = [tenth_of(each, areas, pack) for each in names]
    return credited(layer, chosen, pack), found


def _measured(of: str, layer: Layer, sources: Sources) -> tuple[Layer, Measure, Floats]:
    """Share out a count of small areas to the points of the population.

    Raises
    ------
    UsageError
        If it is no count of small areas, is not known of all, or residents are moved in a scenario.
    """
    from lcrmap.verbs.figures import credited, figures_of  # which most questions do without

    pack = sources.pack
    role = pack.role("population")
    unit, level = str(role.options.get("small_area", "")), next(iter(pack.indicators.levels))
    indicator = pack.indicators.named(of)
    if indicator.sums != "count":
        raise UsageError(
            f"--of needs a count, such as residents or households, and '{of}' is none: see 'lcrmap indicators'."
        )
    if role.layer in sources.changed:
        raise UsageError(
            f"The scenario changes where residents live, and not where '{of}' is: leave --of out."
        )
    totals = figures_of(pack, of, level)
    unknown = int(totals.isna().sum())
    if unknown:
        raise UsageError(
            f"'{of}' is not known of {unknown:,} of {len(totals):,} {level}, so it cannot be shared out to postcodes."
        )
    counted = shared_out(
        totals, _small_areas(layer, unit, "--of"), layer.frame[layer.key].astype("str")
    )
    many = in_sentence(indicator.title)
    note = f"{indicator.title} of each small area are shared out evenly to its postcodes, in whole numbers."
    measure = Measure(of, many, many, indicator.title, note)
    return credited(layer, [indicator], pack), measure, counted


def _small_areas(layer: Layer, unit: str, option: str) -> pd.Series[str]:
    """Return the code of the small area of each point.

    Raises
    ------
    UsageError
        If the pack does not say it.
    """
    if unit not in layer.frame.columns:
        raise UsageError(
            f"The pack does not say in which small area each of {layer.name} lies: leave {option} out."
        )
    return layer.frame[unit]
