"""Print the path of nginx for the test of the example in docs/serve.md, installing it if need be.

In order: the one on this machine; Debian's, by apt, when run as root. The last line of stdout is the path; all else
goes to stderr. Where there is none, one line says what is left out; with CI=true that is exit code 1.
"""

from __future__ import annotations

import os
import shutil

from debian import install, leave_out

REMEDY = "No nginx: the example for a proxy in docs/serve.md is not tested. Type 'apt-get install nginx'."


def program() -> str | None:
    """Return nginx on this machine; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def main() -> None:
    """Print the path of nginx, or say what is left out."""
    found = program()
    if found is None and install("nginx"):
        found = program()
    if found is None:
        leave_out(REMEDY)
    else:
        print(found)


if __name__ == "__main__":
    main()
