"""Each promise of docs/security.md names tests, and each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISED = (
    (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Not promised")[0]
)
PROMISES = re.split(r"^- ", PROMISED, flags=re.MULTILINE)[1:]
NAMED = re.compile(r"`(tests/[\w/]+)(\.py)?(?:::(\w+))?`")


@pytest.mark.parametrize(
    "promise", PROMISES, ids=lambda text: " ".join(text.split()[:5]).strip("*")
)
def test_each_promise_names_tests_that_exist(promise: str) -> None:
    named = NAMED.findall(promise)
    assert named, "a promise without a test"
    for path, suffix, name in named:
        tree = ast.parse((ROOT / f"{path}{suffix}").read_text(encoding="utf-8"))
        tests = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
        assert any(each.startswith("test_") for each in tests), path
        assert not name or name in tests, f"{path} has no {name}"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_page_is_found(page: str) -> None:
    assert "(docs/security.md)" in (ROOT / page).read_text(encoding="utf-8")
