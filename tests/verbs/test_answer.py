"""An answer is a value: it pickles, holds no function, and makes the same page wherever it comes to."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator
from types import FunctionType, MethodType
from typing import Any

import pytest

from lcrmap.errors import UsageError
from lcrmap.layers import Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

ASKED: dict[str, dict[str, Any]] = {
    "map": {"layers": "freeport-sites", "where": "confidence = 'reported'"},
    "show": {"layer": "freeport-sites", "sort": "-name", "limit": 5},
    "join": {"left": "freeport-sites", "right": "boroughs", "take": "name", "sort": "name"},
    "count": {"layers": ("freeport-sites", "innovation-assets"), "areas": "boroughs"},
    "near": {"start": "freeport-sites", "targets": "rail-stations", "k": 2, "limit": 9},
    "catchment": {"places": "parkside", "rings": ("1km", "2km")},
    "gaps": {"layer": "innovation-assets", "beyond": "2km", "by": "boroughs", "sort": "name"},
    "access": {"layer": "rail-stations", "within": "2km", "by": "boroughs"},
    "profile": {"place": "Birkenhead Central"},
    "locate": {"layer": "rail-stations", "candidates": "planned-stations", "choose": "2"},
}


def held(value: Any, seen: set[int]) -> Iterator[Any]:
    """Yield all that a value holds, as far as it is ours."""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    inner: list[Any] = []
    if dataclasses.is_dataclass(value):
        inner = [getattr(value, each.name) for each in dataclasses.fields(value)]
    elif isinstance(value, dict):
        inner = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set):
        inner = list(value)
    for each in inner:
        yield from held(each, seen)


@pytest.fixture(scope="module")
def sources(pack: Pack) -> Sources:
    return Sources(pack)


@pytest.mark.parametrize("ask", ASKED)
def test_an_answer_survives_pickling_and_makes_the_same_page(ask: str, sources: Sources) -> None:
    made = answer(question_class(ask)(**ASKED[ask]), sources)
    again: Answer = pickle.loads(pickle.dumps(made))
    assert again.question == made.question
    assert again.page().html == made.page(sources).html
    assert (again.finding, again.sentences, again.notes) == (
        made.finding,
        made.sentences,
        made.notes,
    )


@pytest.mark.parametrize("ask", ASKED)
def test_an_answer_holds_no_function(ask: str, sources: Sources) -> None:
    made = answer(question_class(ask)(**ASKED[ask]), sources)
    functions = [each for each in held(made, set()) if isinstance(each, FunctionType | MethodType)]
    assert functions == []


def test_a_list_of_layers_is_no_map(sources: Sources) -> None:
    made = answer(question_class("layers")(), sources)
    with pytest.raises(UsageError, match=r"A list of layers is no map: .* -o layers.csv"):
        made.page()
