"""The nearest of a layer that comes in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from lcrmap.engines.answer import PartsAnswer, Rows
from lcrmap.errors import NothingFoundError, WholeNeededError
from lcrmap.io.parts import Parts
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.near import distance_layers, found_of, nothing_found, size_notes
from lcrmap.verbs.nearwords import Found, reach_sentence
from lcrmap.verbs.places import Spots, feature_keys, open_areas, open_spots, position_notes

__all__ = ["near_in_parts"]


def near_in_parts(
    start: Parts,
    targets: Sequence[str],
    *,
    pack: Pack,
    k: int | None = None,
    within_m: float | None = None,
    unit: str = "m",
) -> PartsAnswer:
    """Find what is nearest to each feature of a layer, as `lcrmap.verbs.near.find_near` would.

    Parameters
    ----------
    start
        Points.
    targets
        Layers, files or places, held whole.
    k, within_m, unit
        As for `lcrmap.verbs.near.find_near`.

    Returns
    -------
    PartsAnswer
        Beside the rows: the same with lines.

    Raises
    ------
    WholeNeededError
        If the layer is not one of points, or is among its own targets.
    """
    if start.metadata.geometry != "point":
        raise WholeNeededError("Only points are measured in parts.")
    k = 1 if k is None and within_m is None else k
    areas = open_areas(pack)
    aims = [open_spots(text, pack=pack) for text in targets]
    if any(each.source == start.name for each in aims):
        raise WholeNeededError("A layer that is its own target is held whole.")
    last: list[Found] = []
    reached: list[list[pd.DataFrame]] = [[] for _ in aims]

    def parts() -> Iterator[Rows]:
        done = rows = 0
        for part in start.layers():
            spots = _spots(part, start, done)
            found = [found_of(spots, each, k, within_m, include_self=False) for each in aims]
            layer, lines = distance_layers(found, unit, areas)
            last[:] = found
            for each, some in zip(found, reached, strict=True):
                some += [] if each.reached is None else [each.reached]
            done += len(part.frame)
            rows += len(layer.frame)
            yield Rows(layer, lines, done)
        if not rows:
            raise NothingFoundError(nothing_found(last, within_m))

    def notes() -> tuple[str, ...]:
        said = list(last[0].spots.notes)
        for each in last:
            said += [note for note in each.target.notes if note not in said]
            said += size_notes(each, k)
        if within_m is None:
            return tuple(said)
        for each, some in zip(last, reached, strict=True):
            whole = Found(each.spots, each.target, each.pairs, each.available, pd.concat(some))
            said.append(reach_sentence(whole, within_m, unit) + ".")
        return tuple(said)

    return PartsAnswer(parts(), start.rows, notes)


def _spots(part: Layer, whole: Parts, first: int) -> Spots:
    """Return the features of one part as places that a question starts from."""
    missing = whole.rows - whole.placed
    return Spots(
        text=whole.name,
        kind="layer",
        layer=part,
        source=whole.name,
        rows=tuple(np.arange(first, first + len(part.frame)).tolist()),
        names=tuple(area_names(part, first=first)),
        keys=feature_keys(part, first=first),
        notes=(*whole.notes, *position_notes(part, missing, of_layer=True)),
        total=whole.rows,
        placed=whole.placed,
    )
