"""A live map in PostgreSQL: its address, its copies, what it says when something is missing, what it survives."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lcrmap.live.folder import open_live
from lcrmap.live.measuring import Recorded
from tests.live.conftest import SKERRIES, Running, run, run_apart, run_here
from tests.live.postgres import Server, ask, database_on, let_in, started
from tests.live.test_faults import ITEMS, JETTY, follow, seqs_of, write_on

pytestmark = pytest.mark.xdist_group("postgis")

SECRET = "s3cr3t-w0rd"


@pytest.fixture(scope="module")
def durable_server() -> Iterator[Server]:
    """A server that is killed, whose commits are on the disk when it says so."""
    with started(durable=True) as server:
        yield server


@pytest.fixture
def own_server(durable_server: Server) -> Iterator[Server]:
    """That server, which lets in what a test starts."""
    with let_in(durable_server.environment):
        yield durable_server


def schema_of(live: Running) -> str:
    return str(tomllib.loads((live.folder / "live.toml").read_text())["schema"])


def patch(client: httpx.Client, note: str) -> httpx.Response:
    return client.patch(JETTY, json={"properties": {"note": note}}, headers={"if-match": "*"})


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://ann:{SECRET}@127.0.0.1/maps",
        f"postgresql://127.0.0.1/maps?password={SECRET}",
        f"postgresql://127.0.0.1/maps?passfile={SECRET}",
    ],
)
def test_an_address_that_holds_a_password_is_refused_and_not_repeated(
    tmp_path: Path, address: str
) -> None:
    done = run_here("live", "new", tmp_path / "map", "--pack", SKERRIES, "--db", address)
    assert done.returncode == 2
    assert "--db holds a password" in done.stderr
    assert "PGPASSWORD" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not (tmp_path / "map").exists()
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "live.toml").write_text(f'title = "T"\ndb = "{address}"\nschema = "one"\n')
    done = run_here("live", "log", tmp_path / "map")
    assert done.returncode == 3
    assert "holds a password" in done.stderr
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://h/n", "--db is an address such as postgresql://HOST/NAME"),
        ("postgresql://h", "--db is an address such as postgresql://HOST/NAME"),
        ("postgresql://h/n?options=-csearch_path%3Dx", "--db may say host, port, user"),
        ("postgresql://127.0.0.1:1/none", "The database of this map cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_a_sentence(
    tmp_path: Path, address: str, told: str
) -> None:
    done = run_here("live", "new", tmp_path / "map", "--pack", SKERRIES, "--db", address)
    assert done.returncode in (2, 3)
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_missing_part_is_named_with_the_line_that_installs_it(tmp_path: Path) -> None:
    code = (
        "import importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'asyncpg' else found(name, *more)\n"
        "from lcrmap.cli import main; main()"
    )
    words = ["live", "new", str(tmp_path / "map"), "--db", "postgresql://127.0.0.1/maps"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "Error: A live map in PostgreSQL needs asyncpg: pip install 'lcrmap[serve,postgis]'\n",
    )


def test_rights_and_parts_that_a_database_lacks_are_told(
    own_server: Server, tmp_path: Path
) -> None:
    ask(own_server.address, "create role small login password 'p'")
    words = ("live", "new", tmp_path / "map", "--pack", SKERRIES, "--db")
    cases = [
        ("postgres", {"PGPASSWORD": "wrong"}, "does not let this user in"),
        ("nowhere", {}, "There is no such database"),
        ("template1", {"PGUSER": "small", "PGPASSWORD": "p"}, "grant create on database"),
        ("bare", {"PGUSER": "small", "PGPASSWORD": "p"}, "create extension postgis"),
        ("latin", {}, "createdb -E UTF8"),
    ]
    ask(own_server.address, "create database bare owner small")
    ask(own_server.address, "create database latin encoding 'LATIN1' template template0")
    for name, environment, told in cases:
        with let_in(environment):
            address = own_server.address.replace("/postgres", f"/{name}")
            done = run_here(*words, address)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert told in done.stderr
        assert str(own_server.port) not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_copies_lead_from_one_store_to_the_other(
    make_live: Callable[..., Running], database: str, tmp_path: Path
) -> None:
    live = make_live(store="postgis")
    with live.client("Ann") as ann:
        moved = {"geometry": {"type": "Point", "coordinates": [60.12, -46.05]}}
        assert ann.patch(JETTY, json=moved, headers={"if-match": "*"}).status_code == 204
        assert ann.delete(f"{ITEMS}/boathouse", headers={"if-match": "*"}).status_code == 204
        assert patch(ann, "é\u202f<b>").status_code == 204
        shown, head = ann.get(ITEMS, params={"bbox": "60.1,-46.1,60.2,-46"}).json(), 3
    copy = tmp_path / "copy"
    assert run_here("live", "backup", live.folder, "-o", copy).returncode == 0
    live.stop()
    settings = f"{(live.folder / 'live.toml').read_text()}".partition("[limits]")[0]
    assert database in settings
    folders = {"file": tmp_path / "file", "base": tmp_path / "base"}
    assert run_here("live", "restore", copy, folders["file"]).returncode == 0
    assert run_here("live", "restore", copy, folders["base"], "--db", database).returncode == 0
    assert "postgresql" not in (folders["file"] / "live.toml").read_text()
    assert not (folders["base"] / "live.db").exists()
    again = tmp_path / "again"
    assert run_here("live", "backup", folders["file"], "-o", again).returncode == 0
    folders["once more"] = tmp_path / "once more"
    assert (
        run_here("live", "restore", again, folders["once more"], "--db", database).returncode == 0
    )
    exported = {}
    for name, folder in {"live": live.folder, **folders}.items():
        done = run_here("live", "check", folder)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        for at in (1, head):
            target = tmp_path / f"{name}-{at}"
            assert run_here("live", "export", folder, "--at", at, "-o", target).returncode == 0
            (file,) = target.rglob("landings.geojson")
            exported.setdefault(at, set()).add(file.read_bytes())
        assert run_here("live", "log", folder).stdout.count("\n") == head
    assert [len(each) for each in exported.values()] == [1, 1]  # the same bytes everywhere
    other = Running(folders["file"], tokens=live.tokens)
    other.start()
    with other.client("Ann") as ann:
        assert ann.get(ITEMS, params={"bbox": "60.1,-46.1,60.2,-46"}).json()["features"] == [
            {**each, "links": mended(each["links"], live.url, other.url)}
            if "links" in each
            else each
            for each in shown["features"]
        ]
    other.stop()


def mended(links: list[dict[str, str]], was: str, now: str) -> list[dict[str, str]]:
    return [{**each, "href": each["href"].replace(was, now)} for each in links]


def test_two_processes_serve_who_is_here_and_what_happens(
    make_live: Callable[..., Running], tmp_path: Path
) -> None:
    live = make_live("--processes", "2", store="postgis")
    heard: list[list[int]] = [[] for _ in range(8)]
    people: set[str] = set()

    def listen(mine: list[int]) -> None:
        with live.client("Bob") as bob, bob.stream("GET", "/events?since=0") as stream:
            for line in stream.iter_lines():
                if line.startswith("id: "):
                    mine.append(int(line[4:]))
                if line.startswith("data: ") and '"people"' in line:
                    people.update(each["name"] for each in json.loads(line[6:])["people"])
                if mine[-1:] == [5] and people:
                    return

    threads = [threading.Thread(target=listen, args=(each,)) for each in heard]
    for each in threads:
        each.start()
    with live.client("Ann") as ann:
        told = {"here": "a" * 20, "view": [60.0, -46.1, 60.2, -46.0], "colour": "#1f77b4"}
        assert ann.post("/presence", json=told).status_code == 204
        for number in range(5):
            assert patch(ann, str(number)).status_code == 204
        for each in threads:
            each.join(20)
        assert ann.get(JETTY, params={"at": 2}).json()["properties"]["note"] == "1"
    assert heard == [[1, 2, 3, 4, 5]] * 8
    assert people == {"Ann"}
    rows = ask(live.database, f"select name from {schema_of(live)}.here")
    assert rows
    live.stop()
    live.start()
    assert ask(live.database, f"select name from {schema_of(live)}.here") == []
    live.stop()


def test_readings_are_kept_in_a_database(make_live: Callable[..., Running], tmp_path: Path) -> None:
    station = '[[station]]\nid = "pier"\ntitle = "Pier"\n[[station.measure]]\nproperty = "level"\nunit = "m"\n'
    live = make_live(store="postgis", settings=station)
    lines = [
        {
            "station": "pier",
            "property": "level",
            "time": f"2026-01-31T14:{n // 2:02}:00Z",
            "value": n,
        }
        for n in range(8)
    ]
    file = tmp_path / "readings"
    file.write_text("\n".join(map(json.dumps, lines)))
    done = run_here("live", "readings", live.folder, "add", file)
    assert done.stderr == "Read 8 readings, of which 8 are new.\n"
    done = run_here("live", "readings", live.folder, "add", file, "--keep", "1d")
    assert done.returncode == 0, done.stderr
    with live.client() as client:
        found = client.get("/collections/readings/items").json()["features"]
        latest = client.get("/collections/stations/items").json()["features"][0]
    assert latest["properties"]["latest"][0]["value"] == 7
    assert [each["properties"]["value"] for each in found] == [1, 7]  # the others went
    live.stop()
    copy, again = tmp_path / "copy", tmp_path / "again"
    assert run_here("live", "backup", live.folder, "-o", copy).returncode == 0
    assert run_here("live", "restore", copy, again).returncode == 0

    async def kept(folder: Path) -> list[Recorded]:
        store = open_live(folder).store
        try:
            return await store.measured.page(limit=9)
        finally:
            await store.close()

    assert run_apart(kept(again)) == run_apart(kept(live.folder))
    assert [each.reading.value for each in run_apart(kept(again))] == [1, 7]


def test_nothing_that_is_answered_or_said_names_the_database(
    own_server: Server, make_live: Callable[..., Running]
) -> None:
    with database_on(own_server.address) as address:
        live = make_live(database=address)
        paths = ("/", "/api", "/collections", ITEMS, JETTY, "/log", "/session", "/state")
        with live.client("Ada") as ada:
            texts = [ada.get(path).text for path in paths]
            own_server.stop()
            texts += [ada.get(path).text for path in paths]
            own_server.start()
        assert live.process is not None
        assert live.process.stderr is not None
        live.process.send_signal(signal.SIGTERM)
        texts += live.process.communicate(timeout=15)
        words = (
            str(own_server.port),
            own_server.password,
            schema_of(live),
            "postgresql",
            "asyncpg",
        )
        for text in texts:
            assert [each for each in words if each in text] == []


def test_an_entry_is_acknowledged_by_a_database_that_was_told_not_to_wait(
    database: str, make_live: Callable[..., Running]
) -> None:
    live = make_live(store="postgis", start=False)
    name = database.rpartition("/")[2]
    ask(database, f"alter database {name} set synchronous_commit = off")

    async def waits() -> str:
        store: Any = open_live(live.folder).store
        try:
            return await store.written(shown)
        finally:
            await store.close()

    async def shown(db: Any) -> str:
        return str((await db.rows("show synchronous_commit"))[0][0])

    try:
        assert run_apart(waits()) == "on"
    finally:
        ask(database, f"alter database {name} reset synchronous_commit")


def test_a_database_that_is_away_is_told_and_then_all_is_as_before(
    own_server: Server, make_live: Callable[..., Running]
) -> None:
    with database_on(own_server.address) as address:
        live = make_live(database=address)
        over, heard = threading.Event(), list[int]()
        listener = threading.Thread(target=follow, args=(live, over, heard))
        listener.start()
        with live.client("Ann") as ann:
            assert patch(ann, "one").status_code == 204
            own_server.stop()
            for answer in (patch(ann, "two"), ann.get(JETTY), ann.get("/log")):
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
                assert answer.json()["detail"] == "The database cannot be reached: try again later."
            done = run_here("live", "log", live.folder)
            assert (done.returncode, done.stderr.count("\n")) == (3, 1)
            time.sleep(2)
            own_server.start()
            until = time.monotonic() + 20
            while patch(ann, "three").status_code == 503 and time.monotonic() < until:
                time.sleep(0.1)
            head = ann.get("/log").json()["head"]
            while heard[-1:] != [head] and time.monotonic() < until:
                time.sleep(0.05)
            assert patch(ann, "four").status_code == 204
            over.set()
            listener.join(20)
            assert heard == list(range(1, ann.get("/log").json()["head"] + 1))
        live.stop()
        assert run_here("live", "check", live.folder).returncode == 0


def test_a_server_does_not_start_without_its_database(
    own_server: Server, make_live: Callable[..., Running]
) -> None:
    with database_on(own_server.address) as address:
        live = make_live(database=address, start=False)
        own_server.stop()
        try:
            for begun, *options in ((run,), (run_here, "--processes", "2")):
                done = begun("serve", live.folder, "--port", "0", *options)
                assert (done.returncode, done.stdout) == (3, "")
                assert done.stderr == (
                    "Error: The database of this map cannot be reached: see that it runs, and that the address of "
                    "'db' and the variables PGHOST and PGPORT are right.\n"
                )
        finally:
            own_server.start()


def test_kills_of_the_databases_own_processes_lose_nothing_that_was_acknowledged(
    own_server: Server, make_live: Callable[..., Running]
) -> None:
    with database_on(own_server.address) as address:
        live, chance = make_live("--processes", "2", database=address), random.Random(20)
        over, done, heard = threading.Event(), list[int](), list[int]()
        work = [threading.Thread(target=write_on, args=(live, n, over, done)) for n in range(3)]
        work += [threading.Thread(target=follow, args=(live, over, heard))]
        for each in work:
            each.start()
        for round_ in range(20 if "CI" in os.environ else 4):
            time.sleep(chance.uniform(0.2, 0.8))
            if round_ % 2:
                own_server.kill()
                own_server.start()
            else:
                kill_backend(own_server, chance)
        had = len(done)
        until = time.monotonic() + 30
        while len(done) < had + 5 and time.monotonic() < until:
            time.sleep(0.05)
        over.set()
        with live.client("Ann") as client:
            assert patch(client, "end").status_code == 204
            for each in work:
                each.join(20)
            seqs = seqs_of(client)
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(done) >= had + 5
        assert set(done) <= set(seqs)
        assert heard == list(range(1, len(heard) + 1))
        live.stop()
        checked = run_here("live", "check", live.folder)
        assert checked.returncode == 0, checked.stdout


def kill_backend(server: Server, chance: random.Random) -> None:
    """Kill one of the processes that a map's server is connected to."""
    query = "select pid from pg_stat_activity where application_name = 'lcrmap'"
    until, pids = time.monotonic() + 30, list[int]()
    while not pids and time.monotonic() < until:  # it may just be coming back
        pids = [pid for (pid,) in ask(server.address, query)]
    os.kill(chance.choice(pids), signal.SIGKILL)


def test_on_a_full_disk_of_the_database_changes_are_refused_and_all_is_read(
    own_server: Server, make_live: Callable[..., Running]
) -> None:
    disk = own_server.folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4M", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk may be mounted here")
    try:
        shutil.chown(disk, "postgres")
        ask(own_server.address, f"create tablespace small location '{disk}'")
        with database_on(own_server.address) as address:
            live = make_live(database=address)
            ask(address, f"alter table {schema_of(live)}.log set tablespace small")
            with live.client("Ann") as ann:
                for number in range(40):
                    done = patch(ann, f"{number}{os.urandom(60).hex()}")
                    assert done.status_code == 204
                (disk / "else").write_bytes(b"x" * free(disk))
                statuses = []
                while not statuses or (statuses[-1] == 204 and len(statuses) < 400):
                    statuses.append(patch(ann, os.urandom(60).hex()).status_code)
                assert statuses[-1] == 507
                (disk / "else").unlink()
                assert patch(ann, "end").status_code == 204
                assert ann.get("/log").json()["head"] == 41 + len(statuses) - 1
            live.stop()
            assert run_here("live", "check", live.folder).returncode == 0
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def free(disk: Path) -> int:
    told = os.statvfs(disk)
    return told.f_bavail * told.f_frsize
