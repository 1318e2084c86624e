"""What is said of gaps: how many live beyond, how sure that is, and where they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lcrmap.analysis.leading import in_order, leading
from lcrmap.analysis.ranges import error_radii
from lcrmap.layers import Layer
from lcrmap.verbs.areas import names_apart
from lcrmap.verbs.numbers import allowing, distance_words, listed, share_words, too_close
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import Across, over_words

__all__ = ["GapSums", "far_from", "gap_finding", "gap_notes", "gap_sentences"]

_MOST_AREAS = 3


@dataclass(frozen=True, slots=True, eq=False)
class GapSums:
    """The sums of an answer and what they speak of."""

    sums: pd.DataFrame
    people: People
    areas: Layer
    spots: Spots
    beyond_m: float
    region: str
    across: Across | None = None

    @property
    def far(self) -> str:
        """The distance as it was asked for."""
        return distance_words(self.beyond_m, exact=True)

    @property
    def target(self) -> str:
        """What is far: "any rail station"."""
        return far_from(self.spots)


def far_from(spots: Spots) -> str:
    """Name what somebody is far from: a place, or "any rail station"."""
    if spots.single:
        return spots.names[0]
    noun = spots.layer.metadata.noun_one
    return f"any feature of {spots.layer.name}" if noun == "feature" else f"any {noun}"


def gap_finding(told: GapSums) -> str:
    """Say how many live beyond, with the range, without the full stop."""
    total, measure = told.sums.iloc[-1], told.people.measure
    counted, beyond, low, high = (
        float(total[measure.column + end]) for end in ("", "_beyond", "_beyond_min", "_beyond_max")
    )
    share = share_words(beyond, counted)
    verb = "lives" if beyond == 1 else "live"
    text = (
        f"{beyond:,.0f} of {counted:,.0f} {measure.many} ({share}) {verb} farther than "
        f"{told.far} from {told.target}{over_words(told.across)}"
    )
    if math.isnan(low):
        return f"{text}; at most {high:,.0f}, and how few cannot be told, as an error is unknown"
    if not low and high == counted and _has_unknown_errors(told.spots):
        return f"{text}; how few or many cannot be told, as an error is unknown"
    if low == high:
        return text
    return text + allowing(f"{low:,.0f}", f"{high:,.0f}")


def _has_unknown_errors(spots: Spots) -> bool:
    """Tell whether the error of a position is unknown, so that it may be anywhere."""
    shapes = spots.layer.frame.geometry
    placed = spots.layer.frame[shapes.notna() & ~shapes.is_empty]
    return bool(np.isnan(error_radii(placed)).any())


def gap_sentences(told: GapSums) -> tuple[str, ...]:
    """Say where the share is highest, and how the most deprived fare."""
    lines = []
    total = told.sums.iloc[-1]
    for group in told.people.groups:
        name = group.column
        if total[name]:
            share = share_words(float(total[f"{name}_beyond"]), float(total[name]))
            noun = told.people.measure.noun(total[name])
            verb = "lives" if total[f"{name}_beyond"] == 1 else "live"
            lines.append(
                f"Of the {total[name]:,.0f} {noun} {group.where}, "
                f"{total[f'{name}_beyond']:,.0f} ({share}) {verb} that far away."
            )
    highest = _highest(told)
    lines += [f"{highest}."] if highest else []
    lines += [told.across.bound] if told.across is not None else []
    return tuple(lines)


def _highest(told: GapSums) -> str:
    """Say where the share is highest, as far as that is certain; empty where nobody lives beyond."""
    rows, column = told.sums.iloc[:-1], told.people.measure.column
    residents = rows[column].where(rows[column] > 0)
    shares, low, high = (
        (rows[f"{column}_beyond{end}"] / residents).to_numpy() for end in ("", "_min", "_max")
    )
    low = np.nan_to_num(low)  # how few live beyond is not known: perhaps nobody
    said = leading(shares, low, high)
    names, noun = names_apart(told.areas), told.areas.metadata.noun
    if np.isfinite(shares).sum() < 2 or said.kind == "none":
        return ""
    order = in_order(shares, low, high, most=_MOST_AREAS)
    if order:
        parts = [f"{names[row]} ({share_words(float(shares[row]), 1.0)})" for row in order]
        return f"The share is highest in {listed(parts)}"
    count = len(said.rows)
    if said.kind == "tie":
        share = share_words(float(shares[said.rows[0]]), 1.0)
        return f"The share is highest in {count:,} {noun(count)}, {share} each"
    if count > _MOST_AREAS:
        return f"No {noun(1)} clearly has the highest share"
    return too_close([names[row] for row in said.rows], "the higher share", "the highest share")


def gap_notes(told: GapSums, ends_at_border: bool) -> list[str]:
    """Say what is not known: areas without residents, residents in no area, features beyond the border."""
    notes = []
    if told.across is not None:
        layer = told.spots.layer
        notes += [*told.across.notes]
        notes += told.across.unsure_notes(told.across.unsure(layer), layer.metadata)
    rows, measure = told.sums.iloc[:-1], told.people.measure
    notes += told.people.notes
    empty = int(rows[measure.column].isna().sum())
    if empty:
        noun = told.areas.metadata.noun(empty)
        hold, whose = ("holds", "its") if empty == 1 else ("hold", "their")
        notes.append(
            f"{empty:,} {noun} {hold} no point of the population layer: {whose} figures are left empty."
        )
    missed = float(told.sums[measure.column].iloc[-1]) - float(rows[measure.column].sum())
    if missed > 0.5:
        live, count = ("lives", "counts") if missed < 1.5 else ("live", "count")
        noun = measure.noun(round(missed))
        notes.append(
            f"{missed:,.0f} {noun} {live} in none of {told.areas.name} and {count} in 'All together' only."
        )
    if ends_at_border:
        notes.append(
            f"No feature of {told.spots.layer.name} lies outside {told.region}: near its border, something nearer "
            f"beyond it may be missing."
        )
    return notes
