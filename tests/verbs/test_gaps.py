"""``gaps`` as a function: it is what catchments leave, area by area, and unknown is never 0."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lcrmap.errors import GeometryError, LcrmapError, UsageError
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.library import access, catchment, gaps, locate
from lcrmap.verbs.gaps.words import GapSums, gap_sentences
from lcrmap.verbs.people import People

SKERRIES = Path(__file__).parents[1] / "packs" / "skerries"


def test_gaps_are_what_the_catchments_leave(pack: Pack) -> None:
    total = gaps("rail-stations", 800, by="boroughs", pack=pack).layer.frame.iloc[-1]
    within = catchment(["rail-stations"], [800], pack=pack, dissolve=True).layer.frame.iloc[0]
    assert total["residents"] == 1_551_784
    assert total["residents_beyond"] == 1_551_784 - within["residents"]
    assert total["residents_beyond_min"] == 1_551_784 - within["residents_max"]
    assert total["residents_beyond_max"] == 1_551_784 - within["residents_min"]
    assert (
        total["most_deprived_tenth_beyond"]
        == total["most_deprived_tenth"] - within["most_deprived_tenth"]
    )


@pytest.mark.parametrize("by", [None, "boroughs", "wards"])
def test_the_areas_add_up_to_all_together(pack: Pack, by: str | None) -> None:
    answer = gaps("innovation-assets", 5000, by=by, pack=pack)
    areas, total = answer.layer.features, answer.layer.frame.iloc[-1]
    missed = total["residents"] - areas["residents"].sum()
    assert missed == 0 if by != "wards" else missed >= 0
    if missed:
        assert any(f"{missed:,} residents live in none of wards" in each for each in answer.notes)
    assert (areas["residents_beyond_min"] <= areas["residents_beyond"]).all()
    assert (areas["residents_beyond"] <= areas["residents_beyond_max"]).all()


def test_an_area_of_which_nothing_is_known_stays_empty(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"far"},"geometry":'
        '{"type":"Polygon","coordinates":[[[0,50],[1,50],[1,51],[0,50]]]}}]}'
    )
    answer = gaps("rail-stations", 800, by=str(path), pack=pack)
    row = answer.layer.frame.iloc[0]
    assert pd.isna(row["residents"])
    assert pd.isna(row["residents_beyond"])
    assert pd.isna(row["share_beyond_pct"])
    assert any("holds no point" in each for each in answer.notes)


def test_the_page_shades_the_share_and_says_the_range(pack: Pack) -> None:
    answer = gaps("rail-stations", 800, by="boroughs", pack=pack)
    model = answer.page().model
    assert model.headline == answer.notes[-1].rstrip(".")
    assert model.headline.endswith(" (965,011 to 1,067,972, as positions are not exact)")
    assert "Halton (77.3%)" in model.summary[-1]


def highest(*beyond: tuple[float, ...], residents: float = 100) -> str:
    """Return what is said of towns of so many residents, of whom so many, and so many to so many, live beyond."""
    names = [f"{letter}ham" for letter in "ABCDEF"[: len(beyond)]]
    columns = ("residents_beyond", "residents_beyond_min", "residents_beyond_max")
    rows = [dict(zip(columns, each * (4 - len(each)), strict=False)) for each in beyond]
    sums = pd.DataFrame([*rows, dict.fromkeys(columns, 0)]).assign(residents=residents)
    towns = Metadata("towns", "Towns", label="name", noun_one="town", noun_many="towns")
    layer = Layer(gpd.GeoDataFrame({"name": names}, geometry=[None] * len(names)), towns)
    people = People(layer, {"residents": np.array([])}, None, "", "")
    others: Any = {"people": people, "spots": None}
    said = gap_sentences(GapSums(sums, areas=layer, beyond_m=800, region="", **others))
    return said[-1] if said else ""


def test_the_highest_share_is_named_as_far_as_it_is_certain() -> None:
    assert highest((10,), (30,), (20,), (5,)) == (
        "The share is highest in Bham (30.0%), Cham (20.0%) and Aham (10.0%)."
    )
    assert (
        highest((10,), (30,), (20,), (10,))
        == "The share is highest in Bham (30.0%) and Cham (20.0%)."
    )
    assert highest((10,), (30, 25, 35), (20, 15, 24)) == (
        "The share is highest in Bham (30.0%), Cham (20.0%) and Aham (10.0%)."
    )
    assert highest((10,), (30, 25, 35), (20, 15, 25)) == (
        "Bham and Cham are too close to call: position errors could change which has the higher share."
    )
    assert highest(*[(9, 5, 20)] * 4) == "No town clearly has the highest share."


def test_equal_shares_are_named_together_or_counted() -> None:
    assert highest((40,), (40,)) == "The share is highest in Aham (40.0%) and Bham (40.0%)."
    assert highest(*[(100,)] * 4, (3,)) == "The share is highest in 4 towns, 100% each."


def test_no_share_is_highest_where_nobody_lives_beyond_or_little_is_known() -> None:
    assert highest((0,), (0,)) == ""
    assert highest((5,)) == ""
    nan = float("nan")
    assert highest((30, nan, 35), (20, nan, 25)) == (
        "Aham and Bham are too close to call: position errors could change which has the higher share."
    )


def test_features_that_stop_at_the_border_are_mentioned(pack: Pack) -> None:
    assert any(
        "near its border" in each for each in gaps("investment-zone-sites", 5000, pack=pack).notes
    )
    assert not any(
        "near its border" in each for each in gaps("rail-stations", 5000, pack=pack).notes
    )


def test_what_cannot_be_answered(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="above 0"):
        gaps("rail-stations", 0, pack=pack)
    with pytest.raises(GeometryError, match=r"^by needs areas"):
        gaps("rail-stations", 800, by="freeport-sites", pack=pack)
    (tmp_path / "datapackage.json").write_text('{"name": "bare", "resources": []}')
    from lcrmap.layers import open_pack

    with pytest.raises(UsageError, match="no layer in the role 'population'"):
        gaps("53.4,-2.99", 800, pack=open_pack(tmp_path))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"type": "integer"', '"type": "string"'), ('"field": "people"', '"field": "ref"')],
)
def test_residents_that_are_no_numbers_are_a_sentence(
    tmp_path: Path, right: str, wrong: str
) -> None:
    from lcrmap.layers import open_pack

    folder = shutil.copytree(SKERRIES, tmp_path / "skerries")
    described = folder / "datapackage.json"
    text = json.dumps(json.loads(described.read_text()))
    assert right in text
    described.write_text(text.replace(right, wrong))
    with pytest.raises(LcrmapError) as caught:
        gaps("landings", 800, pack=open_pack(folder))
    assert "the role 'population'" in str(caught.value)


def test_the_page_says_how_many_live_beyond_and_not_only_which_share(pack: Pack) -> None:
    page = gaps("rail-stations", 800, by="boroughs", pack=pack).page()
    chart = page.model.charts[-1]
    assert chart.title == "Residents beyond 800 m, by borough"
    values = [each.value for each in chart.bars]
    assert values == sorted(values, reverse=True)
    assert sum(values) == 1_017_274
    assert all("%" in each.text for each in chart.bars)
    stations = page.model.layer("rail-stations")
    assert stations.singly  # no disc hides the shades
    assert page.model.layer("gaps").called == "Boroughs"
    legend = page.html.split('id="legend"')[1]
    assert legend.index("by neighbourhood") < legend.index("<bdi>Boroughs")


def test_a_bare_name_is_said_to_be_taken_for_what_it_was_found_as(pack: Pack) -> None:
    for answer in (
        gaps("Bootle", 5000, pack=pack),
        access("Bootle", 5000, pack=pack),
        locate("Bootle", candidates="libraries", choose=1, pack=pack),
    ):
        (note,) = [each for each in answer.notes if "is taken as" in each]
        assert note.startswith("'Bootle' is taken as the library Bootle in Sefton (libraries:boo")
    for name in ("rail-stations", "libraries:bootle"):
        assert not any("is taken as" in each for each in gaps(name, 5000, pack=pack).notes)
