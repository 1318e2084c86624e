"""Run a command as a process of its own, and take its time and its memory.

This process stays small and loads no large library: Linux counts what a process held before it became another
program, so a large parent would be seen in every child.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contract import Measured

__all__ = ["FailedError", "measure"]

_LAST_WORDS = 300


class FailedError(Exception):
    """Raised when a contender fails; holds its last words."""


def measure(
    command: Sequence[str], folder: Path, *, own_clock: bool = False, within: float = 900.0
) -> Measured:
    """Run a command once.

    Parameters
    ----------
    folder
        Where it runs.
    own_clock
        Take the seconds from the last line that it prints.
    within
        The most seconds that it may take.

    Raises
    ------
    FailedError
        If it ends with an error or takes too long.
    """
    said, erred = folder / "stdout", folder / "stderr"
    with said.open("wb") as out, erred.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=_environment(),
        )
        usage = _awaited(process, start + within)
        seconds = time.perf_counter() - start
    if process.returncode != 0:
        words = erred.read_text(errors="replace").strip() or f"exit {process.returncode}"
        raise FailedError(words[-_LAST_WORDS:])
    if own_clock:
        seconds = float(said.read_text().split()[-1])
    # Linux counts kilobytes, macOS bytes.
    unit = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2
    return Measured(seconds, usage * unit)


def _awaited(process: subprocess.Popen[bytes], deadline: float) -> int:
    """Wait for a process; return the most memory that it held, in the system's unit."""
    pause = 0.0005
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_maxrss
        if time.perf_counter() > deadline:
            process.kill()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            raise FailedError("took too long")
        time.sleep(pause)
        pause = min(pause * 1.1, 0.005)


def _environment() -> dict[str, str]:
    """Return the environment without what would change how Python runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "", "PYTHONHASHSEED": "0"}
