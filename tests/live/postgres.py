"""A PostgreSQL with PostGIS for tests: one that is named, else one of this machine's programs, ended for certain."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from find_postgis import REMEDY, SERVER, programs

from tests.live.conftest import run_apart

USER = "postgres"  # of the system, where the tests are run as root, and of the server


class Server:
    """A server of the tests' own, on loopback, in a folder of its own."""

    def __init__(self, folder: Path, found: Path, *, durable: bool) -> None:
        self.folder, self.found, self.durable = folder, found, durable
        self.data = folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.password = secrets.token_hex(8)
        secret = folder / "secret"
        secret.write_text(self.password)
        if os.geteuid() == 0:
            folder.chmod(0o755)
            secret.chmod(0o644)
            self.data.mkdir()
            shutil.chown(self.data, USER)
        options = f"-U {USER} -A scram-sha-256 --pwfile={secret} -E UTF8 --locale=C --no-sync"
        made = subprocess.run(
            self._as_user(f"{found}/initdb -D {self.data} {options}"),
            capture_output=True,
            text=True,
            cwd=folder,
        )
        assert made.returncode == 0, made.stderr
        secret.unlink()

    @property
    def address(self) -> str:
        """The address of its first database."""
        return f"postgresql://127.0.0.1:{self.port}/postgres"

    @property
    def environment(self) -> dict[str, str]:
        """Who may come in."""
        return {"PGUSER": USER, "PGPASSWORD": self.password}

    def _as_user(self, command: str) -> list[str]:
        words = ["sh", "-c", command]
        return words if os.geteuid() else ["su", USER, "-s", "/bin/sh", "-c", command]

    def start(self) -> None:
        """Start it, and wait until it takes connections; it ends when this process does, whatever ends that."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self.durable else "off",
            "shared_buffers": "32MB",
            "max_wal_size": "64MB",
        }
        said = " ".join(f"-c {name}={value}" for name, value in settings.items())
        # `read` ends when the pipe to this process is closed.
        end = "read how; kill -${how:-QUIT} $!; wait"
        command = f"{self.found}/postgres -D {self.data} {said} & {end}"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._as_user(command),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # a signal for the tests leaves it to end the server first
            )
        for _ in range(600):
            try:
                ask(self.address, "select 1", **self.environment)
            except (OSError, asyncpg.CannotConnectNowError):
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def pid(self) -> int:
        """Return the number of the process that is the server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """End the server as a failing machine does, and wait until what it has started has ended by itself."""
        pid = self.pid()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(pid, signal.SIGKILL)
        self.stop()
        until = time.monotonic() + 60
        while any(Path("/proc", each).exists() for each in children) and time.monotonic() < until:
            time.sleep(0.02)

    def stop(self, how: str = "INT") -> None:
        """End it in good order, or at once by ``QUIT``."""
        if self.process is not None:
            self.process.communicate(f"{how}\n".encode(), timeout=60)
            self.process = None


@contextmanager
def started(*, durable: bool) -> Iterator[Server]:
    """Start a server of the tests' own, or leave the test out where there are no programs."""
    found = programs()
    if found is None:
        if "CI" in os.environ:
            pytest.fail(REMEDY, pytrace=False)
        pytest.skip(REMEDY)
    folder = Path(tempfile.mkdtemp(prefix="lcrmap-postgis-"))
    server = Server(folder, found, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop("QUIT")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def let_in(environment: dict[str, str]) -> Iterator[None]:
    """Let this process and those that it starts in, as a user is let in by what the shell has set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@contextmanager
def database_on(address: str) -> Iterator[str]:
    """Make a database, and take it away; gives its address."""
    name = f"lcrmap_test_{secrets.token_hex(4)}"
    ask(address, f"create database {name} encoding 'UTF8' template template0")
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        ask(address, f"drop database {name} with (force)")


@contextmanager
def any_server() -> Iterator[str]:
    """Give the address of a server: the one that is named, or one that is started."""
    named = os.environ.get(SERVER)
    if named:
        yield named
        return
    with started(durable=False) as server, let_in(server.environment):
        yield server.address


def ask(address: str, query: str, **environment: str) -> list[Any]:
    """Return the rows of a query."""

    async def asked() -> list[Any]:
        user = {name.removeprefix("PG").lower(): text for name, text in environment.items()}
        db = await asyncpg.connect(address, timeout=10, **user)
        try:
            return [tuple(each) for each in await db.fetch(query)]
        finally:
            await db.close()

    found: list[Any] = run_apart(asked())
    return found
