"""Areas of which a share is of few: marked on the map, in the legend and in the table, by one rule."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.layers import Layer, Pack
from lcrmap.library import make_map, open_layer
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.verbs.figures import figures_of
from lcrmap.verbs.map.small import SMALL_BASE, base_of_share, with_small_bases


def squares(homes: list[float]) -> gpd.GeoDataFrame:
    shapes = [shapely.box(-3 + n / 100, 53.4, -2.99 + n / 100, 53.41) for n in range(len(homes))]
    names = [f"s{number}" for number in range(len(homes))]
    jobs = [5 + number for number in range(len(homes))]
    return gpd.GeoDataFrame(
        {"name": names, "jobs": jobs, "homes": homes}, geometry=shapes, crs="EPSG:4326"
    )


def marked(model: PageModel) -> PageLayer | None:
    return next((each for each in model.layers if each.marks), None)


def test_a_base_below_a_hundred_is_marked_and_a_hundred_is_not(pack: Pack) -> None:
    model = make_map(
        squares([99, 100, 101, 0, np.nan, 3]), shade="jobs", per="homes", pack=pack
    ).model
    layer = marked(model)
    assert layer is not None
    assert layer.column("name").values == ["s0, small base", "s5, small base"]
    assert layer.title == "Small base: fewer than 100 homes"
    assert model.subtitle.endswith("2 have a small base and are marked.")
    areas = next(each for each in model.layers if each.style.kind == "shade")
    base = areas.column("jobs_per_homes_base")
    told = {areas.name_of(row): base.text(row) for row in range(areas.total)}
    assert {name: each for name, each in told.items() if each} == {
        "s0": "99 homes: small",
        "s5": "3 homes: small",
    }
    assert "jobs_per_homes_base" in [areas.columns[each].name for each in areas.main]
    assert model.headline.startswith("Jobs divided by homes by ")
    assert "6 " in model.subtitle  # the marks are no further places


@pytest.mark.parametrize("homes", [[100, 200, 300], [0.5, 0.25, 0.75]])
def test_without_a_small_count_nothing_is_marked(pack: Pack, homes: list[float]) -> None:
    model = make_map(squares(homes), shade="jobs", per="homes", pack=pack).model
    assert marked(model) is None
    assert "small base" not in model.subtitle


def test_square_kilometres_are_no_base(pack: Pack) -> None:
    assert marked(make_map(squares([1, 2, 3]), shade="jobs", per="km2", pack=pack).model) is None


def test_children_in_small_areas_of_the_pack(pack: Pack) -> None:
    model = make_map(
        "small-areas", shade="income_deprived_children", per="age_0_14", pack=pack
    ).model
    base = figures_of(pack, "age_0_14", "small-areas")
    known = figures_of(pack, "income_deprived_children", "small-areas").notna()
    layer = marked(model)
    assert layer is not None
    assert layer.total == int((known & (base > 0) & (base < SMALL_BASE)).sum()) > 10


def test_the_base_of_a_share_is_that_of_its_indicator(pack: Pack) -> None:
    layer = open_layer("small-areas", pack=pack)
    base = base_of_share(layer, pack.indicators.named("no_car"), pack)
    assert base is not None
    assert base.noun == "households"
    assert (
        base.numbers.tolist()
        == figures_of(pack, "households", "small-areas")[layer.frame["code"]].tolist()
    )
    assert marked(make_map("small-areas", shade="no_car", pack=pack).model) is None
    assert base_of_share(layer, pack.indicators.named("imd_score"), pack) is None
    few = Layer(layer.frame.assign(x=1.0), layer.metadata)
    plain, shown, symbols = with_small_bases(few, "x", np.ones(len(few.frame)), None)
    assert (plain, shown, symbols) == (few, (), None)


def test_both_columns_of_a_crossed_map_are_looked_at(pack: Pack) -> None:
    frame = squares([50, 500, 500, 500, 500, 500, 500, 500, 500])
    frame["other"] = [1.0, 2, 3, 2, 3, 1, 3, 1, 2]
    model = make_map(frame, shade="jobs", per="homes", against="other", pack=pack).model
    layer = marked(model)
    assert layer is not None
    assert layer.total == 1
