"""The scripts of a live page: their logic in Node, and that they link into one script with those of every page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

from lcrmap.maps.assets import link_modules, module_paths, page_script
from tests.maps.test_scripts import said_of

LOGIC = Path(__file__).parent / "logic"
ASSETS = Path(str(resources.files("lcrmap.live"))) / "assets"
TYPES = ASSETS / "livetypes.mjs"  # comments for the type check, which no module imports
MODULES = sorted({*ASSETS.glob("*.mjs")} - {TYPES})
REACHES = {"reach"}  # the one module that speaks to the server


def test_the_logic_passes_its_own_tests_in_node() -> None:
    node = shutil.which("node")
    assert node, "Node.js is needed for the tests of the page's logic: put node on the PATH."
    files = sorted(LOGIC.glob("*.test.mjs"))
    done = subprocess.run([node, "--test", *map(str, files)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_module_is_linked_and_no_two_share_a_name(tmp_path: Path) -> None:
    assert set(MODULES) <= set(module_paths("live", ASSETS))
    assert said_of(link_modules("live", ASSETS), tmp_path) == ""


def test_nothing_of_the_module_system_is_left() -> None:
    script = page_script("live", ASSETS, "startLive")
    assert not re.search(r"^\s*(?:import|export)\b", script, re.M)
    assert script.rstrip().endswith("startLive(L);\n})();")


def test_one_module_alone_speaks_to_the_server() -> None:
    found = {
        path.stem
        for path in MODULES
        if re.search(r"\bfetch\(|EventSource\(|XMLHttpRequest|sendBeacon", path.read_text("utf-8"))
    }
    assert found == REACHES


def test_the_words_are_those_that_the_scripts_say() -> None:
    words = json.loads((ASSETS / "words.en.json").read_text("utf-8"))
    page = (ASSETS.parents[1] / "maps" / "templates" / "page.html.jinja").read_text("utf-8")
    text = "\n".join([page, *(path.read_text("utf-8") for path in MODULES)])
    whole = set(re.findall(r'"(live\.[a-z_]+)"', text))
    starts = set(re.findall(r"`(live\.[a-z_]*)\$\{", text))
    assert whole - set(words) == set()
    put_together = ("live.may_", "live.connecting", "live.catching", "live.connected", "live.lost", "live.asleep",
                    "live.north", "live.west", "live.east", "live.south")  # fmt: skip
    assert starts == {"live.", "live.may_"}
    unused = {key for key in words if key not in whole and not key.startswith(put_together)}
    assert unused == set()
