"""Options that several questions share, each with one meaning."""

from __future__ import annotations

from typing import Final

from lcrmap.verbs.question import Option

__all__ = ["CLASSES", "KEY", "UNIT"]

CLASSES: Final = Option(
    help="Classes of a shading: rounded, quantile, equal or natural; N is 1 to 5 (else 3, from 25 areas on 5).",
    metavar="METHOD[:N]",
    must='a method in quotes, with a number of classes or without, such as "rounded:3"',
    show_default=True,
)
UNIT: Final = Option(help="Unit of the distance columns.", show_default=True)
KEY: Final = Option(
    help="Column of the areas whose lowest value decides on a shared border (default: their key, else geometry).",
    metavar="COLUMN",
    kind="column",
)
