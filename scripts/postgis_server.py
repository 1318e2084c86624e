"""A PostgreSQL with PostGIS of this machine's programs, on loopback: for tests and benchmarks, ended for certain."""

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

USER = "postgres"  # of the system, where this is run as root, and of the server


class Server:
    """A server in a folder of its own.

    Parameters
    ----------
    folder
        Where it keeps all.
    found
        The folder of PostgreSQL's programs; see `find_postgis.programs`.
    durable
        Whether what it has acknowledged outlives the machine.
    """

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
            check=False,
        )
        if made.returncode:
            raise RuntimeError(made.stderr)
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
                start_new_session=True,  # a signal for this process leaves it to end the server first
            )
        until = time.monotonic() + 60
        while not self._takes_connections():
            if time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.05)

    def _takes_connections(self) -> bool:
        """Ask the server whether it does, which lets nobody in."""
        asked = [str(self.found / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

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
def started(found: Path, *, durable: bool) -> Iterator[Server]:
    """Give a server of these programs, of which nothing is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="lcrmap-postgis-"))
    server = Server(folder, found, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.stop("QUIT")
        shutil.rmtree(folder, ignore_errors=True)
