"""What the figures were taken on: the machine in general terms, and the versions."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

__all__ = ["described", "has", "mapshaper", "version"]

_NODE = Path(__file__).parent / "node_modules"


def described() -> str:
    """Return cores, memory, system and Python in one sentence, without anything that names the machine."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    python = platform.python_version()
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {python}."
    )


def mapshaper() -> Path:
    """Return where npm has put mapshaper's program."""
    return _NODE / "mapshaper" / "bin" / "mapshaper"


def version(need: str) -> str:
    """Return the version of a distribution, or of mapshaper; empty if it is not installed.

    Examples
    --------
    >>> version("no-such-distribution")
    ''
    """
    if need == "mapshaper":
        package = _NODE / "mapshaper" / "package.json"
        there = package.is_file() and shutil.which("node")
        return str(json.loads(package.read_text())["version"]) if there else ""
    if need == "node":
        node = shutil.which("node")
        said = subprocess.run([node, "--version"], capture_output=True, text=True) if node else None
        return said.stdout.strip().lstrip("v") if said else ""
    try:
        return metadata.version(need)
    except metadata.PackageNotFoundError:
        return ""


def has(need: str) -> bool:
    """Tell whether it is installed."""
    return bool(version(need))
