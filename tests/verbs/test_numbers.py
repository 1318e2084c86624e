"""How numbers, distances, ranges, shares and names are written, each on either side of its bound."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.layers import Metadata
from lcrmap.verbs.classes import Classes, classes_of
from lcrmap.verbs.numbers import (
    allowing,
    compass,
    counted_title,
    distance_words,
    in_sentence,
    in_unit,
    listed,
    number_words,
    range_words,
    share_words,
    snake,
    too_close,
)
from lcrmap.verbs.question import Distance
from tests.messages import exactly


@pytest.mark.parametrize(
    ("metres", "unit", "said"),
    [
        (0, "m", "0 m"),
        (0.4, "m", "0 m"),
        (9.49, "m", "9 m"),
        (9.5, "m", "10 m"),
        (14.9, "m", "10 m"),
        (994.9, "m", "990 m"),
        (995, "m", "1.0 km"),
        (1_049, "km", "1.0 km"),
        (1_051, "km", "1.1 km"),
        (99_949, "m", "99.9 km"),
        (99_950, "m", "100 km"),
        (1_234_567, "m", "1,235 km"),
        (0, "mi", "0.0 miles"),
        (1_609.344, "mi", "1.0 mile"),
        (1_700, "mi", "1.1 miles"),
        (1_500, "mi", "0.9 miles"),
    ],
)
def test_a_measured_distance(metres: float, unit: str, said: str) -> None:
    assert distance_words(metres, unit) == said


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        (800, "m", "800 m"),
        (999.999, "m", "999.999 m"),
        (1_000, "m", "1 km"),
        (1_234.5, "m", "1.2345 km"),
        (12_345.678, "m", "12.345678 km"),
        (Distance("5km"), "m", "5 km"),
        (Distance("0.3km"), "m", "300 m"),
        (Distance("1mi"), "m", "1 mile"),
        (Distance("2.3mi"), "m", "2.3 miles"),
        (Distance("0.1mi"), "km", "0.1 miles"),
        (Distance("5km"), "mi", "3.106855961 miles"),
        (1_609.344, "mi", "1 mile"),
    ],
)
def test_a_typed_distance_keeps_its_digits_and_its_miles(
    typed: float, unit: str, said: str
) -> None:
    assert distance_words(typed, unit, exact=True) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (330, 1_230, "m", "between 330 m and 1.2 km"),
        (0, 9, "m", "between 0 m and 9 m"),
        (501, 504, "m", ""),
        (504, 506, "m", "between 500 m and 510 m"),
        (math.nan, 500, "m", ""),
        (500, math.nan, "m", ""),
        (1_609.344, 3_218.688, "mi", "between 1.0 mile and 2.0 miles"),
    ],
)
def test_a_range(low: float, high: float, unit: str, said: str) -> None:
    assert range_words(low, high, unit) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "0%"),
        (5, 0, "0%"),
        (1, 3_000, "under 0.1%"),
        (1, 2_000, "0.1%"),
        (1, 8, "12.5%"),
        (999_999, 1_000_000, "100.0%"),
        (3, 3, "100%"),
    ],
)
def test_a_share(part: float, whole: float, said: str) -> None:
    assert share_words(part, whole) == said


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0, 4, "0"),
        (-4, 4, "-4"),
        (1_234_567, 4, "1,234,567"),
        (9_999.4, 4, "9,999"),
        (12_345.6, 4, "12,346"),
        (1_234_567.8, 6, "1,234,568"),
        (123.456, 4, "123.5"),
        (99.996, 4, "100"),
        (100.04, 4, "100"),
        (-0.12345, 4, "-0.1235"),
        (0.1 + 0.2, 12, "0.3"),
        (0.00001234, 4, "0.00001234"),
        (1_234_569.85, 12, "1,234,569.85"),
        (math.inf, 4, "inf"),
        (math.nan, 4, "nan"),
    ],
)
def test_a_number_has_its_thousands_apart_and_no_exponent(
    value: float, digits: int, said: str
) -> None:
    assert number_words(value, digits) == said


@pytest.mark.parametrize(
    ("bearing", "point"),
    [
        (0, "N"),
        (22.4, "N"),
        (22.6, "NE"),
        (90, "E"),
        (135, "SE"),
        (180, "S"),
        (225, "SW"),
        (270, "W"),
        (315, "NW"),
        (337.4, "NW"),
        (337.6, "N"),
        (359.9, "N"),
        (math.nan, ""),
    ],
)
def test_a_point_of_the_compass(bearing: float, point: str) -> None:
    assert compass(bearing) == point


def test_lists_of_words() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_what_cannot_be_told_apart() -> None:
    two, three = (too_close(names, "more", "the most") for names in (["A", "B"], ["A", "B", "C"]))
    assert two == "A and B are too close to call: position errors could change which has more"
    assert three == (
        "A, B and C are too close to call: position errors could change which has the most"
    )
    assert allowing("5", "7") == " (5 to 7, as positions are not exact)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *[("Residents", "residents"), ("GVA per head", "GVA per head"), ("A", "A"), ("x", "x")],
        *[("Index of Multiple Deprivation", "Index of Multiple Deprivation")],
        *[("Index of prices", "index of prices"), ("Residents of Bootle", "residents of Bootle")],
    ],
)
def test_a_title_inside_a_sentence_keeps_an_abbreviation(text: str, said: str) -> None:
    assert in_sentence(text) == said


def test_what_is_counted_is_called_by_its_noun() -> None:
    known = Metadata("homes", "Homes", noun_many="postcodes with homes")
    assert counted_title(known) == "Postcodes with homes"
    assert counted_title(known.replaced(noun_many="features")) == "Homes"
    assert counted_title(known.replaced(noun_many="")) == "Homes"


@pytest.mark.parametrize(
    ("text", "column"),
    [("Net zero & more", "net_zero_more"), ("Éire-2", "éire_2"), ("--", "empty"), ("", "empty")],
)
def test_a_text_as_a_column(text: str, column: str) -> None:
    assert snake(text) == column


def test_units_are_exact_to_the_millimetre() -> None:
    assert in_unit(1_234.5678, "m") == 1_234.568
    assert in_unit(1_234.5678, "km") == 1.234568
    assert in_unit(1_609.344, "mi") == 1.0


# Classes


@pytest.mark.parametrize(
    ("text", "areas", "number"),
    [("rounded", 24, 3), ("rounded", 25, 5), ("natural:1", 99, 1), ("equal:5", 2, 5)],
)
def test_how_many_classes(text: str, areas: int, number: int) -> None:
    assert classes_of(text).number_for(areas) == number
    assert classes_of(text).method == text.partition(":")[0]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        (
            "natural:0",
            UsageError,
            (
                "--classes natural:0: a map has 1 to 5 classes, as more shades cannot be told apart, "
                "or 3 on each side of a middle."
            ),
        ),
        (
            "natural:7",
            UsageError,
            (
                "--classes natural:7: a map has 1 to 5 classes, as more shades cannot be told apart, "
                "or 3 on each side of a middle."
            ),
        ),
        ("natural:", UsageError, "'natural:': write a method and a number, such as natural:4."),
        ("equal:-1", UsageError, "'equal:-1': write a method and a number, such as natural:4."),
        ("5,x", UsageError, "--classes 5,x: write breaks as numbers with commas, such as 5,10,20."),
        (
            "5,inf",
            UsageError,
            "--classes 5,inf: write breaks as numbers with commas, such as 5,10,20.",
        ),
        (
            "5,5",
            UsageError,
            "--classes 5,5: breaks rise from the first to the last, as in 5,10,20.",
        ),
        (
            "natura",
            UnknownNameError,
            "No classification method 'natura': did you mean 'natural'?",
        ),
    ],
)
def test_classes_that_cannot_be_drawn(text: str, error: Any, said: str) -> None:
    with pytest.raises(error, match=exactly(said)):
        classes_of(text)
    assert classes_of("rounded") == Classes()
