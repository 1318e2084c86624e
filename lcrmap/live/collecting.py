"""Readings that come by the command line: out of a file, or fetched from a source; and thinning what is old."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.live.fetching import fetched
from lcrmap.live.flooding import flood_from
from lcrmap.live.folder import Live
from lcrmap.live.measuring import written_time
from lcrmap.live.readings import readings_from
from lcrmap.live.undoing import OPERATOR

__all__ = ["add_readings", "pull_readings", "thin_readings"]

_DAY = 86_400


async def add_readings(live: Live, data: bytes) -> str:
    """Add the readings of a text of NDJSON, all or none; return what is to be said.

    Raises
    ------
    UsageError
        If the map has no stations.
    UnfitError
        If one of them cannot be taken.
    """
    if not live.settings.measures:
        raise UsageError(
            "This map has no stations: write them into live.toml, as docs/serve.md shows."
        )
    found = readings_from(data, await live.stations(), datetime.now(UTC))
    new = await live.store.measured.record(found, OPERATOR)
    return f"Read {len(found):,} readings, of which {new:,} are new."


async def pull_readings(live: Live, name: str) -> str:
    """Fetch stations and their latest readings from a source; return what is to be said.

    Raises
    ------
    UnknownNameError
        If ``live.toml`` has no such source.
    FileError
        If it does not answer, or not with data.
    """
    sources = {each.name: each for each in live.settings.sources}
    if name not in sources:
        raise UnknownNameError("source", name, list(sources), where="live.toml")
    source = sources[name]
    answers = [
        await asyncio.to_thread(fetched, each, source.private_hosts)
        for each in (source.stations, source.measures, source.readings)
    ]
    flood = flood_from(answers[0], answers[1], answers[2], datetime.now(UTC))
    measured = live.store.measured
    await measured.put_stations(flood.stations)
    new = await measured.record(flood.readings, OPERATOR)
    told = (
        f"{name} has {len(flood.stations):,} stations and {len(flood.readings):,} readings, "
        f"of which {new:,} are new."
    )
    if flood.left_out:
        told += f" {flood.left_out:,} could not be taken."
    return told


async def thin_readings(live: Live, keep: int) -> str:
    """Keep of each day that ended `keep` seconds ago the lowest and the highest reading; return what is to be said."""
    days = keep // _DAY
    if days < 1:
        raise UsageError("--keep must be a day or more, such as 400d.")
    before = (datetime.now(UTC) - timedelta(days=days)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    told = (
        f"Of days more than {days:,} days ago only the lowest and the highest reading of each station and property "
        f"are kept; the last time this was done, it was for all days before {before:%Y-%m-%d}."
    )
    gone = await live.store.measured.thin(written_time(before), told)
    return f"Took {gone:,} readings of days before {before:%Y-%m-%d} out."
