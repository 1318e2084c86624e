"""What the packaging tests share: the checkout's files, and distributions built from a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FETCHED = (Path("lcrmap/maps/leaflet"), Path("lcrmap/live/terra-draw"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def repository_files() -> list[Path]:
    """Every file that git keeps or would keep, relative to the checkout."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    names = (Path(name) for name in listing.stdout.split("\0") if name)
    return sorted(name for name in names if (ROOT / name).is_file())


@dataclass(frozen=True)
class Distributions:
    """A copy of the checkout, the source archive built from it, the wheel built from that."""

    source: Path
    sdist: Path
    wheel: Path
    installed: Path


def build(source: Path, kind: str, target: Path, **environment: str) -> Path:
    """Call one hook of the build backend, as pip would, and return what it built."""
    target.mkdir()
    hook = f"import sys, lcrmap_build; lcrmap_build.build_{kind}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", hook, str(target)],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source / "build_backend")} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="session")
def distributions(
    tmp_path_factory: pytest.TempPathFactory, repository_files: list[Path]
) -> Distributions:
    """Copy the checkout, build the archive, unpack it, build the wheel there, install that.

    The wheel is built with an empty PATH: an unpacked archive needs neither git nor npm.
    """
    folder = tmp_path_factory.mktemp("distributions")
    source = folder / "checkout"
    for name in repository_files:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    for fetched in FETCHED:
        if (ROOT / fetched).is_dir():
            shutil.copytree(ROOT / fetched, source / fetched)
    sdist = build(source, "sdist", folder / "sdist")
    with tarfile.open(sdist) as archive:
        # Our own archive; the first releases of Python 3.11 know no filter, later ones ask for one.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **safely)
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    wheel = build(unpacked, "wheel", folder / "wheel", PATH=str(folder / "nothing"))
    installed = folder / "installed"
    options = ["--no-deps", "--no-index", "--no-compile", "--quiet", "--target", str(installed)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True)
    return Distributions(source, sdist, wheel, installed)
