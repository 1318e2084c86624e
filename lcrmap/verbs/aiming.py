"""Whether the aims of a scenario can be meant: the measure of each, and the group that it names."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from lcrmap.errors import LcrmapError, UnknownNameError
from lcrmap.layers import Layer, Pack
from lcrmap.layers.scenario import Aim, Scenario
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.compare.measures import read_measure
from lcrmap.verbs.sources import Sources

__all__ = ["aim_faults", "measure_faults"]

_VERY_CLOSE: Final = 0.8  # of so many names of areas, one is always a little similar


def measure_faults(scenario: Scenario, pack: Pack) -> list[str]:
    """Return what is wrong with the measures of a scenario's aims, each fault with its key path."""
    faults = []
    for aim in scenario.aims:
        try:
            if aim.measure:  # that none is given was told when the file was read
                read_measure(aim.measure, pack)
        except UnknownNameError as error:
            faults.append(
                f"'{aim.path}.measure' names no layer of the pack, '{error.name}': {error.remedy}"
            )
        except LcrmapError as error:
            faults.append(f"'{aim.path}.measure': {error}")
    return faults


def aim_faults(scenario: Scenario, sources: Sources) -> list[str]:
    """Return what is wrong with the aims of a scenario: their measures, and groups that no table of the pack has."""
    named = [aim for aim in scenario.aims if aim.among]
    kinds = ["All residents", *_classes(sources.pack)] if named else []
    areas = [each for layer in _area_layers(sources) for each in area_names(layer)] if named else []
    known = {each.casefold() for each in (*kinds, *areas)}
    lost = [aim for aim in named if aim.among.casefold() not in known]
    return [
        *measure_faults(scenario, sources.pack),
        *(_group_fault(aim, kinds, areas) for aim in lost),
    ]


def _group_fault(aim: Aim, kinds: list[str], areas: list[str]) -> str:
    error = UnknownNameError("group", aim.among, kinds)
    near = get_close_matches(aim.among, areas, 1, _VERY_CLOSE)
    if error.suggestions:
        meant = error.remedy
    else:
        meant = f"did you mean '{near[0]}'?" if near else f"{error.remedy[:-1]}, or name an area."
    return f"'{aim.path}.among' names no group of the tables, '{aim.among}': {meant}"


def _classes(pack: Pack) -> list[str]:
    """Return what the pack's own kinds of groups call their groups."""
    kinds = pack.role("groups").options.get("kinds", []) if pack.has_role("groups") else []
    return [str(each["label"]) for kind in kinds for each in kind["classes"]]


def _area_layers(sources: Sources) -> Iterator[Layer]:
    """Yield the layers of the pack by whose areas `compare --by` can group."""
    for name in sources.pack.names:
        if sources.pack.metadata(name).geometry in ("area", "mixed"):
            yield sources.layer(name)
