"""The words by which people look for an option that is called otherwise: messages name it, and nothing takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lcrmap.verbs.question import QuestionField

__all__ = ["fields_meant", "looked_for"]

_OTHERS: Final[Mapping[str, tuple[str, ...]]] = {
    "nearest": ("k", "count", "n-nearest", "neighbours", "number", "top"),
    "within": ("radius", "distance", "max-distance", "buffer", "up-to"),
    "beyond": ("farther-than", "distance", "radius", "within"),
    "rings": ("radius", "radii", "distance", "distances", "within", "buffer"),
    "ring": ("radius", "distance", "within"),
    "in": ("areas", "inside", "within"),
    "by": ("group", "group-by", "groupby", "per-area"),
    "with": ("indicators", "add", "join"),
    "take": ("keep", "add"),
    "choose": ("number", "count", "k", "sites"),
    "where": ("filter", "query", "sql", "cql"),
    "columns": ("fields", "select"),
    "sort": ("order", "order-by", "sort-by"),
    "limit": ("head", "first", "max-rows", "rows", "top"),
    "x": ("lon", "longitude", "lng", "easting"),
    "y": ("lat", "latitude", "northing"),
    "crs": ("epsg", "srs", "projection"),
    "encoding": ("charset",),
    "scenario": ("what-if", "if"),
    "across": ("via", "mode", "travel"),
    "output": ("out", "file", "save", "write", "save-to"),
    "format": ("type", "as", "to-format"),
    "overwrite": ("force", "replace"),
    "pack": ("data", "data-pack"),
    "open": ("browser", "show"),
}
"""Other words for an option, by its key."""


def looked_for(typed: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the options that somebody may have looked for who typed a word: those so called before all others.

    Parameters
    ----------
    typed
        The word, with or without its hyphens.
    names
        What options are called otherwise, by the words that a message has for them.

    Examples
    --------
    >>> looked_for("--nearest", {"-k": ["k", "nearest"], "--within": ["within"]})
    ['-k']
    >>> looked_for("radius", {"nearest": ["nearest"], "within": ["within"]})
    ['within']
    """
    word = _folded(typed)
    called = [spelled for spelled, each in names.items() if word in map(_folded, each)]
    return called or [
        spelled
        for spelled, each in names.items()
        if any(word in _OTHERS.get(_folded(name), ()) for name in each)
    ]


def fields_meant(typed: str, fields: Iterable[QuestionField]) -> list[str]:
    """Return the keys of the fields that somebody may have looked for; see `looked_for`.

    Examples
    --------
    >>> from lcrmap.verbs.near.question import Near
    >>> from lcrmap.verbs.question import fields_of
    >>> fields_meant("k", fields_of(Near)), fields_meant("radius", fields_of(Near))
    (['nearest'], ['within'])
    """
    return looked_for(typed, {each.key: list(_names(each)) for each in fields})


def _names(field: QuestionField) -> Iterator[str]:
    yield from (field.key, field.name, field.flag, field.option.letter)


def _folded(word: str) -> str:
    return word.strip("-").casefold().replace("_", "-")
