"""What can be read without asking anything: layers in words, what the data cannot say, how figures were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lcrmap.layers import Pack

__all__ = ["ResourceAbout", "method_notes", "resources_of"]

_LAYER: Final = "lcrmap://layers/"
_METHODS: Final = "lcrmap://methods"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAbout:
    """What can be read, and which call tells it.

    Attributes
    ----------
    tool, arguments
        The call; an empty name for what the pack's description tells.
    """

    uri: str
    name: str
    title: str
    description: str
    tool: str = ""
    arguments: Mapping[str, Any]


def resources_of(pack: Pack) -> list[ResourceAbout]:
    """Return what can be read: of each layer and indicator its description, and what is said of all of them."""
    found = [
        ResourceAbout(
            uri=f"{_LAYER}{each.name}",
            name=each.name,
            title=each.title,
            description=each.description,
            tool="describe",
            arguments={"layer": each.name},
        )
        for each in pack
    ]
    found.append(
        ResourceAbout(
            uri="lcrmap://limits",
            name="limits",
            title="What the data cannot say",
            description="What each layer is and is not, in the words of its own metadata.",
            tool="limits",
            arguments={},
        )
    )
    found += [
        ResourceAbout(
            uri=f"lcrmap://indicators/{each.id}",
            name=each.id,
            title=each.title,
            description=each.description or each.title,
            tool="indicators",
            arguments={"words": each.id},
        )
        for each in (pack.indicators if pack.has_indicators else ())
    ]
    found.append(
        ResourceAbout(
            uri=_METHODS,
            name="methods",
            title="How the figures were worked out",
            description="The method notes of every layer.",
            arguments={},
        )
    )
    return found


def method_notes(pack: Pack) -> str:
    """Return how each layer was made, in the words of its own metadata."""
    return "\n".join(f"{each.title}: {each.method}" for each in pack if each.method)
