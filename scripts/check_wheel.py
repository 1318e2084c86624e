"""Build the wheel, install it in a clean environment, and use it from another folder.

The source archive is built first and the wheel from that, so both are known to be
complete. Nothing of the checkout is on the path when the program runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    ("lcrmap", "--version"),
    ("python", "-m", "lcrmap", "--version"),
    ("lcrmap", "layers"),
    ("lcrmap", "map", "-o", "atlas.html"),
)


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command in `cwd`; stop at the first that fails."""
    print("+", *command, flush=True)
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, check=False)
    if done.returncode:
        sys.exit(f"The wheel failed at this command (exit code {done.returncode}).")


def main() -> None:
    """Build, install and try the wheel."""
    with tempfile.TemporaryDirectory(prefix="lcrmap-wheel-") as name:
        folder = Path(name)
        dist, elsewhere = folder / "dist", folder / "elsewhere"
        elsewhere.mkdir()
        run(sys.executable, "-m", "build", "--outdir", dist, ROOT, cwd=folder)
        (wheel,) = dist.glob("*.whl")
        venv.create(folder / "venv", with_pip=True)
        programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
        run(*pip, "install", wheel, cwd=elsewhere)
        run(*pip, "check", cwd=elsewhere)
        for program, *arguments in COMMANDS:
            run(programs / program, *arguments, cwd=elsewhere)
        size = (elsewhere / "atlas.html").stat().st_size
        print(f"{wheel.name} works from another folder; its atlas has {size:,} bytes.")


if __name__ == "__main__":
    main()
