"""A count of layers that come in parts."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import ERROR_COLUMN, Possible, as_found
from lcrmap.analysis.joining import Matched
from lcrmap.engines.boxes import box_around
from lcrmap.errors import UnknownNameError, WholeNeededError
from lcrmap.io.parts import Parts, PassedOver, Progress, unsaid
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.count import CountAsked, Counter, Located

__all__ = ["count_in_parts"]


def count_in_parts(
    layers: Sequence[Layer | Parts],
    areas: Layer,
    asked: CountAsked,
    *,
    pack: Pack,
    progress: Progress = unsaid,
) -> Answer:
    """Count the points of layers by area, as `lcrmap.verbs.count.count_layers` would.

    Of a layer in parts, where each point lies is kept, and the columns that are asked for: some fifty bytes a point.

    Returns
    -------
    Answer
        Its table is whole; its page would lack the points, so none may be asked for.

    Raises
    ------
    WholeNeededError
        If a layer in parts is not one of points.
    """
    counter = Counter(areas, asked, pack)
    located = [
        counter.located(each) if isinstance(each, Layer) else _located(each, counter, progress)
        for each in layers
    ]
    return counter.answer(located)


def _located(layer: Parts, counter: Counter, progress: Progress) -> Located:
    """Put together where the points of all parts lie."""
    if layer.metadata.geometry != "point":
        raise WholeNeededError("Only points are counted in parts.")
    wanted = counter.asked.columns
    _check_columns(layer, counter.asked)
    frames, found, starts, done = [], [], [], 0
    possible: list[Possible | None] = []
    box = None
    if not wanted and not layer.metadata.has_field(ERROR_COLUMN):
        box = box_around(counter.areas.frame, layer.crs)
    for part in layer.layers_in(box, [*wanted, ERROR_COLUMN]):
        starts.append(done)
        if isinstance(part, PassedOver):
            found.append(_outside(part))
            possible.append(None)
            done += part.rows
            continue
        located = counter.located(part)
        found.append(located.matched)
        possible.append(located.possible)
        frames.append(pd.DataFrame(part.frame[wanted]))
        done += len(part.frame)
        progress(f"Counting {layer.name}", done, layer.rows)
    # Without shapes: where they lie is known by now.
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True) if frames else None)
    return Located(
        layer=Layer(frame, layer.metadata, layer.inputs, layer.notes),
        matched=_matched(found, starts),
        possible=_possible(found, possible, starts),
    )


def _outside(passed: PassedOver) -> Matched:
    """Return that none of some rows is in an area; those without a shape are taken for the first of them."""
    none = np.empty(0, dtype=np.int64)
    unplaced = np.arange(passed.rows) < passed.without_shape
    return Matched(none, none, unplaced, np.zeros(passed.rows, dtype=bool))


def _matched(parts: Sequence[Matched], starts: Sequence[int]) -> Matched:
    borders = [each.on_border for each in parts if each.on_border is not None]
    return Matched(
        np.concatenate([each.left + at for each, at in zip(parts, starts, strict=True)]),
        np.concatenate([each.right for each in parts]),
        np.concatenate([each.unplaced for each in parts]),
        np.concatenate(borders) if borders else None,
    )


def _possible(
    matched: Sequence[Matched], parts: Sequence[Possible | None], starts: Sequence[int]
) -> Possible | None:
    """Put together where the points may lie; a part without any known error stands as it was found."""
    if all(each is None for each in parts):
        return None
    known = [each or as_found(found) for each, found in zip(parts, matched, strict=True)]
    return Possible(
        np.concatenate([each.point + at for each, at in zip(known, starts, strict=True)]),
        np.concatenate([each.area for each in known]),
        np.concatenate([each.known for each in known]),
    )


def _check_columns(layer: Parts, asked: CountAsked) -> None:
    """Refuse a column that is not there; one of a wrong type is left to the whole, which lists the right ones."""
    for name in asked.columns:
        if not layer.metadata.has_field(name):
            known = [each.name for each in layer.metadata.fields]
            raise UnknownNameError("column", name, known, where=layer.name)
    number = asked.statistic.column if asked.statistic else ""
    if number and layer.metadata.field(number).type not in ("integer", "number"):
        raise WholeNeededError(f"'{number}' holds no numbers.")
