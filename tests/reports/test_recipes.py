"""A recipe is typed: a wrong value is named by its key path, broken TOML by its line."""

from __future__ import annotations

import pytest

from lcrmap.errors import DataError, FileError
from lcrmap.layers import Pack
from lcrmap.reports.making import example_recipe
from lcrmap.reports.recipes import RecipeError, parse_recipe, recipe_from
from lcrmap.reports.standard import standard_recipe, write_toml
from lcrmap.verbs.asks import ASKS

GAPS = '[[question]]\nask = "gaps"\nlayer = "rail-stations"\n'


def test_the_example_is_what_is_asked_without_a_recipe(pack: Pack, skerries: Pack) -> None:
    for each in (pack, skerries):
        assert parse_recipe(example_recipe(each), "example") == standard_recipe(each)


def test_a_recipe_survives_being_written_down() -> None:
    text = 'title = "A \\"q\\" \\\\ \\u0001"\n[[question]]\nask = "text"\ntext = "One.\\n\\nTwo."\n'
    recipe = parse_recipe(text, "r")
    assert parse_recipe(write_toml(recipe), "r") == recipe
    assert recipe_from(recipe.to_dict(), "r") == recipe


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'question' is missing: a recipe needs at least one [[question]] block."),
        ("title = 3\n" + GAPS + 'beyond = "1km"', "'title' must be text in quotes, not 3."),
        ("titel = 'x'\n" + GAPS, "there is no key 'titel': did you mean 'title'?"),
        (
            GAPS,
            (
                "'question[1].beyond' is missing: it is a distance with its unit in quotes, "
                'such as "800m" or "5km".'
            ),
        ),
        (
            GAPS + 'beyond = "800"',
            (
                "'question[1].beyond' must be a distance with its unit in quotes, "
                'such as "800m" or "5km", not \'800\'.'
            ),
        ),
        (
            GAPS + "beyond = 800",
            (
                "'question[1].beyond' must be a distance with its unit in quotes, "
                'such as "800m" or "5km", not 800.'
            ),
        ),
        (
            GAPS + 'beyond = "1km"\nbye = "x"',
            "there is no key 'question[1].bye': did you mean 'by'?",
        ),
        (
            '[[question]]\nask = "gap"',
            (
                f"'question[1].ask' must be one of {', '.join(ASKS)}, not 'gap'. Did you mean 'gaps'?"
            ),
        ),
        (
            '[[question]]\nask="map"\n[[question]]\nask="catchment"\nplaces=["x"]\nrings=["5km","2km"]',
            (
                '\'question[2].rings\' must be a list of rising distances, such as ["2km", "5km"], '
                "not ['5km', '2km']."
            ),
        ),
        (
            '[[question]]\nask = "near"\nfrom = "x"\nto = "y"',
            "'question[1].to' must be a list of names, such as [\"innovation-assets\"], not 'y'.",
        ),
        (
            '[[question]]\nask = "near"\nfrom = "x"\nto = ["y"]\nnearest = true',
            "'question[1].nearest' must be a whole number from 1, not True.",
        ),
        (
            '[[question]]\nask = "near"\nfrom = "x"\nto = ["y"]\nnearest = 0',
            "'question[1].nearest' must be 1 or more, not 0.",
        ),
        (
            'question = "map"',
            "'question' is missing: a recipe needs at least one [[question]] block.",
        ),
        ("question = [1]", "'question[1]' is not a block of keys and values."),
        (
            'size = "huge"\n' + GAPS + 'beyond = "1km"',
            "'size' must be one of report, wide, square, not 'huge'.",
        ),
    ],
)
def test_a_wrong_value_is_named_by_its_key_path(text: str, message: str) -> None:
    with pytest.raises(RecipeError) as raised:
        parse_recipe(text, "mine.toml")
    assert str(raised.value) == f"mine.toml: {message}"


def test_broken_toml_is_named_by_its_line() -> None:
    with pytest.raises(FileError) as raised:
        parse_recipe("title = 'x'\n[[question]\n", "mine.toml")
    assert str(raised.value) == (
        "'mine.toml' is not valid TOML in line 2: a block begins with its name in two brackets on either side; "
        "write [[question]]."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "[" * 50_000, "'mine.toml' is nested more than 50 deep: it is not read."),
        (
            "a = " + "1" * 5000,
            "'mine.toml' holds a number of more than 100 digits: it is not read.",
        ),
        ("size = ['a4']", "mine.toml: 'size' must be text in quotes, not ['a4']."),
        ("[size]\na = 1", "mine.toml: 'size' must be text in quotes, not {'a': 1}."),
    ],
    ids=["deep", "long", "list", "table"],
)
def test_a_strangers_recipe_is_one_sentence(text: str, message: str) -> None:
    with pytest.raises(DataError) as raised:
        parse_recipe(text, "mine.toml")
    assert str(raised.value) == message


def test_a_question_names_no_more_layers_than_can_be_answered() -> None:
    def recipe(names: int) -> str:
        return f'[[question]]\nask = "near"\nfrom = "sites"\nto = {["stations"] * names}\n'

    assert len(parse_recipe(recipe(500), "r.toml").blocks[0].question.targets) == 500
    with pytest.raises(RecipeError, match=r"names 501 layers or places, more than 500"):
        parse_recipe(recipe(501), "r.toml")
