"""Whom a profile is about: an area of the pack, or those who live within a distance of a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lcrmap.analysis.gaps import beyond
from lcrmap.analysis.joining import dimensions
from lcrmap.analysis.sharing import shared_out
from lcrmap.analysis.summing import summed
from lcrmap.errors import LcrmapError, UsageError, close_names, shortened
from lcrmap.io.indicators import read_figures, read_nesting
from lcrmap.layers.indicators import Indicator
from lcrmap.verbs.figures import figures_of
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.places import Spots
from lcrmap.verbs.profile.question import Profile
from lcrmap.verbs.sources import Reading, Sources

__all__ = ["Subject", "subject_of"]

_ALL = "all"
_MOST_NAMED = 5  # areas that may be meant


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Whom a profile is about.

    Attributes
    ----------
    name
        What it is called in a sentence.
    spots
        The area, or the place in the middle.
    level, code
        The layer of the area and its code; empty around a place.
    larger
        The code of the larger area it is compared with; empty if there is none.
    larger_name
        Its name.
    near
        The postcodes whose residents live within the distance of a place; None of an area.
    """

    name: str
    spots: Spots
    level: str
    code: str
    larger: str
    larger_name: str
    near: frozenset[str] | None = None

    def figure(self, indicator: Indicator, sources: Sources) -> float:
        """Return an indicator of whom the profile is about; NaN where it is not known."""
        if self.near is None:
            return _of(figures_of(sources.pack, indicator.id, self.level), self.code)
        known = _at_postcodes(indicator, sources)
        inside = known[known.index.isin(self.near)]
        if inside.empty:
            return float("nan")
        return _of(summed(indicator, inside, pd.Series(_ALL, index=inside.index)), _ALL)

    def of_larger(self, indicator: Indicator, sources: Sources) -> float:
        """Return the indicator of the larger area; NaN if there is none."""
        levels = list(sources.pack.indicators.levels)
        return _of(figures_of(sources.pack, indicator.id, levels[-1]), self.larger)


def subject_of(asked: Profile, sources: Sources) -> Subject:
    """Find whom a profile is about.

    Raises
    ------
    UsageError
        If a place is no area, and no distance is asked for; or if the pack knows no indicators.
    """
    reading = Reading.of(asked)
    if asked.ring is None:
        return _area(asked.place, sources, reading)
    spots = sources.spots(asked.place, reading)
    if not spots.single:
        raise UsageError(
            f"A profile is of one place, and '{asked.place}' is a layer: name one of its features."
        )
    people = sources.people()
    if people.layer.name in sources.changed:
        raise UsageError(
            "The scenario changes where residents live, and not who they are: ask for the profile without --scenario."
        )
    found = beyond(people.layer.frame, spots.layer.frame, asked.ring)
    within = ~found["beyond"].fillna(True).to_numpy(dtype=bool)
    codes = people.layer.frame[people.layer.key].astype("str").to_numpy()
    near = frozenset(codes[within].tolist())
    name = f"within {distance_words(asked.ring, exact=True)} of {spots.names[0]}"
    return Subject(name, spots, "", "", "", "", near)


def _area(text: str, sources: Sources, reading: Reading) -> Subject:
    """Find an area by its code or name, the largest first: no two kinds have one of the same name."""
    pack = sources.pack
    known = pack.indicators
    largest = list(known.levels)[-1]
    for level in reversed(list(known.levels)):
        code = _code_of(text, level, sources)
        if code:
            spots = sources.spots(f"{level}:{code}", reading)
            nesting = read_nesting(pack, known, level)
            larger = "" if level == largest else str(nesting.loc[code, largest])
            name = _name(largest, larger, sources)
            return Subject(spots.names[0], spots, level, code, larger, name)
    levels = ", ".join(known.levels)
    noun = _noun_of(text, sources, reading)
    if noun:
        raise UsageError(
            f"'{shortened(text)}' is a {noun}, and a profile is of areas of {levels}: name one, or say how far around "
            f"it, as in --ring 1km."
        )
    raise UsageError(
        f"'{shortened(text)}' is no area of {levels}: {_instead(text, sources)}, or, of another place, say how far "
        f"around it, as in --ring 1km."
    )


def _noun_of(text: str, sources: Sources, reading: Reading) -> str:
    """Return what an area of the pack is, such as a ward, that has no indicators; empty for all else."""
    try:
        spots = sources.spots(text, reading)
    except LcrmapError:  # what is no place at all has its own message
        return ""
    is_area = spots.kind == "feature" and dimensions(spots.layer.frame) == {2}
    return spots.layer.metadata.noun_one if is_area else ""


def _instead(text: str, sources: Sources) -> str:
    """Name areas that have the words in their names, the largest first, else those that are nearly called so."""
    names: list[str] = []
    for level in reversed(list(sources.pack.indicators.levels)):
        layer = sources.layer(level)
        names += layer.frame[layer.label].astype("str").tolist()
    words = text.casefold().split()
    found = [each for each in names if words and all(word in each.casefold() for word in words)]
    found = found[:_MOST_NAMED] or [*close_names(text, names, most=_MOST_NAMED)]
    named = [f"'{each}'" for each in found]
    if not named:
        return "check how it is written"
    return f"did you mean {' or '.join(filter(None, (', '.join(named[:-1]), named[-1])))}"


def _code_of(text: str, level: str, sources: Sources) -> str:
    """Return the code of the area of a level that is called so, also as ``LEVEL:NAME``; empty if none is."""
    wanted = text.strip().removeprefix(f"{level}:").casefold()
    layer = sources.layer(level)
    codes, names = layer.frame[layer.key].astype("str"), layer.frame[layer.label].astype("str")
    found = codes[(codes.str.casefold() == wanted) | (names.str.casefold() == wanted)]
    return str(found.iloc[0]) if len(found) == 1 else ""


def _name(level: str, code: str, sources: Sources) -> str:
    """Return the name of an area by its code; empty for none."""
    if not code:
        return ""
    layer = sources.layer(level)
    return str(layer.frame.set_index(layer.key)[layer.label][code])


def _at_postcodes(indicator: Indicator, sources: Sources) -> pd.DataFrame:
    """Return the columns that an indicator needs, by postcode: counts shared out, what else as in the small area."""
    pack = sources.pack
    role, layer = pack.role("population"), sources.people().layer
    areas = layer.frame[str(role.options["small_area"])]
    codes = layer.frame[layer.key].astype("str")
    figures = read_figures(pack, indicator.columns)
    columns = {
        name: shared_out(figures[name], areas, codes)
        if pack.indicators.named(name).sums == "count"
        else areas.map(figures[name]).to_numpy()
        for name in indicator.columns
    }
    return pd.DataFrame(columns, index=codes.to_numpy())


def _of(values: pd.Series[float], code: str) -> float:
    return float(values.get(code, np.nan))
