"""A count of layers that come in parts."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import ERROR_COLUMN, Possible, as_found
from lcrmap.analysis.joining import Matched
from lcrmap.errors import WholeNeededError
from lcrmap.io.parts import Parts, Progress, unsaid
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
    frames, found, starts, done = [], [], [], 0
    for part in layer.layers([*counter.asked.columns, ERROR_COLUMN]):
        found.append(counter.located(part))
        frames.append(pd.DataFrame(part.frame.drop(columns="geometry")))
        starts.append(done)
        done += len(part.frame)
        progress(f"Counting {layer.name}", done, layer.rows)
    columns = pd.concat(frames)
    nowhere = np.full(len(columns), None, dtype=object)
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(nowhere, index=columns.index))
    return Located(
        layer=Layer(frame, layer.metadata, layer.inputs, layer.notes),
        matched=_matched([each.matched for each in found], starts),
        possible=_possible(found, starts),
    )


def _matched(parts: Sequence[Matched], starts: Sequence[int]) -> Matched:
    borders = [each.on_border for each in parts if each.on_border is not None]
    return Matched(
        np.concatenate([each.left + at for each, at in zip(parts, starts, strict=True)]),
        np.concatenate([each.right for each in parts]),
        np.concatenate([each.unplaced for each in parts]),
        np.concatenate(borders) if borders else None,
    )


def _possible(parts: Sequence[Located], starts: Sequence[int]) -> Possible | None:
    """Put together where the points may lie; a part without any known error stands as it was found."""
    if all(each.possible is None for each in parts):
        return None
    known = [each.possible or as_found(each.matched) for each in parts]
    return Possible(
        np.concatenate([each.point + at for each, at in zip(known, starts, strict=True)]),
        np.concatenate([each.area for each in known]),
        np.concatenate([each.known for each in known]),
    )
