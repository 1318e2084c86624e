"""KML, GPX and GML: GDAL's own, with bytes changed, parts taken from one another, or what readers follow put in."""

from __future__ import annotations

from random import Random

from tests.fuzz.cases import Case, Maker
from tests.fuzz.mutators.bases import BASES, written
from tests.fuzz.mutators.texts import damaged

__all__ = ["maker"]

PUT_IN = (
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<!-- <OGRVRTDataSource/> -->",
    b"<NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink>",
    b"<Folder>",
    b"</Folder>",
    b"&#0;&a;",
    b"<![CDATA[",
    b"<Point><coordinates>1e400,nan</coordinates></Point>",
)


def maker(suffix: str) -> Maker:
    """Return what makes files of a suffix."""

    def make(rng: Random) -> Case:
        data = written(suffix, rng.randrange(BASES))[suffix]
        for _ in range(rng.choice([0, 1, 1, 2, 4])):
            if rng.random() < 0.5:
                data = damaged(data, rng)
            else:
                at = data.find(b"<", rng.randrange(len(data) + 1))
                data = data[:at] + rng.choice(PUT_IN) + data[at:]
        name = f"a.{suffix}"
        return Case(suffix, 0, {name: data}, name, ("again",))

    return make
