"""Write package-lock.json anew from package.json, naming no host.

npm leaves out the addresses of the packages themselves (`.npmrc` asks it to), but
adds each author's funding address. Those serve nothing here and are taken out, so
that a test can hold the file to a simple rule: versions and hashes, no address.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Resolve the packages by npm, then drop the funding entries from the lock file."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not on the PATH: install Node.js, or type `make lock`.")
    options = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([npm, "install", *options], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for entry in lock["packages"].values():
        entry.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
