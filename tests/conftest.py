"""What every test may use: the bundled pack, and a way to run the command line as a user does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click.testing
import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from lcrmap.cli import commands
from lcrmap.layers import Pack, open_pack

ROOT = Path(__file__).parents[1]

# No test depends on how busy the machine is; in CI the same examples are tried each time.
hypothesis.settings.register_profile("lcrmap", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("lcrmap")


@dataclass(frozen=True)
class Outcome:
    """What a run of lcrmap left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def pack() -> Pack:
    return open_pack()


@pytest.fixture(scope="session")
def skerries() -> Pack:
    """A fictitious pack of another region, without deprivation, backdrop or barrier."""
    return open_pack(ROOT / "tests" / "packs" / "skerries")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Real Chromium, one for each worker; a machine without one fails, and does not skip."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("No Chromium: set CHROMIUM to its path, or put one on the PATH.", pytrace=False)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--force-color-profile=srgb"]
        )
        yield started
        started.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach; pytest closes its own to them each time that it starts anywhere."""
    with tempfile.TemporaryDirectory(prefix="lcrmap-tests-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def lcrmap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run the command line in this process, in an empty folder, with stdout not a terminal."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, stdin: bytes | str | None = None) -> Outcome:
        result = click.testing.CliRunner().invoke(commands, words, input=stdin, prog_name="lcrmap")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., Outcome]:
    """Run a shell line in an empty folder, with ``lcrmap`` on the path as a process of its own."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    script = binaries / "lcrmap"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lcrmap "$@"\n')
    script.chmod(0o755)

    def run(line: str, **environment: str) -> Outcome:
        done = subprocess.run(
            ["/bin/bash", "-o", "pipefail", "-c", line],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{binaries}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=400,  # the longest example makes two reports
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run
