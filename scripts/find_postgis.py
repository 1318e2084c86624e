"""Print the folder of PostgreSQL's programs for the tests of a live map, installing PostGIS if need be.

In order: nothing, where $LCRMAP_TEST_POSTGIS names a server that is there; the programs on this machine, where PostGIS
stands beside them; Debian's, by apt, when run as root. The last line of stdout is the folder; all else goes to stderr.
Where there is none, one line says what is left out and how to have it; with CI=true that is exit code 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from debian import install, leave_out

SERVER = "LCRMAP_TEST_POSTGIS"
# Debian's name for the one that fits its PostgreSQL, whichever that is.
PACKAGE = "postgresql-postgis"
REMEDY = (
    "No PostgreSQL with PostGIS: the tests of a live map run on SQLite alone. Type 'apt-get install "
    f"{PACKAGE}', or name a server on which the tests may make databases: make test "
    f"{SERVER}=postgresql://HOST/postgres"
)


def folders() -> Iterator[Path]:
    """Give the folders in which PostgreSQL's programs may lie, the newest first."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(found, key=lambda each: [*map(int, re.findall(r"\d+", str(each)))] or [0])[
        ::-1
    ]
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def has_postgis(folder: Path) -> bool:
    """Tell whether a server can be made of these programs, and has PostGIS."""
    if not all(
        (folder / name).is_file() for name in ("initdb", "pg_isready", "postgres", "pg_config")
    ):
        return False
    told = subprocess.run(
        [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
    )
    return (Path(told.stdout.strip()) / "extension" / "postgis.control").is_file()


def programs() -> Path | None:
    """Return the folder of the programs on this machine; None if there are none with PostGIS."""
    return next(filter(has_postgis, folders()), None)


def by_apt() -> Path | None:
    """Install Debian's PostGIS when root, and return the folder of its programs."""
    install(PACKAGE)
    return programs()


def main() -> None:
    """Print the folder of the programs, or say what is left out."""
    if os.environ.get(SERVER):
        return
    found = programs() or by_apt()
    if found is not None:
        print(found)
    else:
        leave_out(REMEDY)


if __name__ == "__main__":
    main()
