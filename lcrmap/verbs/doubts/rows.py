"""What is uncertain about layers: rows without a first-hand source, and vague or unknown positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.maps.sureness import sure_lines
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.arranging import without_places
from lcrmap.verbs.doubts.question import Doubts
from lcrmap.verbs.doubts.words import doubts_finding
from lcrmap.verbs.map.page import map_model
from lcrmap.verbs.sources import Reading, atlas
from lcrmap.verbs.work import WholeWork

__all__ = ["DoubtsWork"]

VAGUE_M: Final = 1000.0  # from this error on a position is listed

_FIELDS: Final = (
    Field("name", "Place"),
    Field("layer", "Layer"),
    Field("confidence", "How sure"),
    Field("position", "Position"),
    Field("position_error_m", "Position error", "number", unit="m"),
)


class DoubtsWork(WholeWork):
    """Lists the doubtful rows of layers: the finding counts them, the sentences speak of each layer."""

    asked: Doubts

    def answered(self) -> Answer:
        """List what is not confirmed by a first-hand source, and what is vague or unknown in its position."""
        sources = self.sources
        layers = [
            sources.layer(n, Reading.of(self.asked))
            for n in self.asked.layers or atlas(sources.pack)
        ]
        rows = [row for layer in layers for row in _rows(layer)]
        table = pd.DataFrame(rows, columns=[each.name for each in _FIELDS])
        frame = without_places(table)
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
        told = sure_lines(map_model(layers, [], sources)) if rows else ()
        return Answer(
            question=self.asked,
            pack=sources.pack,
            layer=Layer(frame, metadata, inputs),
            finding=doubts_finding(len(rows)),
            sentences=tuple(told),
            main=("name", "layer", "confidence", "position"),
        )


def _rows(layer: Layer) -> list[dict[str, object]]:
    frame = layer.frame
    label = layer.label
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    rows: list[dict[str, object]] = []
    sure = layer.field("confidence").categories if "confidence" in frame else ()
    for number in range(len(frame)):
        row = frame.iloc[number]
        unplaced = bool(missing[number])
        error = _number(row.get("position_error_m"))
        vague = error is not None and error >= VAGUE_M
        confidence = row.get("confidence")
        doubtful = "confidence" in frame and confidence != "confirmed"
        if not (unplaced or vague or doubtful):
            continue
        rows.append(
            {
                "name": str(row[label]) if label and pd.notna(row[label]) else f"Row {number + 1}",
                "layer": layer.metadata.title,
                "confidence": _stated(confidence, sure),
                "position": _position(unplaced, error),
                "position_error_m": error,
            }
        )
    return rows


def _stated(confidence: object, categories: Sequence[Category]) -> str:
    if not isinstance(confidence, str):
        return "not stated"
    return next((each.label for each in categories if each.value == confidence), confidence)


def _number(stated: Any) -> float | None:
    return None if stated is None or pd.isna(stated) else float(stated)


def _position(unplaced: bool, error: float | None) -> str:
    if unplaced:
        return "no known position"
    if error is None:
        return "error not stated"
    return f"within {error / 1000:g} km" if error >= VAGUE_M else f"within {error:g} m"
