"""Where the features of a collection are read: the log's from the store, stations and readings from their record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lcrmap.live.asking import Asked, ProblemError
from lcrmap.live.entries import Held
from lcrmap.live.folder import Live
from lcrmap.live.intervals import moments_from
from lcrmap.live.readings import READINGS, STATIONS, reading_feature, station_features
from lcrmap.live.store import Box, Measured, Period, Shelf

__all__ = ["NARROWED", "holds_readings", "refuse_many", "shelf_of"]

NARROWED: Final = ("station", "property")
"""The fields of readings by which they are chosen as they are read."""

_MOST_LOOKED_AT: Final = 100_000


def holds_readings(asked: Asked, name: str) -> bool:
    """Tell whether a collection is that of the readings; a map without stations may have a layer of that name."""
    return name == READINGS and asked.served.live.settings.measures


def shelf_of(asked: Asked, name: str) -> Shelf:
    """Return what a request reads a collection from."""
    live = asked.served.live
    if not live.settings.measures or name not in (STATIONS, READINGS):
        return live.store
    if asked.query("at") is not None:
        raise ProblemError(
            400, f"The log has no {name}, so there is no 'at': choose readings by 'datetime'."
        )
    if name == STATIONS:
        return _Stations(live)
    station, property_ = (asked.query(each) for each in NARROWED)
    return _Readings(live.store.measured, station, property_, moments_from(asked.query("datetime")))


@dataclass(frozen=True, slots=True)
class _Stations:
    """All stations as they are now."""

    live: Live

    async def _all(self) -> list[Held]:
        stations = await self.live.stations()
        return station_features(stations.values(), await self.live.store.measured.latest())

    async def page(
        self,
        layer: str,
        *,
        after: str = "",
        limit: int,
        box: Box | None = None,
        at: int | None = None,
    ) -> list[Held]:
        return [each for each in await self._all() if each.id > after][:limit]

    async def held(self, layer: str, feature: str, at: int | None = None) -> Held | None:
        return next((each for each in await self._all() if each.id == feature), None)

    async def count(self, layer: str, at: int | None = None) -> int:
        return len(await self.live.stations())


@dataclass(frozen=True, slots=True)
class _Readings:
    """Readings that a request chose."""

    measured: Measured
    station: str | None
    property_: str | None
    period: Period | None

    async def page(
        self,
        layer: str,
        *,
        after: str = "",
        limit: int,
        box: Box | None = None,
        at: int | None = None,
    ) -> list[Held]:
        behind = _number(after)
        if box is not None or behind is None:
            return []  # readings have no shape, and no id that is no number
        found = await self.measured.page(
            after=behind,
            limit=limit,
            station=self.station,
            property_=self.property_,
            period=self.period,
        )
        return [reading_feature(each) for each in found]

    async def held(self, layer: str, feature: str, at: int | None = None) -> Held | None:
        number = _number(feature)
        found = None if number is None else await self.measured.one(number)
        held = None if found is None else reading_feature(found)
        return held if held is not None and held.id == feature else None

    async def count(self, layer: str, at: int | None = None) -> int:
        return await self.measured.count(
            station=self.station, property_=self.property_, period=self.period
        )


async def refuse_many(shelf: Shelf) -> None:
    """Refuse to look at each of very many readings."""
    if isinstance(shelf, _Readings) and await shelf.count(READINGS) > _MOST_LOOKED_AT:
        raise ProblemError(
            400,
            f"A filter looks at {_MOST_LOOKED_AT:,} readings at most: choose fewer by 'station' and 'datetime'.",
        )


def _number(text: str) -> int | None:
    """Return the number of a reading's id; 0 for nothing."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
