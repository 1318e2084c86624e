"""What answers and pages say of the scenario that they were asked in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lcrmap.errors import shortened
from lcrmap.maps.headlines import bare_aside
from lcrmap.verbs.numbers import listed

if TYPE_CHECKING:
    from lcrmap.layers import Metadata
    from lcrmap.layers.scenario import Target
    from lcrmap.maps.model import PageModel
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.changing import Scene
    from lcrmap.verbs.effect import Effect

__all__ = [
    "LONGEST_TITLED",
    "among_words",
    "effects_sentence",
    "features_of",
    "should_words",
    "shown_in",
    "title_of",
    "told_in",
]

LONGEST_TITLED: Final = 90
"""Letters of a headline with a scenario's title that surely fit three lines of a phone, also with many digits."""

_LONGEST_TITLE: Final = 90
_MOST_NAMED: Final = 3
_EVERYBODY: Final = "all residents"
_DONE: Final = {
    "add": "added to",
    "remove": "removed from",
    "move": "moved in",
    "set": "changed in",
    "replace": "replaced in",
}


def told_in(answer: Answer, scene: Scene) -> Answer:
    """Return an answer whose finding, title and notes say in which scenario it was asked."""
    if not scene.effects:
        note = f"The scenario '{scene.name}' changes nothing."
        return replace(answer, notes=(*answer.notes, note))
    finding = f"{title_of(scene)}: {answer.finding}" if answer.finding else ""
    notes = (
        f"{finding}." if finding and each == f"{answer.finding}." else each for each in answer.notes
    )
    known = answer.layer.metadata
    titled = known.replaced(title=f"{known.title} (scenario: {title_of(scene)})")
    said = (*scene.notes, effects_sentence(scene))
    return replace(
        answer,
        finding=finding,
        layer=replace(answer.layer, metadata=titled),
        notes=(*said, *notes),
    )


def shown_in(model: PageModel, scene: Scene) -> PageModel:
    """Return a page that says in which scenario it was asked, and whose record has the scenario's files."""
    inputs = {*model.provenance.inputs, *scene.inputs}
    ordered = tuple(sorted(inputs, key=lambda each: (each.name, each.sha256)))
    model = replace(model, provenance=replace(model.provenance, inputs=ordered))
    if not scene.effects:
        return model
    headline, aside = _headline_in(model, title_of(scene))
    summary = (*model.summary, effects_sentence(scene))
    return replace(model, headline=headline, aside=aside, summary=summary)


def _headline_in(model: PageModel, title: str) -> tuple[str, str]:
    """Return a headline with the title of its scenario, and the end of it that stands below, smaller.

    The title stands before it, or, where that would be long, at the beginning of what stands below.
    """
    start = f"{title}: "
    plain = model.headline.removeprefix(start)
    finding, given = model.words.split_range(plain)
    if model.aside:
        finding, given = plain.removesuffix(model.aside), bare_aside(model.aside)
    if len(start) + len(finding) <= LONGEST_TITLED:
        return start + plain, model.aside
    aside = "; ".join(filter(None, (f"; in the scenario '{title}'", given)))
    return finding + aside, aside


def title_of(scene: Scene) -> str:
    """Return the title of a scenario as a sentence or heading takes it."""
    return shortened(scene.title, _LONGEST_TITLE) or "The region as it is"


def effects_sentence(scene: Scene) -> str:
    """Say in one sentence what a scenario changes."""
    parts = "; ".join(_effect_words(each, scene) for each in _merged(scene.effects))
    return f"The scenario '{scene.name}' is not the region as it is: {parts}."


def _merged(effects: Sequence[Effect]) -> list[Effect]:
    """Put effects together that do the same to a layer."""
    merged: dict[tuple[str, str], Effect] = {}
    for each in effects:
        of = (each.layer, each.change.verb)
        before = merged.get(of)
        names = each.names if before is None else (*before.names, *each.names)
        merged[of] = replace(each, names=names)
    return list(merged.values())


def _effect_words(effect: Effect, scene: Scene) -> str:
    """Say what a change does, as a part of a sentence."""
    if effect.change.verb == "people":
        return f"other numbers of residents in {_named(effect)}"
    layer = features_of(scene.layers[effect.layer].metadata)
    if effect.change.verb == "replace":
        return f"another list of {layer}"
    return f"{_named(effect)} {_DONE[effect.change.verb]} the {layer}"


def _named(effect: Effect) -> str:
    """Return the names of what is touched; of many the first, and how many more."""
    more = len(effect.names) - _MOST_NAMED
    some = [*effect.names[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]
    return listed(some)


def features_of(metadata: Metadata) -> str:
    """Return what many features of a layer are called in a sentence; without a word for them, the layer's name.

    >>> from lcrmap.layers import Metadata
    >>> features_of(Metadata("sites", "Freeport sites", noun_many="Freeport sites")), features_of(Metadata("a", "A"))
    ('Freeport sites', 'a')
    """
    noun = metadata.noun_many
    return metadata.name if noun == "features" else noun


def among_words(group: str) -> str:
    """Say, behind a measure, among whom: a group such as "most deprived tenth", or in which area.

    >>> among_words("most deprived tenth"), among_words("Knowsley"), among_words("All residents"), among_words("")
    (' among the most deprived tenth', ' in Knowsley', ' among all residents', '')
    """
    if not group:
        return ""
    if group.casefold() == _EVERYBODY:
        return f" among {_EVERYBODY}"
    return f" among the {group}" if group[0].islower() else f" in {group}"


def should_words(target: Target) -> str:
    """Say what a measure should do, behind "should".

    >>> from lcrmap.layers.scenario import Target
    >>> should_words(Target("rise")), should_words(Target(">=", 550000))
    ('rise', 'be at least 550,000')
    >>> should_words(Target("<=", -20, of_change=True))
    'change by at most -20'
    """
    if target.kind in ("rise", "fall", "stay"):
        return "stay as it is" if target.kind == "stay" else target.kind
    bound = "at least" if target.kind == ">=" else "at most"
    value = f"{abs(target.value):,.15g}"
    if not target.of_change:
        return f"be {bound} {value}"
    return f"change by {bound} {'-' if target.value < 0 else '+'}{value}"
