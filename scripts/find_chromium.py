"""Print the path of a Chromium for the browser tests, installing one if need be.

In order: $CHROMIUM; one on the PATH; Debian's, by apt, when run as root; playwright's
own. The last line of stdout is the path; all else goes to stderr. Exit code 1, with
the line to type, when there is none: the browser tests are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from debian import install, run

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = (
    "No Chromium for the browser tests. Type one of\n"
    "    apt-get install chromium\n"
    "    python -m playwright install chromium\n"
    "or name yours: make test CHROMIUM=/path/to/chromium"
)


def works(path: str | None) -> bool:
    """Tell whether `path` is a browser that starts (Ubuntu's apt leaves a stub that does not)."""
    if not path:
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def on_path() -> str | None:
    """Return the first browser on the PATH that starts."""
    return next((path for path in map(shutil.which, NAMES) if works(path)), None)


def by_apt() -> str | None:
    """Install Debian's Chromium when root, and return it."""
    return on_path() if install("chromium") else None


def by_playwright() -> str | None:
    """Return playwright's own Chromium, installing it unless it is there."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        run(sys.executable, "-m", "playwright", "install", "chromium")
    return path if works(path) else None


def main() -> None:
    """Print the path of the browser, or end with the line to type."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None or not works(path):
            sys.exit(f"CHROMIUM={named} is not a browser that starts: correct it, or leave it out.")
        print(path)
        return
    ways: tuple[Callable[[], str | None], ...] = (on_path, by_apt, by_playwright)
    for way in ways:
        path = way()
        if path:
            print(path)
            return
    sys.exit(REMEDY)


if __name__ == "__main__":
    main()
