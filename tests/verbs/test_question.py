"""A question is one value in every written form: options, recipe, record, Python, pickle; and none can be wrong."""

from __future__ import annotations

import json
import pickle
import shlex
import tomllib
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap import library
from lcrmap.cli import VERBS, commands
from lcrmap.cli.asking import question_from
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.maps.basemaps import BASEMAPS
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import Block, Recipe, RecipeError, parse_recipe, recipe_from
from lcrmap.reports.standard import write_toml
from lcrmap.verbs.asks import ASKS, PAGES, question_class
from lcrmap.verbs.classes import METHODS, MOST_CLASSES, Classes
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Distance, Question, QuestionField, RefusedValueError, fields_of
from lcrmap.verbs.recording import command_of
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from tests.conftest import Outcome

ASIDES = {"find_place", "doubts", "limits", "text"}  # what only a report asks, or a tool
SHELL = [ask for ask in ASKS if ask not in ASIDES]
# Where an answer goes, and as what: no part of a question.
DELIVERY = {"output", "format_", "overwrite", "size", "dpi", "open_", "pack", "beside", "large"}
DELIVERY |= {"rows_per_file", "resume", "hash_"}
# Who does the work, which changes no byte of an answer.
MACHINES = {"engine", "workers", "scheduler", "memory", "patience", "insecure_scheduler"}
MACHINES |= {"tls_ca", "tls_cert", "tls_key"}


def command(ask: str) -> click.Command:
    found = commands.get_command(click.Context(commands), ask)
    assert found is not None
    return found


@pytest.mark.parametrize("ask", SHELL)
def test_the_options_of_a_verb_are_its_questions_fields_and_no_other(ask: str) -> None:
    own = {"example"} if ask == "scenarios" else set()  # prints a file, and asks nothing
    params = [str(each.name) for each in command(ask).params if each.name not in own]
    fields = [each.name for each in fields_of(question_class(ask))]
    assert sorted(set(params) - DELIVERY - MACHINES) == sorted(fields)
    assert len(params) == len(set(params))


@pytest.mark.parametrize("ask", ASKS)
def test_every_field_has_a_key_of_its_own_and_every_option_a_help(ask: str) -> None:
    fields = fields_of(question_class(ask))
    keys = [each.key for each in fields]
    assert len(keys) == len(set(keys))
    assert not {"ask", "title"} & set(keys)  # a recipe's own
    if ask not in ASIDES:
        assert all(each.option.help or each.option.argument for each in fields)


def test_a_letter_means_the_same_on_every_verb() -> None:
    meant = defaultdict(set)
    for verb in VERBS:
        for parameter in command(verb).params:
            for spelled in parameter.opts:
                if len(spelled) == 2 and spelled.startswith("-"):
                    meant[spelled].add(parameter.name)
    assert {letter for letter, names in meant.items() if len(names) > 1} == set()
    assert {"-w", "-c", "-s", "-n", "-k", "-o", "-f"} <= set(meant)


def text() -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])
    return st.text(letters, min_size=1, max_size=8)


def distances() -> st.SearchStrategy[Distance]:
    number = st.one_of(st.integers(1, 4000), st.integers(1, 400_000).map(lambda each: each / 1000))
    unit = st.sampled_from(["m", "km", "mi"])
    return st.builds(lambda n, u: Distance(f"{n}{u}"), number, unit)


def values(field: QuestionField) -> st.SearchStrategy[Any]:
    one: st.SearchStrategy[Any] = text()
    if field.option.comma and field.item is str:
        one = text().map(lambda each: each.replace(",", "c"))
    if field.choices:
        one = st.sampled_from(field.choices)
    elif field.item is bool:
        one = st.booleans()
    elif field.item is int:
        one = st.integers(field.option.least or 0, 10**6)
    elif field.item is float:
        one = st.floats(-1e6, 1e6) | st.integers(-9, 9).map(float)
    elif field.item is Distance:
        one = distances()
    if field.key == "most_per":
        one = st.integers(1, 9).map(lambda each: f"boroughs {each}")
    if field.key == "choose":
        one = st.sampled_from(["1", "3", "2..4"])
    if field.key == "classes":
        one = st.sampled_from(["rounded", "natural:4", "equal", "quantile:1", "5,10,20"])
    made = st.lists(one, min_size=1, max_size=3).map(tuple) if field.many else one
    if field.key == "rings":
        made = st.lists(one, min_size=1, max_size=3, unique_by=float).map(sorted).map(tuple)
    return made


@st.composite
def questions(draw: st.DrawFn, ask: str) -> Question:
    kind = question_class(ask)
    given_: dict[str, Any] = {}
    for field in fields_of(kind):
        if field.required or draw(st.booleans()):
            given_[field.name] = draw(values(field))
    try:
        return kind(**given_)
    except UsageError:  # two that cannot be meant together
        return kind(**{f.name: given_[f.name] for f in fields_of(kind) if f.required})


@pytest.mark.parametrize("ask", ASKS)
@given(data=st.data())
def test_a_question_is_the_same_after_json_toml_and_pickle(ask: str, data: st.DataObject) -> None:
    asked = data.draw(questions(ask))
    plain = asked.to_plain()
    assert plain.pop("ask") == ask
    assert type(asked).from_plain(plain) == asked
    assert type(asked).from_plain(json.loads(json.dumps(plain))) == asked
    assert pickle.loads(pickle.dumps(asked)) == asked
    recipe = Recipe((Block(asked, "A title"),))
    assert parse_recipe(write_toml(recipe), "r") == recipe
    assert tomllib.loads(write_toml(recipe))["question"][0]["ask"] == ask


@pytest.mark.parametrize("ask", SHELL)
@given(data=st.data())
def test_the_command_on_a_page_asks_the_question_again(ask: str, data: st.DataObject) -> None:
    asked = data.draw(questions(ask))
    words = shlex.split(command_of(asked))
    assert words[:2] == ["lcrmap", ask]
    ctx = command(ask).make_context(ask, words[2:])
    assert question_from(type(asked), ctx.params) == asked


def test_distances_remember_how_they_were_written_and_are_bounded() -> None:
    assert (float(Distance("3 mi")), str(Distance("3 mi"))) == (3 * 1609.344, "3 mi")
    assert str(Distance(1234.5)) == "1234.5m"
    for spelled, short in (("1mile", "1mi"), ("2 Miles", "2mi"), ("5 kilometres", "5km")):
        assert (float(Distance(spelled)), str(Distance(spelled))) == (Distance(short), short)
    for spelled in ("800 metres", "800meters", "800 metre"):
        assert (float(Distance(spelled)), str(Distance(spelled))) == (800, "800m")
    assert pickle.loads(pickle.dumps(Distance("5KM"))) == 5000
    for wrong in ("5", "-1m", "1e3m", "9" * 400 + "m", "", "km", -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="is not a distance"):
            Distance(wrong)


@pytest.mark.parametrize(
    ("ask", "wrong", "message"),
    [
        ("join", {"how": "right"}, "--how must be one of left, inner, anti, not 'right'."),
        ("join", {"border": "al"}, "--border must be one of once, all, error, not 'al'."),
        ("near", {"k": 0}, "-k must be 1 or more, not 0."),
        ("near", {"k": True}, "-k must be a whole number from 1, not True."),
        ("near", {"unit": "furlong"}, "--unit must be one of m, km, mi, not 'furlong'."),
        ("near", {"wide": "yes"}, "--wide must be true or false, not 'yes'."),
        ("show", {"limit": -1}, "--limit must be 0 or more, not -1."),
        ("show", {"where": "a\x00b"}, "--where must be text in quotes, not 'a\\x00b'."),
    ],
)
def test_a_choice_is_checked_where_it_is_meant(ask: str, wrong: Any, message: str) -> None:
    needed = {"join": {"left": "a", "right": "b"}, "near": {"start": "a", "targets": "b"}}
    with pytest.raises(RefusedValueError) as error:
        question_class(ask)(**needed.get(ask, {"layer": "a"}), **wrong)
    assert str(error.value) == message


def test_classes_beyond_what_a_map_can_show_are_refused() -> None:
    kind = question_class("count")
    assert kind(layers="a", areas="b", classes="natural:5")
    for wrong in ("natural:7", "natural:9", "natural:0", f"natural:{'1' * 5_000}"):
        with pytest.raises(UsageError, match="a map has 1 to 5 classes"):
            kind(layers="a", areas="b", classes=wrong)
    with pytest.raises(UnknownNameError, match="did you mean 'natural'"):
        kind(layers="a", areas="b", classes="natura")
    with pytest.raises(UsageError, match="such as natural:4"):
        kind(layers="a", areas="b", classes="natural:x")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('ask="join"\nleft="a"', r"'question\[1\].right' is missing: it is a name in quotes"),
        ('ask="join"\nleft="a"\nright="b"\nhow="lef"', r"must be one of .*Did you mean 'left'"),
        (
            'ask="near"\nfrom="a"\nto=["b"]\nunits="m"',
            r"no key 'question\[1\].units': did you mean",
        ),
        ('ask="count"\nlayers=["a"]\nin="b"\nsum="c"\nmean="d"', "ask for one statistic at a time"),
        (
            'ask="show"\nlayer="a"\nlimit=1.5',
            r"'question\[1\].limit' must be a whole number from 0, not 1.5",
        ),
        ('ask="map"\nlayers=[]', r"'question\[1\].layers' must be a list of names, .*, not \[\]"),
    ],
)
def test_a_recipe_is_refused_by_key_path(block: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse_recipe(f"[[question]]\n{block}\n", "r")


def test_a_recipe_asks_all_that_a_verb_can(pack: Pack) -> None:
    recipe = """
        [[question]]
        ask = "join"
        left = "freeport-sites"
        right = "boroughs"
        take = ["name"]
        how = "inner"
        [[question]]
        ask = "count"
        layers = ["residents"]
        in = "boroughs"
        sum = "residents"
        [[question]]
        ask = "near"
        from = "parkside"
        to = ["rail-stations"]
        unit = "mi"
        [[question]]
        ask = "map"
        layers = ["innovation-assets"]
        category = ["confidence"]
        headline = "How sure"
        """
    report = make_report(parse_recipe(recipe, "r"), sources=Sources(pack))
    joined, counted, near, drawn = report.sections
    assert joined.layer is not None
    assert len(joined.layer.frame) == 12
    assert counted.layer is not None
    assert "sum_residents" in counted.layer.frame
    assert near.layer is not None
    assert "distance_mi" in near.layer.frame
    assert drawn.finding == "How sure"


def test_every_verb_with_a_page_is_a_function_of_the_library() -> None:
    names = {"map": "make_map"}
    assert all(hasattr(library, names.get(ask, ask)) for ask in PAGES)


def is_blank(value: Any) -> bool:
    held = value if isinstance(value, tuple) else (value,)
    return any(isinstance(each, str) and not each.strip() for each in held)


@pytest.mark.parametrize("ask", ASKS)
def test_a_key_that_no_field_has_is_refused_with_the_next_one(ask: str) -> None:
    for field in fields_of(question_class(ask)):
        wrong = f"{field.key}q"
        with pytest.raises(RecipeError) as raised:
            recipe_from({"question": [{"ask": ask, wrong: "x"}]}, "r.toml")
        assert str(raised.value).startswith(f"r.toml: there is no key 'question[1].{wrong}': ")
        if len(field.key) > 2:
            assert f"did you mean '{field.key}'?" in str(raised.value)
        with pytest.raises(UnknownNameError):
            question_class(ask).from_plain({wrong: "x"})


def wrong_values(field: QuestionField) -> list[Any]:
    """Return values of another type than a field, and such as its type refuses."""
    wrong: list[Any] = [{"a": 1}, None, [[]], []]
    if field.item is not float:
        wrong += [1.5]
    else:
        wrong += ["3", float("inf"), float("nan"), 10**400]
    if field.many:
        wrong += ["boroughs", [3], [None]]
    if field.item is not bool:
        wrong += [True]
    if field.item not in (int, float):
        wrong += [3]
    if field.item not in (bool, int):
        wrong += ["", " "]
    if field.item is int:
        wrong += ["3", (field.option.least or 0) - 1]
    if field.item is Distance:
        wrong += ["800", "-1km", "1 furlong", 800]
    if field.item is str:
        wrong += ["a\x00b"]
    if field.choices:
        wrong += [f"{field.choices[-1]}s"]
    return wrong


@pytest.mark.parametrize("ask", ASKS)
def test_a_value_that_a_field_cannot_hold_is_refused_by_its_key_path(ask: str) -> None:
    kind = question_class(ask)
    fields = fields_of(kind)
    sound = {each.key: "800m" if each.item is Distance else "boroughs" for each in fields}
    needed: dict[str, Any] = {
        each.key: [sound[each.key]] if each.many else sound[each.key]
        for each in fields
        if each.required
    }
    kind.from_plain(needed)
    for field in fields:
        for value in wrong_values(field):
            raw = {**needed, field.key: value}
            if not is_blank(value):
                with pytest.raises(RefusedValueError):
                    kind.from_plain(raw)
            with pytest.raises(RecipeError) as raised:
                recipe_from({"question": [{"ask": "limits"}, {"ask": ask, **raw}]}, "r.toml")
            told = str(raised.value)
            assert told.startswith(f"r.toml: 'question[2].{field.key}' must be ")
            assert f", not {value!r}." in told
            if field.choices and isinstance(value, str) and value.strip():
                assert told.endswith(f"Did you mean '{field.choices[-1]}'?")


@pytest.mark.parametrize("ask", ASKS)
def test_a_field_that_must_be_given_is_asked_for_by_its_key_path(ask: str) -> None:
    first = next((each for each in fields_of(question_class(ask)) if each.required), None)
    if first is None:
        assert recipe_from({"question": [{"ask": ask}]}, "r.toml").blocks
        return
    with pytest.raises(RecipeError, match=rf"r.toml: 'question\[1\].{first.key}' is missing"):
        recipe_from({"question": [{"ask": ask}]}, "r.toml")


@pytest.mark.parametrize("ask", ASKS)
def test_python_passes_no_value_that_means_nothing(ask: str) -> None:
    kind = question_class(ask)
    sound: dict[str, Any] = {
        each.name: "800m" if each.item is Distance else "boroughs"
        for each in fields_of(kind)
        if each.required
    }
    for field in fields_of(kind):
        if field.many and field.required:
            with pytest.raises(RefusedValueError):
                kind(**{**sound, field.name: ()})
        if field.item is Distance:
            with pytest.raises(RefusedValueError):
                kind(**{**sound, field.name: True})


@pytest.mark.parametrize("words", [["--title", ""], ["--title", " "], ["--crs", ""]])
def test_a_page_asked_for_with_an_empty_text_can_be_made_again(
    words: list[str], lcrmap: Callable[..., Outcome]
) -> None:
    assert lcrmap("map", "freeport-sites", *words, "-o", "a.html").code == 0
    again = lcrmap("verify", "a.html")
    assert (again.code, again.err) == (0, "")


def test_the_command_tells_a_name_from_an_option() -> None:
    asked = Show(layer="--odd.csv", limit=3)
    assert command_of(asked) == "lcrmap show --limit 3 -- --odd.csv"
    south = Near(start="-33.9,151.2", targets=("boroughs",), k=2)
    assert command_of(south) == "lcrmap near -33.9,151.2 boroughs -k 2"
    assert command_of(Show(layer="-", limit=3)) == "lcrmap show - --limit 3"


def test_help_lists_what_can_be_chosen() -> None:
    told = {each.name: each.option.help for each in fields_of(question_class("map"))}
    known = [basemap.name for basemap in BASEMAPS]
    assert f"none, {', '.join(known[:-1])} or {known[-1]};" in told["basemap"]
    assert f"{', '.join(list(METHODS)[:-1])} or {list(METHODS)[-1]}" in told["classes"]
    assert f"1 to {MOST_CLASSES} " in told["classes"]
    assert [Classes().number_for(areas) for areas in (24, 25)] == [3, 5]
    with pytest.raises(
        UsageError, match='a number of classes or without, such as "rounded:3", not 3'
    ):
        question_class("map")(layers="a", shade="b", classes=3)
