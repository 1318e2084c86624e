"""The text that stands for a picture: what it shows, in words and figures, never its colours."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lcrmap.analysis.leading import Leading, leading
from lcrmap.maps.columns import Column, bound_names
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.sentences import MOST_NAMED
from lcrmap.maps.words import Words
from lcrmap.pictures.scenes import drawn_layers

__all__ = ["alternative_text"]

MOST_WORDS: Final = 60

Floats = np.ndarray[Any, np.dtype[np.float64]]


def alternative_text(model: PageModel) -> str:
    """Return at most sixty words: kind and finding, what, where and when, highest and lowest, what is missing.

    Examples
    --------
    >>> from lcrmap.maps.model import build_model
    >>> alternative_text(build_model([]))
    'Map: There is nothing to show. No layer.'
    """
    layers = [each for each in drawn_layers(model) if each.part != "backdrop"]
    sentences = [f"{_kind(layers)}: {_ended(model.headline)}", _ended(model.subtitle)]
    sentences += map(_ended, model.warnings)
    for layer in layers:
        sentences += _figures(layer, model.words)
    return _shortened(sentences)


def _kind(layers: list[PageLayer]) -> str:
    kinds = {each.style.kind for each in layers}
    if "shade" in kinds:
        return "Shaded map"
    return "Map with sized circles" if "circle" in kinds else "Map"


def _figures(layer: PageLayer, words: Words) -> list[str]:
    """Say the highest and the lowest of what is shaded or sized, and what is missing."""
    sentences = []
    if layer.style.kind != "symbol":
        column = layer.column(layer.style.field)
        placed = layer.shapes.placed
        values = (
            []
            if column is None
            else [v for v, there in zip(column.values, placed, strict=True) if there]
        )
        none = sum(each is None for each in values)
        if column is not None and len(values) - none > 1:
            sentences += _extremes(layer, column)
        if none:
            sentences.append(_without(layer, none, words))
    missing = layer.named - layer.placed
    if missing and layer.part == "places":
        verb = "has" if missing == 1 else "have"
        sentences.append(f"{missing} {layer.noun(missing)} {verb} no position.")
    return sentences


def _without(layer: PageLayer, none: int, words: Words) -> str:
    """Say how many areas have no number, by the words that the legend has for them."""
    of = f"{none} {layer.noun(none)}"
    called = next((each.label for each in layer.legend if each.swatch == "hatch"), "")
    if called not in ("", words("legend.no_data")):
        return f"{of}: {called}."
    return f"{of} {'has' if none == 1 else 'have'} no data."


def _extremes(layer: PageLayer, column: Column) -> list[str]:
    """Name the highest and the lowest, as far as that is certain."""
    values, low, high = (
        _drawn(layer, each) for each in (_numbers(column), *_bounds(layer, column))
    )
    parts = [
        _called(layer, column, leading(values, low, high), "highest"),
        _called(layer, column, leading(-values, -high, -low), "lowest"),
    ]
    said = ", ".join(filter(None, parts))
    return [f"{said[0].upper()}{said[1:]}."] if said else []


def _called(layer: PageLayer, column: Column, said: Leading, what: str) -> str:
    """Say who is the highest or the lowest: of many how many they are, and nothing if it is open between many."""
    if said.kind == "none":
        return ""
    names, count = [layer.name_of(row) for row in said.rows], len(said.rows)
    number = column.text(said.rows[0])  # as the table has it
    if said.kind == "open":
        return f"{what} {' or '.join(names)} (too close to call)" if count <= MOST_NAMED else ""
    if count > MOST_NAMED:
        return f"{what} {number} in {count:,} {layer.noun(count)}"
    return f"{what} {' and '.join(names)} ({number})"


def _bounds(layer: PageLayer, column: Column) -> tuple[Floats, Floats]:
    """Return the least and the greatest that each value may be.

    A figure without a range of its own, such as a mean, may be anything in a row where another figure is uncertain.
    """
    names = [each.name for each in layer.columns]
    own = bound_names(column.name, names)
    if own is not None:
        low, high = (_numbers(layer.columns[names.index(name)]) for name in own)
        return low, high
    values = _numbers(column)
    for pair in filter(None, (bound_names(name, names) for name in names)):
        low, high = (_numbers(layer.columns[names.index(name)]) for name in pair)
        values = np.where(low < high, np.nan, values)
    return values, values


def _numbers(column: Column) -> Floats:
    return np.array([np.nan if each is None else each for each in column.values], dtype=np.float64)


def _drawn(layer: PageLayer, values: Floats) -> Floats:
    """Return the values without those of rows that are not drawn."""
    return np.where(np.asarray(layer.shapes.placed, dtype=bool), values, np.nan)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _shortened(sentences: list[str]) -> str:
    """Keep whole sentences while there is room; the first stays whatever its length."""
    kept: list[str] = []
    count = 0
    for sentence in sentences:
        count += len(sentence.split())
        if kept and count > MOST_WORDS:
            break
        kept.append(sentence)
    return " ".join(kept)
