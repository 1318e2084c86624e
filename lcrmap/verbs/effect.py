"""A change of a scenario as it resolves among the layers of what the scenario builds on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shapely.geometry.base import BaseGeometry

from lcrmap.layers import Input, Layer
from lcrmap.layers.scenario import Change

__all__ = ["Effect"]

_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """A change as it resolves.

    Attributes
    ----------
    scenario
        The name of the scenario that it stands in.
    layer
        The name of the layer that is changed.
    rows, keys, names
        The features of that layer that it touches, as they were before; of added ones there are no rows. Of residents
        the rows are their points, keys and names those of the areas in which they live.
    brought
        The features that are added, with the metadata of where they come from; or the layer that stands for the whole.
    places
        By row the new shape and position error of what is moved.
    residents
        By row how many live there afterwards.
    before, after
        What is changed, in words: values, positions or numbers.
    metres
        How far each of `rows` moves; 0 without.
    dropped
        The columns of added features that their new layer does not have.
    notes
        What must be said of it.
    """

    scenario: str
    change: Change
    layer: str
    rows: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    brought: Layer | None = None
    places: Mapping[int, tuple[BaseGeometry, float]] = field(default_factory=dict)
    residents: Mapping[int, float] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    metres: float = 0.0
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files that it brings features from."""
        return () if self.brought is None else self.brought.inputs

    @property
    def named(self) -> str:
        """What it touches, by names: at most three and how many more."""
        shown = ", ".join(self.names[:_MOST_NAMED])
        more = len(self.names) - _MOST_NAMED
        return f"{shown} and {more:,} more" if more > 0 else shown
