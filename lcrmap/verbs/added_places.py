"""Places that there are only in a scenario: who asks for one without it is told which scenario adds it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from lcrmap.errors import LcrmapError, UnknownNameError
from lcrmap.io.scenarios import bundled_scenarios

if TYPE_CHECKING:
    from lcrmap.verbs.effect import Effect
    from lcrmap.verbs.sources import Sources

__all__ = ["told_of_scenario"]

_MOST_OPENED: Final = 20  # a pack may have any number, and this is but a hint


def told_of_scenario(error: UnknownNameError, text: str, sources: Sources) -> UnknownNameError:
    """Return the error that says which of the pack's scenarios adds a place that is not found; else the same error.

    Parameters
    ----------
    text
        What the place was asked for by.
    """
    where = text.partition(":")[0] if error.kind == "feature" else ""
    bundled = bundled_scenarios(sources.pack)
    for name in islice(bundled, _MOST_OPENED):
        try:
            effects = sources.scene(name).effects
        except LcrmapError:
            continue  # it is told of when it is asked for
        if any(text.strip().casefold() in _called(each) for each in effects):
            remedy = f"it is added by the scenario '{name}', so name it, as in --scenario {name}"
            return UnknownNameError(error.kind, error.name, (), where=where, remedy=remedy)
    if text in bundled:
        remedy = f"it is a scenario, so name it as one, as in --scenario {text}"
        return UnknownNameError(error.kind, error.name, (), remedy=remedy)
    return error


def _called(effect: Effect) -> Iterator[str]:
    """Yield what the features that a change adds may be asked for by."""
    if effect.brought is not None:
        for each in (*effect.keys, *effect.names):
            yield each.casefold()
            yield f"{effect.layer}:{each}".casefold()
