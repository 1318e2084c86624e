"""The tree of errors: what its docstring draws is what there is, and messages name remedies."""

from __future__ import annotations

import inspect
import pickle
import re
from pathlib import Path

import pytest

import lcrmap
from lcrmap import errors
from lcrmap.errors import LcrmapError, UnknownNameError, close_names


def test_the_docstring_draws_every_class_and_no_other() -> None:
    tree = (errors.__doc__ or "").partition("::")[2].partition("Each message")[0]
    drawn = {re.findall(r"\w+Error", line)[0] for line in tree.splitlines() if "Error" in line}
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
        ("MissingFileError", 3),
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
    assert message == "No layer 'xyzzy': choose from boroughs, wards."


def test_a_long_list_is_cut_and_counted() -> None:
    message = str(UnknownNameError("field", "qqqq", [f"f{number}" for number in range(20)]))
    assert message.endswith("f11 and 8 more.")


def test_a_part_of_a_name_is_suggested() -> None:
    assert close_names("stations", ["rail-stations", "wards"]) == ("rail-stations",)


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("UsageError", ValueError),
        ("ExpressionError", ValueError),
        ("UnknownNameError", KeyError),
        ("UnknownNameError", ValueError),
        ("DataError", ValueError),
        ("FileError", ValueError),
        ("GeometryError", ValueError),
        ("CRSError", ValueError),
        ("MissingFileError", FileNotFoundError),
        ("NothingFoundError", LookupError),
        ("OutputError", OSError),
    ],
)
def test_an_error_is_also_the_one_that_python_has_for_it(name: str, also: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), also)


def test_what_python_has_no_word_for_is_none_of_its_own() -> None:
    others = ("NotClosedError", "MissingPartError", "SumError")
    for name in others:
        assert not issubclass(getattr(errors, name), ValueError | LookupError | OSError)


def test_every_error_that_a_caller_meets_has_its_name_in_the_package() -> None:
    inner = {"WholeNeededError"}  # lcrmap catches it itself
    assert set(errors.__all__) - inner <= set(lcrmap.__all__)
    with pytest.raises(lcrmap.NothingFoundError):
        lcrmap.show("boroughs", where="name = 'Atlantis'")


def test_a_missing_file_and_an_unknown_layer_are_caught_as_python_users_do(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"^No such file '.*mysites\.csv': check the folder"
    ):
        lcrmap.open_layer(str(tmp_path / "mysites.csv"))
    with pytest.raises(KeyError) as caught:
        lcrmap.open_layer("borough")
    assert str(caught.value).startswith("No layer 'borough': did you mean 'boroughs'?")


@pytest.mark.parametrize(
    "error",
    [
        UnknownNameError("layer", "wird", ["wards"], where="the pack", hint="A hint."),
        errors.UsageError("This cannot be meant."),
        errors.MissingFileError("No such file 'a.csv'."),
        errors.NothingFoundError("Nothing."),
        errors.OutputError("Full."),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_error_passes_to_another_process(error: LcrmapError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__
