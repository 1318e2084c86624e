"""What a page says and shows of layers that are not ours: categories, numbers, classes, places far from the region."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.layers import Field, Layer, Metadata, Pack
from lcrmap.maps.columns import make_column
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.style import PALETTE
from lcrmap.maps.styling import Circles, Shading
from lcrmap.maps.tables import make_table
from lcrmap.maps.words import load_words
from tests.maps import samples

WORDS = load_words()


def points(count: int, at: tuple[float, float] = (-2.9, 53.4)) -> list[shapely.Point]:
    return [shapely.Point(at[0] + n * 1e-4, at[1]) for n in range(count)]


def layer(columns: dict[str, Any], shapes: Any = None, **metadata: Any) -> Layer:
    size = len(next(iter(columns.values())))
    frame = gpd.GeoDataFrame(
        columns, geometry=points(size) if shapes is None else shapes, crs="EPSG:4326"
    )
    return Layer(frame, Metadata("mine", "Mine", noun_one="site", noun_many="sites", **metadata))


def page(made: Layer, wish: Any = None) -> PageModel:
    return build_model([LayerView(made, wish=wish)])


# Categories


def kinds(*counts: int) -> Layer:
    values = [f"k{n}" for n, count in enumerate(counts) for _ in range(count)]
    return layer({"kind": values}, category="kind")


def test_the_legend_keeps_the_most_common_categories_and_not_the_first() -> None:
    model = page(kinds(1, 1, 1, 2, 2, 2, 2, 2, 2, 9))
    labels = [each.label for each in model.layers[0].legend]
    assert labels == ["k3", "k4", "k5", "k6", "k7", "k8", "k9", "3 other categories"]
    assert len({(each.hue, each.shape) for each in model.layers[0].legend}) == len(PALETTE) + 1


def test_one_category_past_the_palette_keeps_its_name() -> None:
    entry = page(kinds(*[2] * len(PALETTE), 1)).layers[0].legend[-1]
    assert (entry.label, entry.categories) == (f"k{len(PALETTE)}", (len(PALETTE),))


def test_every_category_is_of_one_entry() -> None:
    entries = page(kinds(1, 1, 1, 2, 2, 2, 2, 2, 2, 9)).layers[0].legend
    assert entries[-1].categories == (0, 1, 2)
    assert sorted(code for each in entries for code in each.categories) == [*range(10)]


def test_the_rest_is_never_called_the_most_frequent() -> None:
    model = page(kinds(*[2] * 30, 3))
    assert model.layers[0].legend[-1].count == 48  # many in all, and each of them rare
    assert model.summary == ("There are 63 sites, most often k30 (3); all have a position.",)


def test_what_is_not_stated_is_never_called_the_most_frequent() -> None:
    made = layer({"kind": ["a", "a", "b", None, None, None, None]}, category="kind")
    assert page(made).summary == (
        "There are 7 sites, most often a (2) and b (1); all have a position.",
    )


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([10, 9, 100], ["9", "10", "100"]),
        (["2024-03-01", "2023-12-31", "2024-01-09"], ["2023-12-31", "2024-01-09", "2024-03-01"]),
        (["b", "a", "c"], ["b", "a", "c"]),  # no order is known: as they come
        ([-1, 1, 0], ["-1", "0", "1"]),
    ],
)
def test_numbers_and_dates_stand_in_their_order(values: list[Any], order: list[str]) -> None:
    column = make_column(Field("kind", "Kind"), pd.Series(values * 2), WORDS, coded=True)
    assert list(column.labels) == order
    assert [column.text(row) for row in range(3)] == [str(each) for each in values]


# Numbers


@pytest.mark.parametrize("name", ["uprn", "URN", "id", "site_id", "OBJECTID", "area_code"])
def test_numbers_that_are_names_keep_their_form(name: str) -> None:
    column = make_column(Field(name, name), pd.Series([100023336956, 7]), WORDS)
    assert (column.text(0), column.to_json()["plain"]) == ("100023336956", True)


def test_a_key_keeps_its_form_whatever_it_is_called() -> None:
    made = layer({"nummer": [100023336956, 7]}, key="nummer")
    (column,) = page(made).layers[0].columns
    assert column.text(0) == "100023336956"


@pytest.mark.parametrize("name", ["residents", "idle", "valid", "decoded"])
def test_other_numbers_have_separators(name: str) -> None:
    column = make_column(Field(name, name), pd.Series([1551784, 7]), WORDS)
    assert (column.text(0), "plain" in column.to_json()) == ("1,551,784", False)


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ([1, 1], ["1"]),
        ([2, 1], ["2", "1"]),
        ([5, 4], ["5", "2", "1"]),
        ([32, 7], ["40", "20", "8"]),
        ([24, 7], ["25", "10", "5"]),
        ([141, 7], ["150", "80", "30"]),
        ([51995, 7], ["60,000", "30,000", "10,000"]),
        ([0.5, 4.5], ["5", "2", "1"]),
        ([0.004, 0.0], ["0.004", "0.002", "0.0008"]),
    ],
)
def test_counts_have_whole_steps_in_a_legend(values: list[float], steps: list[str]) -> None:
    model = page(layer({"n": values}), Circles("n"))
    assert [each.label for each in model.layers[0].legend] == steps


def test_whole_numbers_beyond_floating_point_keep_every_digit_for_scripts() -> None:
    long = 2**53 + 1
    for values in (
        pd.Series([long, 2]),
        pd.Series([long, None], dtype="Int64"),
        pd.Series([2**70, None], dtype=object),
    ):
        column = make_column(Field("n", "N"), values, WORDS)
        (row, text), *rest = column.to_json()["exact"].items()
        assert (column.kind, row, int(text.replace(",", "")), rest) == (
            "number",
            0,
            int(values[0]),
            [],
        )
        assert column.text(0) == f"{values[0]:,}"


def test_numbers_among_texts_keep_their_form() -> None:
    column = make_column(
        Field("v", "V"), pd.Series([2**53 + 1, 12345.6789012, "x"], dtype=object), WORDS
    )
    assert [column.text(row) for row in range(3)] == ["9007199254740993", "12345.6789012", "x"]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([True, False]),
        pd.Series([True, False, None], dtype=object),
        pd.Series([True, False, None], dtype="boolean"),
    ],
)
def test_true_and_false_read_alike_whether_or_not_one_is_empty(values: pd.Series[Any]) -> None:
    column = make_column(Field("open", "Open"), values, WORDS)
    assert (column.kind, column.text(0), column.text(1)) == ("code", "Yes", "No")
    assert (column.exact(0), column.exact(1), column.to_json()["raw"]) == (
        "true",
        "false",
        ["false", "true"],
    )
    assert len(values) == 2 or column.text(2) == column.exact(2) == ""


# Classes


def classes(values: list[float], breaks: tuple[float, ...], unit: str = "") -> list[str]:
    squares = [shapely.box(n, 50, n + 0.5, 50.5) for n in range(len(values))]
    made = layer({"v": values}, squares, fields=(Field("v", "V", "number", unit=unit),))
    return [each.label for each in page(made, Shading("v", breaks)).layers[0].legend]


@pytest.mark.parametrize(
    ("values", "breaks", "unit", "labels"),
    [
        ([1, 5, 9], (2, 8), "", ["under 2", "2 to under 8", "8 and over"]),
        ([10, 95, 100], (30, 100), "%", ["under 30%", "30% to under 100%", "100%"]),
        ([10, 95, 100, 101], (30, 100), "%", ["under 30%", "30% to under 100%", "100% and over"]),
        ([1e-9, 2e-7], (1e-7,), "", ["under 1e\N{MINUS SIGN}07", "1e\N{MINUS SIGN}07 and over"]),
    ],
)  # fmt: skip
def test_classes_are_told_apart_and_a_single_value_is_called_by_it(
    values: list[float], breaks: tuple[float, ...], unit: str, labels: list[str]
) -> None:
    assert classes(values, breaks, unit) == labels


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=4, unique=True))
def test_no_two_breaks_are_written_alike(breaks: list[float]) -> None:
    labels = classes([-2e6, 2e6], tuple(sorted(breaks)))
    assert len(set(labels)) == len(labels)


# The region


def test_a_region_is_not_named_for_places_elsewhere(pack: Pack) -> None:
    fiji = layer({"name": ["Suva", "Nadi"]}, points(2, (178.4, -18.1)))
    areas = LayerView(samples.areas(), "areas")
    there = build_model([areas, LayerView(fiji)], pack=pack)
    assert (there.subtitle, there.region) == ("2 sites", "")
    here = build_model([areas, LayerView(layer({"name": ["A", "B"]}))], pack=pack)
    assert (here.subtitle, here.region) == (
        "2 sites, Liverpool City Region",
        "Liverpool City Region",
    )


def test_features_of_no_name_are_called_so() -> None:
    made = layer({"v": [1, 2]}, [None, None]).metadata.replaced(
        title="Features", noun_many="features"
    )
    frame = layer({"v": [1, 2]}, [None, None]).frame
    assert build_model([LayerView(Layer(frame, made))]).headline == (
        "The positions of the features are not known"
    )


def test_a_headline_counts_those_whose_position_is_known() -> None:
    assert page(layer({"v": [1, 2]})).headline == "Where the 2 sites are"
    assert (
        page(layer({"v": [1, 2, 3]}, [*points(2), None])).headline == "Where 2 of the 3 sites are"
    )
    assert page(layer({"v": [1, 2]}, [*points(1), None])).headline == "Where 1 of the 2 sites is"
    chosen = layer({"v": [1, 2]}, [*points(1), None], selection="v < 3", selected_from=9)
    assert page(chosen).headline == "Where 1 of the 9 sites is"
    assert page(layer({"v": [1]}, [None])).headline == "The positions of the sites are not known"


def test_the_table_says_which_have_no_position() -> None:
    made = page(layer({"name": ["A", "B"]}, [*points(1), None]))
    rows = make_table(made.layers[0], WORDS, "2 sites").rows
    assert [row.remark for row in rows] == ["", "not on the map: position not known"]
    told = page(layer({"name": ["A", "B"], "position_error_m": [5.0, None]}, [*points(1), None]))
    rows = make_table(told.layers[0], WORDS, "2 sites").rows
    assert [row.remark for row in rows] == ["", ""]
    assert rows[1].cells[0].text == "not on the map: position not known"
