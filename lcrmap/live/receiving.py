"""Readings that are posted, and those that came from anywhere, told to all listeners."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from lcrmap.live.asking import Asked, ProblemError, json_answer, operation
from lcrmap.live.events import Hub, event
from lcrmap.live.readings import READINGS, readings_from
from lcrmap.live.rules import UnfitError
from lcrmap.live.store import AwayError, Measured
from lcrmap.live.users import may

__all__ = ["tell_readings"]

_MOST_BYTES: Final = 5_000_000


@operation(
    "POST",
    "/readings",
    "addReadings",
    "Add readings, one JSON object on each line: all of them, or none.",
    needs="edit",
    body={"application/x-ndjson": "text", "application/json": "text", "text/plain": "text"},
    says={200: {"application/json": "object"}},
    wrong=(401, 403, 404, 408, 413, 415, 422, 507),
)
async def add(asked: Asked) -> Response:
    """Write readings to the record."""
    live, user = asked.served.live, asked.user
    if not live.settings.measures:
        raise ProblemError(404, "This map has no stations: live.toml names none.")
    if user is None or not may(user, "edit", READINGS):
        raise ProblemError(403, "Your role does not allow you to add readings.")
    asked.refuse_kind()
    data, stations = await asked.body(_MOST_BYTES), await live.stations()
    try:
        found = await asyncio.to_thread(readings_from, data, stations, datetime.now(UTC))
    except UnfitError as error:
        raise ProblemError(422, str(error)) from error
    new = await live.store.measured.record(found, user.key)
    return json_answer({"received": len(found), "new": new})


async def tell_readings(measured: Measured, hub: Hub) -> None:
    """Tell all listeners of readings that any process wrote, until cancelled."""
    seen: int | None = None
    async for _ in hub.store.follow():
        try:
            last = await measured.last()
            seen = last if seen is None else seen
            names = await measured.stations_since(seen) if last > seen else []
        except AwayError:
            continue
        if names:
            hub.tell(event("reading", {"number": last, "stations": names}))
        seen = max(seen, last)
