"""Debian's packages for what the tests need, installed where the tests are run as root; and what is said without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

__all__ = ["install", "leave_out", "run"]


def run(*command: str) -> bool:
    """Run a command, its words to stderr; tell whether it went well."""
    print("+", *command, file=sys.stderr)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0


def install(package: str) -> bool:
    """Install a package when root, and tell whether it went well."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    run(apt, "update", "-q")
    return run(apt, "install", "-y", "-q", "--no-install-recommends", package)


def leave_out(remedy: str) -> None:
    """Say which tests are left out and how to have them; with CI=true, end with exit code 1."""
    if os.environ.get("CI"):
        sys.exit(remedy)
    print(remedy, file=sys.stderr)
