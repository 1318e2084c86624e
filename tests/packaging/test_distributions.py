"""What the wheel and the source archive carry, and that an installed wheel finds it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from lcrmap import __version__

pytestmark = pytest.mark.xdist_group("distributions")

FETCHED = (
    *(
        f"maps/leaflet/{name}"
        for name in ("LICENSE", "VERSION", "leaflet.css", "leaflet.js", "layers.png", "marker-icon.png")
    ),
    *(
        f"live/terra-draw/{name}"
        for name in ("VERSION", "terra-draw.js", "terra-draw.json", "leaflet-adapter.js", "leaflet-adapter.json")
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def in_wheel(distributions) -> set[str]:
    with zipfile.ZipFile(distributions.wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def in_sdist(distributions) -> set[str]:
    with tarfile.open(distributions.sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def run_installed(distributions, folder: Path, code: str) -> str:
    """Run Python code against the installed wheel from `folder`, and return its output."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(distributions.installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_names(distributions):
    assert distributions.wheel.name == f"lcrmap-{__version__}-py3-none-any.whl"
    assert distributions.sdist.name == f"lcrmap-{__version__}.tar.gz"


def test_wheel_holds_nothing_but_the_package(in_wheel):
    allowed = ("lcrmap/", f"lcrmap-{__version__}.dist-info/")
    assert [name for name in sorted(in_wheel) if not name.startswith(allowed)] == []


def test_wheel_holds_the_whole_package(in_wheel, repository_files):
    package = {name.as_posix() for name in repository_files if name.parts[0] == "lcrmap"}
    assert package - in_wheel == set()


def test_wheel_holds_the_whole_data_pack(in_wheel, repository_files):
    data = {f"lcrmap/{name.as_posix()}" for name in repository_files if name.parts[0] == "data"}
    assert data - in_wheel == set()


@pytest.mark.parametrize("name", FETCHED)
def test_what_is_fetched_is_in_both(in_wheel, in_sdist, name):
    assert f"lcrmap/{name}" in in_wheel
    assert f"lcrmap/{name}" in in_sdist


def test_licences_are_in_the_wheel(in_wheel):
    licences = f"lcrmap-{__version__}.dist-info/licenses"
    assert {f"{licences}/LICENSE", f"{licences}/data/LICENCES.md"} <= in_wheel


def test_sdist_holds_what_a_build_needs(in_sdist):
    needed = {
        ".npmrc",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "build_backend/lcrmap_build.py",
        "package-lock.json",
        "package.json",
        "pyproject.toml",
        "setup.cfg",
    }
    assert needed - in_sdist == set()


def test_metadata(distributions):
    with zipfile.ZipFile(distributions.wheel) as archive:
        folder = f"lcrmap-{__version__}.dist-info"
        metadata = archive.read(f"{folder}/METADATA").decode()
        entry_points = archive.read(f"{folder}/entry_points.txt").decode()
    assert "License-Expression: MIT\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert entry_points == "[console_scripts]\nlcrmap = lcrmap.cli:main\n"


def test_installed_wheel_finds_its_data_from_another_folder(distributions, tmp_path):
    code = """
from lcrmap.layers.pack import open_pack
pack = open_pack()
print(pack.folder)
print([name for name in pack.names if not pack.path(name).is_file()])
"""
    folder, missing = run_installed(distributions, tmp_path, code).splitlines()
    assert Path(folder) == distributions.installed / "lcrmap" / "data"
    assert missing == "[]"


def test_installed_wheel_finds_leaflet_from_another_folder(distributions, tmp_path):
    code = """
from importlib.resources import files
print((files("lcrmap.maps") / "leaflet" / "leaflet.js").read_text(encoding="utf-8")[:40])
"""
    assert "Leaflet 1.9.4" in run_installed(distributions, tmp_path, code)


def test_python_m_lcrmap_from_another_folder(distributions, tmp_path):
    code = "import runpy, sys; sys.argv[1:] = ['--version']; runpy.run_module('lcrmap')"
    assert __version__ in run_installed(distributions, tmp_path, code)
