"""What the verbs say of any layer, in a county where distances are worked out in the head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import hypothesis
from hypothesis import strategies as st

import lcrmap
from lcrmap.errors import NothingFoundError
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from tests.verbs.shire import HOMES, along, layer

DEPOTS = ((2_000, 100), (15_000, 50))  # metres east, and how far off they may be
REACH = 800
EAST = st.one_of(st.none(), st.integers(-50, 350).map(lambda n: 100 * n + 7))  # never on a bound
PLACES = st.lists(EAST, min_size=1, max_size=8).filter(
    lambda east: any(x is not None for x in east)
)
some = hypothesis.settings(max_examples=6, deadline=None, derandomize=True)


def shops(east: Sequence[float | None]) -> Layer:
    names = [f"shop {chr(ord('a') + number)}" for number in range(len(east))]
    return layer(along(dict(zip(names, east, strict=True))), "shops", "shop", "shops")


def numbers(text: str) -> set[float]:
    """The numbers of a text; of a distance in kilometres the metres."""
    text = re.sub(r"(\d[\d.]*) km\b", lambda found: f"{float(found[1]) * 1000:g} m", text)
    return {float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?\b", text)}


def told(answer: Answer) -> str:
    return " ".join((answer.finding, *answer.sentences))


def denies(text: str) -> bool:
    """Whether a headline says that nothing is so."""
    return re.match(r"(None|No|0|Nobody|Nothing)\b", text) is not None


def share(part: float, whole: float) -> set[float]:
    return {round(100 * part / whole, digits) for digits in (0, 1, 2)} if whole else set()


@some
@hypothesis.given(east=PLACES)
def test_near_counts_what_is_near(east: list[Any], county: Pack) -> None:
    placed = [each for each in east if each is not None]
    least, found, most = (
        sum(any(abs(x - at) + sign * error <= REACH for at, error in DEPOTS) for x in placed)
        for sign in (1, 0, -1)
    )
    try:
        answer = lcrmap.near(shops(east), "depots", within=REACH, pack=county)
    except NothingFoundError:
        assert found == 0
        return
    frame = answer.frame
    assert (frame["distance_m"] <= REACH).all()
    assert frame["from_name"].nunique() == found
    assert denies(answer.finding) == (found == 0)
    unsure = int((~frame["rank_certain"].astype(bool)).sum())
    figures = {least, found, most, len(placed), len(east), len(frame), unsure, REACH}
    distances = {round(each, -1) for each in frame["distance_m"]}
    assert numbers(told(answer)) <= figures | distances
    for name in re.findall(r"shop [a-h]\b", told(answer)):
        assert name in {*frame["from_name"]} or len(placed) == 1


@some
@hypothesis.given(east=PLACES)
def test_join_counts_what_lies_inside(east: list[Any], county: Pack) -> None:
    placed = [each for each in east if each is not None]
    inside = sum(0 < each < 30_000 for each in placed)
    answer = lcrmap.join(shops(east), "towns", take=["people"], pack=county)
    assert len(answer.frame) == len(east)
    assert answer.frame["people"].notna().sum() == inside
    assert denies(answer.finding) <= (inside == 0)
    if len(placed) > 1:
        assert min(numbers(answer.finding)) == min(inside, 3)
    assert numbers(told(answer)) <= {inside, len(placed), len(east), 3}


@some
@hypothesis.given(east=PLACES)
def test_catchment_counts_who_lives_within(east: list[Any], county: Pack) -> None:
    placed = [each for each in east if each is not None]
    rings = [1_500, 3_500]
    answer = lcrmap.catchment(shops(east), rings, pack=county)
    live = [
        sum(home[2] for home in HOMES if any(abs(home[1] - x) <= ring for x in placed))
        for ring in rings
    ]
    tenth, fifth = (
        sum(home[2] for home in HOMES if home[3] <= most and reached(home[1], placed, rings[-1]))
        for most in (1, 2)
    )
    unknown = answer.finding.endswith("is not known here")  # beyond the towns
    assert (denies(answer.finding) or unknown) == (live[0] == 0)
    shares = share(live[0], 1000) | share(live[1], 1000) | share(tenth, live[1])
    figures = {*live, tenth, fifth, *rings, len(placed), len(east), 1000}
    lines = [each for each in answer.sentences if "small areas" in each or "Midshire" in each]
    assert numbers(" ".join((answer.finding, *lines))) <= figures | shares | share(fifth, live[1])
    assert {live[0]} <= numbers(answer.finding) or not live[0]
    assert ("Midshire" in answer.finding) <= (live[0] > 0 or denies(answer.finding))


def reached(home: float, placed: list[Any], far: float) -> bool:
    return any(abs(home - each) <= far for each in placed)


@some
@hypothesis.given(east=PLACES)
def test_gaps_count_who_lives_beyond_and_add_up(east: list[Any], county: Pack) -> None:
    placed = [each for each in east if each is not None]
    answer = lcrmap.gaps(shops(east), 1_500, by="towns", pack=county)
    beyond, tenth, fifth = (
        sum(h[2] for h in HOMES if h[3] <= most and not reached(h[1], placed, 1_500))
        for most in (10, 1, 2)
    )
    frame = answer.frame
    areas, total = frame[frame["row"] == "area"], frame[frame["row"] == "total"].iloc[0]
    assert areas["residents_beyond"].sum() == total["residents_beyond"] == beyond
    assert areas["residents"].sum() == total["residents"] == 1000
    assert denies(answer.finding) == (beyond == 0)
    figures = {beyond, 1000, 1500, tenth, fifth, 500, 700, *range(4)}
    shares = set().union(*(share(a, b) for a, b in ((beyond, 1000), (tenth, 500), (fifth, 700))))
    own = {round(each, 1) for each in frame["share_beyond_pct"].dropna()}
    assert numbers(told(answer)) <= figures | shares | own
