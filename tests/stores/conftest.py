"""An S3 server on loopback, and a way to it that can be made to fail."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.fs
import pytest

from tests.stores.faulty import Faults, faulty

SECRET = "zqSECRETzq0123456789"
"""The password of the store, which must be found nowhere."""

KEY = "AKIAZQKEYZQ"


@dataclass(frozen=True)
class Bucket:
    """A bucket of the fake store, past all faults.

    Attributes
    ----------
    name
        Its name.
    system
        Its files.
    """

    name: str
    system: Any

    def put(self, folder: Path, prefix: str) -> str:
        """Put the files of a folder, and return their address."""
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            self.write(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"s3://{self.name}/{prefix}/"

    def write(self, key: str, data: bytes) -> None:
        """Put one file."""
        with self.system.open_output_stream(f"{self.name}/{key}") as file:
            file.write(data)

    def files(self, prefix: str) -> dict[str, bytes]:
        """Return the files below a prefix, by their names there."""
        chosen = pyarrow.fs.FileSelector(
            f"{self.name}/{prefix}", recursive=True, allow_not_found=True
        )
        found = [each for each in self.system.get_file_info(chosen) if each.is_file]
        start = len(f"{self.name}/{prefix}/")
        return {each.path[start:]: self.system.open_input_file(each.path).read() for each in found}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an S3 server of this machine."""
    folder = tmp_path_factory.mktemp("store")
    with _serving(folder, "moto.server", "-H", "127.0.0.1", "-p") as address:
        yield address


@pytest.fixture
def gs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server of this machine that speaks as Google's store, and has one bucket."""
    words = ("start", "--host=127.0.0.1", "--in-memory", "--default-bucket=bucket", "--port")
    with _serving(tmp_path_factory.mktemp("gs"), "gcp_storage_emulator", *words) as address:
        yield address


@contextmanager
def _serving(folder: Path, module: str, *words: str) -> Iterator[str]:
    """Run a server on a free port, which stands behind its words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", module, *words, str(port)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(line, stdout=log, stderr=log) as process,
    ):
        try:
            _await(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The server did not start: see its log.")


@pytest.fixture
def faults(server: str) -> Iterator[Faults]:
    """Return what goes wrong on the way to the store: nothing, until a test says so."""
    with faulty(server) as found:
        yield found


@pytest.fixture
def bucket(server: str, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Make a bucket, and lead lcrmap to it by the environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": faults.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"b-{secrets.token_hex(6)}"
    urllib.request.urlopen(urllib.request.Request(f"{server}/{name}", method="PUT")).close()
    system = pyarrow.fs.S3FileSystem(
        access_key=KEY, secret_key=SECRET, region="us-east-1", endpoint_override=server
    )
    return Bucket(name, system)


@pytest.fixture(scope="session")
def places() -> gpd.GeoDataFrame:
    """Return places in and around the region."""
    rng, rows = np.random.default_rng(16), 600
    numbers = np.arange(rows)
    return gpd.GeoDataFrame(
        {
            "id": [f"p{each:05d}" for each in numbers],
            "sector": rng.choice(["port", "health"], rows),
            "jobs": pd.array([None if n % 97 == 5 else n for n in numbers.tolist()], dtype="Int64"),
        },
        geometry=gpd.points_from_xy(rng.uniform(-3.3, -2.6, rows), rng.uniform(53.25, 53.7, rows)),
        crs="EPSG:4326",
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which lcrmap runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def folder(here: Path, places: gpd.GeoDataFrame) -> Path:
    """Write the places as three files of ``uprn/``."""
    made = here / "uprn"
    made.mkdir()
    for number, at in enumerate((0, 250, 400)):
        some = places.iloc[at : (250, 400, 600)[number]]
        some.to_parquet(made / f"part-{number}.parquet", write_covering_bbox=True)
    return made


@pytest.fixture
def stored(bucket: Bucket, folder: Path) -> str:
    """Put the places into the bucket, and return their address."""
    return bucket.put(folder, "uprn")
