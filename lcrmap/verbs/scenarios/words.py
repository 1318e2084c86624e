"""Everything about a scenario in sentences."""

from __future__ import annotations

from lcrmap.layers.scenario import Aim
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import listed
from lcrmap.verbs.scene_words import among_words, should_words

__all__ = ["scene_notes"]


def scene_notes(scene: Scene) -> tuple[str, ...]:
    """Tell what a scenario is about, what it builds on, what it is meant to do, and what must be said of it."""
    if not scene.chain:
        return ("The baseline is the region as the data pack has it: nothing is changed.",)
    bases = [f"'{each.name}' ({each.scenario.title})" for each in scene.chain[:-1]]
    built = f"It builds on {listed(list(reversed(bases)))}." if bases else ""
    empty = "" if scene.effects else "It changes nothing."
    lines = (scene.title, scene.about, built, empty, *map(_aim, scene.aims), *scene.notes)
    return tuple(each for each in lines if each)


def _aim(aim: Aim) -> str:
    return f"Aim: {aim.measure}{among_words(aim.among)} should {should_words(aim.should)}."
