"""The stations and the sources of readings that ``live.toml`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from lcrmap.errors import UsageError
from lcrmap.layers.typed import KeyedTable
from lcrmap.live.measuring import Measure, Station, age_from

__all__ = ["FLOOD_MONITORING", "Source", "sources_in", "stations_in"]

FLOOD_MONITORING: Final = "england-flood-monitoring"
_CREDIT: Final = (
    "This uses Environment Agency flood and river level data from the real-time data API (Beta). "
    "Contains public sector information licensed under the Open Government Licence v3.0."
)
_ADDRESSES: Final = ("stations", "measures", "readings")
_STATION_KEYS: Final = ("id", "title", "longitude", "latitude", "measure")
_MEASURE_KEYS: Final = ("property", "title", "unit", "interval", "high", "flood")

Refuse = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where readings are fetched from.

    Attributes
    ----------
    stations, measures, readings
        The addresses, which alone are fetched.
    private_hosts
        The hosts that may be on a private network.
    """

    name: str
    kind: str
    stations: str
    measures: str
    readings: str
    private_hosts: tuple[str, ...] = ()

    @property
    def credit(self) -> str:
        """The credit line, as the publisher prescribes it."""
        return _CREDIT


def stations_in(raw: Mapping[str, Any], refuse: Refuse) -> tuple[Station, ...]:
    """Return the stations of ``live.toml``; `refuse` is told of a fault and raises an error."""
    made = [_station(each, refuse) for each in _tables(raw, "station", refuse)]
    _refuse_twice([each.id for each in made], "station", refuse)
    return tuple(made)


def sources_in(raw: Mapping[str, Any], refuse: Refuse) -> tuple[Source, ...]:
    """Return the sources of ``live.toml``."""
    made = [_source(each) for each in _tables(raw, "source", refuse)]
    _refuse_twice([each.name for each in made], "source", refuse)
    return tuple(made)


def _tables(raw: Mapping[str, Any], key: str, refuse: Refuse, path: str = "") -> list[KeyedTable]:
    values, place = raw.get(key, []), f"{path}.{key}" if path else key
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        refuse(f"'{place}' is written as [[{place}]].")
    return [KeyedTable(each, f"{place}[{number}]", refuse) for number, each in enumerate(values, 1)]


def _refuse_twice(names: list[str], key: str, refuse: Refuse) -> None:
    twice = next((each for each in names if names.count(each) > 1), None)
    if twice is not None:
        refuse(f"'{key}' names '{twice}' twice.")


def _station(table: KeyedTable, refuse: Refuse) -> Station:
    table.only(_STATION_KEYS)
    name = table.text("id", required=True)
    longitude = table.number("longitude", least=-180, most=180)
    latitude = table.number("latitude", least=-90, most=90)
    if (longitude is None) != (latitude is None):
        table.fault("longitude", "and 'latitude' are given both or neither.")
    measures = tuple(_measure(each) for each in _tables(table.raw, "measure", refuse, table.path))
    _refuse_twice([each.property for each in measures], f"{table.path}.measure", refuse)
    return Station(name, table.text("title") or name, longitude, latitude, measures)


def _measure(table: KeyedTable) -> Measure:
    table.only(_MEASURE_KEYS)
    high, flood = (table.number(key, least=-1e12) for key in ("high", "flood"))
    if high is not None and flood is not None and flood < high:
        table.fault("flood", "is lower than 'high'.")
    interval, text = 0, table.text("interval")
    if text:
        try:
            interval = age_from(text, "interval")
        except UsageError as error:
            table.fault("interval", f"cannot be read: {error}")
    return Measure(
        property=table.text("property", required=True),
        title=table.text("title"),
        unit=table.text("unit"),
        interval=interval,
        high=high,
        flood=flood,
    )


def _source(table: KeyedTable) -> Source:
    table.only(("name", "kind", *_ADDRESSES, "private_hosts"))
    kind = table.text("kind", required=True, wanted=f"write '{FLOOD_MONITORING}'")
    if kind != FLOOD_MONITORING:
        table.fault("kind", f"is '{FLOOD_MONITORING}', not '{kind}'.")
    addresses = {key: table.text(key, required=True) for key in _ADDRESSES}
    for key, address in addresses.items():
        if not _is_address(address):
            table.fault(key, "is an address that begins with https:// or http://, without a user.")
    name = table.text("name", required=True)
    return Source(name, kind, **addresses, private_hosts=table.texts("private_hosts"))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and (parts.port or 1) > 0
            and text.isascii()
            and text.isprintable()
            and " " not in text
        )
    except ValueError:
        return False
