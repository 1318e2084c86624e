"""What ``doubts`` can be asked, in a report."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Tabled

__all__ = ["Doubts"]


class Doubts(Tabled, frozen=True, kw_only=True):
    """Which features of layers are uncertain; without any, of those of the atlas."""

    ask: ClassVar[str] = "doubts"

    layers: Annotated[tuple[str, ...], Option(kind="layer")] = ()
