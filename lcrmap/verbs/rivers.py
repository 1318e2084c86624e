"""The pack's barrier and its crossings, as a question wants to cross them, and what is said of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.crossings import River, river
from lcrmap.analysis.detours import detours
from lcrmap.analysis.links import STRAIGHT, Ways
from lcrmap.analysis.metric import are_points, reach
from lcrmap.analysis.ranges import error_radii
from lcrmap.layers import Layer, Metadata
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.numbers import MEASURED, distance_words, listed
from lcrmap.verbs.places import feature_keys
from lcrmap.verbs.question import Crosses, Mode
from lcrmap.verbs.sources import Sources

__all__ = [
    "WORTH_SAYING",
    "Across",
    "detour_sentence",
    "detours_of",
    "known_across",
    "layers_of",
    "measured_words",
    "methods_of",
    "open_across",
    "opened_across",
    "over_words",
    "titled",
    "ways_of",
]

_HOW: Final[dict[Mode, str]] = {
    "walk": "on foot",
    "cycle": "by bicycle",
    "drive": "by car",
    "rail": "by rail",
}
# The share of people from which it is said that their nearest lies across.
WORTH_SAYING: Final = 0.005
_ON_FOOT: Final[Mode] = "walk"  # how far it is by the crossings is said of those who walk


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """A pack's barrier with its crossings, and the ways over those that are open.

    Attributes
    ----------
    ways
        Measures over them.
    barrier, crossings
        The pack's layers.
    mode
        The way of travelling.
    """

    ways: River
    barrier: Layer
    crossings: Layer
    mode: Mode

    @property
    def barrier_name(self) -> str:
        """What the barrier is called, as in "the River Mersey"."""
        layer = self.barrier
        return f"the {area_names(layer)[0] if layer.label else layer.metadata.noun_one}"

    @property
    def how(self) -> str:
        """How one travels, as in "on foot"."""
        return _HOW[self.mode]

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of all crossings."""
        return tuple(feature_keys(self.crossings))

    def name(self, row: int) -> str:
        """Return what a crossing is called."""
        return area_names(self.crossings)[row]

    @property
    def crossing(self) -> str:
        """How the barrier is crossed, as in "crossing the River Mersey on foot"."""
        return f"crossing {self.barrier_name} {self.how}"

    @property
    def open(self) -> Layer:
        """The crossings that are open, under a title that says to whom."""
        layer = self.crossings
        frame = layer.frame.iloc[np.sort(self.ways.crossings.rows)]
        title = f"{layer.metadata.title} open {self.how}"
        # All look alike: what kinds there are says nothing of the way.
        return Layer(frame, layer.metadata.replaced(title=title, category=""), layer.inputs)

    @property
    def measured(self) -> str:
        """How far apart the banks are, as a legend says it."""
        return f"Between the banks of {self.barrier_name} they go by a crossing open {self.how}."

    @property
    def bound(self) -> str:
        """What a distance leaves out, as a sentence for a page."""
        return "On one bank distances are as the crow flies, over water or not: ways on the ground are longer."

    @property
    def method(self) -> str:
        """How is measured, for who checks it."""
        return (
            f"Between the banks of {self.barrier_name} the distance is the least of the ways over the crossings that "
            f"are open {self.how}: to the crossing, over it, and on from its other end. On one bank it is the "
            f"geodesic, over water or not: a lower bound of any way there. The bank of a place is that of its point."
        )

    def unsure(self, layer: Layer) -> int:
        """Count the points of a layer that may lie on the other bank, within the errors of their positions."""
        if not are_points(layer.frame.geometry):
            return 0
        near = reach(layer.frame.geometry, self.barrier.frame.geometry, error_radii(layer.frame))
        return int(near["point"].nunique())

    def unsure_notes(self, count: int, metadata: Metadata) -> list[str]:
        """Say of so many points of a layer that they may lie on the other bank."""
        if not count:
            return []
        whose = "the error of its position" if count == 1 else "the errors of their positions"
        who = f"{count:,} {metadata.noun(count)}"
        where = f"may lie on the other bank of {self.barrier_name}, within {whose}"
        return [f"{who} {where}: distances and ranges take the bank of the point."]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of crossings: which are left out, and that none is open."""
        told = [*self.barrier.notes, *self.crossings.notes]
        for rows, why in (
            (self.ways.without_ends, "as the pack does not know where it begins and ends"),
            (self.ways.astray, f"as both its ends lie on one bank of {self.barrier_name}"),
        ):
            told += [f"{self.name(row)} is left out of the crossings, {why}." for row in rows]
        if not len(self.ways.crossings.rows):
            told.append(
                f"No crossing of {self.barrier_name} is known to be open {self.how}: what lies on its other bank is "
                f"out of reach."
            )
        return tuple(told)

    def taken_words(self, rows: Rows) -> str:
        """Say how many ways go by which crossings, those that most take first; for the end of a sentence.

        Parameters
        ----------
        rows
            The crossing of each way.
        """
        numbers, counts = np.unique(rows, return_counts=True)
        names = [self.name(int(numbers[at])) for at in np.lexsort([numbers, -counts])]
        if len(names) == 1:
            return f", by way of {names[0]}"
        parts = [
            f"{n:,} by way of {name}" for n, name in zip(-np.sort(-counts), names, strict=True)
        ]
        return f": {listed(parts)}"


def open_across(sources: Sources, asked: Crosses) -> Across | None:
    """Open the pack's barrier and crossings, if a question wants to cross them.

    Raises
    ------
    UsageError
        If the pack has none.
    GeometryError
        If its barrier is not one line.
    """
    if asked.across is None:
        return None
    return opened_across(sources, asked.across, assume_open=asked.assume_open)


def known_across(sources: Sources) -> Across | None:
    """Open the pack's barrier and crossings, as those who walk cross them; None if the pack has none."""
    pack = sources.pack
    if not (pack.has_role("barrier") and pack.has_role("crossings")):
        return None
    return opened_across(sources, _ON_FOOT, assume_open=False)


def detours_of(
    across: Across | None,
    left: gpd.GeoSeries,
    right: gpd.GeoSeries,
    *,
    same: bool = False,
    nearest: pd.DataFrame | None = None,
) -> pd.DataFrame | None:
    """Return whose nearest lies across, as `lcrmap.analysis.detours.detours` does; None unless all are points."""
    if across is None:
        return None
    one, other = across.ways.side(left), across.ways.side(right)
    if not (one.points and other.points):
        return None
    return detours(one, other, same=same, nearest=nearest)


def detour_sentence(
    across: Across, who: str, target: str, farther: Floats, weights: Floats | None = None
) -> str:
    """Say that the nearest lies across, for whom, and how much farther it is by a crossing.

    Parameters
    ----------
    who
        Whose nearest it is, with a number, as in "For 5 of the 9"; empty for a single one.
    target
        What is nearest, as in "the nearest station".
    farther
        By how many metres, of each; infinite where there is no way.
    weights
        How many each stands for; None for one.
    """
    order = np.argsort(farther, kind="stable")
    share = np.cumsum((np.ones(len(farther)) if weights is None else weights)[order])
    middle = float(farther[order][np.searchsorted(share, share[-1] / 2)])
    own = f"T{target[1:]}" if target.startswith("the ") else target  # an id is written as it is
    text = f"{who} {target}" if who else own
    text += f" lies across {across.barrier_name}"
    if np.isfinite(middle):
        much = (
            f"a median of {distance_words(middle)}" if len(farther) > 1 else distance_words(middle)
        )
        text += f"; {across.how} it is {much} farther"
    return f"{text}."


def opened_across(sources: Sources, mode: Mode, *, assume_open: bool) -> Across:
    """Open the pack's barrier and crossings for a way of travelling; see `open_across`."""
    barrier, crossings = (
        sources.layer(sources.pack.role(role).layer) for role in ("barrier", "crossings")
    )
    ways = river(barrier.frame, crossings.frame, mode, assume_open=assume_open, key=crossings.key)
    return Across(ways, barrier, crossings, mode)


def ways_of(across: Across | None) -> Ways:
    """Return how one gets from place to place: over crossings, or straight."""
    return STRAIGHT if across is None else across.ways


def over_words(across: Across | None) -> str:
    """Say in a sentence how a barrier is crossed, if it is: before the range of what the sentence says."""
    return "" if across is None else f", {across.crossing}"


def titled(title: str, across: Across | None) -> str:
    """Return the title of a table with how a barrier is crossed, if it is."""
    return title if across is None else f"{title} ({across.crossing})"


def measured_words(across: Across | None) -> str:
    """Say for a legend how distances are measured."""
    return MEASURED if across is None else f"{MEASURED} {across.measured}"


def layers_of(across: Across | None) -> tuple[Layer, ...]:
    """Return the layers that are read to measure over crossings."""
    return () if across is None else (across.barrier, across.crossings)


def methods_of(across: Across | None) -> tuple[str, ...]:
    """Return how is measured over crossings, if over any."""
    return () if across is None else (across.method,)
