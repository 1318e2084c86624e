"""FlatGeobuf: GDAL's own, with a byte or several changed, most often in the head."""

from __future__ import annotations

from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.bases import BASES, written
from tests.fuzz.mutators.texts import damaged

__all__ = ["make"]


def make(rng: Random) -> Case:
    """Make a FlatGeobuf file."""
    data = written("fgb", rng.randrange(BASES))["fgb"]
    for _ in range(rng.choice([0, 1, 1, 1, 2, 5])):
        cut = rng.choice([len(data), min(len(data), 400)])
        data = damaged(data[:cut], rng) + data[cut:]
    return Case("fgb", 0, {"a.fgb": data}, "a.fgb", ("reads", "parts", "again"))
