"""A label of a picture's map: what it says, how it is written, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lcrmap.pictures.fonts import Face
from lcrmap.pictures.labelling import Box, Wish, place_labels
from lcrmap.pictures.sheets import Sheet

__all__ = ["Label", "placed", "size_of", "wished"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map: its lines, its box, how it is written, and of an area, its name alone."""

    texts: tuple[str, ...]
    box: Box
    face: Face
    colour: str
    halo: str
    name: str = ""


def wished(
    sheet: Sheet,
    texts: tuple[str, ...],
    face: Face,
    colour: str,
    halo: str,
    spots: Sequence[tuple[float, float]],
) -> tuple[Label, Wish]:
    """Return a label that has no place yet, with the spots at which it may stand."""
    width, height = size_of(sheet, texts, face)
    return Label(texts, Box(0, 0, 0, 0), face, colour, halo), Wish(width, height, tuple(spots))


def size_of(sheet: Sheet, texts: Sequence[str], face: Face) -> tuple[float, float]:
    """Return the width and height of lines."""
    return max(sheet.fonts.width(each, face) for each in texts), len(texts) * face.height


def placed(named: Sequence[tuple[Label, Wish]], covered: Sequence[Box], inside: Box) -> list[Label]:
    """Return the labels that found room, each in its place."""
    boxes = place_labels([wish for _, wish in named], covered, inside)
    return [
        replace(label, box=box)
        for (label, _), box in zip(named, boxes, strict=True)
        if box is not None
    ]
