"""What is said of catchments: who lives within, how sure that is, and what is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from lcrmap.layers import Layer
from lcrmap.verbs.measures import distance_words, share_words
from lcrmap.verbs.people import DEPRIVED, People
from lcrmap.verbs.wording import allowing

__all__ = ["Sums", "catchment_headline", "catchment_notes", "catchment_summary"]

_MANY = 0.005  # the share of a ring without data from which it is worth a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The rows of an answer and what they speak of; `count` is how many places have a position."""

    frame: pd.DataFrame
    what: str
    rings_m: tuple[float, ...]
    dissolve: bool
    people: People | None
    areas: Layer | None
    region: str
    count: int

    @property
    def several(self) -> bool:
        """Whether there is more than one place."""
        return self.count > 1


def catchment_headline(sums: Sums, together: pd.DataFrame | None) -> str:
    """Say how many live within the first ring, without the full stop."""
    ring = distance_words(sums.rings_m[0], exact=True)
    what = f"one of {sums.what}" if sums.several else sums.what
    if together is None or sums.people is None:
        return f"What lies within {ring} of {sums.what}"
    if sums.frame["residents"].isna().all():
        return f"How many live within {ring} of {sums.what} is not known here"
    return _live(together, sums, 0, what)


def _live(together: pd.DataFrame, sums: Sums, number: int, what: str) -> str:
    ring = distance_words(sums.rings_m[number], exact=True)
    row = together.iloc[number]
    people = sums.people.total if sums.people else math.nan
    share = share_words(float(row["value"]), people)
    number_text = f"{row['value']:,.0f} residents of {sums.region} ({share})"
    return f"{number_text} live within {ring} of {what}{_between(row)}"


def _between(row: pd.Series[float]) -> str:
    low, high = float(row["least"]), float(row["most"])
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    return allowing(f"{low:,.0f}", f"{high:,.0f}")


def catchment_summary(sums: Sums, together: pd.DataFrame | None) -> tuple[str, ...]:
    """Say what the other rings hold, who is deprived, and what is not known."""
    if together is None or sums.people is None:
        return ()
    what = f"one of {sums.what}" if sums.several else sums.what
    lines = []
    if not sums.frame["residents"].isna().all():
        lines += [
            f"{_live(together, sums, number, what)}." for number in range(1, len(sums.rings_m))
        ]
    if not sums.several:
        row = sums.frame.iloc[-1]
        ring = distance_words(sums.rings_m[-1], exact=True)
        for name, words in DEPRIVED.items():
            if name in sums.frame.columns and pd.notna(row[name]) and row["residents"]:
                share = share_words(float(row[name]), float(row["residents"]))
                lines.append(
                    f"Of those within {ring}, {row[name]:,} ({share}) live {words} of small areas."
                )
    lines += catchment_notes(sums)
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
    beyond = f"outside the {count} {noun} (water included), where the pack knows no residents"
    if len(sums.frame) == 1 or not sums.several:
        parts = [
            f"{share_words(float(share), 1.0)} of the ground {ring}"
            for share, ring in zip(touched["no_data_pct"] / 100, touched["ring"], strict=True)
        ]
        return [f"{', '.join(parts)} lies {beyond}: what lives there is not in the figures."]
    unknown = int(sums.frame["residents"].isna().sum())
    empty = (
        f" For {unknown:,} of them nobody is known, and the figure is left empty."
        if unknown
        else ""
    )
    verb = "reaches" if len(touched) == 1 else "reach"
    text = f"{len(touched):,} of {len(sums.frame):,} rings {verb} {beyond}"
    return [f"{text}: the column 'Without data' (no_data_pct) says which share of each.{empty}"]
