"""The credits of a page: for each source its line, verbatim as its licence demands, and the layers it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lcrmap.layers import Layer, Licence, Source
from lcrmap.layers.addresses import is_link
from lcrmap.maps.columns import clean
from lcrmap.maps.words import Words

__all__ = ["Credit", "make_credits"]


@dataclass(frozen=True, slots=True)
class Credit:
    """What a page owes to a source: the layers that rest on it, the line, sources and licences."""

    titles: tuple[str, ...]
    line: str
    sources: tuple[Source, ...]
    licences: tuple[Licence, ...]
    as_of: str


def make_credits(layers: Sequence[Layer], words: Words) -> tuple[Credit, ...]:
    """Return one credit for each different line, in the order of the layers; sources without one too."""
    made: dict[tuple[object, ...], Credit] = {}
    for layer in layers:
        metadata = layer.metadata
        line = clean(metadata.credit_once)
        if not line and not metadata.sources and not metadata.licences:
            line = words("credit.none")
        sources = tuple(_safe_source(each) for each in metadata.sources)
        licences = tuple(_safe_licence(each) for each in metadata.licences)
        as_of = words.date(metadata.as_of)
        key = (line, sources, licences, as_of)
        before = made[key].titles if key in made else ()
        titles = (*before, clean(metadata.title))
        made[key] = Credit(tuple(dict.fromkeys(titles)), line, sources, licences, as_of)
    return tuple(made.values())


def _safe_source(source: Source) -> Source:
    return Source(clean(source.title), source.url if is_link(source.url) else "")


def _safe_licence(licence: Licence) -> Licence:
    url = licence.url if is_link(licence.url) else ""
    return Licence(clean(licence.name), clean(licence.title), url)
