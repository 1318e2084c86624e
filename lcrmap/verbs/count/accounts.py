"""The account of a count: lines that add up, and what the positions and the data leave open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lcrmap.analysis.shares import Counted as CountedIn
from lcrmap.layers import Category, Layer
from lcrmap.verbs.areas import names_apart
from lcrmap.verbs.count.columns import Counted
from lcrmap.verbs.numbers import counted_title, listed, number_words

__all__ = [
    "breakdown_words",
    "closing_lines",
    "lacking_words",
    "lines_refused",
    "page_lines",
    "shared_lines",
    "sure_lines",
]


def closing_lines(counted: Sequence[Counted], areas: Layer) -> list[str]:
    """Account for every row of every layer, and for every sum, and say what its positions leave open."""
    lines = []
    named = areas.named
    for each in counted:
        outside, unplaced, total = (int(value) for value in each.figures[0].values[-3:])
        border = each.account.on_border
        shared = f" ({border:,} on a shared border)" if border else ""
        kinds = breakdown_words(each.layer, each.account.kinds)
        lines.append(
            f"{each.layer.name}: {each.figures[0].inside:,.0f}{_what(each.layer)} in the {named:,} "
            f"{areas.metadata.noun(named)}{shared} "
            f"+ {outside:,} outside + {unplaced:,} without a position = {total:,}"
            f"{f' ({kinds})' if kinds else ''}."
        )
        lines += _sum_line(each, areas)
        lines += _uncertain(each, areas)
        lines += _missing(each)
    return lines


def _what(layer: Layer) -> str:
    """Return what is counted, where the layer's name tells something else: postcodes, of residents."""
    known = layer.metadata
    told = known.name.replace("-", " ").casefold() == known.noun_many.casefold()
    return "" if told or known.noun_one == "feature" else f" {known.noun_many}"


def lines_refused(layer: Layer, areas: Layer, asked: str, asked_in: str) -> str:
    """Say why lines are not counted, and what finds an area for each; the layers by the names that were asked for."""
    one, many = areas.metadata.noun_one, areas.metadata.noun(2)
    return (
        f"Points and areas are counted, but {layer.name} holds lines, which may run through several {many}: "
        f"'lcrmap join {asked} {asked_in} --largest-overlap' names for each line the {one} with most of its length."
    )


def shared_lines(layer: Layer, found: CountedIn, areas: Layer) -> list[str]:
    """Say where features are counted that may reach into several areas."""
    noun = areas.metadata.noun_one
    lines = []
    for chosen, one, many, part, lies in (
        (found.areas, "an area", "areas", "its ground", "of it is"),
        (found.several, "several points in one", "several points in one", "its points", "are"),
    ):
        number = int(chosen.sum())
        if number:
            what = f"is {one}" if number == 1 else f"are {many}"
            lines.append(
                f"{number:,} of {len(layer.frame):,} in {layer.name} {what}: each is counted once, in the {noun} with "
                f"the largest share of {part}, or outside if more than half {lies} in none; no position error is "
                f"followed there."
            )
    return lines


def _sum_line(each: Counted, areas: Layer) -> list[str]:
    """Account for a sum as for the count."""
    figure = each.main
    if not figure.name.startswith("sum_"):
        return []
    values = np.nan_to_num(figure.values)
    size = len(areas.frame)
    parts = [math.fsum(values[:size]), *values[-3:]]
    inside, outside, unplaced, total = (number_words(part, 12) for part in parts)
    unit = f" {figure.unit}" if figure.unit else ""
    line = (
        f"{figure.title}: {inside} in the {areas.named:,} {areas.metadata.noun(areas.named)} + {outside} outside "
        f"+ {unplaced} without a position = {total}{unit}."
    )
    return [line]


def _uncertain(each: Counted, areas: Layer) -> list[str]:
    open_, unknown = each.account.open, each.account.unknown
    if open_ is None:
        return []
    lines = []
    if open_:
        lines.append(_range_words(each, areas))
    if unknown:
        have, them = ("has", "it as it stands") if unknown == 1 else ("have", "them as they stand")
        lines.append(
            f"{unknown:,} of them {have} a position of unknown error: min and max take {them}."
        )
    return lines


def _missing(each: Counted) -> list[str]:
    """Say how many rows had no number to summarise."""
    figure = each.main
    if figure.kind != "statistic":
        return []
    if not each.account.missing:
        return []
    are = "is" if each.account.missing == 1 else "are"
    return [f"{lacking_words(each)} and {are} not in that statistic."]


def lacking_words(each: Counted) -> str:
    """Say how many have no number to be summarised: "1 of the 5 places has no value in 'jobs'"."""
    missing, total = each.account.missing, int(each.figures[0].values[-1])
    column = each.main.name.partition("_")[2]
    have = "has" if missing == 1 else "have"
    noun = each.layer.metadata.noun(total)
    return f"{missing:,} of the {total:,} {noun} {have} no value in '{column}'"


def breakdown_words(layer: Layer, counts: Mapping[Any, int]) -> str:
    """Return the parts into which a layer's total must be broken: "3 tax sites, 11 customs sites and ..."; else "".

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lcrmap.layers import Metadata
    >>> breakdown_words(Layer(gpd.GeoDataFrame(geometry=[]), Metadata("a", "A", breakdown="kind")), {"dock": 2})
    '2 dock'
    """
    if not counts:
        return ""
    field = layer.field(layer.metadata.breakdown)
    order = [each.value for each in field.categories]
    order += sorted(str(each) for each in counts if each not in order)
    parts = []
    for value in order:
        number = int(counts.get(value, 0))
        if number:
            known = field.category(value) or Category(value, value)
            word = known.label if number == 1 else known.plural or known.label
            parts.append(f"{number:,} {word[:1].lower()}{word[1:]}")
    return listed(parts)


def page_lines(counted: Sequence[Counted], areas: Layer) -> list[str]:
    """Account for every layer in a sentence, and say what its positions leave open."""
    named = areas.named
    many = f"the {named:,} {areas.metadata.noun(named)}"
    lines = []
    for each in counted:
        outside, unplaced, total = (int(value) for value in each.figures[0].values[-3:])
        kinds = breakdown_words(each.layer, each.account.kinds)
        whole = f"{total:,} ({kinds})" if kinds else f"{total:,}"
        lines.append(
            f"{counted_title(each.layer.metadata)}: {each.figures[0].inside:,.0f} in {many}, {outside:,} outside and "
            f"{unplaced:,} without a position make {whole}."
        )
        lines += _sum_line(each, areas)
        if each.account.open:
            lines.append(_range_words(each, areas))
        lines += _missing(each)
    return lines


def _range_words(each: Counted, areas: Layer) -> str:
    """Say how many may belong elsewhere, and give the range of each count that has one: "Liverpool 31 to 33"."""
    figure = each.figures[0]
    lows = figure.values if figure.low is None else figure.low
    highs = figure.values if figure.high is None else figure.high
    names = names_apart(areas)
    parts = [
        f"{name} {low:,.0f} to {high:,.0f}"
        for name, low, high in zip(names, lows, highs, strict=False)
        if low < high
    ]
    most = 8
    more = f" and {len(parts) - most:,} more" if len(parts) > most else ""
    ranges = f": {'; '.join(parts[:most])}{more}" if parts else ""
    return (
        f"{each.account.open:,} of them could lie in another {areas.metadata.noun_one}, or on the other side of the "
        f"outer border, within the error of their position{ranges}."
    )


def sure_lines(counted: Sequence[Counted]) -> tuple[str, ...]:
    """Say what the positions leave open."""
    return tuple(line for each in counted for line in _sure_of(each))


def _sure_of(each: Counted) -> list[str]:
    title = counted_title(each.layer.metadata)
    open_, unknown = each.account.open, each.account.unknown
    if open_ is None:
        return [f"{title}: how exact their positions are is not known."]
    lines = []
    if open_:
        verb, whose = ("lies", "its") if open_ == 1 else ("lie", "their")
        lines.append(
            f"{title}: {open_:,} {verb} nearer to a border than {whose} position is known, and may belong on the "
            f"other side of it; min and max give the range that this leaves each count."
        )
    if unknown:
        taken = (
            "has {}, and is taken as it stands"
            if unknown == 1
            else "have {}, and are taken as they stand"
        )
        lines.append(f"{title}: {unknown:,} {taken.format('a position of unknown error')}.")
    return lines or [f"{title}: no position error reaches across a border."]
