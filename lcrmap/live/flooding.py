"""England's flood monitoring: its stations, what they measure, and their latest readings, in our own terms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lcrmap.io.json_text import parse
from lcrmap.live.measuring import Measure, Reading, Station
from lcrmap.live.readings import fitting
from lcrmap.live.rules import UnfitError

__all__ = ["Flood", "flood_from"]

_SCALES: Final = {"Stage": "stageScale", "Downstream Stage": "downstageScale"}
"""The scale of a station that holds for a kind of level."""


@dataclass(frozen=True, slots=True)
class Flood:
    """What was fetched.

    Attributes
    ----------
    left_out
        How many readings of these stations could not be taken.
    """

    stations: tuple[Station, ...]
    readings: tuple[Reading, ...]
    left_out: int


def flood_from(stations: bytes, measures: bytes, readings: bytes, now: datetime) -> Flood:
    """Return what three answers of the interface say; measures and readings of other stations are passed over.

    Raises
    ------
    FileError
        If one of them is no JSON object.
    """
    places = {_name(each): each for each in _items(stations, "The list of stations")}
    by_station: dict[str, dict[str, Measure]] = {name: {} for name in places if name}
    of: dict[str, tuple[str, str]] = {}
    for each in _items(measures, "The list of measures"):
        name = str(each.get("stationReference", ""))
        if name in by_station:
            measure = _measure(each, name, places[name])
            by_station[name][measure.property] = measure
            of[_last(each.get("@id"))] = (name, measure.property)
    made = {name: _station(places[name], name, known) for name, known in by_station.items()}
    taken, left_out = [], 0
    for each in _items(readings, "The list of readings"):
        place = of.get(_last(each.get("measure")))
        if place is None:
            continue
        raw = {
            "station": place[0],
            "property": place[1],
            "time": each.get("dateTime"),
            "value": each.get("value"),
        }
        try:
            taken.append(fitting(raw, made, now))
        except UnfitError:  # such as two values in one, which happens there
            left_out += 1
    return Flood(tuple(made[name] for name in sorted(made)), tuple(taken), left_out)


def _items(data: bytes, what: str) -> Iterator[dict[str, Any]]:
    items = parse(data, what).get("items", [])
    return (
        (each for each in items if isinstance(each, dict)) if isinstance(items, list) else iter(())
    )


def _last(address: Any) -> str:
    """Return the last part of an address, by which the interface names things."""
    return address.rpartition("/")[2] if isinstance(address, str) else ""


def _name(station: dict[str, Any]) -> str:
    return str(station.get("stationReference") or _last(station.get("@id")))


def _first(value: Any) -> Any:
    """Return a value; the first one where the interface has several."""
    return value[0] if isinstance(value, list) and value else value


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None


def _station(raw: dict[str, Any], name: str, measures: dict[str, Measure]) -> Station:
    longitude, latitude = (_number(_first(raw.get(key))) for key in ("long", "lat"))
    if longitude is None or latitude is None:
        longitude = latitude = None
    known = tuple(measures[each] for each in sorted(measures))
    return Station(name, _text(_first(raw.get("label"))) or name, longitude, latitude, known)


def _text(value: Any) -> str:
    """Return a text without characters that turn or hide what stands around it."""
    return "".join(each for each in value if each.isprintable()) if isinstance(value, str) else ""


def _measure(raw: dict[str, Any], station: str, place: dict[str, Any]) -> Measure:
    """Return a measure; its property is its name without the station's, which no other of the station has."""
    kind = _text(raw.get("qualifier"))
    title = ", ".join(filter(None, (_text(raw.get("parameterName")), kind)))
    scale = place.get(_SCALES.get(kind, ""))
    high = _number(scale.get("typicalRangeHigh")) if isinstance(scale, dict) else None
    period = _number(raw.get("period")) or 0
    return Measure(
        property=_last(raw.get("@id")).removeprefix(f"{station}-"),
        title=title,
        unit=_text(raw.get("unitName")),
        interval=int(period) if period > 0 else 0,
        high=high if raw.get("parameter") == "level" else None,
    )
