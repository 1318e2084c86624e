"""What stations measure: their names are those of SensorThings' model, so that a bridge to it is a mapping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lcrmap.errors import UsageError

__all__ = [
    "NO_READING",
    "Measure",
    "Reading",
    "Recorded",
    "Station",
    "age_from",
    "instant",
    "state_of",
    "station_state",
    "written_time",
]

_AGE: Final = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_STALE_AFTER: Final = 2  # intervals
NO_READING: Final = "none"
_WORST_FIRST: Final = ("flood", "high", "stale", "normal", "unknown", NO_READING)


@dataclass(frozen=True, slots=True)
class Measure:
    """One property that a station measures.

    Attributes
    ----------
    title
        What people call the property; empty for its name.
    interval
        Seconds between two readings; 0 where it is not known.
    high, flood
        The values from which on it is high, or a flood; None where the station has no such level.
    """

    property: str
    title: str = ""
    unit: str = ""
    interval: int = 0
    high: float | None = None
    flood: float | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """A place where something is measured."""

    id: str
    title: str
    longitude: float | None = None
    latitude: float | None = None
    measures: tuple[Measure, ...] = ()

    def measure(self, name: str) -> Measure | None:
        """Return a measure by its property; None if the station has none such."""
        return next((each for each in self.measures if each.property == name), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured: `time` is when, in UTC, as `written_time` writes it."""

    station: str
    property: str
    time: str
    value: float
    unit: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reading in the record.

    Attributes
    ----------
    number
        Its number in the record; the first is 1.
    received
        When it came, in UTC.
    replaces, replaced_by
        The numbers of the readings of the same station, property and time before and after it; None if there is none.
    """

    number: int
    reading: Reading
    received: str
    replaces: int | None = None
    replaced_by: int | None = None


def age_from(text: str, option: str) -> int:
    """Return the seconds that an age such as ``15m`` or ``400d`` is.

    Raises
    ------
    UsageError
        If it is none.

    Examples
    --------
    >>> age_from("15m", "--every"), age_from("400d", "--keep")
    (900, 34560000)
    """
    found = _AGE.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{option} must be a number with s, m, h or d, such as 15m or 400d, not '{text[:40]}'."
        )
    return int(found[1]) * _SECONDS[found[2]]


def written_time(when: datetime) -> str:
    """Return a moment as it is kept: in UTC, to the millisecond, so that the order of texts is that of time.

    Examples
    --------
    >>> written_time(datetime.fromisoformat("2026-01-31T15:00:00+01:00"))
    '2026-01-31T14:00:00.000Z'
    """
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def instant(text: str) -> datetime | None:
    """Return the moment that a text of ISO 8601 names; None if it names none, or not the time zone.

    Examples
    --------
    >>> instant("2026-01-31T14:00:00Z")
    datetime.datetime(2026, 1, 31, 14, 0, tzinfo=datetime.timezone.utc)
    >>> instant("2026-01-31T14:00") is None
    True
    """
    try:
        when = datetime.fromisoformat(text)
        return None if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def state_of(measure: Measure, latest: Recorded | None, now: datetime) -> str:
    """Return how a property stands: ``flood``, ``high`` or ``normal`` by the station's own levels.

    It is ``stale`` where the latest reading is older than twice the interval, ``unknown`` where the station has no
    levels, and ``none`` where there is no reading.
    """
    if latest is None:
        return NO_READING
    when = instant(latest.reading.time)
    patience = timedelta(seconds=_STALE_AFTER * measure.interval)
    if measure.interval and when is not None and now - when > patience:
        return "stale"
    value = latest.reading.value
    if measure.flood is not None and value >= measure.flood:
        return "flood"
    if measure.high is not None and value >= measure.high:
        return "high"
    return "unknown" if measure.high is None and measure.flood is None else "normal"


def station_state(states: list[str]) -> str:
    """Return how a station stands of which the properties stand so.

    Examples
    --------
    >>> station_state(["normal", "flood", "stale"]), station_state([])
    ('flood', 'none')
    """
    return next((each for each in _WORST_FIRST if each in states), NO_READING)
