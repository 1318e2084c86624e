"""What is said of distances: a headline that states the finding with its range, and sentences beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.chords import Floats
from lcrmap.analysis.leading import Leading, leading
from lcrmap.analysis.ranges import error_radii
from lcrmap.analysis.ties import nearest_first
from lcrmap.layers import Layer
from lcrmap.verbs.near.found import Found, Reach
from lcrmap.verbs.numbers import allowing, distance_words, in_brackets, listed, located, range_words
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import Across, detour_sentence, over_words

__all__ = [
    "lies_across",
    "near_aside",
    "near_finding",
    "near_sentences",
    "nothing_found",
    "reach_sentence",
    "size_notes",
]

_MOST_RIVALS = 3


def near_finding(found: Sequence[Found], within_m: float | None, unit: str) -> str:
    """Say the finding of the first target in one sentence, without its full stop."""
    first = next((each for each in found if len(each.pairs)), found[0])
    if not first.spots.single:
        if within_m is not None:
            return reach_sentence(first, within_m, unit)
        return _span_sentence(first, unit)
    return _nearest_sentence(first, unit)


def near_aside(found: Sequence[Found], within_m: float | None, unit: str) -> str:
    """Return the end of the finding that names whose distances they are; empty if it names none."""
    first = next((each for each in found if len(each.pairs)), found[0])
    return "" if first.spots.single or within_m is not None else _span(first, unit)[1]


def near_sentences(found: Sequence[Found], within_m: float | None, unit: str) -> tuple[str, ...]:
    """Say the other findings, and how sure the first is."""
    sentences = []
    first = near_finding(found, within_m, unit)
    for each in found:
        own = [
            _span_sentence(each, unit),
            _extremes_sentence(each, unit),
            _doubt_sentence(each),
            _across_sentence(each, unit),
        ]
        if each.spots.single:
            own = [
                _nearest_sentence(each, unit),
                _count_sentence(each, within_m, unit) or _listed_sentence(each, unit),
                _across_sentence(each, unit),
            ]
        elif each.reached is not None and within_m is not None:
            own = [reach_sentence(each, within_m, unit), *own]
        sentences += [f"{text}." for text in own if text and text != first]
    sentences += [*_unknown_sentences(found), *lies_across(found)]
    if found[0].across is not None:
        sentences.append(found[0].across.bound)
    return tuple(sentences) or (f"{first}.",)


def _unknown_sentences(found: Sequence[Found]) -> list[str]:
    """Say which positions have no stated error, so that their distances have no range."""
    blurred = [each for each in found if each.pairs["metres_max"].isna().any()]
    if not blurred:
        return []
    start = found[0].spots
    frame = start.layer.frame
    # A place without a position has no error either, and no distance that would lack a range.
    if np.isnan(error_radii(frame[frame.geometry.notna() & ~frame.geometry.is_empty])).any():
        if start.single:
            return [f"{start.names[0]} has no stated position error, so no range is given."]
        who = start.layer.metadata.title
    else:
        who = listed([each.target.layer.metadata.title for each in blurred])
    # A layer may state the error of some of its positions: those have a range.
    return [f"Where a position in {who} has no stated error, no range is given."]


def reach_sentence(found: Found, within_m: float, unit: str) -> str:
    """Say how many places have a target within the distance, and how many could."""
    far = distance_words(within_m, unit, exact=True)
    reached = found.reached
    if reached is None:
        return ""
    here, placed = reached.within, reached.placed
    article = "an" if found.noun[0] in "aeiouAEIOU" else "a"
    target = found.noun if found.target.single else f"{article} {found.noun}"
    same = found.spots.source == found.target.source and not found.target.single
    target = f"another {found.noun}" if same else target
    if found.spots.single or placed == 1:
        verb = "lies" if here else "does not lie"
        what = found.spots.what()
        what = what if found.spots.single else what[0].upper() + what[1:]
        return f"{what} {verb} within {far} of {target}{_reach_range_single(reached)}"
    noun = located(found.spots.layer.metadata.noun(placed), some=placed < reached.places)
    verb = "lies" if here == 1 else "lie"
    number = f"{here:,}" if here else "None"
    total = found.spots.total_in_words(placed)
    within = f"within {far} of {target}{_over(found)}"
    return f"{number} of the {total}{noun} {verb} {within}{_reach_range(reached)}"


def _over(found: Found) -> str:
    """Say how the barrier is crossed, if any way to the nearest crosses it."""
    return over_words(found.across) if found.across is not None and len(found.taken) else ""


def _reach_range(reached: Reach) -> str:
    if reached.unknown:
        return f"; at least {reached.surely:,}, and some positions are known too little to say more"
    if reached.surely == reached.possibly == reached.within:
        return ""
    return allowing(f"{reached.surely:,}", f"{reached.possibly:,}")


def _reach_range_single(reached: Reach) -> str:
    if reached.surely or not reached.possibly:
        return ""
    return ", but that is within the errors of the positions"


def _nearest_sentence(found: Found, unit: str) -> str:
    """Name the nearest to a single place, with its distance and range; or say that it is open."""
    pairs = found.pairs
    start, names = found.spots.names[0], found.target.names
    if len(pairs) == 0:
        return f"No {found.noun} is near enough to {start}"
    top = pairs[pairs["rank"] == pairs["rank"].min()]
    row: Any = top.iloc[0]
    far = distance_words(float(row["metres"]), unit)
    low, high = (top[each].to_numpy(dtype=np.float64) for each in ("metres_min", "metres_max"))
    span = range_words(float(low.min()), float(high.max()), unit)  # NaN where one is not known
    span = f" ({span})" if span else ""
    if len(top) > 1:
        noun = found.target.layer.metadata.noun(len(top))
        named = dict.fromkeys(each for some in top["could_also_be"] for each in some)
        rivals = [each for each in named if each not in set(top["right"])]
        open_ = (
            f"; {listed([names[each] for each in rivals[:_MOST_RIVALS]], 'or')} may be nearer"
            if rivals
            else ""
        )
        nearest = listed([names[each] for each in top["right"]])
        return f"The nearest {noun} to {start} are {nearest}, {far} away each{span}{open_}"
    span += _by_way(found, row)
    if found.target.single:
        return f"{names[row['right']]} lies {far} from {start}{span}"
    if row["metres"] == 0 and _one_in_the_other(found, row):
        pair = (start, names[row["right"]])
        outer, inner = pair if _dimension(found.spots.layer, row["left"]) else pair[::-1]
        return f"{inner} lies in {outer}"
    rivals = [names[each] for each in row["could_also_be"]]
    nearest = f"The nearest {found.noun} to {start}"
    if rivals:
        shown = rivals[:_MOST_RIVALS]
        more = len(rivals) - len(shown)
        rest = "1 more" if more == 1 else f"one of {more} more"
        others = (
            listed([names[row["right"]], *shown], "or")
            if not more
            else (f"{', '.join([names[row['right']], *shown])} or {rest}")
        )
        return f"{nearest} is uncertain: {others}; {names[row['right']]} is {far} away{span}"
    return f"{nearest} is {names[row['right']]}, {far} away{span}"


def _by_way(found: Found, row: Any) -> str:
    """Say by which crossing one gets there; empty on one's own bank."""
    if found.across is None or row["across"] < 0:
        return ""
    return f" by way of {found.across.name(int(row['across']))}"


def lies_across(found: Sequence[Found]) -> list[str]:
    """Say of each target for how many places the nearest lies across a barrier that straight distances pass over."""
    said = []
    for each in found:
        if each.known is None or not len(each.farther):
            continue
        target = each.noun if each.target.single else f"the nearest {each.noun}"
        placed = each.reached.placed if each.reached is not None else each.spots.placed
        who = "" if each.spots.single else f"For {len(each.farther):,} of the {placed:,}"
        said.append(detour_sentence(each.known, who, target, each.farther))
    return said


def _across_from_one(found: Found, across: Across, unit: str) -> str:
    """Say which of the neighbours of a single place lie across; of a single one how far it is straight."""
    over = found.pairs[found.pairs["across"] >= 0]
    if not len(over):
        return ""
    if len(found.pairs) == 1:
        straight = distance_words(float(over["straight_m"].iloc[0]), unit)
        name = found.target.names[int(over["right"].iloc[0])]
        return f"{name} lies across {across.barrier_name}, {straight} away as the crow flies"
    noun = found.target.layer.metadata.noun(2)
    who = f"{len(over):,} of the" if len(over) < len(found.pairs) else "All"
    verb = "lies" if len(over) == 1 else "lie"
    taken = across.taken_words(over["across"].to_numpy(dtype=np.int64))
    return f"{who} {len(found.pairs):,} {noun} {verb} across {across.barrier_name}{taken}"


def _across_sentence(found: Found, unit: str) -> str:
    """Say for how many the way to the nearest crosses the barrier, and where."""
    if found.across is None:
        return ""
    barrier = found.across.barrier_name
    if found.spots.single:
        return _across_from_one(found, found.across, unit)
    taken = found.taken
    target = found.noun if found.target.single else f"the nearest {found.noun}"
    if not len(taken):
        return f"For none of them does the way to {target} cross {barrier}"
    nearest = found.pairs.loc[found.pairs["rank"] == 1, "left"].nunique()
    over = found.across.taken_words(taken)
    return f"For {len(taken):,} of {nearest:,} the way to {target} crosses {barrier}{over}"


def _one_in_the_other(found: Found, pair: Any) -> bool:
    """Tell whether one of a pair is an area, and the other a point."""
    sides = ((found.spots.layer, pair["left"]), (found.target.layer, pair["right"]))
    return sorted(_dimension(*each) for each in sides) == [0, 2]


def _dimension(layer: Layer, row: int) -> int:
    return int(shapely.get_dimensions(layer.frame.geometry.iloc[row]))


def _count_sentence(found: Found, within_m: float | None, unit: str) -> str:
    if within_m is None:
        return ""
    count = len(found.pairs)
    noun = found.target.layer.metadata.noun(count)
    surely = int((found.pairs["metres_max"] <= within_m).sum())
    far = distance_words(within_m, unit, exact=True)
    known = found.pairs["metres_max"].notna().all()
    sure = (
        f", {surely:,} of them wherever within their errors the positions are"
        if known and surely < count
        else ""
    )
    return f"{count:,} {noun} within {far} of {found.spots.names[0]}{sure}"


def _listed_sentence(found: Found, unit: str) -> str:
    """Say from where to where the distances of several neighbours go."""
    pairs = found.pairs
    if len(pairs) < 2:
        return ""
    low, high = (
        distance_words(float(pairs["metres"].min()), unit),
        distance_words(float(pairs["metres"].max()), unit),
    )
    noun = found.target.layer.metadata.noun(len(pairs))
    far = f"{low} away each" if low == high else f"{low} to {high} away"
    return f"The {len(pairs):,} nearest {noun} are {far}"


def _span_sentence(found: Found, unit: str) -> str:
    """Say from where to where the distances to the nearest go, and what is known of that."""
    return "".join(_span(found, unit))


def _span(found: Found, unit: str) -> tuple[str, str]:
    """Return what is said of the distances with their range, and what else is known of them.

    Behind a range that is known nobody is named: who is nearest and farthest then has a sentence of its own.
    """
    nearest = _each_nearest(found)
    if nearest is None:
        return "", ""
    low, high = (float(nearest["metres"].iloc[at]) for at in (0, -1))
    what, alike = found.spots.what(), math.isclose(low, high)
    said = f"All of {what}" if alike else f"{what[0].upper()}{what[1:]}"
    ends = [distance_words(each, unit) for each in (low, high)]
    far = " to ".join(dict.fromkeys(ends))  # once if they read alike
    said += f" lie {far} from {_what_is_nearest(found)}{_over(found)}{_allowed(nearest, unit)}"
    if _partly_known(nearest):
        return said, "; not all positions are known well enough for a range"
    if alike or _allowed(nearest, unit):
        return said, ""
    first, last = _extremes(found, nearest)
    named = [f"nearest {first}" if first else "", f"farthest {last}" if last else ""]
    whose = "; ".join(filter(None, named))
    return said, f" {in_brackets(whose)}" if whose else ""


def _extremes_sentence(found: Found, unit: str) -> str:
    """Say who is nearest and who is farthest, as far as that is certain, where the distances have a range."""
    nearest = _each_nearest(found)
    if nearest is None or not _allowed(nearest, unit):
        return ""
    first, last = _extremes(found, nearest)
    named = [f"least at {first}" if first else "", f"greatest at {last}" if last else ""]
    where = " and ".join(filter(None, named))
    if not where:
        return ""
    target = _what_is_nearest(found, "the nearest other")
    return f"The distance to {target} is {where}, wherever within their errors the positions are"


def _each_nearest(found: Found) -> pd.DataFrame | None:
    """Return one row for each place, the nearest first; None if some have nothing within the distance asked for."""
    nearest = found.pairs[found.pairs["rank"] == 1].drop_duplicates("left")
    if len(nearest) < max(2, found.spots.placed):
        return None
    left, metres = nearest["left"].to_numpy(), nearest["metres"].to_numpy()
    layer = found.spots.layer
    return nearest.take(nearest_first(left * 0, metres, left, layer.frame, layer.key))


def _partly_known(nearest: pd.DataFrame) -> bool:
    """Tell whether there are ranges, but too few for a range of all distances."""
    some = nearest["metres_max"].notna().any()
    return bool(some and nearest[["nearest_min", "nearest_max"]].isna().any(axis=None))


def _allowed(nearest: pd.DataFrame, unit: str) -> str:
    """Say between what the distances lie, if that is known and other than what the positions say."""
    if nearest[["nearest_min", "nearest_max"]].isna().any(axis=None):
        return ""
    said = [distance_words(float(nearest["metres"].iloc[at]), unit) for at in (0, -1)]
    bounds = (nearest["nearest_min"].min(), nearest["nearest_max"].max())
    low, high = (distance_words(float(each), unit) for each in bounds)
    return "" if said == [low, high] else allowing(low, high)


def _extremes(found: Found, nearest: pd.DataFrame) -> tuple[str, str]:
    """Return who has it nearest and who farthest: several if they tie, nobody if another may be."""
    metres = nearest["metres"].to_numpy()
    low, high = nearest["nearest_min"].to_numpy(), nearest["nearest_max"].to_numpy()
    if nearest["metres_max"].isna().all():  # by what is known of one end, if anything is
        error = _known_error(found.spots, nearest["left"])
        error += _known_error(found.target, nearest["right"])
        low, high = metres - error, metres + error
    names = [found.spots.names[each] for each in nearest["left"]]
    first, last = leading(-metres, -high, -low), leading(metres, low, high)
    return _called(first, names), _called(last, names)


def _known_error(spots: Spots, rows: pd.Series[int]) -> Floats:
    """Return the position errors of features, NaN where one is not known; all 0 where nothing is known of any."""
    errors = error_radii(spots.layer.frame)
    known = np.zeros(len(errors)) if np.isnan(errors).all() else errors
    return known[rows.to_numpy()]


def _called(said: Leading, names: Sequence[str]) -> str:
    """Return the names of those that are first; empty if that is open, or if they are too many to be named."""
    sure = said.kind in ("first", "tie") and len(said.rows) <= _MOST_RIVALS
    return listed([names[each] for each in said.rows]) if sure else ""


def _what_is_nearest(found: Found, other: str = "another") -> str:
    """Return to what is measured, in words for a sentence; `other` for what is of the same layer."""
    if found.target.single:
        return found.noun
    same = found.spots.source == found.target.source
    return f"{other} {found.noun}" if same else f"the nearest {found.noun}"


def _doubt_sentence(found: Found) -> str:
    """Say for how many places the nearest is uncertain."""
    if found.target.single:
        return ""
    nearest = found.pairs[found.pairs["rank"] == 1].drop_duplicates("left")
    certain = nearest["rank_certain"]
    unsure, unknown = int((~certain.fillna(True)).sum()), int(certain.isna().sum())
    if not len(nearest) or (not unsure and not unknown):
        return "" if not len(nearest) else "Which one is nearest is certain for each of them"
    parts = []
    if unsure:
        parts.append(
            f"For {unsure:,} of {len(nearest):,} the nearest {found.noun} is uncertain: within the errors of the "
            f"positions another may be nearer"
        )
    if unknown:
        what = "it" if unsure else f"which {found.noun} is nearest"
        start = "for" if unsure else "For"
        parts.append(
            f"{start} {unknown:,} of {len(nearest):,} {what} cannot be told, as an error is unknown"
        )
    return "; ".join(parts)


def size_notes(found: Found, k: int | None) -> list[str]:
    """Say that more were asked for than there are, or that more are listed than were asked for."""
    if k is None:
        return []
    if k <= found.available:
        return _tie_note(found, k)
    layer, count = found.target.layer, found.available
    other = "other " if found.target.source == found.spots.source else ""
    every = "it is listed" if count == 1 else "all of them are listed"
    has = f"{layer.name} has only {count:,} {other}{layer.metadata.noun(count)} with a position"
    return [f"{k} were asked for, but {has}: {every}."]


def _tie_note(found: Found, k: int) -> list[str]:
    """Say that equal distances make the list longer."""
    if not found.tied:
        return []
    of = found.spots.names[0] if found.spots.single else f"{found.tied:,} of {found.spots.what()}"
    more = "1 is" if k == 1 else f"{k:,} are"
    return [f"More than {more} listed for {of}, as equal distances share a rank."]


def nothing_found(found: Sequence[Found], within_m: float | None, unit: str) -> str:
    """Say that nothing lies within the distance."""
    what = " and no ".join(each.noun for each in found)
    start = found[0].spots
    of = start.what() if start.single or start.placed == 1 else f"any of {start.what()}"
    if within_m is None:
        return f"No {what} lies near {of}."
    far = distance_words(within_m, unit, exact=True)
    return f"No {what} lies within {far} of {of}: a larger --within, or -k, finds the nearest."
