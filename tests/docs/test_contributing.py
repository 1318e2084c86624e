"""The page for whoever works on lcrmap lists the targets of the Makefile, each once."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_target_that_make_help_lists_has_its_line() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    lines = re.findall(r"^\| `make ([a-z]+)` \|", page, re.MULTILINE)
    assert len(targets) > 10
    assert sorted(lines) == sorted(targets)
