"""Everything about a scenario in sentences."""

from __future__ import annotations

from lcrmap.layers.scenario import Aim
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import listed

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
    among = f" among the {aim.among}" if aim.among else ""
    return f"Aim: {aim.measure}{among} should {_should(aim)}."


def _should(aim: Aim) -> str:
    if aim.should.kind in ("rise", "fall", "stay"):
        return "stay as it is" if aim.should.kind == "stay" else aim.should.kind
    bound = "at least" if aim.should.kind == ">=" else "at most"
    value = abs(aim.should.value)
    if not aim.should.of_change:
        return f"be {bound} {value:,.15g}"
    return f"change by {bound} {'-' if aim.should.value < 0 else '+'}{value:,.15g}"
