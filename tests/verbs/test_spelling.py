"""What is said names options to somebody in a shell, and arguments to somebody in Python."""

from __future__ import annotations

import pytest

from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Question, Reads
from lcrmap.verbs.spelling import in_python

SAID = [
    (
        Join,
        "--distance belongs to --predicate dwithin.",
        'distance belongs to predicate="dwithin".',
    ),
    (
        Join,
        "as in --predicate dwithin --distance 500m.",
        'as in predicate="dwithin", distance="500m".',
    ),
    (
        Join,
        "--nearest finds it, --no-nearest does not.",
        "nearest=True finds it, nearest=False does not.",
    ),
    (Count, "Write both, as in --in boroughs.", 'Write both, as in areas="boroughs".'),
    (Count, "--in needs areas.", "areas needs areas."),
    (Count, "--classes natural:7: a map has 1 to 5.", 'classes="natural:7": a map has 1 to 5.'),
    (Count, "as in --per residents.", 'as in per="residents".'),
    (Count, "--per needs numbers.", "per needs numbers."),
    (Near, "a larger --within, or -k, finds them.", "a larger within, or k, finds them."),
    (Near, "The first 10 rows (--limit 10).", "The first 10 rows (limit=10)."),
    (Near, "(-n 3)", "(limit=3)"),
    (Catchment, "such as --rings 1km,2km,5km.", 'such as rings=["1km", "2km", "5km"].'),
    (
        Gaps,
        "--beyond is a distance above 0, such as 800m.",
        "beyond is a distance above 0, such as 800m.",
    ),
    (
        Map,
        '--category "sector" must begin with a layer',
        'category="sector" must begin with a layer',
    ),
    (Reads, "say --crs EPSG:27700", 'say crs="EPSG:27700"'),
    (Reads, "swap them with --x 'lat' --y 'lon'", "swap them with x='lat', y='lon'"),
    (Reads, "say with --crs in which system", "say with crs in which system"),
]


@pytest.mark.parametrize(("kind", "shell", "python"), SAID, ids=[each[1] for each in SAID])
def test_an_option_is_called_as_its_argument_is(
    kind: type[Question], shell: str, python: str
) -> None:
    assert in_python(shell, kind) == python


@pytest.mark.parametrize(
    "text",
    [
        "'lcrmap join a b --largest-overlap --many' puts each into one area first.",
        "install it again with 'pip install --many lcrmap'.",
        "'--many' is not a column of lcrmap's own layers, nor is '--how left'.",
        'The filter "--many = 1" cannot be read.',
        "--overwrite and --manyfold are no options of this question, and a well-k is no word.",
    ],
)
def test_what_is_quoted_or_no_option_stays(text: str) -> None:
    assert in_python(text, Join) == text
