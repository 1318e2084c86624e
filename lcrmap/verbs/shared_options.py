"""Options that several questions share, each with one meaning."""

from __future__ import annotations

from typing import Final

from lcrmap.verbs.question import Option

__all__ = ["CLASSES", "KEY", "UNIT"]

CLASSES: Final = Option(
    help="Classes of a shading: rounded, quantile, equal or natural, and their number N.",
    metavar="METHOD[:N]",
    show_default=True,
)
UNIT: Final = Option(help="Unit of the distance columns.", show_default=True)
KEY: Final = Option(
    help="Column whose lowest value decides on a shared border (default: the areas' key field, else their geometry).",
    metavar="COLUMN",
    kind="column",
)
