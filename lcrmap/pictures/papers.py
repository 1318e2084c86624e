"""The sizes of a picture: by name, or in millimetres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lcrmap.errors import UsageError

__all__ = [
    "DPI_RANGE",
    "LARGE_MEGAPIXELS",
    "LONGEST",
    "MOST_MEGAPIXELS",
    "PAPERS",
    "Paper",
    "paper_of",
]

MM_PER_INCH: Final = 25.4
DPI_RANGE: Final = (50, 1200)
LONGEST: Final = 2000.0
"""The millimetres of a side above which nothing is printed."""

_RANGE: Final = (70.0, LONGEST)  # below it nothing can be read
_LANDSCAPE: Final = 1.15  # from this ratio of width to height on, the legend stands at the right


LARGE_MEGAPIXELS: Final = 100
"""A PNG of more is told of: its pixels alone take 0.4 GB."""

MOST_MEGAPIXELS: Final = 600
"""A PNG of more is not drawn; 1000 x 1000 mm at 600 dots per inch would have 558."""


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
    def megapixels(self) -> float:
        """How many millions of pixels a PNG of it has."""
        return self.width * self.height * (self.dpi / MM_PER_INCH) ** 2 / 1e6

    def refuse_too_fine(self) -> None:
        """Refuse a PNG of more pixels than can be drawn and opened.

        Raises
        ------
        UsageError
            If it has more than `MOST_MEGAPIXELS`; the message says with how many dots per inch it has not.
        """
        if self.megapixels <= MOST_MEGAPIXELS:
            return
        fitting = int(self.dpi * (MOST_MEGAPIXELS / self.megapixels) ** 0.5)
        raise UsageError(
            f"A .png of {self.width:g}x{self.height:g}mm at {self.dpi} dots per inch would have "
            f"{self.megapixels:,.0f} million pixels, and {MOST_MEGAPIXELS} are the bound: say --dpi {fitting} or less, "
            f"or write .svg or .pdf, which are sharp at any size."
        )

    @property
    def warning(self) -> str:
        """What is said of a large PNG; empty if it is not."""
        if self.megapixels <= LARGE_MEGAPIXELS:
            return ""
        return (
            f"The .png will have {self.megapixels:,.0f} million pixels, each of them 4 bytes of memory to draw and "
            f"to open: .svg and .pdf are sharp at any size, and a lower --dpi takes less."
        )

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
