"""The thirty questions of docs/assistants-questions.toml, asked through the protocol's own client."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.mcp.conftest import Served

QUESTIONS = tomllib.loads((ROOT / "docs/assistants-questions.toml").read_text(encoding="utf-8"))[
    "question"
]


def test_there_are_thirty() -> None:
    assert len(QUESTIONS) == 30
    assert len({each["asked"] for each in QUESTIONS}) == 30


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each["asked"])
def test_a_question_is_answered_by_its_figure(question: dict[str, Any], served: Served) -> None:
    told = served.told(question["tool"], **question["arguments"])
    if "headline" in question:
        assert told["headline"] == question["headline"]
    elif "rows" in question:
        assert told["rows_in_all"] == question["rows"]
    else:
        asked = question["figure"]
        named = (asked["of"], asked["name"])
        (figure,) = [each for each in told["figures"] if (each["of"], each["name"]) == named]
        assert asked.items() <= figure.items()
