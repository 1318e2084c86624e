"""What the pages that count residents say of the points at which these live."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lcrmap.layers import Pack
from lcrmap.maps.sureness import sure_lines
from lcrmap.verbs.access.question import Access
from lcrmap.verbs.asks import page_maker
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.people import open_people
from lcrmap.verbs.question import Question
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

SAID = "Homes: all homes. Their points are taken as exact: ranges are of other positions alone."
COUNTING = [
    Gaps(layer="depots", beyond="3km"),
    Gaps(layer="depots", beyond="3km", by="towns"),
    Catchment(places="depots", rings="3km"),
    Access(layer="depots", within="3km"),
    Locate(layer="depots", candidates="towns"),
]


@pytest.mark.parametrize("question", COUNTING)
def test_a_page_says_what_the_points_of_residents_are(question: Question, county: Pack) -> None:
    sources = Sources(county)
    model = page_maker(question.ask)(answer(question, sources), sources)
    assert sure_lines(model).count(SAID) == 1


def test_of_points_that_are_not_described_only_the_name_is_said(county: Pack) -> None:
    people = open_people(Sources(county))
    assert people.sure == (SAID,)
    metadata = people.layer.metadata.replaced(description="")
    bare = replace(people, layer=people.layer.with_metadata(metadata))
    assert bare.sure == (SAID.replace("Homes: all homes.", "Homes."),)
