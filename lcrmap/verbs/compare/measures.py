"""Measures: what is compared, each a sentence that anybody can read, and its own heading."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from lcrmap.errors import LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.layers.scenario import ScenarioError
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.question import Distance
from lcrmap.verbs.scene_words import features_of

__all__ = ["Measure", "aim_measures", "measures_of", "read_measure", "watched"]

_WITHIN: Final = re.compile(r"residents within (.+?) of (.+)")
_DISTANCE: Final = re.compile(r"distance to (.+)")
_COUNT: Final = re.compile(r"count of (.+)")
_ACCESS: Final = re.compile(r"access to (.+) within (.+)")
_FORMS: Final = (
    "'residents within 800m of LAYER', 'distance to LAYER', 'access to LAYER within 2km' or 'count of "
    "LAYER'"
)
# The distances at which the layers are measured that a scenario changes.
_REACHES: Final = ("800m", "2km", "5km")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is compared.

    Attributes
    ----------
    text
        The sentence, with its words in their one form.
    metres
        The distance within which residents are counted, or share what is near.
    places
        What the features of the layer are called, many of them.
    """

    text: str
    kind: Literal["within", "distance", "access", "count"]
    layer: str
    places: str
    metres: Distance | None = None

    @property
    def words(self) -> str:
        """The sentence for people: with the layer's own words instead of its name."""
        if self.metres is not None:
            far = distance_words(self.metres, exact=True)
            if self.kind == "access":
                return f"access to {self.places} within {far}"
            return f"residents within {far} of {self.places}"
        return f"{'distance to' if self.kind == 'distance' else 'count of'} {self.places}"

    @property
    def heading(self) -> str:
        """The same as a heading begins."""
        return self.words[:1].upper() + self.words[1:]


def read_measure(text: str, pack: Pack) -> Measure:
    """Return the measure that a sentence means.

    Raises
    ------
    UsageError
        If it is none, or its distance is none.
    UnknownNameError
        If the pack has no such layer.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> found = read_measure("Residents within 2km of rail-stations", open_pack())
    >>> found.text, found.words
    ('residents within 2km of rail-stations', 'residents within 2 km of rail stations')
    """
    plain = " ".join(text.split())
    folded = plain[:1].lower() + plain[1:]
    if found := _WITHIN.fullmatch(folded):
        return Measure(folded, "within", *_layer(found[2], pack), _above_nought(found[1], text))
    if found := _ACCESS.fullmatch(folded):
        return Measure(folded, "access", *_layer(found[1], pack), _above_nought(found[2], text))
    if found := _DISTANCE.fullmatch(folded):
        return Measure(folded, "distance", *_layer(found[1], pack))
    if found := _COUNT.fullmatch(folded):
        return Measure(folded, "count", *_layer(found[1], pack))
    raise UsageError(f"'{text}' is no measure: write {_FORMS}.")


def _above_nought(written: str, text: str) -> Distance:
    metres = Distance(written)
    if not metres > 0:
        raise UsageError(f"'{text}' needs a distance above 0, such as 800m.")
    return metres


def _layer(name: str, pack: Pack) -> tuple[str, str]:
    """Return the name of a layer of the pack, and what many of its features are called."""
    if name not in pack.names:
        raise UnknownNameError("layer", name, pack.names)
    return name, features_of(pack.metadata(name))


def measures_of(
    asked: Sequence[str], scenes: Sequence[Scene], pack: Pack, *, over: bool
) -> tuple[Measure, ...]:
    """Return what is compared: what is asked for; else what the aims say, what changes, and what the pack watches.

    Parameters
    ----------
    over
        Whether crossings are crossed, so that a change of one may change any distance.

    Raises
    ------
    UsageError, UnknownNameError
        If one is no measure.
    ScenarioError
        If one of an aim is none.
    """
    aims = [text for scene in scenes for text in aim_measures(scene, pack)]
    texts = list(asked) if asked else [*aims, *_of_changes(scenes, pack)]
    if not asked:
        texts += watched(scenes, pack, over=over)[0]
    found: dict[str, Measure] = {}
    for text in texts:
        measure = read_measure(text, pack)
        found.setdefault(measure.text, measure)
    if not found:
        found = {each: read_measure(each, pack) for each in _watch(pack)}
    if not found:
        raise UsageError(f"There is nothing to compare: name a --measure, such as {_FORMS}.")
    return tuple(found.values())


def watched(
    scenes: Sequence[Scene], pack: Pack, *, over: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the pack watches: what scenarios may change, and what they leave as it is.

    What is measured to a layer is as it was where neither the layer, nor the people, nor a crossing on the way is
    changed.
    """
    changed = {each.layer for scene in scenes for each in scene.effects}
    roles = ("population", *(("crossings",) if over else ()))
    everywhere = {pack.role(each).layer for each in roles if pack.has_role(each)}
    texts = _watch(pack)
    if changed & everywhere:
        return texts, ()
    moved = tuple(each for each in texts if read_measure(each, pack).layer in changed)
    return moved, tuple(each for each in texts if each not in moved)


def _watch(pack: Pack) -> tuple[str, ...]:
    named = pack.role("watch").options.get("measures", []) if pack.has_role("watch") else []
    return tuple(map(str, named))


def aim_measures(scene: Scene, pack: Pack) -> list[str]:
    """Return the measures of a scenario's aims, each of which must be one whatever is asked for.

    Raises
    ------
    ScenarioError
        If one is no measure; it holds every fault, by its key path.
    """
    texts, faults = [], []
    for aim in scene.aims:
        try:
            texts.append(read_measure(aim.measure, pack).text)
        except LcrmapError as error:
            faults.append(f"'{aim.path}.measure': {error}")
    if faults:
        raise ScenarioError(scene.name, tuple(faults))
    return texts


def _of_changes(scenes: Sequence[Scene], pack: Pack) -> list[str]:
    """Return the measures of the layers of points that scenarios change."""
    changed = sorted({each.layer for scene in scenes for each in scene.effects})
    hidden = _not_measured(pack)
    return [
        text
        for name in changed
        if name not in hidden and pack.metadata(name).geometry == "point"
        for text in (
            *(f"residents within {each} of {name}" for each in _REACHES),
            f"distance to {name}",
        )
    ]


def _not_measured(pack: Pack) -> Collection[str]:
    roles = ("population", "lookup", "crossings", "barrier", "backdrop")
    return {pack.role(each).layer for each in roles if pack.has_role(each)}
