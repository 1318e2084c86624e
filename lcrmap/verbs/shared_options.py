"""Options that several questions share, each with one meaning."""

from __future__ import annotations

from typing import Final

from lcrmap.verbs.question import Option

__all__ = ["CLASSES", "GROUPS", "KEEP", "KEY", "MIDDLE", "OF", "PER", "UNIT", "WITH", "WITHIN"]

CLASSES: Final = Option(
    help="Classes of a shading: rounded, quantile, equal or natural, N is 1 to 5 (two-sided to 6); or the breaks "
    "between them, such as 5,10,20.",
    metavar="METHOD[:N]|BREAKS",
    must='breaks in quotes, such as "5,10,20", or a method, with a number of classes or without, such as "rounded:3"',
    show_default=True,
)
MIDDLE: Final = Option(
    help="Shade in two colours, for less and for more than this number (default: 0, if there is less and more).",
    metavar="NUMBER",
)
WITHIN: Final = Option(help="How near it must be to count, such as 800m or 5km.")
PER: Final = Option(
    help="Divide counts: per km2, per 10,000 residents, or per 1 of what a column counts, such as homes; a share of "
    "what is counted alike.",
    metavar="km2|residents|COLUMN",
    must='"km2", "residents" or a column in quotes',
)
UNIT: Final = Option(help="Unit of the distance columns.", show_default=True)
OF: Final = Option(
    help="Count these instead of residents, such as age_75_plus or cars_0; see 'lcrmap indicators'.",
    metavar="MEASURE",
    kind="indicator",
)
GROUPS: Final = Option(
    help="Count these groups too: those in the worst tenth (or fifth) of small areas by an indicator, such as "
    "no_car_tenth; the highest where none is worse.",
    metavar="A,B",
    comma=True,
)
WITH: Final = Option(
    help="Put these indicators beside the areas, as columns; see 'lcrmap indicators'.",
    metavar="A,B",
    kind="indicator",
    key="with",
    comma=True,
)
KEEP: Final = Option(
    help="Carry these columns of what is asked about into the result.",
    metavar="A,B",
    kind="column",
    comma=True,
)
KEY: Final = Option(
    help="Column that names the features of a layer: shown in each row, its lowest value first among equals (default: "
    "their key).",
    metavar="COLUMN",
    kind="column",
)
