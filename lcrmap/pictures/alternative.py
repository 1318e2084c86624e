"""The text that stands for a picture: what it shows, in words and figures, never its colours."""

from __future__ import annotations

from typing import Final

from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.pictures.lines import figure_text
from lcrmap.pictures.scenes import drawn_layers

__all__ = ["alternative_text"]

MOST_WORDS: Final = 60


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
    for layer in layers:
        sentences += _figures(layer)
    return _shortened(sentences)


def _kind(layers: list[PageLayer]) -> str:
    kinds = {each.style.kind for each in layers}
    if "shade" in kinds:
        return "Shaded map"
    return "Map with sized circles" if "circle" in kinds else "Map"


def _figures(layer: PageLayer) -> list[str]:
    """Say the highest and the lowest of what is shaded or sized, and what is missing."""
    sentences = []
    if layer.style.kind != "symbol":
        column = layer.column(layer.style.field)
        values = [] if column is None else column.values
        known = [(value, row) for row, value in enumerate(values) if value is not None]
        if column is not None and len(known) > 1:
            low, high = min(known), max(known, key=lambda each: (each[0], -each[1]))
            sentences.append(
                f"Highest {layer.name_of(high[1])} ({figure_text(high[0])}), "
                f"lowest {layer.name_of(low[1])} ({figure_text(low[0])})."
            )
        none = len(values) - len(known)
        if none:
            sentences.append(f"{none} {layer.noun(none)} {'has' if none == 1 else 'have'} no data.")
    missing = layer.total - layer.placed
    if missing and layer.part == "places":
        verb = "has" if missing == 1 else "have"
        sentences.append(f"{missing} {layer.noun(missing)} {verb} no known position.")
    return sentences


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
