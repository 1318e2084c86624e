"""The scenarios of a pack, or the changes of one, as rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.layers.scenario import BASELINE
from lcrmap.verbs.aiming import aim_faults
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.effect import Effect
from lcrmap.verbs.scenarios.question import Scenarios
from lcrmap.verbs.scenarios.words import scene_notes
from lcrmap.verbs.work import WholeWork

__all__ = ["ScenariosWork"]

LIST_FIELDS = (
    Field("name", "Name", description="What to type for the scenario"),
    Field("title", "Title"),
    Field("base", "Builds on"),
    Field("changes", "Changes", "integer"),
    Field("aims", "Aims", "integer"),
    Field("about", "About"),
)
CHANGE_FIELDS = (
    Field("change", "Change", description="Which change of which file it is"),
    Field("scenario", "Scenario", description="The scenario in which it stands"),
    Field("verb", "What"),
    Field("layer", "Layer", description="The layer that is changed"),
    Field("ids", "Ids", description="The features that it touches"),
    Field("names", "Names"),
    Field("before", "Before"),
    Field("after", "After"),
    Field("moved_m", "Moved", "number", unit="m"),
    Field("chance", "Chance", "number", "How likely it comes, from 0 to 1"),
    Field("dropped", "Columns left behind"),
    Field("reason", "Reason"),
    Field("source", "Source"),
)


class ScenariosWork(WholeWork):
    """Lists the scenarios of the pack, or the changes of one."""

    asked: Scenarios

    def answered(self) -> Answer:
        """Return one row a scenario, or one a change and everything else about the scenario as notes."""
        asked, pack = self.asked, self.sources.pack
        if asked.scenario is None:
            names = (BASELINE, *bundled_scenarios(pack))
            scenes = [self.sources.scene(each) for each in names]
            rows = pd.DataFrame([_summary(each) for each in scenes])
            layer = _table(
                rows, "scenarios", f"The scenarios of {pack.title}", "scenario", LIST_FIELDS
            )
            return Answer(question=asked, pack=pack, layer=layer, main=_LISTED)
        judged = partial(aim_faults, sources=self.sources)
        scene = self.sources.scene(asked.scenario, judged)
        names = tuple(each.name for each in CHANGE_FIELDS)
        order = {each.name: place for place, each in enumerate(scene.chain)}
        written = sorted(scene.effects, key=lambda each: (order[each.scenario], each.change.number))
        rows = pd.DataFrame([_row(each) for each in written], columns=names)
        title = f"What changes: {scene.title or 'nothing'}"
        layer = _table(rows, "changes", title, "change", CHANGE_FIELDS)
        notes = scene_notes(scene)
        shown = tuple(each for each in _SHOWN if each not in _SAYS or _SAYS[each](rows[each]))
        return Answer(question=asked, pack=pack, layer=layer, notes=notes, main=shown)


_LISTED = ("name", "title", "changes", "aims")
_SHOWN = (
    "change",
    "scenario",
    "verb",
    "layer",
    "names",
    "before",
    "after",
    "moved_m",
    "chance",
    "reason",
    "source",
)
# When a terminal shows a column that often says nothing.
_SAYS: dict[str, Callable[[pd.Series], bool]] = {
    "scenario": lambda names: names.nunique() > 1,
    "moved_m": lambda metres: bool(metres.notna().any()),
    "chance": lambda chances: bool((chances < 1).any()),
    "source": lambda texts: bool(texts.notna().any()),
}


def _summary(scene: Scene) -> dict[str, object]:
    own = scene.chain[-1].scenario if scene.chain else None
    return {
        "name": scene.name,
        "title": scene.title if own else "The region as the pack has it",
        "base": own.base if own else None,
        "changes": len(own.changes) if own else 0,
        "aims": len(own.aims) if own else 0,
        "about": scene.about or None,
    }


def _row(effect: Effect) -> dict[str, object]:
    change = effect.change
    return {
        "change": change.id or change.path,
        "scenario": effect.scenario,
        "verb": change.verb,
        "layer": effect.layer,
        "ids": "; ".join(effect.keys) or None,
        "names": "; ".join(effect.names) or None,
        "before": effect.before or None,
        "after": effect.after or None,
        "moved_m": round(effect.metres, 3) if effect.places else np.nan,
        "chance": change.chance,
        "dropped": "; ".join(effect.dropped) or None,
        "reason": change.reason,
        "source": change.source or None,
    }


def _table(
    rows: pd.DataFrame, name: str, title: str, noun: str, fields: tuple[Field, ...]
) -> Layer:
    """Make a layer of rows that have no place at all."""
    metadata = Metadata(
        name=name,
        title=title,
        key="change" if noun == "change" else "name",
        noun_one=noun,
        noun_many=f"{noun}s",
        geometry="none",
        fields=fields,
    )
    return Layer(without_places(rows), metadata)
