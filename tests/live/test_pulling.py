"""Readings that are fetched: from a copy of England's flood monitoring on loopback, and from what misbehaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from lcrmap.errors import FileError
from lcrmap.live.fetching import fetched
from lcrmap.live.flooding import flood_from
from tests.live.conftest import BOTH, LOOSE, Running, run_here

SAVED = Path(__file__).parent / "flood"
KINDS = ("stations", "measures", "readings")


@dataclass
class Copy:
    """A server on loopback: what it answers at each address, and what it was asked."""

    port: int = 0
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, data: bytes, status: int = 200, **headers: str) -> str:
        """Answer something at an address, and return the address."""
        self.answers[path] = (status, headers, data)
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def copy() -> Iterator[Copy]:
    """A server that answers what a test puts there."""
    made = Copy()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            status, headers, data = made.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def saved(kind: str) -> bytes:
    return (SAVED / f"{kind}.json").read_bytes()


def source(copy: Copy, *, private: bool = True) -> str:
    """Return a source of live.toml whose answers are the saved ones."""
    lines = ["[[source]]", 'name = "flood"', 'kind = "england-flood-monitoring"']
    lines += [f'{kind} = "{copy.put(f"/{kind}?latest", saved(kind))}"' for kind in KINDS]
    lines += ['private_hosts = ["127.0.0.1"]'] if private else []
    return f"{LOOSE}\n" + "\n".join(lines) + "\n"


def test_saved_answers_are_taken_in_our_terms() -> None:
    now = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)
    flood = flood_from(*map(saved, KINDS), now)
    assert [(each.id, each.title) for each in flood.stations] == [
        ("5055", "Walton Hall"),
        ("690510", "Sankey Bridge"),
    ]
    level, rain = flood.stations[1].measures
    assert (level.property, level.title, level.unit) == (
        "level-stage-i-15_min-mASD",
        "Water Level, Stage",
        "mASD",
    )
    assert (level.interval, level.high, level.flood) == (900, 1.53, None)
    assert (rain.title, rain.interval, rain.high) == (
        "Rainfall, Tipping Bucket Raingauge",
        900,
        None,
    )
    assert (flood.stations[1].longitude, flood.stations[1].latitude) == (-2.62, 53.39)
    assert flood.stations[0].longitude is None
    assert [(each.station, each.value) for each in flood.readings] == [
        ("690510", 0.431),
        ("690510", 0.0),
    ]
    assert flood.readings[0].time == "2026-01-31T13:45:00.000Z"
    assert flood.left_out == 1  # two values in one; that of a station elsewhere is passed over


def test_answers_that_are_none_are_said() -> None:
    now = datetime.now(UTC)
    for odd in (b"", b"[]", b"<html>", b'{"items": '):
        with pytest.raises(FileError, match="The list of measures"):
            flood_from(saved("stations"), odd, saved("readings"), now)
    for odd in (b"{}", b'{"items": 3}', b'{"items": [1, {}, {"measure": 3}]}'):
        assert flood_from(odd, odd, odd, now).readings == ()


@BOTH
def test_a_source_is_pulled_told_and_credited(
    copy: Copy, make_live: Callable[..., Running], store: str
) -> None:
    live = make_live(settings=source(copy), start=False, store=store)
    done = run_here("live", "readings", live.folder, "pull", "flood")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "2 stations and 2 readings, of which 2 are new. 1 could not be taken." in done.stderr
    assert copy.asked == [f"/{kind}?latest" for kind in KINDS]
    again = run_here("live", "readings", live.folder, "pull", "flood")
    assert "of which 0 are new" in again.stderr
    unknown = run_here("live", "readings", live.folder, "pull", "floods")
    assert unknown.returncode == 2
    live.start()
    with live.client() as client:
        said = client.get("/collections/stations").json()
        assert "Environment Agency" in said["attribution"]
        assert client.get("/collections/stations/items").json()["numberMatched"] == 2


@BOTH
def test_a_file_is_added_and_old_days_are_thinned(
    copy: Copy, make_live: Callable[..., Running], tmp_path: Path, store: str
) -> None:
    station = '[[station]]\nid = "bei"\n[[station.measure]]\nproperty = "level"\n'
    live = make_live(settings=f"{LOOSE}{station}", start=False, store=store)
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    file = tmp_path / "readings.ndjson"

    def add(days: int, values: list[float], *more: str) -> str:
        begin = now - timedelta(days=days)
        rows = [
            {
                "station": "bei",
                "property": "level",
                "time": (begin + timedelta(hours=n)).isoformat(),
                "value": value,
            }
            for n, value in enumerate(values)
        ]
        file.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
        done = run_here("live", "readings", live.folder, "add", file, *more)
        assert done.returncode == 0, done.stderr
        return done.stderr

    assert "Read 4 readings, of which 4 are new." in add(500, [2, 1, 3, 2])
    add(500, [9])  # takes the place of the first one
    add(400, [5, 4, 6])
    assert "Took 3 readings" in add(300, [7, 8, 7.5], "--keep", "400d")
    assert "Took 0 readings" in add(300, [7], "--keep", "400d")
    wrong = run_here("live", "readings", live.folder, "add", file, "--keep", "2h")
    assert (wrong.returncode, "--keep must be a day or more" in wrong.stderr) == (2, True)
    assert run_here("live", "readings", live.folder, "add", file, "--every", "5m").returncode == 2
    assert run_here("live", "readings", live.folder, "add", tmp_path / "none").returncode != 0
    live.start()
    with live.client() as client:
        found = client.get("/collections/readings/items").json()["features"]
        assert [each["properties"]["value"] for each in found] == [1, 9, 5, 4, 6, 7, 8, 7.5]
        assert (
            "more than 400 days ago only the lowest"
            in client.get("/collections/readings").json()["description"]
        )


def test_a_private_network_is_named_or_refused(
    copy: Copy, make_live: Callable[..., Running]
) -> None:
    live = make_live(settings=source(copy, private=False), start=False)
    done = run_here("live", "readings", live.folder, "pull", "flood")
    assert done.returncode != 0
    assert "127.0.0.1 is on a private network" in done.stderr
    assert copy.asked == []
    with pytest.raises(FileError, match="private network"):
        fetched(f"http://localhost:{copy.port}/a", ["127.0.0.1"])


def test_another_host_is_not_followed(copy: Copy) -> None:
    copy.put("/there", b"data")
    here = copy.put("/here", b"", 302, Location="/there")
    assert fetched(here, ["127.0.0.1"]) == b"data"
    for elsewhere in (
        f"http://localhost:{copy.port}/there",
        "//localhost/there",
        "file:///there",
        "ftp://127.0.0.1/",
    ):
        copy.asked.clear()
        with pytest.raises(FileError, match="another host"):
            fetched(copy.put("/off", b"", 302, Location=elsewhere), ["127.0.0.1", "localhost"])
        assert copy.asked == ["/off"]
    with pytest.raises(FileError, match="to no data"):
        fetched(copy.put("/round", b"", 301, Location="/round"), ["127.0.0.1"])


def test_what_is_too_much_or_broken_is_refused(copy: Copy) -> None:
    private = ["127.0.0.1"]
    with pytest.raises(FileError, match="more than 20 MB"):
        fetched(copy.put("/large", b" " * 20_000_001), private)
    assert len(fetched(copy.put("/just", b" " * 20_000_000), private)) == 20_000_000
    with pytest.raises(FileError, match="answers 503"):
        fetched(copy.put("/away", b"", 503), private)
    with pytest.raises(FileError, match="broke off"):
        fetched(copy.put("/half", b"half", **{"Content-Length": "9"}), private)
    with pytest.raises(FileError, match="cannot be reached"):
        fetched("http://127.0.0.1:1/", private)
