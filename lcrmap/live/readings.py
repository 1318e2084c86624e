"""Readings as they come and as they are shown: what may be taken, and the features of stations and readings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from lcrmap.errors import LcrmapError, shortened
from lcrmap.io.json_rows import dump
from lcrmap.io.json_text import parse
from lcrmap.layers import Field, Metadata
from lcrmap.live.entries import Held
from lcrmap.live.measuring import (
    NO_READING,
    Reading,
    Recorded,
    Station,
    instant,
    state_of,
    station_state,
    written_time,
)
from lcrmap.live.rules import UnfitError

__all__ = [
    "READINGS",
    "READINGS_METADATA",
    "STATIONS",
    "STATIONS_METADATA",
    "fitting",
    "reading_feature",
    "reading_id",
    "readings_from",
    "station_features",
]

STATIONS: Final = "stations"
READINGS: Final = "readings"
MOST_AT_ONCE: Final = 20_000
_AHEAD: Final = timedelta(minutes=10)
_KEYS: Final = ("station", "property", "time", "value", "unit", "quality")
_NEEDED: Final = _KEYS[:4]
_LONGEST_QUALITY: Final = 60
_ID: Final = 15  # digits, so that the order of ids is that of numbers

STATIONS_METADATA: Final = Metadata(
    name=STATIONS,
    title="Stations",
    description="Where something is measured, with the latest value of each property. A property is flood, high or "
    "normal by the station's own levels, stale where its latest reading is older than twice its interval, unknown "
    "where the station has no levels, and none where there is no reading.",
    geometry="point",
    key="id",
    label="title",
    noun_one="station",
    noun_many="stations",
    crs="EPSG:4326",
    fields=(
        Field("id", "Id", required=True),
        Field("title", "Title", required=True),
        Field("state", "State", required=True),
        Field("time", "Time of the latest reading", "datetime"),
        Field("latest", "Latest value of each property", "array"),
    ),
)
READINGS_METADATA: Final = Metadata(
    name=READINGS,
    title="Readings",
    description="What the stations measured. One of the same station, property and time as another takes its place; "
    "what it replaced is still there by its id.",
    key="id",
    noun_one="reading",
    noun_many="readings",
    crs="EPSG:4326",
    fields=(
        Field("id", "Id", required=True),
        Field("station", "Station", required=True),
        Field("property", "Property", required=True),
        Field("value", "Value", "number", required=True),
        Field("unit", "Unit"),
        Field("quality", "Quality"),
        Field("time", "Measured", "datetime", required=True),
        Field("received", "Received", "datetime", required=True),
        Field("replaces", "Id of the reading that it replaced"),
        Field("replaced_by", "Id of the reading that replaced it"),
    ),
)


def readings_from(data: bytes, stations: Mapping[str, Station], now: datetime) -> list[Reading]:
    """Return the readings of a text of NDJSON: one object on each line; empty lines are none.

    Raises
    ------
    UnfitError
        If any of them cannot be taken: which line, and why.
    """
    lines = [(n, each) for n, each in enumerate(data.split(b"\n"), 1) if each.strip()]
    if not lines:
        raise UnfitError("There is no reading: write one JSON object on each line.")
    if len(lines) > MOST_AT_ONCE:
        raise UnfitError(f"There are {len(lines):,} readings: at most {MOST_AT_ONCE:,} at once.")
    found = []
    for number, line in lines:
        try:
            found.append(fitting(_object(line), stations, now))
        except UnfitError as error:
            raise UnfitError(f"Line {number}: {error}") from None
    return found


def _object(line: bytes) -> dict[str, Any]:
    """Return the object of a line."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        try:
            value = parse(line, "the line")  # which says what is wrong
        except (LcrmapError, UnicodeError) as error:
            raise UnfitError(f"it is no JSON that can be read: {error}") from None
    if not isinstance(value, dict):
        raise UnfitError("it is no JSON object in braces.")
    return value


def fitting(raw: Mapping[str, Any], stations: Mapping[str, Station], now: datetime) -> Reading:
    """Return a reading that may be written.

    Raises
    ------
    UnfitError
        If its station measures no such thing, or it is no finite number, or its time has no zone or is to come.
    """
    for key in raw:
        if key not in _KEYS:
            raise UnfitError(f"there is no key '{shortened(key)}'; there are {', '.join(_KEYS)}.")
    for key in _NEEDED:
        if raw.get(key) is None:
            raise UnfitError(f"'{key}' is missing.")
    texts = {key: _text(raw, key) for key in _KEYS if key != "value"}
    station = stations.get(texts["station"])
    if station is None:
        raise UnfitError(f"there is no station '{shortened(texts['station'])}'.")
    measure = station.measure(texts["property"])
    if measure is None:
        known = ", ".join(each.property for each in station.measures) or "nothing"
        raise UnfitError(
            f"the station {station.id} does not measure '{shortened(texts['property'])}'; it measures {known}."
        )
    if texts["unit"] and texts["unit"] != measure.unit:
        raise UnfitError(
            f"{station.id} measures {measure.property} in {measure.unit or 'no unit'}, "
            f"not in '{shortened(texts['unit'])}'."
        )
    time, value = _time(texts["time"], now), _number(raw["value"])
    return Reading(station.id, measure.property, time, value, measure.unit, texts["quality"])


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not value.isprintable():
        raise UnfitError(f"'{key}' is not a text without control characters.")
    if key == "quality" and len(value) > _LONGEST_QUALITY:
        raise UnfitError(f"'quality' has at most {_LONGEST_QUALITY} characters.")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitError("'value' is not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise UnfitError("'value' is not a finite number.")
    return number


def _time(text: str, now: datetime) -> str:
    when = instant(text)
    if when is None:
        raise UnfitError(
            f"'time' must be a moment with its zone, such as 2026-01-31T14:00:00Z, not '{shortened(text)}'."
        )
    if when > now + _AHEAD:
        raise UnfitError(
            f"'time' is more than 10 minutes ahead of this server: '{shortened(text)}'."
        )
    return written_time(when)


def reading_id(number: int | None) -> str | None:
    """Return what the reading of a number is called.

    Examples
    --------
    >>> reading_id(7)
    '000000000000007'
    """
    return None if number is None else f"{number:0{_ID}d}"


def reading_feature(recorded: Recorded) -> Held:
    """Return a reading as a feature, which has no place but its station's."""
    name, reading = reading_id(recorded.number), recorded.reading
    values = {
        "id": name,
        "station": reading.station,
        "property": reading.property,
        "value": reading.value,
        "unit": reading.unit,
        "quality": reading.quality,
        "time": reading.time,
        "received": recorded.received,
        "replaces": reading_id(recorded.replaces),
        "replaced_by": reading_id(recorded.replaced_by),
    }
    return _held(str(name), values, None)


def station_features(
    stations: Iterable[Station], latest: Sequence[Recorded], now: datetime | None = None
) -> list[Held]:
    """Return stations as features, in the order of their ids, with the latest value of each property."""
    now = now or datetime.now(UTC)
    by_place = {(each.reading.station, each.reading.property): each for each in latest}
    return [
        _station_feature(each, by_place, now) for each in sorted(stations, key=lambda one: one.id)
    ]


def _station_feature(
    station: Station, latest: Mapping[tuple[str, str], Recorded], now: datetime
) -> Held:
    rows = []
    for each in station.measures:
        last = latest.get((station.id, each.property))
        rows.append(
            {
                "property": each.property,
                "title": each.title or each.property,
                "unit": each.unit,
                "value": None if last is None else last.reading.value,
                "time": None if last is None else last.reading.time,
                "received": None if last is None else last.received,
                "quality": None if last is None else last.reading.quality,
                "state": state_of(each, last, now),
                "interval": each.interval or None,
                "high": each.high,
                "flood": each.flood,
            }
        )
    times = [str(each["time"]) for each in rows if each["state"] != NO_READING]
    values = {
        "id": station.id,
        "title": station.title,
        "state": station_state([str(each["state"]) for each in rows]),
        "time": max(times, default=None),
        "latest": rows,
    }
    placed = station.longitude is not None and station.latitude is not None
    shape = {"type": "Point", "coordinates": [station.longitude, station.latitude]}
    return _held(station.id, values, shape if placed else None)


def _held(name: str, values: dict[str, Any], shape: dict[str, Any] | None) -> Held:
    feature = {"type": "Feature", "id": name, "properties": values, "geometry": shape}
    return Held(name, 0, dump(feature))
