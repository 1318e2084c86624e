"""The lines under "How sure are we": what each layer of a page says of its own certainty."""

from __future__ import annotations

from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.styling import CONFIDENCE
from lcrmap.maps.tables import distance_text
from lcrmap.maps.words import Words

__all__ = ["sure_lines"]


def sure_lines(model: PageModel) -> tuple[str, ...]:
    """Return sentences on confidence, position errors and missing positions, layer by layer."""
    lines = [line for layer in model.places for line in _lines(layer, model.words)]
    lines += [line for layer in model.listed for line in layer.told]
    return tuple(lines) or (model.words("sure.none"),)


def _lines(layer: PageLayer, words: Words) -> list[str]:
    lines = []
    if layer.sure:
        counts = [
            words("sure.count", count=layer.sure.count(number), label=words(f"sure.{name}"))
            for number, name in enumerate(CONFIDENCE)
            if layer.sure.count(number)
        ]
        lines.append(words("sure.counts", title=layer.title, counts=words.several(counts)))
    errors = _errors(layer)
    if errors:
        near, far = (distance_text(each, words) for each in (min(errors), max(errors)))
        key = "sure.positions_alike" if near == far else "sure.positions"
        lines.append(words(key, n=len(errors), title=layer.title, near=near, far=far))
    vague = _vague(layer) if errors else 0
    if vague:
        lines.append(words("sure.vague", n=vague, title=layer.title))
    missing = layer.named - layer.placed
    if missing:
        lines.append(words("sure.missing", n=missing, title=layer.title))
    return lines


def _errors(layer: PageLayer) -> list[float]:
    if layer.error is None or layer.columns[layer.error].kind != "number":
        return []
    return [each for each in _stated(layer, layer.error) if each]


def _vague(layer: PageLayer) -> int:
    """Return of how many places that are drawn it is not stated how far off they may be."""
    return 0 if layer.error is None else _stated(layer, layer.error).count(None)


def _stated(layer: PageLayer, error: int) -> list[float | None]:
    """Return the position error of each place that is drawn; None where it is not stated."""
    values = layer.columns[error].values
    return [v for v, placed in zip(values, layer.shapes.placed, strict=True) if placed]
