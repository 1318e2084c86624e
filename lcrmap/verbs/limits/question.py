"""What ``limits`` can be asked, in a report."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Reads

__all__ = ["Limits"]


class Limits(Reads, frozen=True, kw_only=True):
    """What layers are and are not, in the words of their own metadata; without any, those of the atlas."""

    ask: ClassVar[str] = "limits"

    layers: Annotated[tuple[str, ...], Option(kind="layer")] = ()
