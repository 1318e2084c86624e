"""The pre-commit hook and the GitHub Action run what they say, on files as a repository has them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GOOD = "id,name,lon,lat\n1,A,-2.9,53.4\n"
BAD = "id,name,lon,lat\n1,A,-2.9\n"


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (BAD, 1)])
def test_the_hook_fails_on_a_file_with_an_error(tmp_path: Path, text: str, code: int) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (tmp_path / "a.csv").write_text(text)
    assert re.search(hook["files"], "data/a.csv")
    assert not re.search(hook["files"], "notes.md")
    words = [*shlex.split(hook["entry"]), "a.csv"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert done.returncode == code


def test_the_action_puts_each_finding_beside_its_line(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(action["inputs"]) == {"files", "arguments"}
    step = action["runs"]["steps"][-1]
    (tmp_path / "a.csv").write_text(BAD)
    (tmp_path / "b.csv").write_text(GOOD)
    given = {"FILES": "*.csv", "ARGUMENTS": "--ignore reader"}
    assert set(step["env"]) == set(given)
    done = subprocess.run(
        ["bash", "-c", step["run"]],
        cwd=tmp_path, env={**environment(), **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=a.csv,line=2,title=lcrmap unreadable::Line 2 of 'a.csv'")


def test_the_action_installs_this_very_package() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert "${{ github.action_path }}[xlsx]" in action["runs"]["steps"][0]["run"]
