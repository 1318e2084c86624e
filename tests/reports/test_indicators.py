"""What is known of areas in a report: recipes ask as the command line does, and credits name every source of a page."""

from __future__ import annotations

import pytest

from lcrmap.layers import Pack
from lcrmap.library import count, gaps, join, make_map, profile
from lcrmap.reports.folder import report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.verbs.sources import Sources
from tests.conftest import ROOT

RECIPE = """
title = "Who lives there"
[[question]]
ask = "map"
layers = ["small-areas"]
shade = ["no_car"]
against = "connectivity_score"
[[question]]
ask = "gaps"
layer = "gp-surgeries"
beyond = "1km"
of = "age_75_plus"
groups = ["no_car_tenth"]
by = "boroughs"
[[question]]
ask = "count"
layers = ["residents"]
in = "boroughs"
of = "cars_0"
groups = ["most_deprived_tenth"]
[[question]]
ask = "join"
left = "libraries"
right = "small-areas"
take = ["name"]
with = ["green_space_m"]
[[question]]
ask = "profile"
place = "Birkenhead Central"
"""


@pytest.fixture(scope="module")
def files(pack: Pack) -> dict[str, bytes]:
    made = report_files(make_report(parse_recipe(RECIPE, "r"), sources=Sources(pack)))[0]
    return {str(name): data for name, data in made.items()}


def test_a_recipe_asks_what_the_library_asks(pack: Pack, files: dict[str, bytes]) -> None:
    text = files["index.html"].decode()
    asked = [
        gaps("gp-surgeries", "1km", of="age_75_plus", by="boroughs", pack=pack),
        count("residents", "boroughs", of="cars_0", groups="most_deprived_tenth", pack=pack),
        join("libraries", "small-areas", take="name", indicators="green_space_m", pack=pack),
        profile("Birkenhead Central", pack=pack),
    ]
    for each in asked:
        assert each.finding.split(" (")[0] in text
    crossed = make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack)
    assert crossed.model.headline.split(":")[0] in text


def test_the_credits_name_every_source_of_every_page(pack: Pack, files: dict[str, bytes]) -> None:
    credits_ = files["credits.txt"].decode()
    for source in (
        "Office for National Statistics: Census 2021",
        "English Indices of Deprivation 2025",
        "University of Liverpool: Groundswell indicators",
        "fuel poverty",
        "epraccur",
        "Arts Council England",
        "NaPTAN",
    ):
        assert source in credits_, source
    named = {pack.indicators.named(each).source for each in pack.indicators.profile}
    for each in named:
        assert each.title in credits_, each.title
        assert each.credit in credits_, each.credit


def test_the_page_of_licences_names_every_source_of_an_indicator(pack: Pack) -> None:
    told = (ROOT / "data" / "LICENCES.md").read_text(encoding="utf-8")
    for source in {each.source for each in pack.indicators}:
        assert f"- {source.title} ({source.as_of}). Credit: {source.credit}" in told
