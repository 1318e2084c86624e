"""The sizes of a picture: by name, or in millimetres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lcrmap.errors import UsageError

__all__ = ["DPI_RANGE", "PAPERS", "Paper", "paper_of"]

MM_PER_INCH: Final = 25.4
DPI_RANGE: Final = (50, 1200)
_RANGE: Final = (
    70.0,
    2000.0,
)  # millimetres: below it nothing can be read, above it nothing is printed
_LANDSCAPE: Final = 1.15  # from this ratio of width to height on, the legend stands at the right


@dataclass(frozen=True, slots=True)
class Paper:
    """What a picture is drawn on.

    Attributes
    ----------
    width, height
        In millimetres.
    dpi
        Dots per inch of a PNG; text and lines keep their size on paper whatever it is.
    """

    width: float
    height: float
    dpi: int

    @property
    def landscape(self) -> bool:
        """Whether the legend stands at the right of the map, instead of below it."""
        return self.width / self.height >= _LANDSCAPE


def _screen(width: int, height: int, dpi: int = 144) -> Paper:
    return Paper(width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH, dpi)


PAPERS: Final[dict[str, Paper]] = {
    "report": Paper(160, 120, 300),  # the width of the text on A4: 1890 x 1417 pixels
    "wide": _screen(1600, 900),
    "square": _screen(1080, 1080),
}


def paper_of(size: str = "report", dpi: int | None = None) -> Paper:
    """Return the paper for a size.

    Parameters
    ----------
    size
        ``report``, ``wide``, ``square``, or width and height in millimetres, as in ``160x120mm``.
    dpi
        Dots per inch; None for what the size is usually wanted at.

    Raises
    ------
    UsageError
        If the size cannot be read or is not reasonable.

    Examples
    --------
    >>> paper_of("160x90mm", 150)
    Paper(width=160.0, height=90.0, dpi=150)
    """
    if dpi is not None and not DPI_RANGE[0] <= dpi <= DPI_RANGE[1]:
        raise UsageError(f"{dpi} dots per inch: choose a number from 50 to 1200.")
    if size in PAPERS:
        paper = PAPERS[size]
        return Paper(paper.width, paper.height, dpi or paper.dpi)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(?:mm)?", size.strip().lower())
    if found is None:
        known = ", ".join(PAPERS)
        raise UsageError(f"No size '{size}': choose {known}, or millimetres as in 160x120mm.")
    width, height = float(found[1]), float(found[2])
    if not (_RANGE[0] <= width <= _RANGE[1] and _RANGE[0] <= height <= _RANGE[1]):
        raise UsageError(f"A picture of {size}: choose each side from 70 to 2000 millimetres.")
    return Paper(width, height, dpi or 300)
