"""Options that more than one question has, each with one meaning."""

from __future__ import annotations

from typing import Final

from lcrmap.verbs.question import Option

__all__ = ["BY_HELP", "KEY", "UNIT"]

UNIT: Final = Option(help="The unit of the distance columns.", show_default=True)
KEY: Final = Option(
    help="The areas' column whose lowest value decides on a border (else their key field, else their shape).",
    metavar="COLUMN",
    kind="column",
)
BY_HELP: Final = "Break the figures down: count by a column of LAYER, gaps by a layer of areas."
