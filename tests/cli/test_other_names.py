"""An option that is mistyped, or that other programs call otherwise, is answered by the one that was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lcrmap.cli import VERBS, commands
from lcrmap.verbs import other_names
from lcrmap.verbs.asks import ASKS, question_class
from lcrmap.verbs.question import fields_of

SEE = "See 'lcrmap {} --help'.\n"


@pytest.mark.parametrize(
    ("verb", "typed", "meant"),
    [
        ("near", "--nearest", "'-k'"),  # as recipes and tools call it
        ("near", "--radius", "'--within'"),
        ("near", "--to", "'TO'"),  # an argument
        ("near", "--witin", "'--within'"),
        ("count", "--areas", "'--in'"),  # as Python calls it
        ("count", "--group-by", "'--by'"),
        ("catchment", "--radius", "'--rings'"),
        ("show", "--filter", "'--where'"),
        ("show", "--out", "'--output'"),
        ("map", "--force", "'--overwrite'"),
        ("verify", "--input", "'--inputs'"),
    ],
)
def test_the_option_that_was_meant_is_named(
    lcrmap: Callable, verb: str, typed: str, meant: str
) -> None:
    done = lcrmap(verb, typed, "x")
    assert done.code == 2
    assert done.err.startswith(f"Error: No such option '{typed}': did you mean {meant}")
    assert done.err.endswith(f"? {SEE.format(verb)}")
    assert done.out == ""


@pytest.mark.parametrize("typed", ["--frobnicate", "-z"])
def test_where_none_can_be_meant_the_way_to_all_is_told(lcrmap: Callable, typed: str) -> None:
    done = lcrmap("near", typed)
    assert done.err == f"Error: No such option '{typed}': see 'lcrmap near --help'.\n"
    assert done.code == 2


def test_every_option_that_has_other_words_exists() -> None:
    keys = {field.key for ask in ASKS for field in fields_of(question_class(ask))}
    made = (commands.get_command(None, name) for name in VERBS)  # type: ignore[arg-type]
    flags = {
        flag.lstrip("-")
        for command in made
        if command
        for one in command.params
        for flag in one.opts
    }
    assert set(other_names._OTHERS) <= keys | flags


def test_no_option_is_shadowed_by_another_ones_words() -> None:
    """What is an option itself is never answered by the name of another."""
    for ask in ASKS:
        fields = fields_of(question_class(ask))
        for field in fields:
            assert other_names.fields_meant(field.key, fields)[0] == field.key
