"""The faults of a scenario's changes, which are told together: each with the key at fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lcrmap.errors import LcrmapError
from lcrmap.layers.scenario import Change

__all__ = ["FaultError", "Faults", "lowered"]

T = TypeVar("T")


class FaultError(Exception):
    """Why a change cannot be meant; `key` is the key that is at fault."""

    def __init__(self, key: str, told: str) -> None:
        self.key = key
        super().__init__(told)


class Faults:
    """What is wrong with changes, in the order in which it is found.

    What a faulty key says is passed over, so that the others can be judged.
    """

    def __init__(self) -> None:
        self.all: list[str] = []

    def tell(self, change: Change, key: str, told: str) -> None:
        """Note a fault, unless that of the same key was told when the file was read."""
        if change.faulty.isdisjoint((key, key.partition(".")[0])):
            self.all.append(f"'{change.path}.{key}' {told}")

    def tried(self, change: Change, found: Callable[[], T]) -> T | None:
        """Return what is found; None where it cannot be, and the fault is noted."""
        try:
            return found()
        except FaultError as fault:
            self.tell(change, fault.key, str(fault))
            return None


def lowered(error: LcrmapError) -> str:
    """Return a sentence as it stands behind a colon."""
    told = str(error)
    return told[:1].lower() + told[1:]
