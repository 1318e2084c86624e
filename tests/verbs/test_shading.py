"""A map shaded by a column of one's own: which area is in which class, what page and legend say, what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from lcrmap.errors import GeometryError, LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.library import count, make_map, open_layer
from lcrmap.maps.charts import Bars
from lcrmap.maps.model import LayerView, PageLayer, build_model
from lcrmap.reports.recipes import parse_recipe
from lcrmap.verbs.classes import METHODS, Classes
from lcrmap.verbs.shading import shaded_by


def strip(values: Any, unit: str = "", **columns: Any) -> Layer:
    """Return squares in a row, west to east, each with a value."""
    shapes = [shapely.box(-3 + n / 100, 53.4, -2.99 + n / 100, 53.41) for n in range(len(values))]
    names = [f"s{number}" for number in range(len(values))]
    frame = gpd.GeoDataFrame(
        {"name": names, "jobs": values, **columns}, geometry=shapes, crs="EPSG:4326"
    )
    layer = open_layer(frame, title="Squares")
    fields = tuple(
        type(each)(each.name, "Jobs per km2" if unit else each.title, each.type, unit=unit)
        if each.name == "jobs"
        else each
        for each in layer.metadata.fields
    )
    return Layer(frame, layer.metadata.replaced(fields=fields))


def shaded(layer: Layer, pack: Pack, **asked: Any) -> PageLayer:
    return make_map(layer, shade="jobs", pack=pack, **asked).model.layer("squares")


def classes_of(layer: PageLayer) -> list[int]:
    """Return the class of each square from west to east, whatever the order of the table."""
    assert layer.style.kind == "shade"
    rows = sorted(range(layer.total), key=lambda row: int(layer.name_of(row)[1:]))
    return [layer.style.codes[row] for row in rows]


def test_equal_steps_put_a_value_on_a_bound_into_the_upper_class(pack: Pack) -> None:
    # From 0 to 90 in three: bounds at 30 and 60.
    values = [0, 29.999, 30, 59.999, 60, 90]
    found = shaded(strip(values), pack, classes="equal:3")
    assert found.style.kind == "shade"
    assert found.style.breaks == (30.0, 60.0)
    assert classes_of(found) == [0, 0, 1, 1, 2, 2]
    assert [each.count for each in found.legend] == [2, 2, 2]


def test_quantiles_put_as_many_areas_into_each_class(pack: Pack) -> None:
    found = shaded(strip([5, 1, 2, 8, 9, 7]), pack, classes="quantile:3")
    assert found.style.kind == "shade"
    assert found.style.breaks == (5.0, 8.0)  # sorted 1 2 | 5 7 | 8 9
    assert classes_of(found) == [1, 0, 0, 2, 2, 1]


def test_natural_breaks_lie_in_the_gap(pack: Pack) -> None:
    found = shaded(strip([1, 2, 3, 10, 11, 12]), pack, classes="natural:2")
    assert classes_of(found) == [0, 0, 0, 1, 1, 1]


def test_the_number_of_classes_suits_the_number_of_areas(pack: Pack) -> None:
    assert len(shaded(strip(list(range(6))), pack).legend) == 3
    assert len(shaded(strip(list(range(30))), pack).legend) == 5


def test_a_digit_behind_the_point_is_not_rounded_into_another_class(pack: Pack) -> None:
    values = [0.0, 0.123456789, 0.123456788, 1.0]
    found = shaded(strip(values), pack, classes="quantile:2")
    assert found.style.kind == "shade"
    assert found.style.breaks == (0.123456789,)
    assert classes_of(found) == [0, 1, 0, 1]


def test_an_area_without_a_number_is_in_no_class(pack: Pack) -> None:
    found = shaded(strip([1.0, None, 3.0]), pack, classes="equal:2")
    assert classes_of(found) == [0, 2, 1]
    assert [(each.label, each.count) for each in found.legend] == [
        ("under 2", 1),
        ("2 and over", 1),
        ("no data", 1),
    ]


def test_what_is_not_drawn_decides_no_class(pack: Pack) -> None:
    layer = strip([0, 10, 20, 1000])
    frame = layer.frame.copy()
    frame.loc[3, "geometry"] = None
    found = shaded(layer.with_frame(frame), pack, classes="equal:2")
    assert found.style.kind == "shade"
    assert found.style.breaks == (10.0,)


def test_an_answer_is_shaded_without_its_sums(pack: Pack) -> None:
    counted = count("innovation-assets", "boroughs", pack=pack)
    page = make_map(counted, shade="count", classes="equal:2", pack=pack).model
    found = page.places[0]
    assert found.style.kind == "shade"
    assert found.total == 6
    numbers = counted.frame["count"][:6]
    assert found.style.breaks == (np.ceil((numbers.max() + numbers.min()) / 2),)  # of whole numbers


def test_equal_values_are_one_class(pack: Pack) -> None:
    found = shaded(strip([4, 4, 4]), pack)
    assert classes_of(found) == [0, 0, 0]
    assert len(found.legend) == 1


def test_a_filter_comes_before_the_classes(pack: Pack) -> None:
    found = shaded(strip([0, 10, 20, 1000]), pack, where="jobs < 100", classes="equal:2")
    assert found.style.kind == "shade"
    assert found.style.breaks == (10.0,)
    assert found.total == 3


def test_legend_note_and_headline_say_column_unit_and_method(pack: Pack) -> None:
    page = make_map(
        strip([1, 2, 4], unit="/km2"),
        "freeport-sites",
        shade="squares:jobs",
        classes="equal:3",
        pack=pack,
    )
    found = page.model.layer("squares")
    assert found.note == ("Jobs per km² (/km²). Equal steps; a class includes its lower bound.")
    assert [each.label for each in found.legend] == [
        "under 2 /km²",
        "2 to under 3 /km²",
        "3 /km² and over",
    ]
    assert page.model.headline == "Jobs per km² by area: from 1 (s0) to 4 /km² (s2), median 2"
    assert found.columns[found.main[1]].name == "jobs"
    assert "Equal steps; a class includes its lower bound." in page.html
    titled = make_map(strip([1, 2, 4]), shade="jobs", title="Mine", pack=pack)
    assert titled.model.headline == "Mine"


def test_numbers_as_people_write_them_shade_with_their_unit(pack: Pack) -> None:
    page = make_map(strip(["12%", "1,300%", None]), shade="jobs", pack=pack)
    assert "from 12% (s0) to 1,300% (s1)" in page.model.headline


def test_the_packs_areas_and_any_layer_can_be_shaded(pack: Pack) -> None:
    model = make_map(
        "boroughs", "wards", shade=["boroughs:residents_2021", "wards:area_km2"], pack=pack
    ).model
    assert [each.style.kind for each in model.layers if each.part != "backdrop"] == ["shade"] * 2
    assert model.headline == "Residents, Census 2021, by borough and area by ward"


REFUSED: dict[str, tuple[Callable[[Pack], object], type[LcrmapError], str]] = {
    "text": (
        lambda pack: make_map(strip([1, 2], kind=["a", "b"]), shade="kind", pack=pack),
        UsageError,
        "shade needs numbers, and 'kind' of squares holds text or other values: choose one of jobs.",
    ),
    "commas": (
        lambda pack: make_map(
            strip([1, 2], kind=["1.234,50", "2,1"], position_error_m=[5, 6]),
            shade="kind",
            pack=pack,
        ),
        UsageError,
        (
            "shade needs numbers, and 'kind' of squares holds '1.234,50', which has a comma for its point: "
            "write 1234.50, or choose one of jobs."
        ),
    ),
    "errors of positions": (
        lambda pack: make_map(
            strip([True, False], position_error_m=[5, 6]), shade="jobs", pack=pack
        ),
        UsageError,
        "shade needs numbers, and 'jobs' of squares holds text or other values: no column of it holds any.",
    ),
    "truths": (
        lambda pack: make_map(strip([True, False]), shade="jobs", pack=pack),
        UsageError,
        "shade needs numbers, and 'jobs' of squares holds text or other values: no column of it holds any.",
    ),
    "nothing": (
        lambda pack: make_map(strip([None, None]), shade="jobs", pack=pack),
        UsageError,
        "shade needs numbers, and 'jobs' of squares holds none.",
    ),
    "infinite": (
        lambda pack: make_map(strip([1, np.inf]), shade="jobs", pack=pack),
        UsageError,
        "shade needs numbers, and 'jobs' of squares holds infinite ones.",
    ),
    "nothing, but others": (
        lambda pack: make_map(strip([None, None], homes=[1, 2]), shade="jobs", pack=pack),
        UsageError,
        "shade needs numbers, and 'jobs' of squares holds none: choose one of homes.",
    ),
    "names": (
        lambda pack: make_map(strip([1, 2], uprn=[100, 200]), shade="uprn", pack=pack),
        UsageError,
        (
            "shade needs numbers that measure something, and those of 'uprn' of squares are names: "
            "choose one of jobs."
        ),
    ),
    "one side": (
        lambda pack: make_map(strip([1, 2]), shade="jobs", middle=5, pack=pack),
        UsageError,
        (
            "middle=5 leaves 'jobs' on one side, as it runs from 1 to 2: choose a number between, "
            "or leave middle out."
        ),
    ),
    "six of one colour": (
        lambda pack: make_map(strip([1, 2]), shade="jobs", classes="equal:6", pack=pack),
        UsageError,
        (
            'classes="equal:6": a map has 1 to 5 classes, as more shades cannot be told apart, '
            "or 3 on each side of a middle."
        ),
    ),
    "middle of nothing": (
        lambda pack: make_map("wards", middle=3, pack=pack),
        UsageError,
        'middle needs shade: write both, as in shade=["change"], middle=0.',
    ),
    "points": (
        lambda pack: make_map("rail-stations", shade="position_error_m", pack=pack),
        GeometryError,
        (
            "shade needs areas, and rail-stations holds points or lines: "
            "category tells the values of a column apart there."
        ),
    ),
    "unknown": (
        lambda pack: make_map("wards", shade="area", pack=pack),
        UnknownNameError,
        (
            "No column 'area' in wards: did you mean 'area_km2'? "
            "Figures that can be shaded besides are listed by 'lcrmap indicators'."
        ),
    ),
    "unknown, like an indicator": (
        lambda pack: make_map("small-areas", shade="nocar", pack=pack),
        UnknownNameError,
        (
            "No column 'nocar' in small-areas: choose from code, name, ons_name, neighbourhood, "
            "neighbourhood_code, borough, borough_code, area_km2, residents_2021. "
            "Or did you mean the indicator 'no_car'?"
        ),
    ),
    "which layer": (
        lambda pack: make_map("wards", "boroughs", shade="area_km2", pack=pack),
        UsageError,
        (
            'shade="area_km2" must begin with a layer on the map and a colon, as in "wards:..."; '
            "on the map: wards, boroughs."
        ),
    ),
    "twice": (
        lambda pack: make_map("wards", shade=["area_km2", "wards:area_km2"], pack=pack),
        UsageError,
        "shade paints wards once, and not by two columns: leave one out.",
    ),
    "category too": (
        lambda pack: make_map("wards", shade="area_km2", category="borough", pack=pack),
        UsageError,
        "shade paints wards once, and not by category too: leave one out.",
    ),
    "classes of nothing": (
        lambda pack: make_map("wards", classes="equal:3", pack=pack),
        UsageError,
        'classes needs shade: write both, as in shade=["area_km2"], classes="quantile:4".',
    ),
    "too many classes": (
        lambda pack: make_map("wards", shade="area_km2", classes="equal:9", pack=pack),
        UsageError,
        (
            'classes="equal:9": a map has 1 to 5 classes, as more shades cannot be told apart, '
            "or 3 on each side of a middle."
        ),
    ),
    "unknown method": (
        lambda pack: make_map("wards", shade="area_km2", classes="jenks", pack=pack),
        UnknownNameError,
        "No classification method 'jenks': choose from rounded, quantile, equal, natural. 'natural' is Jenks.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shaded_is_said_in_one_sentence(case: str, pack: Pack) -> None:
    ask, kind, said = REFUSED[case]
    with pytest.raises(kind) as caught:
        ask(pack)
    assert str(caught.value) == said


def test_numbers_on_both_sides_of_nought_are_shaded_in_two_colours(pack: Pack) -> None:
    found = shaded(strip([-8, -2, -1, 0, 3, None]), pack, classes="equal:4")
    assert found.style.kind == "shade"
    assert (found.style.middle, found.style.breaks) == (0.0, (-4.0, 0.0))
    assert classes_of(found) == [0, 1, 1, 2, 2, 3]
    # The paler of each side stand next to the middle; of the upper side nothing reaches the stronger.
    assert [each.hue for each in found.legend] == [
        "difference-4-0", "difference-4-1", "difference-4-2", "",
    ]  # fmt: skip
    assert [each.swatch for each in found.legend] == ["box", "box", "box", "hatch"]
    assert found.note == (
        "Jobs. Equal steps; two colours that meet at 0; 3 classes instead of 4, as equal values stay together "
        "and no class is empty; a class includes its lower bound."
    )


def test_a_middle_is_always_a_break(pack: Pack) -> None:
    for classes in ("rounded", "quantile:2", "equal", "natural:5", "45,60", "50"):
        found = shaded(strip([41, 47, 50, 53, 60, 72]), pack, classes=classes, middle=50)
        assert found.style.kind == "shade"
        assert 50.0 in found.style.breaks, classes
        assert found.style.middle == 50.0
    page = make_map(strip([41, 47, 50, 53]), shade="jobs", middle=50, pack=pack)
    assert page.model.provenance.recipe is not None
    assert page.model.provenance.recipe["question"]["middle"] == 50


def test_given_breaks_are_kept_and_may_leave_a_class_empty(pack: Pack) -> None:
    found = shaded(strip([1, 2, 40]), pack, classes="5,10,20")
    assert found.style.kind == "shade"
    assert found.style.breaks == (5.0, 10.0, 20.0)
    assert [each.count for each in found.legend] == [2, 0, 0, 1]
    assert found.note == "Jobs. Breaks as given; a class includes its lower bound."
    signs = shaded(strip([-3, 2, 40]), pack, classes="5,10")  # breaks without 0: one colour
    assert signs.style.kind == "shade"
    assert signs.style.middle is None


def test_equal_values_never_part_and_fewer_classes_are_said(pack: Pack) -> None:
    found = shaded(strip([1, 1, 1, 1, 9]), pack, classes="quantile:4")
    assert classes_of(found) == [0, 0, 0, 0, 1]
    assert (
        "2 classes instead of 4, as equal values stay together and no class is empty" in found.note
    )


def test_headline_subtitle_and_name_say_what_is_shaded(pack: Pack) -> None:
    layer = strip([1.2, 9.8, 4.1, None], unit="%")
    model = make_map(layer, shade="jobs", pack=pack).model
    assert model.headline == "Jobs per km² by area: from 1.2% (s0) to 9.8% (s1), median 4.1%"
    assert model.subtitle.startswith("Jobs per km²: 4 areas")
    assert model.subtitle.endswith(". 1 area has no data.")
    assert model.map_name.endswith(model.headline)
    for values, said in (
        ([4, 4, 4], "Jobs by area: 4 in all 3 with data"),
        ([4, None], "Jobs by area: 4 in the only one with data"),
        ([-4, 5], "Jobs by area: from \N{MINUS SIGN}4 (s0) to 5 (s1)"),
    ):
        assert make_map(strip(values), shade="jobs", pack=pack).model.headline == said


def test_between_whole_numbers_a_class_ends_at_a_whole_number(pack: Pack) -> None:
    found = shaded(strip([1, 2, 2, 3, 4]), pack, classes="equal:2")
    assert found.style.kind == "shade"
    assert found.style.breaks == (3.0,)


@given(
    values=st.lists(
        st.floats(-1e6, 1e6) | st.integers(-9, 9).map(float) | st.just(math.nan),
        min_size=1,
        max_size=40,
    ),
    method=st.sampled_from(sorted(METHODS)),
    number=st.none() | st.integers(1, 5),
    middle=st.none() | st.floats(-10, 10),
)
def test_each_value_lies_in_the_class_that_its_colour_says(
    values: list[float], method: str, number: int | None, middle: float | None
) -> None:
    known = [each for each in values if not math.isnan(each)]
    assume(known)
    assume(middle is None or min(known) < middle <= max(known))
    shading, _ = shaded_by("x", values, Classes(method, number), "X", middle)
    frame = gpd.GeoDataFrame(
        {"x": values}, geometry=[shapely.Point(0, 0).buffer(1)] * len(values), crs=4326
    )
    model = build_model([LayerView(Layer(frame, Metadata("a", "A")), wish=shading)])
    style = model.layer("a").style
    assert style.kind == "shade"
    edges = [-math.inf, *style.breaks, math.inf]
    for value, code in zip(values, style.codes, strict=True):
        if math.isnan(value):
            assert style.entries[code].swatch == "hatch"
        else:
            assert edges[code] <= value < edges[code + 1]
    assert all(each.count for each in style.entries)
    if middle is not None:
        assert middle in style.breaks
    if style.middle is not None:  # its colours begin on their own side
        numbers = [int(each.hue.rpartition("-")[2]) for each in style.entries if each.hue]
        whole = int(style.entries[0].hue.split("-")[1])
        assert [each < whole / 2 for each in numbers] == [
            high <= style.middle for high in edges[1:]
        ]


def test_the_command_line_a_recipe_and_the_record_ask_the_same(
    lcrmap: Callable[..., Any], tmp_path: Path
) -> None:
    words = ["--shade", "area_km2", "--classes", "natural:4"]
    made = lcrmap("map", "wards", *words, "-o", "page.html", "-o", "page.png")
    assert made.code == 0, made.err
    assert made.out.startswith(
        "Area by ward: from 0.621 (St Michaels, Liverpool) to 27.92 km² (Rainford), median 2.762\n"
    )
    assert (
        (tmp_path / "page.alt.txt").read_text().startswith("Shaded map: Area by ward: from 0.621")
    )
    same = lcrmap("verify", "page.html")
    assert same.out == "The same, to the byte: 1 file.\n", same.err
    assert "--shade area_km2 --classes natural:4" in (tmp_path / "page.html").read_text()
    recipe = parse_recipe(
        '[[question]]\nask = "map"\nlayers = ["wards"]\nshade = ["area_km2"]\nclasses = "natural:4"\n',
        "r",
    )
    asked = recipe.blocks[0].question
    assert (
        make_map("wards", shade="area_km2", classes="natural:4").model.provenance.recipe is not None
    )
    assert asked.to_plain() == {
        "ask": "map",
        "layers": ["wards"],
        "shade": ["area_km2"],
        "classes": "natural:4",
    }


def test_the_shell_names_the_option(lcrmap: Callable[..., Any]) -> None:
    outcome = lcrmap("map", "rail-stations", "--shade", "position_error_m")
    assert outcome.code == 3
    assert outcome.err.startswith("Error: --shade needs areas, and rail-stations holds points")


def test_the_table_of_a_shaded_map_begins_with_the_highest(pack: Pack) -> None:
    page = make_map(strip([5, None, 9, 7]), shade="jobs", pack=pack)
    found = page.model.layer("squares")
    names = [found.name_of(row) for row in range(found.total)]
    column = found.column("jobs")
    assert column is not None
    assert column.values == [9, 7, 5, None]
    assert names == [strip([1, 2, 3, 4]).frame["name"].iloc[row] for row in (2, 3, 0, 1)]
    assert 'aria-sort="descending"' in page.html


def test_a_chart_says_which_areas_come_first_and_last(pack: Pack) -> None:
    few = make_map(strip([5, 1, 9]), shade="jobs", pack=pack).model.charts
    assert [[each.text for each in chart.bars] for chart in few] == [["9", "5", "1"]]
    (many,) = make_map(strip(list(range(40))), shade="jobs", pack=pack).model.charts
    assert many.title.endswith(": the 5 highest and the 5 lowest of 40 areas")
    assert [each.value for each in many.bars] == [39, 38, 37, 36, 35, 4, 3, 2, 1, 0]
    assert make_map(strip([-5, 1, 9]), shade="jobs", pack=pack).model.charts == ()


def test_areas_of_one_name_are_told_apart_by_their_borough(pack: Pack) -> None:
    model = make_map("wards", shade="area_km2", pack=pack).model
    wards = model.layer("wards")
    names = [wards.name_of(row) for row in range(wards.total)]
    assert len(set(names)) == 159
    assert {"Church (Sefton)", "Church (Liverpool)", "St Michaels (Knowsley)"} <= set(names)
    exact = [wards.columns[wards.label or 0].exact(row) for row in range(wards.total)]
    assert len(set(exact)) < 159  # what a CSV gives is the file's own


def test_a_legend_begins_a_name_of_a_file_with_a_capital(pack: Pack) -> None:
    layer = strip([1, 2])
    plain = Layer(layer.frame, layer.metadata.replaced(title="squares"))
    assert make_map(plain, shade="jobs", pack=pack).model.layer("squares").heading == "Squares"


def test_boroughs_of_which_a_table_says_nothing_are_hatched_and_in_the_legend(
    tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "jobs.csv"
    rows = ["Knowsley,100", "Liverpool,200", "Sefton,400", "Wirral,500"]
    path.write_text("borough,jobs\n" + "\n".join(rows) + "\nSt Helens,\n", encoding="utf-8")
    found = make_map(path, shade="jobs", pack=pack)
    layer = found.model.layer("jobs")
    assert (layer.legend[-1].label, layer.legend[-1].count) == ("no data", 2)
    unknown = {layer.name_of(row) for row in range(layer.total) if layer.style.codes[row] == 3}
    assert unknown == {"Halton", "St Helens"}
    assert found.model.subtitle.endswith("2 boroughs have no data.")
    assert "jobs has no row for Halton: no data." in found.model.notes
    assert layer.column("jobs").values[:4] == [500, 400, 200, 100]  # numbers stay as they are


def test_breaks_that_could_not_be_rounded_are_not_called_so() -> None:
    shading, note = shaded_by("x", [20.8, 20.9, 500.0], Classes("rounded", 3), "X")
    assert shading.breaks == (20.9, 500.0)
    assert note == "X. Natural breaks (Fisher-Jenks); a class includes its lower bound."
    _, note = shaded_by("x", [20.0, 30.0, 500.0], Classes("rounded", 3), "X")
    assert note.startswith("X. Rounded breaks between the lowest and the highest; ")


def test_bars_have_four_digits_and_whole_numbers_in_full(pack: Pack) -> None:
    model = make_map(strip([7341.106, 0.123456, 12345.678, 5.0]), shade="jobs", pack=pack).model
    (chart,) = model.charts
    assert isinstance(chart, Bars)
    assert [each.text for each in chart.bars] == ["12,346", "7,341", "5", "0.1235"]
