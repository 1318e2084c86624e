"""Whatever a schema allows is answered, or refused in a sentence; and so is whatever it does not."""

from __future__ import annotations

import os
import string
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.mcp.calls import called
from lcrmap.mcp.outcome import RESULT
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import tools_of
from tests.mcp.every_tool import SKERRIES

SMALL = Settings(pack=SKERRIES)  # of which the dearest question is answered in a second
TOOLS = {each.name: each for each in tools_of(SMALL)}
WORDS = st.sampled_from(
    [
        "name",
        "sector",
        "isles",
        "landings",
        "-45.85,60.2",
        "name = 'x'",
        "sector LIKE 'a%'",
        "-name",
        "",
        "é\u202e",
        "all",
    ]
)


def made_from(schema: dict[str, Any], defined: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of what a schema allows."""
    if "$ref" in schema:
        return made_from(defined[schema["$ref"].rpartition("/")[2]], defined)
    if "oneOf" in schema:
        return st.sampled_from([each["const"] for each in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True, alphabet=string.printable)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "integer": st.integers(schema.get("minimum", 0), schema.get("maximum", 10**6)),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "string": WORDS | st.text(max_size=12),
    }
    if schema["type"] == "array":
        return st.lists(made_from(schema["items"], defined), min_size=1, max_size=3)
    return kinds[schema["type"]]


def arguments(name: str) -> st.SearchStrategy[dict[str, Any]]:
    schema = TOOLS[name].arguments
    defined = schema.get("$defs", {})
    parts = {
        key: made_from(each, defined)
        for key, each in schema["properties"].items()
        if key != "picture"
    }
    must = {key: parts.pop(key) for key in schema["required"]}
    if name == "report":
        must = {"recipe": parts.pop("recipe")}  # without one it asks a dozen questions
    return st.fixed_dictionaries(must).flatmap(
        lambda given: st.lists(
            st.sampled_from(sorted(parts) or [""]), max_size=min(3, len(parts)), unique=True
        ).flatmap(
            lambda keys: st.fixed_dictionaries(
                {
                    **{key: st.just(value) for key, value in given.items()},
                    **{key: parts[key] for key in keys},
                }
            )
        )
    )


@pytest.fixture(scope="module", autouse=True)
def _nowhere(tmp_path_factory: pytest.TempPathFactory):
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("nowhere"))
    yield
    os.chdir(before)


def judge(name: str, asked: dict[str, Any]) -> None:
    """See that a call ends in a result of its schema, or in a sentence of what is foreseen."""
    done = called(name, asked, SMALL)
    assert all(isinstance(each, str) for each in done.texts)
    if done.failed:
        (told,) = done.texts
        assert told.startswith("Error: ")
        assert "unforeseen" not in told
        assert done.result == {}
    else:
        jsonschema.Draft202012Validator(RESULT).validate(done.result)


@pytest.mark.parametrize("name", TOOLS)
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_schema_allows_ends_in_a_result_or_a_sentence(
    name: str, data: st.DataObject
) -> None:
    asked = data.draw(arguments(name))
    schema = TOOLS[name].arguments
    assert jsonschema.Draft202012Validator(schema).is_valid(asked)
    judge(name, asked)


@pytest.mark.parametrize("name", TOOLS)
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_it_does_not_allow_is_refused(name: str, data: st.DataObject) -> None:
    schema = TOOLS[name].arguments
    key = data.draw(st.sampled_from(sorted(schema["properties"])) | st.text(max_size=5))
    wrong = data.draw(
        st.none()
        | st.just({})
        | st.just([[]])
        | st.just([None])
        | st.just(["\x00"])
        | st.just("\x00")
        | st.just(-1.5)
    )
    asked = {
        each: data.draw(made_from(schema["properties"][each], schema.get("$defs", {})))
        for each in schema["required"]
    }
    asked[key] = wrong
    if jsonschema.Draft202012Validator(schema).is_valid(asked):
        return  # a text, or a number, that is one
    done = called(name, asked, SMALL)
    assert done.failed
    assert "unforeseen" not in done.texts[0]
