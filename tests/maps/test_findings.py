"""The page's script calls an area first by the same rule as the headline: both answer the same cases."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from lcrmap.analysis.leading import leading
from lcrmap.layers import Category, Field
from lcrmap.maps.document import page_data
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.sentences import count_by_area
from tests.maps import samples

SCRIPT = Path(__file__).parent / "logic" / "findings.mjs"
AREAS = ["Northam", "Southam", "Eastham", "Westham", "outside"]
UNPLACED = samples.PLACES[-1]


def in_node(ranges: list[Any], pages: list[Any]) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "Node.js is needed for the tests of the page's logic: put node on the PATH."
    asked = json.dumps({"ranges": ranges, "pages": pages})
    done = subprocess.run([node, str(SCRIPT)], input=asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def page(rows: list[dict[str, Any]], others: dict[int, tuple[str, ...]]) -> PageModel:
    """A page of some places and one without a position, which is never the first."""
    layer = samples.places([*rows, UNPLACED])
    area = Field("in_area", "Area", categories=tuple(Category(each, each) for each in AREAS))
    fields = tuple(area if each.name == area.name else each for each in layer.metadata.fields)
    layer = replace(layer, metadata=layer.metadata.replaced(fields=fields))
    return build_model([LayerView(layer, could_also_be=others)])


def any_case(dice: random.Random) -> tuple[PageModel, PageModel, list[int]]:
    """Return a page, the page of those rows that pass some filter, and which pass."""
    names = dice.sample(AREAS, dice.randint(2, 5))
    rows = [
        {**samples.PLACES[0], "id": f"p{n}", "in_area": dice.choice(names)}
        for n in range(dice.randint(1, 9))
    ]
    others = {}
    for number, row in enumerate(rows):
        if dice.random() < 0.3:
            elsewhere = [each for each in names if each not in (row["in_area"], "outside")]
            others[number] = tuple(dice.sample(elsewhere, dice.randint(0, len(elsewhere))))
    passes = [int(dice.random() < 0.8) for _ in rows]
    kept = [number for number, one in enumerate(passes) if one]
    left = {place: others[number] for place, number in enumerate(kept) if number in others}
    return page(rows, others), page([rows[number] for number in kept], left), [*passes, 1]


def as_of_the_shown(headline: str) -> str:
    """Turn a headline into what the script says of the places shown."""
    if headline.startswith("Where"):
        return ""
    told = re.sub(
        r"^Most (works sites) are in (\w+): (\d+) of (\d+)", r"\3 of the \4 \1 are in \2", headline
    )
    told = re.sub(
        r"(works sites?)( with a position)? (are|is) in",
        r"\1 shown with a position \3 in",
        told,
    )
    told = told.replace("has more works sites", "has more of the works sites shown")
    return told.replace("has the most works sites", "has most of the works sites shown") + "."


@pytest.fixture(scope="module")
def cases() -> list[tuple[PageModel, PageModel, list[int]]]:
    dice = random.Random(11)
    return [any_case(dice) for _ in range(200)]


def test_the_script_says_what_the_headline_of_the_same_places_says(cases: list[Any]) -> None:
    pages = [{"data": page_data(whole), "passes": passes} for whole, _, passes in cases]
    kinds = set()
    for (_, shown, _), found in zip(cases, in_node([], pages)["answers"], strict=True):
        counts = asdict(count_by_area(shown.layers[0]))
        named = [
            dict(zip(each["names"], zip(*numbers, strict=True), strict=True))
            for each, numbers in (
                (counts, (counts["found"], counts["least"], counts["most"])),
                (
                    found["counts"],
                    (found["counts"]["n"], found["counts"]["low"], found["counts"]["high"]),
                ),
            )
        ]
        assert named[0] == named[1]
        if shown.layers[0].placed > 1:  # of one place the headline says where it is
            assert found["said"] == as_of_the_shown(shown.headline)
            kinds.add(" ".join(found["said"].split()[-5:]))
    for ending in ("of the works sites shown.", "as positions are not exact)."):
        assert any(each.endswith(ending) for each in kinds)


def test_the_rule_is_the_same_in_both_languages() -> None:
    dice = random.Random(7)
    ranges = []
    for _ in range(1000):
        least = [dice.randint(0, 4) for _ in range(dice.randint(0, 5))]
        ranges.append([least, [each + dice.choice([0, 0, 1, 2]) for each in least]])
    for (least, most), found in zip(ranges, in_node(ranges, [])["leading"], strict=True):
        said = leading(most, least, most)
        assert (found["kind"], found["rows"]) == (said.kind, list(said.rows))
