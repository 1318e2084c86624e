"""A real server on loopback, of a small live map, as a user makes and starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click.testing
import httpx
import pytest

from lcrmap.cli import commands

ROOT = Path(__file__).parents[2]
SKERRIES = ROOT / "tests" / "packs" / "skerries"
LCRMAP = [sys.executable, "-m", "lcrmap"]
LOOSE = (
    "\n[limits]\nreads = 1e6\nwrites = 1e6\nopen_reads = 1e6\nopen_streams = 1e6\nstreams = 1e6\n"
)
USERS = {"Ann": "edit", "Bob": "comment", "Rea": "read", "Ada": "admin"}


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run what is asynchronous in a thread of its own: in this one the browser of other tests has its loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """Run lcrmap."""
    return subprocess.run(
        [*LCRMAP, *map(str, words)], capture_output=True, text=True, timeout=120, cwd=ROOT
    )


def run_here(*words: object) -> subprocess.CompletedProcess[str]:
    """Run lcrmap in this process, in a thread of its own: it begins at once, where another process loads all anew."""

    def invoked() -> click.testing.Result:
        return click.testing.CliRunner().invoke(commands, [*map(str, words)], prog_name="lcrmap")

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(invoked).result()
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


@dataclass
class Running:
    """A live map and its server."""

    folder: Path
    options: tuple[str, ...] = ()
    tokens: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    url: str = ""
    database: str = ""

    def add(self, name: str, role: str, *options: str) -> None:
        """Add a user."""
        done = run_here("live", "user", self.folder, "add", name, "--role", role, *options)
        assert done.returncode == 0, done.stderr
        self.tokens[name] = done.stdout.strip().partition("#token=")[2]

    def start(self, port: int = 0, **more: Any) -> None:
        """Start the server, and wait until it takes requests."""
        port = port or (int(self.url.rpartition(":")[2]) if self.url else 0)
        self.process = subprocess.Popen(
            [*LCRMAP, "serve", str(self.folder), "--port", str(port), *self.options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
            **more,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http"), (
            self.process.stderr.read() if self.process.stderr else ""
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the server, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.communicate(timeout=10)
        return self.process.returncode

    def client(self, name: str = "", **more: Any) -> httpx.Client:
        """Return a client of a user, or of nobody."""
        headers = {"authorization": f"Bearer {self.tokens[name]}"} if name else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, **more)


POSTGIS = pytest.param("postgis", marks=pytest.mark.xdist_group("postgis"))
BOTH = pytest.mark.parametrize("store", ["sqlite", POSTGIS])
"""For tests that must hold on each store; those of PostGIS share one worker, and so one server."""


@pytest.fixture(scope="session")
def postgis_server() -> Iterator[str]:
    """The address of a PostgreSQL with PostGIS, which is started when the first test asks for it."""
    from tests.live.postgres import any_server

    with any_server() as address:
        yield address


@pytest.fixture(scope="module")
def database(postgis_server: str) -> Iterator[str]:
    """The address of a database for the tests of a module."""
    from tests.live.postgres import database_on

    with database_on(postgis_server) as address:
        yield address


@pytest.fixture(scope="module")
def make_live(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Running]]:
    """Make live maps of the pack of the Skerries, whose landings are open to edits, and end their servers."""
    made: list[Running] = []

    def make(
        *options: str,
        settings: str = LOOSE,
        start: bool = True,
        store: str = "sqlite",
        database: str = "",
        users: tuple[str, ...] = tuple(USERS),
        pack: Path = SKERRIES,
    ) -> Running:
        folder = tmp_path_factory.mktemp("live") / "map"
        address = request.getfixturevalue("database") if store == "postgis" else database
        in_database = ("--db", address) if address else ()
        words = ("--pack", pack, "--edit", "landings", *in_database)
        done = run_here("live", "new", folder, *words)
        assert done.returncode == 0, done.stderr
        with (folder / "live.toml").open("a") as file:
            file.write(settings)
        live = Running(folder, options, database=address)
        made.append(live)
        for name in users:
            live.add(name, USERS[name])
        if start:
            live.start()
        return live

    yield make
    for live in made:
        if live.process is not None and live.process.poll() is None:
            os.killpg(live.process.pid, signal.SIGKILL)  # and the processes that it has started
            live.process.communicate()


@pytest.fixture(scope="module")
def live(make_live: Callable[..., Running]) -> Running:
    """A live map that the tests of a module share."""
    return make_live()
