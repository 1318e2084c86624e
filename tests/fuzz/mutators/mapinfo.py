"""MapInfo's TAB and MIF: GDAL's own, parts cut, changed, missing or of other layers."""

from __future__ import annotations

from random import Random

from tests.fuzz.cases import Case, Maker
from tests.fuzz.mutators.bases import BASES, written
from tests.fuzz.mutators.texts import damaged

__all__ = ["maker"]

PUT_IN = (
    b"\r\nopen table x\r\n",
    b"Type LINKED\r\n",
    b'CoordSys Earth Projection 99, 1, "x"\r\n',
    b'Charset "Neutral"\r\n',
    b"Region 999999999\r\n",
    b"Point 1e400 nan\r\n",
    b"Columns 999999999\r\n",
    b'Delimiter ""\r\n',
)


def maker(suffix: str) -> Maker:
    """Return what makes files of a suffix, with their companions."""

    def make(rng: Random) -> Case:
        parts = dict(written(suffix, rng.randrange(BASES)))
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            _strike(parts, suffix, rng)
        files = {f"a.{each}": data for each, data in parts.items()}
        files.setdefault(f"a.{suffix}", b"")
        return Case(suffix, 0, files, f"a.{suffix}", ("reads", "again"))

    return make


def _strike(parts: dict[str, bytes], suffix: str, rng: Random) -> None:
    name = rng.choice([*parts])
    match rng.randrange(6):
        case 0:
            parts[name] = parts[name][: rng.randrange(len(parts[name]) + 1)]
        case 1 | 2:
            parts[name] = damaged(parts[name], rng)
        case 3:
            parts[name] = written(suffix, rng.randrange(BASES)).get(name, b"")
        case 4:
            if rng.random() < 0.3:
                parts.pop(name)
        case _:
            text = parts.get(suffix, b"")
            at = text.find(b"\n", rng.randrange(len(text) + 1)) + 1
            parts[suffix] = text[:at] + rng.choice(PUT_IN) + text[at:]
