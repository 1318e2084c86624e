"""A choice as a scenario, so that 'lcrmap compare' and every other verb can ask about the region with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import shapely

from lcrmap.layers import Pack
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import figure_text, finding
from lcrmap.verbs.places import feature_keys

__all__ = ["scenario_text"]


def scenario_text(told: Told, pack: Pack) -> str:
    """Return the scenario in which the choice is made: TOML; empty if the layer is none of the pack's.

    One change a candidate that is chosen, with the reason; value and proof stand in the text about it.
    """
    target = told.existing.layer
    if target.name not in pack.names or told.existing.nothing:
        return ""
    names = told.last.names
    title = f"{len(names):,} more {target.metadata.noun(len(names))}"
    lines = [f"title = {_text(title)}", f"about = {_text(f'{finding(told)}.')}"]
    lines += [line for each in _changes(told, pack) for line in ("", "[[change]]", *each)]
    lines += ["", "[[aim]]", *_aim(told)]
    return "\n".join(lines) + "\n"


def _changes(told: Told, pack: Pack) -> Iterator[list[str]]:
    last, candidates = told.last, told.task.candidates
    target = told.existing.layer
    known = set(feature_keys(target))
    for row in last.by_worth:
        name, worth = candidates.names[row], last.adds[row]
        adds = (
            ""
            if worth == float("inf")
            else f" Without it the choice would lose {figure_text(told, worth)}."
        )
        reason = f"reason = {_text(f'Chosen by lcrmap locate among {len(candidates):,} candidates.{adds}')}"
        layer = candidates.layer
        if layer.name in pack.names and not candidates.areas:
            yield [
                f"add    = {_text(f'{layer.name}:{candidates.keys[row]}')}",
                f"to     = {_text(target.name)}",
                reason,
            ]
            continue
        (lon, lat) = shapely.get_coordinates(candidates.points.geometry.iloc[row])[0].tolist()
        error = float(candidates.points["position_error_m"].iloc[row])
        made = [
            f"add    = {_text(_id(name, known))}",
            f"to     = {_text(target.name)}",
            f"at     = {_text(f'{lat:.7f},{lon:.7f}')}",
        ]
        if error == error:
            made.append(f"error  = {_text(f'{error:g}m')}")
        if target.label:
            made.append(f"values = {{ {target.label} = {_text(name)} }}")
        yield [*made, reason]


def _aim(told: Told) -> list[str]:
    layer, within = told.existing.layer.name, told.task.asked.within
    if within is None:
        return [f"measure = {_text(f'distance to {layer}')}", 'should  = "fall"']
    return [f"measure = {_text(f'residents within {within} of {layer}')}", 'should  = "rise"']


def _id(name: str, known: set[str]) -> str:
    """Return an id for a new place that none has yet, and remember it.

    >>> _id("Norris Green East", {"new-norris-green-east"})
    'new-norris-green-east-2'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "place"
    found, number = f"new-{plain}", 2
    while found in known:
        found, number = f"new-{plain}-{number}", number + 1
    known.add(found)
    return found


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
