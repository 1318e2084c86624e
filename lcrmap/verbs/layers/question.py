"""What ``layers`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Tabled

__all__ = ["Layers"]


class Layers(Tabled, frozen=True, kw_only=True):
    """Which layers there are, or everything about one."""

    ask: ClassVar[str] = "layers"
    pictured: ClassVar[bool] = False
    about: ClassVar[str] = """
    List the layers, or describe one.

    With LAYER, a name from the list or a file, prints its description, source, licence, credit line and fields.

    \b
    Examples:
      lcrmap layers
      lcrmap layers innovation-assets
      lcrmap layers --format csv
    """

    layer: Annotated[str | None, Option(kind="layer", argument="[LAYER]")] = None
