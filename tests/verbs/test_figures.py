"""Indicators beside areas: as columns, on maps, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lcrmap.analysis.joining import NOWHERE, match_areas
from lcrmap.errors import GeometryError, LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import count, join, make_map, open_layer, show
from lcrmap.verbs.figures import figures_of, with_figures

ONS = "Office for National Statistics licensed under the Open Government Licence v3.0."


def test_indicators_stand_beside_areas_and_can_be_filtered_and_sorted_by(pack: Pack) -> None:
    made = show(
        "small-areas",
        indicators=["no_car", "imd_decile"],
        where="imd_decile = 1",
        sort="-no_car",
        pack=pack,
    ).layer
    assert len(made.frame) == 289
    assert (made.frame["imd_decile"] == 1).all()
    assert made.frame["no_car"].is_monotonic_decreasing
    assert made.frame["residents_2021"].sum() == 446_435
    assert made.field("no_car").unit == "%"
    assert "at most 13 households" in made.field("no_car").description


def test_a_table_shows_the_indicators_that_were_asked_for_right_behind_the_name(pack: Pack) -> None:
    asked = ("no_car", "imd_decile")
    shown = show("small-areas", indicators=asked, limit=3, pack=pack).main
    assert shown[:4] == ("code", "name", *asked)
    assert len(shown) == 8
    many = ("no_car", "carers", "carers_50h", "disabled", "health_good", "health_bad", "cars_0")
    assert show("boroughs", indicators=many, pack=pack).main == ("code", "name", *many)
    assert show("boroughs", pack=pack).main == ()


def test_a_count_has_indicators_behind_its_figures_and_can_be_divided_by_one(pack: Pack) -> None:
    plain = count("gp-surgeries", areas="boroughs", pack=pack)
    asked = count("gp-surgeries", areas="boroughs", indicators=["no_car", "cars_0"], pack=pack)
    frame = asked.frame
    assert [*frame.columns] == [*plain.frame.columns[:-1], "no_car", "cars_0", "geometry"]
    assert frame[plain.frame.columns].equals(plain.frame)
    assert asked.finding == plain.finding
    areas, closing = frame.iloc[:-3], frame.iloc[-3:]
    assert areas["cars_0"].tolist() == figures_of(pack, "cars_0", "boroughs").tolist()
    assert closing[["no_car", "cars_0"]].isna().all(axis=None)
    assert ONS in asked.layer.metadata.credit
    per = count(
        "gp-surgeries", areas="boroughs", indicators="cars_0", per="cars_0", pack=pack
    ).frame.iloc[:-3]
    assert (per["count"] / per["cars_0"]).tolist() == pytest.approx(
        per["per_cars_0"].tolist(), rel=1e-3
    )
    with pytest.raises(UsageError, match="does not sum"):
        count("gp-surgeries", areas="boroughs", indicators="imd_rank", pack=pack)


def test_a_join_attaches_indicators_of_the_area_in_which_each_feature_lies(pack: Pack) -> None:
    asked = join(
        "gp-surgeries",
        "small-areas",
        take="code",
        indicators=["no_car", "works_from_home"],
        pack=pack,
    )
    frame = asked.frame
    figures = figures_of(pack, "no_car", "small-areas").round(1)
    inside = frame[frame["code"].notna()]
    assert len(inside) == 242
    assert inside["no_car"].tolist() == figures[inside["code"]].tolist()
    assert frame.loc[frame["code"].isna(), "no_car"].isna().all()
    assert asked.main[1:4] == ("code", "no_car", "works_from_home")
    assert any("was in a lockdown" in each for each in asked.notes)
    assert ONS in asked.layer.metadata.credit
    assert {"access.csv", "work.csv"} <= {each.name for each in asked.layer.inputs}
    every = join("gp-surgeries", "small-areas", indicators="no_car", pack=pack).frame
    assert {"code", "area_km2", "no_car"} <= set(every.columns)
    with pytest.raises(UsageError, match="wards has no column with one of their codes"):
        join("gp-surgeries", "wards", indicators="no_car", pack=pack)


@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg", "parquet", "json", "md"])
def test_exports_have_the_indicators(
    lcrmap: Callable[..., Any], tmp_path: Path, suffix: str
) -> None:
    show_, count_, join_ = (tmp_path / f"{name}.{suffix}" for name in ("show", "count", "join"))
    asked = ["--with", "no_car,imd_score", "-o"]
    for words in (
        ["show", "boroughs", *asked, str(show_)],
        ["count", "gp-surgeries", "--in", "boroughs", *asked, str(count_)],
        ["join", "gp-surgeries", "boroughs", "--take", "name", *asked, str(join_)],
    ):
        assert lcrmap(*words).code == 0
    for path in (show_, count_, join_):
        if suffix in ("json", "md"):  # which tell, and are not read again
            text = path.read_text(encoding="utf-8")
            assert "40.1" in text, path.name
            assert "no_car" in text if suffix == "json" else "No car" in text
            continue
        told = lcrmap("show", str(path), "--format", "csv")
        assert told.code == 0, told.err
        again = pd.read_csv(io.StringIO(told.out))
        assert {23.8, 31.2, 40.1, 23.2, 26.4, 25.1} == set(again["no_car"].dropna()), path.name
        assert again["imd_score"].notna().sum() >= 6


def test_a_mean_of_scores_is_called_one_and_boroughs_are_as_published(pack: Pack) -> None:
    made = show("boroughs", indicators=["no_car", "imd_score"], pack=pack).layer
    assert made.frame["no_car"].tolist() == [23.8, 31.2, 40.1, 23.2, 26.4, 25.1]
    assert made.field("imd_score").title.endswith("mean weighted by residents")


def test_credits_sources_and_files_of_indicators_are_named(pack: Pack) -> None:
    made = show("small-areas", indicators=["no_car", "connectivity_score"], pack=pack).layer
    assert "Contains public sector information" in made.metadata.credit
    assert any("Indices of Deprivation 2025" in each.title for each in made.metadata.sources)
    assert {"access.csv", "nesting.csv"} <= {each.name for each in made.inputs}


def test_what_is_not_known_of_is_said_with_its_reason(pack: Pack) -> None:
    answer = show("boroughs", indicators="income_deprived_children", pack=pack)
    (said,) = answer.layer.notes
    assert said == (
        "'income_deprived_children' is not known of 5 of 6 boroughs, as small areas' are suppressed where they "
        "are few."
    )
    assert (
        show("boroughs", indicators="works_from_home", pack=pack)
        .layer.notes[0]
        .startswith("Census day, 21 March 2021, was in a lockdown")
    )


def test_a_table_of_ones_own_is_joined_by_codes_also_with_a_name_behind(
    pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "area,mine\nE01006512 : Liverpool 031A,5\nE01006514 : Liverpool 060A,7\n",
        encoding="utf-8",
    )
    made = show(str(path), indicators="households", pack=pack).layer
    expected = figures_of(pack, "households", "small-areas")[["E01006512", "E01006514"]]
    assert made.frame["households"].tolist() == expected.tolist()


def test_joining_by_code_and_by_point_agree_for_every_postcode(pack: Pack) -> None:
    areas, people = open_layer("small-areas", pack=pack), open_layer("residents", pack=pack)
    matched = match_areas(people.frame, areas.frame, key=areas.key).first()
    assert (matched != NOWHERE).all()
    by_point = areas.frame["code"].to_numpy()[matched]
    assert (by_point == people.frame["lsoa21"].to_numpy()).all()
    assert len(by_point) == 37_841


def test_the_order_of_rows_changes_nothing(pack: Pack) -> None:
    layer = open_layer("small-areas", pack=pack)
    names = ["no_car", "imd_score", "green_space_m"]
    plain = with_figures(layer, names, pack).frame
    mixed = with_figures(layer.with_frame(layer.frame.sample(frac=1, random_state=3)), names, pack)
    pd.testing.assert_frame_equal(plain[names], mixed.frame[names].sort_index())


@pytest.mark.parametrize(
    ("layer", "name", "error", "said"),
    [
        ("wards", "no_car", UsageError, "wards has no column with one of their codes in each row"),
        ("bus-stops", "no_car", UsageError, "bus-stops has no column with one of their codes"),
        ("boroughs", "imd_decile", UsageError, "does not sum: boroughs have no such figure"),
        ("small-areas", "industry_q", UsageError, "not known of areas as small as small-areas"),
        ("small-areas", "no_cars", UnknownNameError, "did you mean 'no_car'"),
        ("small-areas", "area_km2", UsageError, "is a column of small-areas already"),
    ],
)
def test_what_cannot_be_put_beside_is_refused_in_a_sentence(
    pack: Pack, layer: str, name: str, error: type[LcrmapError], said: str
) -> None:
    with pytest.raises(error) as refused:
        show(layer, indicators=name, pack=pack)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


# On a map


def test_a_shaded_indicator_says_its_range_its_day_and_its_source(pack: Pack) -> None:
    model = make_map("small-areas", shade="no_car", pack=pack).model
    assert model.headline == (
        "No car by small area: from 3.1% (Sandymoor, Daresbury & Preston Brook B) to 77.8% "
        "(Central & Islington C), median 26.8%"
    )
    assert "21 March 2021" in model.subtitle
    note = next(each.note for each in model.layers if each.name == "small-areas")
    assert "Office for National Statistics: Census 2021, 21 March 2021." in note
    assert "Derived: ONS's percentages of cars by output area" in note


def test_beside_the_map_stand_the_region_and_the_areas_at_both_ends(pack: Pack) -> None:
    assert make_map("small-areas", shade="no_car", pack=pack).model.glance == (
        "No car, Liverpool City Region: 30.2%.",
        "Highest: Central & Islington C 77.8%, Central & Islington B 76.3%, Central & Islington E 74.8%.",
        "Lowest: Sandymoor, Daresbury & Preston Brook B 3.1%, Bold & Clock Face G 3.7%, Caldy & Newton E 3.8%.",
    )
    # Six boroughs stand in the chart, and a rank has no figure of the region.
    assert make_map("boroughs", shade="no_car", pack=pack).model.glance == (
        "No car, Liverpool City Region: 30.2%.",
    )
    assert not make_map("boroughs", shade="area_km2", pack=pack).model.glance
    highest, lowest = make_map("small-areas", shade="imd_decile", pack=pack).model.glance
    assert lowest == "Lowest: 1 decile (289 small areas)."
    assert highest.startswith("Highest: 10 decile (")


def test_of_two_shaded_layers_the_first_is_shown(pack: Pack) -> None:
    shades = ["small-areas:no_car", "neighbourhoods:no_qualifications"]
    model = make_map(["small-areas", "neighbourhoods"], shade=shades, pack=pack).model
    told = [(each.choice, each.visible) for each in model.layers if each.style.kind == "shade"]
    assert told == [("small-areas", True), ("neighbourhoods", False)]
    assert model.glance[0] == "No car, Liverpool City Region: 30.2%."
    assert len(model.glance) == 3
    (alone,) = [
        each
        for each in make_map("small-areas", shade="no_car", pack=pack).model.layers
        if each.style.kind == "shade"
    ]
    assert (alone.choice, alone.visible) == ("", True)


def test_what_concerns_travel_says_on_the_page_that_census_day_was_in_a_lockdown(
    pack: Pack,
) -> None:
    for name in ("works_from_home", "travels_10km_plus"):
        model = make_map("boroughs", shade=name, pack=pack).model
        (note,) = [each.note for each in model.layers if each.name == "boroughs"]
        assert "was in a lockdown" in note


def test_a_count_is_drawn_as_circles_unless_it_is_divided(pack: Pack) -> None:
    model = make_map("boroughs", shade="cars_0", pack=pack).model
    (layer,) = [each for each in model.layers if each.style.kind == "circle"]
    assert layer.placed == 6
    assert "a count is not shaded, as a shade would mostly show how large an area is" in layer.note
    assert model.subtitle == (
        "Households without a car: 6 boroughs, Liverpool City Region, 21 March 2021."
    )
    assert model.headline.startswith("Households without a car by borough: from 13,328 (Halton)")
    model = make_map("boroughs", shade="cars_0", per="households", pack=pack).model
    (layer,) = [each for each in model.layers if each.name == "boroughs"]
    assert layer.style.kind == "shade"
    assert layer.column("cars_0_per_households").unit == "%"
    assert "from 23.19% (St Helens) to 40.07% (Liverpool)" in model.headline


def test_a_rate_is_of_ten_thousand_residents_and_of_one_square_kilometre(pack: Pack) -> None:
    def values(per: str) -> dict[str, float]:
        model = make_map("boroughs", shade="cars_0", per=per, pack=pack).model
        (layer,) = [each for each in model.layers if each.name == "boroughs"]
        return dict(
            zip(layer.column("code").values, layer.column(f"cars_0_per_{per}").values, strict=True)
        )

    model = make_map("boroughs", shade="disabled", per="households", pack=pack).model
    assert model.headline.startswith("Disabled residents divided by households by borough: from")
    frame = show("boroughs", indicators=["cars_0", "residents"], pack=pack).layer.frame
    for row in frame.to_dict("records"):
        expected = 10_000 * row["cars_0"] / row["residents"]
        assert values("residents")[row["code"]] == pytest.approx(expected, abs=1e-4)
        assert values("km2")[row["code"]] == pytest.approx(
            row["cars_0"] / row["area_km2"], rel=1e-4
        )


def test_industry_of_neighbourhoods_by_hand(pack: Pack) -> None:
    model = make_map(
        "neighbourhoods", shade="industry_q", per="employed_residents", pack=pack
    ).model
    (layer,) = [each for each in model.layers if each.name == "neighbourhoods"]
    values = dict(
        zip(
            layer.column("code").values,
            layer.column("industry_q_per_employed_residents").values,
            strict=True,
        )
    )
    assert values["E02002574"] == pytest.approx(100 * 628 / 4502, abs=1e-4)  # Farnworth


@pytest.mark.parametrize(
    ("layer", "options", "error", "said"),
    [
        ("bus-stops", {"shade": "no_car"}, UsageError, "has no column with one of their codes"),
        ("boroughs", {"shade": "name"}, UsageError, "shade needs numbers"),
        ("boroughs", {"shade": "no_car", "per": "households"}, UsageError, "'no_car' is a share"),
        ("boroughs", {"shade": "cars_0", "per": "no_car"}, UsageError, "'no_car' is a share"),
        ("boroughs", {"per": "households"}, UsageError, "per needs shade"),
        ("rail-stations", {"shade": "position_error_m"}, GeometryError, "shade needs areas"),
    ],
)
def test_what_cannot_be_shaded_is_refused_in_a_sentence(
    pack: Pack, layer: str, options: dict[str, str], error: type[LcrmapError], said: str
) -> None:
    with pytest.raises(error) as refused:
        make_map(layer, pack=pack, **options)
    assert said in str(refused.value)


def test_a_base_of_nought_is_refused_or_leaves_the_area_unknown(pack: Pack) -> None:
    frame = open_layer("boroughs", pack=pack).frame
    with pytest.raises(UsageError, match="is nought in every area"):
        make_map(frame.assign(jobs=1, base=0), shade="jobs", per="base", pack=pack)
    model = make_map(
        frame.assign(jobs=1, base=[0, 1, 2, 3, 4, 5]), shade="jobs", per="base", pack=pack
    ).model
    layer = next(each for each in model.layers if each.style.kind == "shade")
    assert None in layer.column("jobs_per_base").values
    assert any(each.swatch == "hatch" for each in layer.style.entries)
