"""How areas are shaded by two columns at once: the thirds and tenths of both, and who lives in each area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lcrmap.analysis.tenths import ranked_parts
from lcrmap.analysis.two_way import thirds
from lcrmap.errors import UsageError
from lcrmap.layers import Category, Field, Layer, Pack
from lcrmap.maps.crossing import Crossed
from lcrmap.verbs.columns import column_names
from lcrmap.verbs.map.shades import Measured, Painted, base_numbers, measured
from lcrmap.verbs.map.small import with_small_bases

if TYPE_CHECKING:
    from lcrmap.layers.indicators import Indicator

__all__ = ["PEOPLE", "TENTH", "THIRDS", "crossed"]

THIRDS: Final = ("lowest third", "middle third", "highest third")
TENTH: Final = "{}_tenth"
_THIRD: Final = "{}_third"
PEOPLE: Final = "residents_counted"
"""The column of who lives in each area, where the pack knows that."""

_NOTE: Final = "Thirds of each: as many areas in each class as equal values allow; a class includes its lower bound."


def crossed(
    layer: Layer,
    pair: Sequence[tuple[str, Indicator | None]],
    pack: Pack,
    *,
    per: str | None = None,
) -> Painted:
    """Return a layer that is shaded by two columns, with the third and the tenth of each area in both.

    Parameters
    ----------
    pair
        Both columns, each with the indicator that it holds; None for a column of the layer's own.
    per
        What the first is divided by.

    Raises
    ------
    GeometryError, UnknownNameError, UsageError
        As in `lcrmap.verbs.map.shades.measured`; or if a column cannot be divided into thirds.
    """
    if pair[0][0] == pair[1][0]:
        raise UsageError(f"--against needs another column than '{pair[0][0]}': name a second one.")
    first = measured(layer, pair[0][0], pack, per=per, indicator=pair[0][1])
    second = measured(first.layer, pair[1][0], pack, indicator=pair[1][1])
    _check_rates(first, second)
    known = ~np.isnan(first.numbers) & ~np.isnan(second.numbers)
    if not known.any():
        raise UsageError(
            f"--against needs areas of which both are known, and of none of {layer.name} are "
            f"'{first.column}' and '{second.column}'."
        )
    layer, main, breaks = second.layer, [layer.label, first.column, second.column], []
    for each in (first, second):
        numbers = np.where(known, each.numbers, np.nan)
        found = _thirds(each, numbers)
        layer = _divided(layer, each.column, numbers, found)
        breaks.append(found)
        main.append(_THIRD.format(each.column))
    layer = _with_people(layer, known, pack)
    symbols = []
    for each in (first, second):
        layer, more, found_small = with_small_bases(layer, each.column, each.numbers, each.base)
        main += more[-1:]
        symbols += [found_small] if found_small else []
    dates = {each.layer.metadata.as_of for each in (first, second)}
    if len(dates) > 1:  # the note has both
        layer = layer.with_metadata(layer.metadata.replaced(as_of=""))
    wish = Crossed(first.column, second.column, *breaks)
    told = dict.fromkeys((*first.told, *second.told))
    note = " ".join((f"{first.title} and {second.title}. {_NOTE}", *told))
    return Painted(layer, wish, note, tuple(filter(None, main)), symbols=tuple(symbols))


def _check_rates(first: Measured, second: Measured) -> None:
    """Refuse counts, which would mostly tell how large areas are."""
    for each in (first, second):
        if each.counts:
            way = "divide it" if each is first else "choose another, or shade by it and divide it"
            raise UsageError(
                f"--against needs shares, scores or rates, and '{each.column}' is a count: "
                f"{way}, as in --per households."
            )


def _thirds(found: Measured, numbers: Any) -> tuple[float, float]:
    breaks = thirds(numbers)
    if breaks is None:
        raise UsageError(
            f"--against needs thirds, and too many areas have the same '{found.column}' to be divided "
            "into three: shade it alone."
        )
    return breaks


def _divided(layer: Layer, column: str, numbers: Any, breaks: tuple[float, float]) -> Layer:
    """Return a layer with the third and the tenth of each area as columns of the table."""
    title, taken = layer.field(column).title, column_names(layer)
    names = [_THIRD.format(column), TENTH.format(column)]
    for name in names:
        if name in taken:
            raise UsageError(
                f"--against makes a column '{name}', and {layer.name} has one: rename it."
            )
    places = np.searchsorted(np.array(breaks), numbers, side="right")
    third = np.where(np.isnan(numbers), None, np.array([*THIRDS, None], dtype=object)[places])
    tenth = ranked_parts(numbers)
    columns: dict[str, Any] = {names[0]: third, names[1]: np.where(tenth > 0, tenth, np.nan)}
    fields = (
        Field(
            names[0],
            f"{title}, third",
            categories=tuple(Category(each, each.capitalize()) for each in THIRDS),
        ),
        Field(names[1], f"{title}, tenth", "integer", "By rank, 1 has the lowest figures"),
    )
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, *fields))
    return layer.with_frame(layer.frame.assign(**columns)).with_metadata(metadata)


def _with_people(layer: Layer, known: Any, pack: Pack) -> Layer:
    """Return a layer with the residents of each area; as it is, if they are not known of all that are counted."""
    try:
        people, _, _ = base_numbers(layer, "residents", pack)
    except UsageError:
        return layer
    if np.isnan(people[known]).any():
        return layer
    field = Field(PEOPLE, "Residents counted", "integer", "Who lives in each area, in the tables")
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, field))
    return layer.with_frame(layer.frame.assign(**{PEOPLE: people})).with_metadata(metadata)
