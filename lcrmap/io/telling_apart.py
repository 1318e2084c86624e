"""Columns whose names are one in a format, such as those that differ in case alone in a GeoPackage."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Hashable
from dataclasses import replace

from lcrmap.layers import Layer

__all__ = ["told_apart"]


def told_apart(
    layer: Layer,
    folded: Callable[[str], Hashable],
    rule: str,
    *,
    bare: Callable[[str], str] = str,
    reserved: Collection[str] = (),
) -> tuple[Layer, tuple[str, ...]]:
    """Give the columns names that the format tells apart.

    Parameters
    ----------
    folded
        Returns a name as the format compares it.
    rule
        What must be true of the names, for the sentence that is said.
    bare
        Returns a name as the format writes it.
    reserved
        Names that the format itself gives to columns: no other may be one with them.

    Returns
    -------
    tuple
        The layer, in which the first of several columns keeps its name and the others get numbers, and what is said.
    """
    names = [str(each) for each in layer.frame.columns]
    first = {folded(each): each for each in reserved}
    first = {**{folded(name): name for name in reversed(names)}, **first}
    taken, changed = set(first), {}
    for name in names:
        if first[folded(name)] != name:
            numbered = (f"{bare(name)}_{number}" for number in itertools.count(2))
            changed[name] = next(each for each in numbered if folded(each) not in taken)
            taken.add(folded(changed[name]))
        elif bare(name) != name:
            changed[name] = bare(name)
    if not changed:
        return layer, ()
    pairs = ", ".join(f"'{old}' as '{new}'" for old, new in changed.items())
    return _renamed(layer, changed), (f"{rule}: written {pairs}.",)


def _renamed(layer: Layer, changed: dict[str, str]) -> Layer:
    """Return the layer with other names for some columns, also in what is known of it."""
    known = layer.metadata
    fields = tuple(replace(each, name=changed.get(each.name, each.name)) for each in known.fields)
    roles = {
        role: changed.get(getattr(known, role), getattr(known, role))
        for role in ("key", "label", "category", "breakdown", "row")
    }
    return replace(
        layer,
        frame=layer.frame.rename(columns=changed),
        metadata=known.replaced(fields=fields, **roles),
    )
