"""Where labels stand on a picture: greedy, in a fixed order, never over a symbol or over each other.

Boxes are in the units of the paper, y upwards. The same candidates in the same order give the same places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "Box",
    "Wish",
    "around",
    "beside",
    "covered_share",
    "overlaps",
    "place_labels",
]

PADDING: Final = 0.4  # millimetres between a label and whatever is next to it
_TURNS: Final = 24  # spots round a circle
_LEVEL: Final = 0.2  # of a radius; what is less above or beside it stands in its middle


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Tell whether the two come nearer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.bottom < other.top + gap
            and other.bottom < self.top + gap
        )

    def holds(self, other: Box) -> bool:
        """Tell whether `other` lies inside."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )

    @property
    def ring(self) -> list[tuple[float, float]]:
        """The corners, the first again at the end."""
        corners = [(self.left, self.bottom), (self.right, self.bottom), (self.right, self.top)]
        return [*corners, (self.left, self.top), (self.left, self.bottom)]

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def common(self, other: Box) -> float:
        """Return how large the part is that the two have in common."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(wide, 0.0) * max(high, 0.0)

    def shrunk(self, by: float) -> Box:
        """Return the box less a margin on every side."""
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants a place: its size and the middles at which it may stand, best first."""

    width: float
    height: float
    spots: tuple[tuple[float, float], ...]

    def box(self, spot: tuple[float, float]) -> Box:
        """Return the box of the label at a spot."""
        x, y = spot
        return Box(x - self.width / 2, y - self.height / 2, x + self.width / 2, y + self.height / 2)


def around(
    at: tuple[float, float],
    width: float,
    height: float,
    radius: float,
    others: Sequence[tuple[float, float]] = (),
) -> tuple[tuple[float, float], ...]:
    """Return the spots for the label of a symbol: right, left, above, below, then all round it.

    Parameters
    ----------
    others
        Where other symbols are: of the spots all round, none lies nearer to one of them.

    Examples
    --------
    >>> around((0, 0), 4, 2, 1)[:2]
    ((3.8, 0), (-3.8, 0))
    """
    x, y = at
    across, up = radius + 0.8 + width / 2, radius + 0.6 + height / 2
    first = ((x + across, y), (x - across, y), (x, y + up), (x, y - up))
    further = [
        spot
        for spot in beside(at, width, height, radius)
        if all(math.dist(spot, at) < math.dist(spot, each) for each in others)
    ]
    return (*first, *further)


def beside(
    at: tuple[float, float], width: float, height: float, radius: float
) -> tuple[tuple[float, float], ...]:
    """Return the spots all round a circle where a label all but touches it: at its right first, then turning upwards.

    Examples
    --------
    >>> beside((0, 0), 4, 2, 1)[0], len(beside((0, 0), 4, 2, 1))
    ((3.8, 0.0), 24)
    """
    spots = []
    for number in range(_TURNS):
        turn = 2 * math.pi * number / _TURNS
        across, up = math.cos(turn), math.sin(turn)
        spots.append(
            (
                round(at[0] + across * (radius + 0.8) + _side(across) * width / 2, 2),
                round(at[1] + up * (radius + 0.8) + _side(up) * height / 2, 2),
            )
        )
    return tuple(spots)


def _side(way: float) -> float:
    """Tell to which side of a point a label lies; 0 for the middle."""
    return 0.0 if abs(way) < _LEVEL else math.copysign(1.0, way)


def covered_share(rings: Sequence[Any], box: Box) -> float:
    """Return which share of a box lies on the areas with these outer rings."""
    import shapely

    areas = [shapely.make_valid(shapely.Polygon(each)) for each in rings if len(each) > 3]
    whole = shapely.box(*box.corners)
    return float(shapely.union_all(areas).intersection(whole).area / whole.area)


def place_labels(wishes: Sequence[Wish], taken: Iterable[Box], inside: Box) -> list[Box | None]:
    """Give each label the first of its spots that is free, in the order of the wishes.

    Parameters
    ----------
    wishes
        The labels, the most important first.
    taken
        What is on the map already.
    inside
        The frame that no label leaves.

    Returns
    -------
    list
        For each wish its box, or None where no spot is free.

    Examples
    --------
    >>> wish = Wish(4, 2, ((5, 5), (5, 8)))
    >>> place_labels([wish, wish, wish], [], Box(0, 0, 10, 10))
    [Box(left=3.0, bottom=4.0, right=7.0, top=6.0), Box(left=3.0, bottom=7.0, right=7.0, top=9.0), None]
    """
    occupied = list(taken)
    placed: list[Box | None] = []
    for wish in wishes:
        found = None
        for spot in wish.spots:
            box = wish.box(spot)
            if inside.holds(box) and not any(box.meets(each, PADDING) for each in occupied):
                found = box
                occupied.append(box)
                break
        placed.append(found)
    return placed


def overlaps(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return the pairs of boxes that overlap, by their numbers."""
    return [
        (one, two)
        for one in range(len(boxes))
        for two in range(one + 1, len(boxes))
        if boxes[one].meets(boxes[two])
    ]
