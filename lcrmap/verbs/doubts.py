"""List what is uncertain about layers: rows without a first-hand source, and vague or unknown positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd

from lcrmap.layers import Category, Field, Layer, Metadata, Pack
from lcrmap.maps.sureness import sure_lines
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.map import make_map

__all__ = ["list_doubts"]

VAGUE_M: Final = 1000.0  # from this error on a position is listed

_FIELDS: Final = (
    Field("name", "Place"),
    Field("layer", "Layer"),
    Field("confidence", "How sure"),
    Field("position", "Position"),
    Field("position_error_m", "Position error", "number", unit="m"),
)


def list_doubts(layers: Sequence[Layer], *, pack: Pack) -> tuple[Answer, list[str]]:
    """Return the doubtful rows of layers, and sentences that count them.

    Returns
    -------
    tuple
        An answer with the rows; then sentences: the first counts the rows, the others speak of each layer.

    Examples
    --------
    >>> from lcrmap.io.opening import open_layer
    >>> from lcrmap.layers import open_pack
    >>> pack = open_pack()
    >>> answer, sentences = list_doubts([open_layer("rail-stations", pack=pack)], pack=pack)
    >>> sentences[0]
    'Nothing is marked as uncertain.'
    """
    rows = [row for layer in layers for row in _rows(layer)]
    columns = [each.name for each in _FIELDS]
    table = pd.DataFrame(rows, columns=columns)
    nowhere = gpd.array.from_shapely([None] * len(table), crs="EPSG:4326")
    frame = gpd.GeoDataFrame(table.assign(place=nowhere), geometry="place")
    metadata = Metadata(
        name="doubts",
        title="What is uncertain",
        label="name",
        noun_one="place",
        noun_many="places",
        geometry="none",
        fields=_FIELDS,
    )
    inputs = tuple(dict.fromkeys(each for layer in layers for each in layer.inputs))
    listed = Layer(frame, metadata, inputs)
    page = make_map(*layers, pack=pack)
    answer = Answer(listed, lambda arranged: page, main=("name", "layer", "confidence", "position"))
    return answer, [_first(len(rows)), *(sure_lines(page.model) if rows else ())]


def _first(count: int) -> str:
    if count == 0:
        return "Nothing is marked as uncertain."
    if count == 1:
        return (
            "1 place is not confirmed by a first-hand source, or its position is vague or unknown."
        )
    return f"{count:,} places are not confirmed by a first-hand source, or their positions are vague or unknown."


def _rows(layer: Layer) -> list[dict[str, object]]:
    frame = layer.frame
    label = layer.label
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    rows: list[dict[str, object]] = []
    sure = layer.field("confidence").categories if "confidence" in frame else ()
    for number in range(len(frame)):
        row = frame.iloc[number]
        unplaced = bool(missing[number])
        error = row.get("position_error_m")
        vague = error is not None and not pd.isna(error) and float(error) >= VAGUE_M
        confidence = row.get("confidence")
        doubtful = "confidence" in frame and confidence != "confirmed"
        if not (unplaced or vague or doubtful):
            continue
        rows.append(
            {
                "name": str(row[label]) if label else f"Row {number + 1}",
                "layer": layer.metadata.title,
                "confidence": _stated(confidence, sure),
                "position": _position(unplaced, error),
                "position_error_m": None if error is None or pd.isna(error) else float(error),
            }
        )
    return rows


def _stated(confidence: object, categories: Sequence[Category]) -> str:
    if not isinstance(confidence, str):
        return "not stated"
    return next((each.label for each in categories if each.value == confidence), confidence)


def _position(unplaced: bool, error: object) -> str:
    if unplaced:
        return "no known position"
    if not isinstance(error, int | float) or pd.isna(error):
        return "error not stated"
    return f"within {error / 1000:g} km" if error >= VAGUE_M else f"within {error:g} m"
