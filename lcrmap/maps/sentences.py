"""What a page says of its layers in sentences: headline, subtitle, summary, the name of the map.

Every number is counted from the model; none is typed. The total of a layer that must be broken down is never said
without its breakdown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lcrmap.analysis.leading import leading
from lcrmap.maps.columns import MISSING
from lcrmap.maps.words import Words

if TYPE_CHECKING:
    from lcrmap.maps.model import PageLayer

__all__ = ["MOST_NAMED", "OUTSIDE", "AreaCounts", "Sentences", "count_by_area", "inside"]

_LARGEST_CATEGORIES: Final = 3
_ANY_NOUN: Final = ("features", "places", "lines", "areas")  # these tell one layer from no other
MOST_NAMED: Final = 3  # areas that are too close to call
OUTSIDE: Final = "outside"  # in the column of areas: in none of them


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The places of which a finding speaks: those of one layer, or of several that have one noun.

    Attributes
    ----------
    one, many
        What one of them is called and what several are, so that they are told from all else that is shown.
    """

    layers: tuple[PageLayer, ...]
    one: str
    many: str

    @property
    def placed(self) -> int:
        """How many have a position."""
        return sum(each.placed for each in self.layers)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(each.total for each in self.layers)

    @property
    def chosen(self) -> bool:
        """Whether they were chosen from more."""
        return bool(self.layers[0].selection)

    def noun(self, count: int) -> str:
        """Return what `count` of them are called."""
        return self.one if count == 1 else self.many


class Sentences:
    """The sentences of a page about `layers` in `region`."""

    def __init__(self, layers: Sequence[PageLayer], region: str, words: Words) -> None:
        self._words = words
        self._region = region
        places = [each for each in layers if each.part == "places" and not each.marks]
        self._shown = [each for each in places if each.visible] or places
        self._areas = [each for each in layers if each.part == "areas"]

    def headline(self) -> str:
        """Return the finding, or else what the page shows."""
        words = self._words
        found = self._finding()
        if found is not None:
            return found
        shown = self._shown or self._areas
        if not shown:
            return words("headline.nothing")
        if len(shown) > 1:
            return words("headline.where_several", what=self._titles(shown))
        (layer,) = shown
        if not layer.total:
            return words("headline.none", noun=layer.noun(0))
        if not layer.placed:
            return words("headline.unplaced", title=self._titles(shown))
        if layer.breakdown:
            return words("headline.where_title", title=_own_title(layer))
        whole = layer.selected_from if layer.selection else layer.named
        if layer.selection or layer.placed < whole:
            return words(
                "headline.where_placed", n=layer.placed, whole=whole, noun=layer.noun(whole)
            )
        return words("headline.where", n=layer.named, noun=layer.noun(layer.named))

    def subtitle(self) -> str:
        """Return what is shown, how many, where and as of when."""
        words = self._words
        shown = self._shown or self._areas
        if len(shown) > 1:
            total, placed = sum(each.total for each in shown), sum(each.placed for each in shown)
            key = "subtitle.several" if placed < total else "subtitle.several_all"
            parts = [words(key, n=total, placed=placed)]
        else:
            parts = [self.counted(each) for each in shown] or [words("subtitle.nothing")]
        dates = sorted({each.as_of for each in shown if each.as_of})
        tail = [self._region] if self._region else []
        if len(dates) == 1:
            tail.append(words.date(dates[0]))
        elif dates:
            tail.append(words("date.range", first=words.date(dates[0]), last=words.date(dates[-1])))
        return words("subtitle", what=words.several(parts), tail=", ".join(tail)).rstrip(" ,")

    def summary(self) -> tuple[str, ...]:
        """Return one sentence for each visible layer of places, and one on what is not placed."""
        return tuple(self._about(each) for each in self._shown if each.total)

    def map_name(self) -> str:
        """Return the accessible name of the map."""
        shown = self._shown or self._areas
        what = self._words.several(self.counted(each) for each in shown)
        return self._words("map.name", what=what, region=self._region).rstrip(" ,:")

    def about(self) -> PageLayer | None:
        """Return the layer whose noun alone tells of which places the headline says in which area most lie."""
        spoken = self._spoken()
        if spoken is None or len(spoken.layers) > 1:
            return None
        (layer,) = spoken.layers
        return layer if spoken.many == layer.noun_many else None

    def _spoken(self) -> _Spoken | None:
        """Return the first places of which a headline may say in which area most lie, and what they are called."""
        able = (self._spoken_with(each) for each in self._shown if _says_areas(each))
        return next((each for each in able if each is not None and each.placed > 1), None)

    def _spoken_with(self, layer: PageLayer) -> _Spoken | None:
        """Return a layer with all others of its noun, or alone by its title where they cannot be counted together."""
        same = [each for each in self._shown if each.noun_many == layer.noun_many]
        whole = len(same) == len(self._shown) or layer.noun_many not in _ANY_NOUN
        if whole and _can_be_added(same):
            return _Spoken(tuple(same), layer.noun_one, layer.noun_many)
        title = _own_title(layer)
        titles = [_own_title(each).casefold() for each in self._shown]
        if title in _ANY_NOUN or titles.count(title.casefold()) > 1:
            return None
        one, many = (
            self._words("headline.of", noun=noun, title=title)
            for noun in (layer.noun_one, layer.noun_many)
        )
        return _Spoken((layer,), one, many)

    def _finding(self) -> str | None:
        """Say in which area most places lie, or which few areas may be it."""
        spoken = self._spoken()
        if spoken is None:
            return None
        counts = _added([count_by_area(each) for each in spoken.layers])
        said = leading(counts.found, counts.least, counts.most)
        if said.kind == "first":
            return self._first(spoken, counts, said.rows[0])
        if said.kind == "open" and len(said.rows) <= MOST_NAMED:
            key = "headline.open_two" if len(said.rows) == 2 else "headline.open_three"
            areas = self._words.several(counts.names[row] for row in said.rows)
            chosen = self._words("count.chosen", noun=spoken.many)
            return self._words(key, areas=areas, noun=chosen if spoken.chosen else spoken.many)
        return None

    def _first(self, spoken: _Spoken, counts: AreaCounts, row: int) -> str:
        """Say how many places lie in the first area, with the range that position errors leave."""
        count, low, high = counts.found[row], counts.least[row], counts.most[row]
        known = spoken.placed == spoken.total
        noun = spoken.noun(spoken.placed)
        if spoken.chosen:
            noun = self._words("count.chosen", noun=noun)
        key = "headline.in_area_all" if known and not spoken.chosen else "headline.in_area"
        if 2 * low > spoken.total > 2 and not spoken.chosen:
            key = "headline.most_in_area"
        within = sum(counts.found)
        if 2 * within < spoken.placed and self._areas and not spoken.chosen:
            key = "headline.all_within" if count == within else "headline.in_area_within"
            noun = spoken.noun(within)
        areas = (self._areas or spoken.layers)[0]
        if count == spoken.placed:
            key = "headline.all_in_area" if known else "headline.all_placed"
        return self._words(
            key,
            n=count,
            placed=spoken.placed,
            noun=noun,
            all=self._words("headline.all", n=count)
            if count != 2
            else self._words("headline.both"),
            within=within,
            areas=self._words("count.nouns", count=areas.total, noun=areas.noun(areas.total)),
            area=counts.names[row],
            range=self._words("headline.range", low=low, high=high) if low < high else "",
        )

    def counted(self, layer: PageLayer) -> str:
        """Name a layer with its count, or with the counts of its kinds if the total alone misleads."""
        words = self._words
        if not layer.breakdown:
            many = words("count.nouns", count=layer.named, noun=layer.noun(layer.named))
            return words.several(filter(None, (many, layer.astray)))
        kinds = words.several(
            words("count.nouns", count=count, noun=kind) for kind, count in layer.breakdown
        )
        return words("count.broken_down", title=layer.title, kinds=kinds)

    def _about(self, layer: PageLayer) -> str:
        words = self._words
        missing = layer.named - layer.placed
        if layer.selection:
            sentence = words(
                "summary.chosen",
                n=layer.total,
                whole=layer.selected_from,
                title=layer.title,
                selection=layer.selection,
            )
        elif layer.breakdown:
            kinds = words.several(
                words("count.nouns", count=count, noun=kind) for kind, count in layer.breakdown
            )
            sentence = words("summary.broken_down", n=layer.total, title=layer.title, kinds=kinds)
        else:
            sentence = words("summary.count", n=layer.named, noun=layer.noun(layer.named))
            sentence = words.several(filter(None, (sentence, layer.astray)))
            largest = self._largest(layer)
            if largest:
                sentence = words("summary.largest", start=sentence, largest=largest)
        if missing:
            return words("summary.not_placed", n=missing, start=sentence, placed=layer.placed)
        key = "summary.areas" if layer.shapes.drawn_as == "area" else "summary.all_placed"
        return words(key, n=layer.total, start=sentence)

    def _largest(self, layer: PageLayer) -> str:
        entries = [each for each in layer.legend if each.count and len(each.categories) == 1]
        if len(entries) < 2:
            return ""
        ranked = sorted(entries, key=lambda each: -each.count)
        rest = ranked[_LARGEST_CATEGORIES:]
        entries = [
            each for each in ranked[:_LARGEST_CATEGORIES] if not rest or each.count > rest[0].count
        ]
        own = _values_as_labels(layer)
        return self._words.several(
            self._words(
                "summary.category",
                label=each.label if each.label in own else inside(each.label),
                count=each.count,
            )
            for each in entries
        )

    def _titles(self, layers: Sequence[PageLayer]) -> str:
        return self._words.several(
            _own_title(each) if each.noun_many in _ANY_NOUN else each.noun_many for each in layers
        )


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence: without its capital, unless it is an abbreviation.

    Examples
    --------
    >>> inside("Net zero"), inside("AI and emerging technologies")
    ('net zero', 'AI and emerging technologies')
    """
    plain = len(label) > 1 and label[1].islower()
    return label[0].lower() + label[1:] if plain else label


def _own_title(layer: PageLayer) -> str:
    """Return a title as it stands inside a sentence: one that tells the layer from no other is a plain noun."""
    generic = layer.title.casefold() in _ANY_NOUN
    return layer.title.casefold() if generic else layer.title


def _values_as_labels(layer: PageLayer) -> set[str]:
    """Return the values that nobody has given a label: names, perhaps, that keep their capital."""
    return {
        label
        for column in layer.columns
        for raw, label in zip(column.raw, column.labels, strict=True)
        if raw == label
    }


def _says_areas(layer: PageLayer) -> bool:
    """Tell whether it may be said in which area most places of a layer lie."""
    return layer.area is not None and layer.could_also_be is not None and not layer.breakdown


def _can_be_added(layers: Sequence[PageLayer]) -> bool:
    """Tell whether places of several layers are counted together: in the same areas, all chosen or none."""
    if len(layers) == 1:
        return True
    areas = {
        each.columns[each.area].labels if each.area is not None and _says_areas(each) else ()
        for each in layers
    }
    chosen = {bool(each.selection) for each in layers}
    return len(areas) == 1 and () not in areas and len(chosen) == 1


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """How many places of a layer lie in each area: as found, and the least and the most that may."""

    names: tuple[str, ...]
    found: tuple[int, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]


def count_by_area(layer: PageLayer) -> AreaCounts:
    """Count the placed features of a layer by area; an area in which none lies or may lie has no entry."""
    found, least, most = Counter[str](), Counter[str](), Counter[str]()
    column = layer.columns[layer.area or 0]
    others = layer.could_also_be or {}
    placed = np.flatnonzero(layer.shapes.placed).tolist() if column.kind == "code" else []
    for row in placed:
        code = column.values[row]
        also = others.get(row)
        if code != MISSING and column.raw[code] != OUTSIDE:
            name = column.labels[code]
            found[name] += 1
            most[name] += 1
            least[name] += also is None
        most.update(also or ())
    names = tuple(name for name in dict.fromkeys((*column.labels, *most)) if name in most)
    return AreaCounts(
        names, *(tuple(each[name] for name in names) for each in (found, least, most))
    )


def _added(counts: Sequence[AreaCounts]) -> AreaCounts:
    """Return how many places of all layers lie in each area."""
    names = tuple(dict.fromkeys(name for each in counts for name in each.names))
    sums = [Counter[str](), Counter[str](), Counter[str]()]
    for each in counts:
        for total, values in zip(sums, (each.found, each.least, each.most), strict=True):
            total.update(dict(zip(each.names, values, strict=True)))
    return AreaCounts(names, *(tuple(total[name] for name in names) for total in sums))
