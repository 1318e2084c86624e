"""Print the oldest versions that setup.cfg allows, as constraints for pip.

`make minimum` installs them and runs the tests, so that a stated minimum is a tested one.
"""

from __future__ import annotations

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Turn each `name>=version` of the run-time requirements into `name==version.*`."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    for line in config["options"]["install_requires"].strip().splitlines():
        requirement, _, marker = line.partition(";")
        name, version = re.split(">=", requirement.strip())
        # The first release of that minor version: 2.1 stands for 2.1.0.
        exact = version if version.count(".") == 2 else f"{version}.0"
        exact = f"{version}.0.0" if "." not in version else exact
        print(f"{name}=={exact}" + (f" ;{marker}" if marker else ""))


if __name__ == "__main__":
    main()
