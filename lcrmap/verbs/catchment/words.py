"""What is said of catchments: who lives within, how sure that is, and what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from lcrmap.layers import Layer, Pack
from lcrmap.verbs.numbers import allowing, distance_words, listed, share_words
from lcrmap.verbs.people import RESIDENTS, People
from lcrmap.verbs.rivers import Across, over_words

__all__ = [
    "Sums",
    "catchment_finding",
    "catchment_notes",
    "catchment_sentences",
    "people_notes",
]

_MANY = 0.005  # the share of a ring without data from which it is worth a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The rows of an answer and what they speak of.

    Attributes
    ----------
    count
        How many places have a position.
    together
        The residents within each distance of any of the places, nobody twice, with their range; None without people.
    unit
        The unit of the distances.
    across
        The crossings over which is measured; None if straight.
    """

    frame: pd.DataFrame
    what: str
    rings_m: tuple[float, ...]
    dissolve: bool
    people: People | None
    areas: Layer | None
    region: str
    count: int
    together: pd.DataFrame | None
    unit: str = "m"
    across: Across | None = None

    @property
    def several(self) -> bool:
        """Whether there is more than one place."""
        return self.count > 1

    def ring(self, number: int) -> str:
        """Return a distance as it was asked for."""
        return distance_words(self.rings_m[number], self.unit, exact=True)


def catchment_finding(sums: Sums) -> str:
    """Say how many live within the first ring, without the full stop."""
    ring = sums.ring(0)
    what = f"one of {sums.what}" if sums.several else sums.what
    if sums.together is None or sums.people is None:
        return f"What lies within {ring} of {sums.what}"
    measure = sums.people.measure
    if sums.frame[measure.column].isna().all():
        who = "" if measure == RESIDENTS else f"{measure.many} "
        return f"How many {who}live within {ring} of {sums.what} is not known here"
    return _live(sums, 0, what)


def _live(sums: Sums, number: int, what: str) -> str:
    assert sums.together is not None and sums.people is not None  # noqa: S101, PT018 (the callers looked)
    row = sums.together.iloc[number]
    share = share_words(float(row["value"]), sums.people.total)
    noun, verb = sums.people.measure.noun(row["value"]), "lives" if row["value"] == 1 else "live"
    number_text = f"{row['value']:,.0f} {noun} of {sums.region} ({share})"
    within = f"within {sums.ring(number)} of {what}{over_words(sums.across)}"
    return f"{number_text} {verb} {within}{_between(row)}"


def _between(row: pd.Series[float]) -> str:
    low, high = float(row["least"]), float(row["most"])
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    return allowing(f"{low:,.0f}", f"{high:,.0f}")


def catchment_sentences(sums: Sums) -> tuple[str, ...]:
    """Say what the other rings hold, who is deprived, and what is not known."""
    if sums.together is None or sums.people is None:
        return ()
    what = f"one of {sums.what}" if sums.several else sums.what
    lines = []
    counted = sums.people.measure.column
    if not sums.frame[counted].isna().all():
        lines += [f"{_live(sums, number, what)}." for number in range(1, len(sums.rings_m))]
    if not sums.several:
        row = sums.frame.iloc[-1]
        for each in sums.people.groups:
            count = row[each.column]
            if pd.notna(count) and row[counted]:
                share = share_words(float(count), float(row[counted]))
                verb = "lives" if count == 1 else "live"
                lines.append(
                    f"Of those within {sums.ring(-1)}, {count:,} ({share}) {verb} {each.where}."
                )
    lines += catchment_notes(sums)
    lines += [sums.across.bound] if sums.across is not None else []
    return tuple(lines)


def catchment_notes(sums: Sums) -> list[str]:
    """Say which share of the rings lies where no residents are known."""
    if sums.areas is None or sums.people is None:
        return []
    count = len(sums.areas.frame)
    noun = sums.areas.metadata.noun(count)
    shares = sums.frame["no_data_pct"] / 100
    touched = sums.frame[shares > _MANY]
    if touched.empty:
        return []
    beyond = f"outside the {count} {noun} (water included), where no residents are known"
    if len(sums.frame) == 1 or not sums.several:
        parts = [
            f"{share_words(float(share), 1.0)} of the ground {ring}"
            for share, ring in zip(touched["no_data_pct"] / 100, touched["ring"], strict=True)
        ]
        verb = "lies" if len(parts) == 1 else "lie"
        return [f"{listed(parts)} {verb} {beyond}: who lives there is not in the figures."]
    unknown = int(sums.frame[sums.people.measure.column].isna().sum())
    empty = (
        f" For {unknown:,} of them nobody is known, and the figure is left empty."
        if unknown
        else ""
    )
    verb = "reaches" if len(touched) == 1 else "reach"
    text = f"{len(touched):,} of {len(sums.frame):,} rings {verb} {beyond}"
    return [f"{text}: the column 'Without data' says which share of each.{empty}"]


def people_notes(people: People | None, pack: Pack) -> list[str]:
    """Say how what is counted was shared out, and who is in which group, or that a pack knows no residents."""
    if people is not None:
        return list(people.notes)
    return [
        f"The pack '{pack.name}' has no layer in the role 'population': no residents are counted."
    ]
