"""What a server survives: kills at any moment, a full disk, listeners that stall, a copy made under writers."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import random
import re
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from lcrmap.live.events import Listener
from tests.live.conftest import BOTH, Running, run_apart, run_here

ITEMS = "/collections/landings/items"
JETTY = f"{ITEMS}/bei-jetty"


def write_on(live: Running, number: int, over: threading.Event, done: list[int]) -> None:
    """Make and change features until told to stop, and note what was acknowledged."""
    with live.client("Ann") as client:
        count = 0
        while not over.is_set():
            count += 1
            name = f"w{number}-{count}-{random.getrandbits(32):x}"
            made = {
                "type": "Feature",
                "geometry": None,
                "properties": {
                    "ref": name,
                    "called": name,
                    "kind": "hut",
                    "confidence": "reported",
                },
            }
            try:
                answer = client.post(ITEMS, json=made)
            except httpx.TransportError:
                time.sleep(0.02)
                continue
            if answer.status_code == 503:  # the database is away
                time.sleep(0.05)
                continue
            assert answer.status_code == 201, answer.text
            done.append(int(answer.headers["etag"].strip('"').partition("-")[0]))


def follow(live: Running, over: threading.Event, heard: list[int]) -> None:
    """Listen, and come back after each break, as a browser does."""
    while not over.is_set():
        headers = {"last-event-id": str(heard[-1] if heard else 0)}
        try:
            with (
                live.client() as client,
                client.stream("GET", "/events", headers=headers) as stream,
            ):
                for line in stream.iter_lines():
                    if line.startswith("id: "):
                        heard.append(int(line[4:]))
                    if over.is_set():
                        return
        except httpx.TransportError:
            time.sleep(0.05)


@BOTH
def test_kills_under_writers_lose_nothing_that_was_acknowledged(
    make_live: Callable[..., Running], store: str
) -> None:
    live, chance = make_live(store=store), random.Random(20)
    over, done, heard = threading.Event(), list[int](), list[int]()
    work = [threading.Thread(target=write_on, args=(live, each, over, done)) for each in range(4)]
    work += [threading.Thread(target=follow, args=(live, over, heard))]
    for each in work:
        each.start()
    rounds = 20 if "CI" in os.environ else 6
    for _ in range(rounds):
        time.sleep(chance.uniform(0.1, 1.0))
        live.stop(signal.SIGKILL)
        live.start()
    time.sleep(0.5)
    over.set()
    with live.client("Ann") as client:  # one more, which wakes those who listen
        was = client.get(JETTY)
        client.patch(
            JETTY, json={"properties": {"note": "end"}}, headers={"if-match": was.headers["etag"]}
        )
        for each in work:
            each.join(20)
        head = client.get("/log").json()["head"]
        seqs = seqs_of(client)
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= head  # a writer may still have been at it
    assert len(done) > rounds
    assert set(done) <= set(seqs)
    assert heard == list(range(1, len(heard) + 1))
    live.stop()
    assert run_here("live", "check", live.folder).returncode == 0


def seqs_of(client: httpx.Client) -> list[int]:
    """Return the numbers of all entries."""
    found: list[int] = []
    while page := client.get("/log", params={"since": len(found), "limit": 1000}).json()["entries"]:
        found += [each["seq"] for each in page]
    return found


def test_on_a_full_disk_changes_are_refused_and_all_is_read(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(start=False)
    wanted = (live.folder / "live.db").stat().st_size + 200_000
    live.start(preexec_fn=lambda: _bounded(wanted))
    with live.client("Ann") as client:
        statuses = []
        for number in range(400):
            was = client.get(JETTY)
            headers = {"if-match": was.headers["etag"]}
            note = f"{number} {'x' * 140}"
            statuses.append(
                client.patch(
                    JETTY, json={"properties": {"note": note}}, headers=headers
                ).status_code
            )
            if statuses[-1] != 204:
                break
        assert statuses[-1] == 507
        assert set(statuses[:-1]) == {204}
        assert client.get(JETTY).json()["properties"]["note"].startswith(f"{len(statuses) - 2} ")
    live.stop()
    assert run_here("live", "check", live.folder).returncode == 0


def _bounded(size: int) -> None:
    """Let no file of this process become larger, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@BOTH
def test_under_writers_a_check_finds_no_fault_and_a_backup_is_a_prefix_of_the_log(
    make_live: Callable[..., Running], tmp_path: Path, store: str
) -> None:
    live = make_live(store=store)
    over, done = threading.Event(), list[int]()
    work = [threading.Thread(target=write_on, args=(live, each, over, done)) for each in range(3)]
    for each in work:
        each.start()
    while len(done) < 10:
        time.sleep(0.05)
    checks = [run_here("live", "check", live.folder) for _ in range(5)]
    last = max(done)
    copied = run_here("live", "backup", live.folder, "-o", tmp_path / "copy")
    over.set()
    for each in work:
        each.join()
    assert [(each.returncode, each.stdout) for each in checks] == [(0, "")] * 5
    assert copied.returncode == 0, copied.stderr
    assert run_here("live", "restore", tmp_path / "copy", tmp_path / "new").returncode == 0
    assert run_here("live", "check", tmp_path / "new").returncode == 0
    with live.client() as client:
        all_ = client.get("/log", params={"limit": 1000}).json()["entries"]
    live.stop()
    copy = Running(tmp_path / "new")
    copy.start()
    with copy.client() as client:
        there = client.get("/log", params={"limit": 1000}).json()["entries"]
    copy.stop()
    assert len(there) >= last
    assert all_[: len(there)] == there


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "update log set after = replace(after, 'two', 'twO') where seq = 2",
            "Entry 2 of the log is not as it was written",
        ),
        (
            "update log set time = '2020' where seq = 1",
            "Entry 1 of the log is not as it was written",
        ),
        ("delete from log where seq = 2", "Entry 2 of the log is missing"),
        (
            "update features set body = replace(body, 'three', 'thr33')",
            "Entry 3 of the log does not lead to what follows",
        ),
        (
            "update features set body = replace(body, 'Boathouse', 'Boothouse')",
            "Replaying the log backwards does not lead",
        ),
    ],
)
def test_a_changed_byte_is_named(checked_map: Path, tmp_path: Path, change: str, told: str) -> None:
    import shutil

    folder = tmp_path / "map"
    shutil.copytree(checked_map, folder)
    assert run_here("live", "check", folder).returncode == 0
    with sqlite3.connect(folder / "live.db") as database:
        database.execute(change)
    database.close()
    done = run_here("live", "check", folder)
    assert done.returncode == 1
    assert told in done.stdout


@pytest.fixture(scope="module")
def checked_map(make_live: Callable[..., Running]) -> Path:
    """A map that was changed three times and is served no longer."""
    live = make_live()
    with live.client("Ann") as client:
        for note in ("one", "two", "three"):
            headers = {"if-match": client.get(JETTY).headers["etag"]}
            assert (
                client.patch(
                    JETTY, json={"properties": {"note": note}}, headers=headers
                ).status_code
                == 204
            )
    live.stop()
    return live.folder


def test_listeners_that_stall_or_leave_hold_nothing(make_live: Callable[..., Running]) -> None:
    live = make_live()
    address = ("127.0.0.1", int(live.url.rpartition(":")[2]))
    asked = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\n\r\n".encode()
    stalled = [socket.create_connection(address) for _ in range(20)]
    for each in stalled:
        each.sendall(asked)
    halves = [socket.create_connection(address) for _ in range(20)]
    for each in halves:
        each.sendall(asked[:20])

    def come_and_go(number: int) -> None:
        with socket.create_connection(address) as one:
            one.sendall(asked)
            if number % 2:
                one.recv(10)

    count, held = 2000 if "CI" in os.environ else 400, []
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        for _ in range(3):
            list(pool.map(come_and_go, range(count)))
            held.append(_memory(live))
    assert held[2] - held[1] < 15_000_000
    with live.client("Ann") as client:
        for number in range(5):
            headers = {"if-match": client.get(JETTY).headers["etag"]}
            done = client.patch(JETTY, json={"properties": {"note": str(number)}}, headers=headers)
            assert done.status_code == 204
        assert _listening(client, 21) == 21
    for each in (*stalled, *halves):
        each.close()
    with live.client() as client:
        assert _listening(client, 1) == 1


def _memory(live: Running) -> int:
    """Return the bytes that the server holds."""
    assert live.process is not None
    status = Path(f"/proc/{live.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def _listening(client: httpx.Client, wanted: int) -> int:
    """Return how many are said to listen, this one among them, as soon as it is the wanted number, or at the end."""
    count = 0
    with client.stream("GET", "/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ") and "count" in line:
                count = json.loads(line.removeprefix("data: "))["count"]
            if count == wanted or line == ": still here":
                return count
    return count


def test_half_a_request_is_given_up(live: Running) -> None:
    address = ("127.0.0.1", int(live.url.rpartition(":")[2]))
    host = f"Host: 127.0.0.1:{address[1]}\r\n"
    bearer = f"Authorization: Bearer {live.tokens['Ann']}\r\nContent-Length: 100\r\n\r\n{{"
    with (
        socket.create_connection(address, timeout=40) as half,
        socket.create_connection(address, timeout=40) as next_,
        socket.create_connection(address, timeout=40) as body,
    ):
        half.sendall(b"GET / HTTP/1.1\r\nHost: ")
        next_.sendall(f"GET /session HTTP/1.1\r\n{host}\r\nGET".encode())
        body.sendall(f"POST {ITEMS} HTTP/1.1\r\n{host}{bearer}".encode())
        begun = time.monotonic()
        assert half.recv(1) == b""
        assert 10 < time.monotonic() - begun < 35
        while next_.recv(10_000):
            continue
        assert body.recv(10_000).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - begun < 35


def test_the_order_is_by_number_when_the_clock_goes_back(checked_map: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from lcrmap.live import sql
    from lcrmap.live.sqlite import SQLite
    from lcrmap.live.store import ANY, Change

    class Back(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2001, 1, 1, tzinfo=UTC)

    import shutil

    folder = tmp_path / "map"
    shutil.copytree(checked_map, folder)

    async def change() -> list[int]:
        store = SQLite(folder / "live.db")
        held = await store.held("landings", "bei-jetty")
        assert held is not None
        await store.change(Change("landings", held.id, "replace", held.body, "u", ANY))
        found = [each.seq for each in await store.entries(limit=9)]
        await store.close()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "datetime", Back)
        assert run_apart(change()) == [1, 2, 3, 4]
    assert run_here("live", "check", folder).returncode == 0


def test_while_another_process_holds_the_database_changes_are_put_off_and_all_is_read(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(users=("Ann",))
    change = {"json": {"properties": {"note": "later"}}, "headers": {"if-match": "*"}}
    with live.client("Ann") as ann:
        with contextlib.closing(sqlite3.connect(live.folder / "live.db")) as other:
            other.execute("begin immediate")
            refused = ann.patch(JETTY, **change)  # type: ignore[arg-type]
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert refused.json()["detail"] == "The database cannot be reached: try again later."
            assert ann.get(ITEMS).status_code == 200
            other.execute("rollback")
        assert ann.patch(JETTY, **change).status_code == 204  # type: ignore[arg-type]


def test_what_is_unforeseen_has_a_number_and_tells_of_no_file_token_or_address(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(users=("Ann", "Bob"))
    with contextlib.closing(sqlite3.connect(live.folder / "live.db")) as other:
        other.execute("alter table log rename to lost")
    with live.client("Ann") as ann:
        answer = ann.get("/log")
        ann.get("/nowhere", params={"token": live.tokens["Bob"]})
    assert answer.status_code == 500
    number = answer.json()["detail"].rpartition(" ")[2].rstrip(".")
    assert live.process is not None
    live.process.terminate()
    _, log = live.process.communicate(timeout=20)
    assert re.search(
        rf"^Error of lcrmap.live: {number} in getLog is OperationalError at [a-z_]+\.py:[0-9]+$",
        log,
        re.M,
    )
    for text in (answer.text, log):
        assert "Traceback" not in text
        assert str(live.folder.parent) not in text
        assert "127.0.0.1" not in text
        assert not any(token in text for token in live.tokens.values())


def test_more_connections_than_it_bears_are_turned_away_and_the_others_go_on(
    make_live: Callable[..., Running],
) -> None:
    live = make_live(start=False, users=("Ann",))
    live.start(preexec_fn=lambda: _few_files(600))
    address = ("127.0.0.1", int(live.url.rpartition(":")[2]))
    change = {"json": {"properties": {"note": "on"}}, "headers": {"if-match": "*"}}
    with live.client("Ann") as ann, contextlib.ExitStack() as stack:
        assert ann.patch(JETTY, **change).status_code == 204  # type: ignore[arg-type]
        flood = [
            stack.enter_context(socket.create_connection(address, timeout=10)) for _ in range(450)
        ]
        for _ in range(5):
            assert ann.patch(JETTY, **change).status_code == 204  # type: ignore[arg-type]
        assert ann.get("/", headers={"accept": "text/html"}).status_code == 200
        with contextlib.suppress(ConnectionResetError):
            assert flood[-1].recv(1) == b""
    with live.client() as other:
        assert other.get(ITEMS).status_code == 200
    live.stop()


def _few_files(count: int) -> None:
    """Let this process have so many files and connections open."""
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def test_who_is_256_events_behind_is_let_go() -> None:
    async def heard(sent: int) -> list[bytes | None]:
        listener = Listener("", "", "")
        for number in range(sent):
            listener.send(b"%d" % number)
        return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]

    assert run_apart(heard(256)) == [b"%d" % number for number in range(256)]
    assert run_apart(heard(257)) == [None]


def test_processes_end_with_the_one_that_began_them(make_live: Callable[..., Running]) -> None:
    live = make_live("--processes", "2", users=())
    assert live.process is not None
    with live.client() as client:
        assert client.get("/").status_code == 200  # at once: it has told its address
    live.process.kill()
    _, told = live.process.communicate(timeout=20)  # whose pipes its processes held
    assert "Traceback" not in told
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", httpx.URL(live.url).port or 0)) != 0
    live.start()
