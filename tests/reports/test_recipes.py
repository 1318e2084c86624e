"""A recipe is typed: a wrong value is named by its key path, broken TOML by its line."""

from __future__ import annotations

import pytest

from lcrmap.errors import FileError
from lcrmap.layers import Pack
from lcrmap.reports.making import example_recipe
from lcrmap.reports.recipes import RecipeError, parse_recipe, recipe_from
from lcrmap.reports.standard import standard_recipe, write_toml

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
        ("", "'question' is missing"),
        ("title = 3\n" + GAPS + 'beyond = "1km"', "'title' is 3, and must be text"),
        ("titel = 'x'\n" + GAPS, "no 'titel': did you mean 'title'?"),
        (GAPS, r"'question\[1\].beyond' is missing"),
        (GAPS + 'beyond = "800"', r"'question\[1\].beyond' is '800', and must be a distance"),
        (GAPS + "beyond = 800", r"'question\[1\].beyond' is 800"),
        (GAPS + 'beyond = "1km"\nbye = "x"', r"no 'question\[1\].bye': did you mean 'by'"),
        ('[[question]]\nask = "gap"', r"'question\[1\].ask' is 'gap'.*Did you mean 'gaps'"),
        (
            '[[question]]\nask="map"\n[[question]]\nask="catchment"\nplaces=["x"]\nrings=["5km","2km"]',
            r"'question\[2\].rings'.*rising",
        ),
        ('[[question]]\nask = "near"\nfrom = "x"\nto = "y"', r"'question\[1\].to' is 'y'"),
        ('[[question]]\nask = "near"\nfrom = "x"\nto = ["y"]\nnearest = true', "nearest.*True"),
        ('question = "map"', "'question' is missing"),
        ("question = [1]", r"'question\[1\]' is not a block"),
        ('size = "huge"\n' + GAPS + 'beyond = "1km"', "'size' is 'huge'.*report, wide, square"),
    ],
)
def test_a_wrong_value_is_named_by_its_key_path(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse_recipe(text, "mine.toml")


def test_broken_toml_is_named_by_its_line() -> None:
    with pytest.raises(FileError, match=r"mine.toml.*line 2"):
        parse_recipe("title = 'x'\n[[question]\n", "mine.toml")
