"""Groups of people by the small areas in which they live: the most deprived, or a tenth by any indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from lcrmap.analysis.tenths import Flags, ranked_parts
from lcrmap.errors import UsageError
from lcrmap.layers import Pack
from lcrmap.verbs.numbers import in_sentence, number_words

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicator

__all__ = ["PARTS", "Group", "indicator_of_group", "tenth_of"]

PARTS: Final = {"_tenth": 10, "_fifth": 5}
"""What the name of a group ends with, and of how many parts it is one."""

# Times its part of the areas: a group that is larger is not what its name says.
_LARGEST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Group:
    """People who live in some of the small areas.

    Attributes
    ----------
    column
        The name of its columns.
    words, where
        Which of those who are counted: in a title ("in the most deprived tenth"), and in a sentence, which says of what
        it is a tenth.
    source
        What it is made from.
    note
        What must be said of it.
    asked
        Whether it was asked for by name.
    """

    column: str
    words: str
    where: str
    source: str
    note: str = ""
    asked: bool = False


def tenth_of(name: str, areas: pd.Series[str], pack: Pack) -> tuple[Group, Flags]:
    """Return the group that is the tenth of small areas which is worst, or highest, by an indicator.

    Parameters
    ----------
    name
        ``no_car_tenth``, ``connectivity_score_fifth``.
    areas
        The code of the small area of each point.

    Returns
    -------
    tuple
        The group, and for each point whether it is in it.

    Raises
    ------
    UnknownNameError
        If there is no such indicator.
    UsageError
        If it is no name of a group, or the indicator has no tenth of small areas.
    """
    from lcrmap.verbs.figures import figures_of  # which most questions do without

    indicator = indicator_of_group(name, pack)
    ending = next(each for each in PARTS if name.endswith(each))
    level = next(iter(pack.indicators.levels))
    figures = figures_of(pack, indicator.id, level)
    lowest = indicator.better == "up"
    inside = ranked_parts(figures, PARTS[ending]) == (1 if lowest else PARTS[ending])
    known, count = int(figures.notna().sum()), int(inside.sum())
    part, end = ending.removeprefix("_"), "lowest" if lowest else "highest"
    if not 0 < count <= _LARGEST * known / PARTS[ending]:
        raise UsageError(
            f"There is no {part} of {level} by '{indicator.id}' with the {end} figures, as too many of {known:,} are "
            "equal: choose another indicator."
        )
    which = f"with the {end} figure for {in_sentence(indicator.title)}"
    reach = figures[inside].max() if lowest else figures[inside].min()
    note = (
        f"{name}: {count:,} of {len(figures):,} small areas, those {which} ({_bound(reach, indicator)} or "
        f"{'less' if lowest else 'more'})."
    )
    if known < len(figures):
        note += f" It is not known of {len(figures) - known:,}, which count in no {part}."
    source = f"{indicator.title}, {indicator.source.title}, {indicator.source.as_of}"
    group = Group(
        name, f"in the {part} {which}", f"in the {part} of small areas {which}", source, note, True
    )
    return group, areas.isin(figures.index[inside]).to_numpy(dtype=np.bool_)


def indicator_of_group(name: str, pack: Pack) -> Indicator:
    """Return the indicator that a group's name begins with.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    UsageError
        If the name does not end as a group's does.
    """
    for ending in PARTS:
        if name.endswith(ending) and name != ending:
            return pack.indicators.named(name.removesuffix(ending))
    raise UsageError(
        f"--groups takes a tenth or a fifth of small areas by an indicator, such as no_car_tenth, and '{name}' ends "
        "with neither: see 'lcrmap indicators'."
    )


def _bound(value: float, indicator: Indicator) -> str:
    """Write the figure from which an area is in the group, with its unit where a number alone says too little."""
    digits = 3 if value < 100 else 4
    return number_words(value, digits) + ("%" if indicator.unit == "%" else "")
