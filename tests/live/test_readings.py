"""Stations and what they measure: what is taken, what is the latest, what is told, and that a gap stays one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lcrmap.errors import FileError
from lcrmap.live.measuring import Measure, Reading, Recorded, Station, state_of
from lcrmap.live.readings import fitting, readings_from
from lcrmap.live.rules import UnfitError
from lcrmap.live.settings import read_settings
from tests.live.conftest import LOOSE, Running, run_here

MEASURES = """
[[station.measure]]
property = "level"
title = "Water level"
unit = "m"
interval = "15m"
high = 2
flood = 3

[[station.measure]]
property = "rain"
"""
PLACED = "longitude = 60.2\nlatitude = -45.9\n"
NAMES = [f"bei-{number}" for number in range(9)]
STATIONS = "".join(f'[[station]]\nid = "{name}"\n{PLACED}{MEASURES}' for name in NAMES)
STATIONS += '[[station]]\nid = "far/<off>"\n'
LEVELS = "/collections/readings/items?property=level"
NOW = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)
LEVEL = Measure("level", "Water level", "m", 900, 2.0, 3.0)
KNOWN = {"bei": Station("bei", "Bei jetty", measures=(LEVEL, Measure("rain")))}


def at(**before: float) -> str:
    """Return a moment before now, as a reading has it."""
    return (datetime.now(UTC) - timedelta(**before)).isoformat()


def reading(value: float, when: str, station: str = "bei", **more: Any) -> dict[str, Any]:
    return {"station": station, "property": "level", "time": when, "value": value, **more}


def lines(*readings: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in readings)


@pytest.fixture(scope="module")
def live(make_live: Callable[..., Running]) -> Running:
    """A live map with ten stations."""
    return make_live(settings=f"{LOOSE}{STATIONS}")


_FREE = iter(NAMES)


@pytest.fixture
def bei() -> str:
    """A station of which no other test has readings."""
    return next(_FREE)


def latest(client: Any, name: str) -> dict[str, Any]:
    """Return the latest reading of the first property of a station."""
    found = client.get(f"/collections/stations/items/{name}").json()
    return dict(found["properties"]["latest"][0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"value": None}, "'value' is missing"),
        ({"value": True}, "is not a number"),
        ({"value": "1"}, "is not a number"),
        ({"value": float("inf")}, "finite"),
        ({"value": 10**400}, "finite"),
        ({"station": "no"}, "there is no station 'no'"),
        ({"property": "snow"}, "does not measure 'snow'; it measures level, rain"),
        ({"unit": "ft"}, "in m, not in 'ft'"),
        ({"time": "2026-01-31T14:00"}, "a moment with its zone"),
        ({"time": "0001-01-01T00:00+14:00"}, "a moment with its zone"),
        ({"time": "2026-01-31T14:10:01Z"}, "more than 10 minutes ahead"),
        ({"quality": "a\u202eb"}, "without control characters"),
        ({"quality": "q" * 61}, "at most 60"),
        ({"colour": "red"}, "there is no key 'colour'"),
    ],
)
def test_what_cannot_be_taken_is_said(change: dict[str, Any], told: str) -> None:
    with pytest.raises(UnfitError, match=told):
        fitting({**reading(1, "2026-01-31T14:00:00Z"), **change}, KNOWN, NOW)


def test_a_time_is_kept_in_utc_and_may_be_ten_minutes_ahead() -> None:
    found = fitting(reading(1, "2026-01-31T15:10:00+01:00"), KNOWN, NOW)
    assert found == Reading("bei", "level", "2026-01-31T14:10:00.000Z", 1.0, "m")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "There is no reading"),
        (b"\n\n", "There is no reading"),
        (b"[1]", "Line 1: it is no JSON object"),
        (lines(reading(1, "2026-01-31T14:00:00Z")) + b"\n{", "Line 2: it is no JSON"),
        (b'{"value": NaN}', "Line 1: "),
        (b"\xff", "Line 1: it is no JSON"),
        (b"[" * 100_000, "Line 1: it is no JSON"),
        (b"{}\n" * 20_001, "at most 20,000 at once"),
    ],
)
def test_lines_that_are_none_are_named(text: bytes, told: str) -> None:
    with pytest.raises(UnfitError, match=told):
        readings_from(text, KNOWN, NOW)


@pytest.mark.parametrize(
    ("value", "minutes", "state"),
    [(1.9, 0, "normal"), (2, 30, "high"), (2.99, 0, "high"), (3, 0, "flood"), (3, 30.1, "stale")],
)
def test_the_state_is_by_the_levels_of_the_station(
    value: float, minutes: float, state: str
) -> None:
    when = (NOW - timedelta(minutes=minutes)).isoformat()
    found = Recorded(1, fitting(reading(value, when), KNOWN, NOW), when)
    assert state_of(LEVEL, found, NOW) == state
    assert state_of(Measure("rain"), found, NOW) == "unknown"
    assert state_of(LEVEL, None, NOW) == "none"


def test_the_latest_is_by_time_measured_and_what_is_replaced_stays(live: Running, bei: str) -> None:
    one, two, three = at(minutes=9), at(minutes=6), at(minutes=3)
    with live.client("Ann") as ann:
        assert latest(ann, bei)["state"] == "none"
        done = ann.post(
            "/readings",
            content=lines(reading(2.5, three, station=bei), reading(1, one, station=bei)),
        )
        assert (done.status_code, done.json()) == (200, {"received": 2, "new": 2})
        late = ann.post("/readings", content=lines(reading(9, two, quality="late", station=bei)))
        assert late.status_code == 200
        assert (latest(ann, bei)["value"], latest(ann, bei)["state"]) == (2.5, "high")
        again = ann.post("/readings", content=lines(reading(2.5, three, station=bei)))
        assert again.json() == {"received": 1, "new": 0}
        ann.post("/readings", content=lines(reading(3.5, three, station=bei)))
        assert (latest(ann, bei)["value"], latest(ann, bei)["state"]) == (3.5, "flood")
        found = ann.get(f"/collections/readings/items?station={bei}").json()
        assert [each["properties"]["value"] for each in found["features"]] == [1, 9, 3.5]
        was = ann.get(
            f"/collections/readings/items/{found['features'][-1]['properties']['replaces']}"
        )
        assert was.json()["properties"]["value"] == 2.5
        assert was.json()["properties"]["replaced_by"] == found["features"][-1]["id"]


def test_readings_are_all_taken_or_none(live: Running, bei: str) -> None:
    with live.client("Ann") as ann:
        sent = [reading(1, at(hours=hours), station=bei) for hours in (1, -1)]
        wrong = ann.post("/readings", content=lines(*sent))
        assert wrong.status_code == 422
        assert wrong.json()["detail"].startswith("Line 2: 'time' is more than 10 minutes ahead")
        assert ann.get(f"/collections/readings/items?station={bei}").json()["numberMatched"] == 0
        large = ann.post("/readings", content=b" " * 5_000_001)
        assert large.status_code == 413
        assert (
            ann.post("/readings", content=b"a", headers={"content-type": "image/png"}).status_code
            == 415
        )
    with live.client("Bob") as bob, live.client() as nobody:
        assert (
            bob.post("/readings", content=lines(reading(1, at(), station=bei))).status_code == 403
        )
        assert (
            nobody.post("/readings", content=lines(reading(1, at(), station=bei))).status_code
            == 401
        )


def test_readings_are_paged_and_chosen_by_time_and_station(live: Running, bei: str) -> None:
    times = [f"2026-01-{day:02d}T12:00:00Z" for day in range(1, 8)]
    with live.client("Ann") as ann:
        rain = {"station": bei, "property": "rain", "time": times[0], "value": 0}
        sent = lines(*(reading(n, each, station=bei) for n, each in enumerate(times)), rain)
        assert ann.post("/readings", content=sent).status_code == 200
        found, address = [], f"/collections/readings/items?limit=3&property=level&station={bei}"
        while address:
            page = ann.get(address).json()
            found += [each["properties"]["value"] for each in page["features"]]
            address = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
        assert found == list(range(7))

        def chosen(query: str) -> list[float]:
            page = ann.get(f"{LEVELS}&station={bei}&{query}")
            assert page.status_code == 200, page.text
            return [each["properties"]["value"] for each in page.json()["features"]]

        assert chosen("datetime=2026-01-02/2026-01-03") == [1, 2]
        assert chosen("datetime=2026-01-02T12:00:00Z") == [1]
        assert chosen("datetime=2026-01-02T12:00:01Z/2026-01-03T12:00:00Z") == [2]
        assert chosen("datetime=2026-01-06/..") == [5, 6]
        assert chosen("datetime=../2026-01-01") == [0]
        assert chosen("filter=value > 4") == [5, 6]
        assert chosen("bbox=60,-46,61,-45") == []
        for odd in ("../..", "2026-01-02T12:00", "2026-01-03/2026-01-02", "x", "..", "a/b/c"):
            assert ann.get(f"/collections/readings/items?datetime={odd}").status_code == 400
        assert ann.get("/collections/readings/items?at=0").status_code == 400
        assert ann.get("/collections/readings/items/7").status_code == 404


def test_stations_are_features_whose_state_is_the_worst(live: Running, bei: str) -> None:
    with live.client("Ann") as ann:
        ann.post("/readings", content=lines(reading(3, at(), station=bei)))
        page = ann.get("/collections/stations/items").json()
        assert [each["id"] for each in page["features"]] == [*NAMES, "far/<off>"]
        by_id = {each["id"]: each for each in page["features"]}
        assert by_id[bei]["geometry"]["coordinates"] == [60.2, -45.9]
        assert by_id["far/<off>"]["geometry"] is None
        assert [by_id[each]["properties"]["state"] for each in (bei, "far/<off>")] == [
            "flood",
            "none",
        ]
        flooded = ann.get("/collections/stations/items?filter=state = 'flood'").json()["features"]
        assert bei in {each["id"] for each in flooded}
        assert {each["properties"]["state"] for each in flooded} == {"flood"}
        near = ann.get("/collections/stations/items?bbox=60,-46,61,-45").json()
        assert [each["id"] for each in near["features"]] == NAMES
        one = ann.get("/collections/stations/items/far%2F%3Coff%3E")
        assert one.json()["properties"]["title"] == "far/<off>"
        html = ann.get("/collections/stations/items?f=html&limit=100").text
        assert "far/&lt;off&gt;" in html
        assert "far/<off>" not in html
        assert ann.delete(f"/collections/stations/items/{bei}").status_code == 403


def test_listeners_are_told_and_the_log_is_whole(live: Running, bei: str) -> None:
    with (
        live.client("Ann") as ann,
        live.client() as nobody,
        nobody.stream("GET", "/events") as stream,
    ):
        told = stream.iter_lines()
        next(told)
        ann.post("/readings", content=lines(reading(1, at(), station=bei)))
        line = next(each for each in told if each.startswith("event: reading"))
        assert line
        assert json.loads(next(told).removeprefix("data: "))["stations"] == [bei]
        assert ann.get("/log").json()["head"] == 0
    assert run_here("live", "check", live.folder).returncode == 0


def test_ten_thousand_readings_are_on_the_map_in_time(live: Running, bei: str) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    sent = lines(
        *(
            reading(n, (begin + timedelta(minutes=n)).isoformat(), station=bei)
            for n in range(10_000)
        )
    )
    with live.client("Ann") as ann:
        began = time.monotonic()
        assert ann.post("/readings", content=sent).json() == {"received": 10_000, "new": 10_000}
        assert time.monotonic() - began < 10  # two seconds on an idle machine
        assert latest(ann, bei)["value"] == 9_999
        assert (
            ann.get(f"/collections/readings/items?limit=1&station={bei}").json()["numberMatched"]
            == 10_000
        )


def test_readings_outlive_a_kill_and_a_backup(live: Running, bei: str, tmp_path: Path) -> None:
    with live.client("Ann") as ann:
        ann.post("/readings", content=lines(reading(1, at(), station=bei)))
    assert live.process is not None
    live.process.kill()
    live.process.communicate()
    assert run_here("live", "backup", live.folder, "-o", tmp_path / "copy").returncode == 0
    assert run_here("live", "restore", tmp_path / "copy", tmp_path / "again").returncode == 0
    again = Running(tmp_path / "again")
    again.start()
    with again.client() as client:
        assert latest(client, bei)["value"] == 1
    again.stop()
    live.start()


def test_a_map_without_stations_has_no_such_collections(make_live: Callable[..., Running]) -> None:
    plain = make_live()
    with plain.client("Ann") as ann:
        assert "stations" not in {
            each["id"] for each in ann.get("/collections").json()["collections"]
        }
        assert ann.get("/collections/stations").status_code == 404
        assert ann.post("/readings", content=b"{}").status_code == 404


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[station]]\nid = "a"\nhight = 1', "hight"),
        ('[[station]]\nid = "a"\n[[station]]\nid = "a"', "names 'a' twice"),
        ('[[station]]\nid = "a"\nlongitude = 3', "both or neither"),
        ('[[station]]\nid = "a"\n[[station.measure]]\nproperty = "p"\ninterval = "soon"', "15m"),
        ('[[station]]\nid = "a"\n[[station.measure]]\nproperty = "p"\nhigh = 3\nflood = 2', "lower"),
        ('[station]\nid = "a"', "[[station]]"),
        ('[[source]]\nname = "a"\nkind = "other"', "england-flood-monitoring"),
        (
            """[[source]]
name = "a"
kind = "england-flood-monitoring"
stations = "file:///a"
measures = "https://u@h/"
readings = "https://h/"
""",
            "https://",
        ),
    ],
)  # fmt: skip
def test_faults_of_live_toml_are_said(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "live.toml").write_text(f'title = "A map"\n{text}\n')
    with pytest.raises(FileError, match=re.escape(told)):
        read_settings(tmp_path)
