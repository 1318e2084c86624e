"""The tree of errors: what its docstring draws is what there is, and messages name remedies."""

from __future__ import annotations

import inspect
import re

import pytest

from lcrmap import errors
from lcrmap.errors import UnknownNameError, close_names


def test_the_docstring_draws_every_class_and_no_other() -> None:
    drawn = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    defined = {
        name
        for name, each in inspect.getmembers(errors, inspect.isclass)
        if each.__module__ == errors.__name__
    }
    assert drawn == defined


def test_all_lists_every_class_but_the_suggestion_function() -> None:
    classes = {n for n, e in inspect.getmembers(errors, inspect.isclass) if n.endswith("Error")}
    assert set(errors.__all__) == classes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UsageError", 2),
        ("UnknownNameError", 2),
        ("ExpressionError", 2),
        ("DataError", 3),
        ("FileError", 3),
        ("GeometryError", 3),
        ("CRSError", 3),
        ("OutputError", 4),
        ("NothingFoundError", 1),
        ("NotClosedError", 2),
        ("MissingPartError", 2),
        ("SumError", 3),
    ],
)
def test_exit_codes_are_those_of_the_design(name: str, code: int) -> None:
    assert getattr(errors, name).exit_code == code


def test_a_near_miss_is_suggested() -> None:
    message = str(UnknownNameError("layer", "freeport_sites", ["boroughs", "freeport-sites"]))
    assert message == "No layer 'freeport_sites': did you mean 'freeport-sites'?"


def test_a_far_miss_gets_the_list() -> None:
    message = str(UnknownNameError("layer", "xyzzy", ["boroughs", "wards"]))
    assert message == "No layer 'xyzzy': known: boroughs, wards."


def test_a_long_list_is_cut_and_counted() -> None:
    message = str(UnknownNameError("field", "qqqq", [f"f{number}" for number in range(20)]))
    assert message.endswith("f11 and 8 more.")


def test_a_part_of_a_name_is_suggested() -> None:
    assert close_names("stations", ["rail-stations", "wards"]) == ("rail-stations",)
