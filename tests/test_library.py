"""The functions of Python: what they take, what they give back under which index and CRS, and what they say."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal
from pandas.testing import assert_index_equal

import lcrmap
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import PAGES, question_class
from lcrmap.verbs.question import QuestionField, fields_of
from lcrmap.verbs.sources import Sources

FUNCTIONS = {"map": lcrmap.make_map} | {ask: getattr(lcrmap, ask) for ask in PAGES if ask != "map"}

# Pier Head and Lime Street lie in Liverpool, Widnes in Halton, Southport in Sefton, Derby in none.
SPOTS = {
    "pier": (-2.9972, 53.4046),
    "lime": (-2.9779, 53.4075),
    "widnes": (-2.7330, 53.3630),
    "southport": (-3.0050, 53.6470),
    "derby": (-1.4750, 52.9220),
    "nowhere": None,
}
AREAS = ["Liverpool", "Liverpool", "Halton", "Sefton", None, None]


@pytest.fixture
def spots() -> gpd.GeoDataFrame:
    """Return points on the National Grid under an index of texts with a name."""
    shapes = [None if each is None else shapely.Point(each) for each in SPOTS.values()]
    return gpd.GeoDataFrame(
        {
            "kind": pd.Categorical(["a", "b", "a", "b", "a", "b"]),
            "jobs": pd.array([1, 2, None, 4, 5, 6], dtype="Int64"),
            "position_error_m": [10.0, 0.0, None, 2000.0, 5.0, None],
        },
        index=pd.Index(SPOTS, name="site"),
        geometry=gpd.GeoSeries(shapes, index=pd.Index(SPOTS), crs="EPSG:4326").to_numpy(),
        crs="EPSG:4326",
    ).to_crs(27700)


@pytest.fixture
def boroughs(pack: Pack) -> gpd.GeoDataFrame:
    """Return the six boroughs on the National Grid under their codes."""
    frame = lcrmap.open_layer("boroughs", pack=pack).frame
    return frame.set_index("code", drop=False)[["code", "name", "geometry"]].to_crs(27700)


@pytest.fixture(autouse=True)
def _inputs_stay_as_they_are(spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame) -> Iterator[None]:
    before = spots.copy(deep=True), boroughs.copy(deep=True)
    yield
    for frame, old in zip((spots, boroughs), before, strict=True):
        assert_geodataframe_equal(frame, old)
        assert frame.attrs == old.attrs


def assert_rows_of(result: gpd.GeoDataFrame, given: gpd.GeoDataFrame) -> None:
    """Hold a result to what momepy's `assert_result` does: index, geometry and CRS are those of the input."""
    assert isinstance(result, gpd.GeoDataFrame)
    assert_index_equal(result.index, given.index)
    assert result.crs == given.crs
    assert_geoseries_equal(result.geometry, given.geometry)


# Parameters


@pytest.mark.parametrize("ask", PAGES)
def test_a_function_takes_what_its_question_asks_and_no_more(ask: str) -> None:
    taken = inspect.signature(FUNCTIONS[ask]).parameters
    fields = {each.name: each for each in fields_of(question_class(ask))}
    assert list(taken) == [*fields, "pack"]
    for name, field in fields.items():
        parameter = taken[name]
        default = inspect.Parameter.empty if field.required else field.default
        if parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            assert parameter.default == default, name
        assert (parameter.kind is not inspect.Parameter.KEYWORD_ONLY) == _is_positional(field), name


def _is_positional(field: QuestionField) -> bool:
    return field.required or bool(field.option.argument)


@pytest.mark.parametrize("name", [*(each for each in lcrmap.__all__ if each.islower())])
def test_a_docstring_tells_every_parameter(name: str) -> None:
    function = getattr(lcrmap, name)
    told = inspect.getdoc(function) or ""
    parameters = told.partition("Parameters\n----------\n")[2].partition("\n\nRe")[0]
    heads = re.findall(r"^(\S[^:\n]*) : ", parameters, flags=re.MULTILINE)
    listed = [each.strip(" *") for head in heads for each in head.split(",")]
    assert sorted(listed) == sorted(inspect.signature(function).parameters)
    for part in ("Returns\n", "Raises\n", "Examples\n"):
        assert part in told


@pytest.mark.parametrize(
    "name", ["x, y", "match", "encoding", "strict", "scenario", "sort", "limit"]
)
def test_a_parameter_that_functions_share_is_told_in_the_same_words(name: str) -> None:
    docstrings = [inspect.getdoc(each) or "" for each in (*FUNCTIONS.values(), lcrmap.open_layer)]
    found = [re.search(rf"^{name} : .*\n(?:    .*\n)+", each, re.MULTILINE) for each in docstrings]
    told = [each[0] for each in found if each is not None]
    assert len(told) > 5
    assert len(set(told)) == 1


# Index and CRS


def test_a_join_keeps_index_columns_types_and_crs(
    spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame
) -> None:
    for right in ("boroughs", boroughs, boroughs.to_crs(4326)):
        found = lcrmap.join(spots, right, take="name").frame
        assert_rows_of(found, spots)
        assert found["name"].astype(object).where(found["name"].notna(), None).tolist() == AREAS
        for column in spots.columns:
            pd.testing.assert_series_equal(found[column], spots[column])


def test_a_join_repeats_the_label_of_a_feature_in_several_rows(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.join(
        spots, "rail-stations", take="name", predicate="dwithin", distance=700, many=True
    )
    near = found.frame.groupby(level=0)["name"].count()
    assert near["lime"] > 1
    assert near["derby"] == 0
    assert found.frame.loc["lime", "geometry"].nunique() == 1
    assert found.frame.index.unique().tolist() == list(SPOTS)
    assert found.beside_frame is not None
    assert set(found.beside_frame.index) == {each for each in SPOTS if not near[each]}


def test_chosen_and_sorted_rows_keep_their_labels(spots: gpd.GeoDataFrame) -> None:
    shown = lcrmap.show(spots, where="jobs > 1", sort="-jobs", limit=3)
    assert shown.frame.index.tolist() == ["nowhere", "derby", "southport"]
    joined = lcrmap.join(spots, "boroughs", how="anti", sort="-jobs", columns="jobs")
    assert joined.frame.index.tolist() == ["nowhere", "derby"]
    assert joined.frame.columns.tolist() == ["jobs", "geometry"]
    assert joined.frame.crs == spots.crs


def test_neighbours_stand_under_the_label_of_their_place(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.near(spots, ["rail-stations", "freeport-sites"], k=2)
    assert found.frame.index.tolist() == [each for each in list(SPOTS)[:5] for _ in range(4)]
    assert found.frame.index.name == "site"
    assert found.frame.loc["lime", "name"].tolist()[0] == "Liverpool Lime Street"
    assert found.frame.crs == "EPSG:4326"
    assert found.beside_frame is not None
    assert_index_equal(found.beside_frame.index, found.frame.index)
    assert set(found.beside_frame.geom_type) == {"LineString"}


def test_neighbours_side_by_side_keep_index_shapes_and_crs(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.near(spots, "rail-stations", k=2, wide=True)
    assert_rows_of(found.frame, spots)
    assert found.frame["1_name"]["lime"] == "Liverpool Lime Street"
    with_mine = spots.join(found.frame[["1_name", "1_distance_m"]])
    assert with_mine.loc["southport", "1_name"] == "Southport"
    some = lcrmap.near(spots, "rail-stations", wide=True, sort="-1_distance_m", limit=1)
    assert_rows_of(some.frame, spots.loc[["derby"]])


def test_counts_stand_under_the_labels_of_their_areas(
    spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame
) -> None:
    found = lcrmap.count(spots, boroughs).frame
    assert found.index.tolist() == [*boroughs.index, "outside", "no-position", "total"]
    assert found.index.name == "code"
    assert found["count"].to_dict() == {
        "E06000006": 1,
        "E08000011": 0,
        "E08000012": 2,
        "E08000013": 0,
        "E08000014": 1,
        "E08000015": 0,
        "outside": 1,
        "no-position": 1,
        "total": 6,
    }
    assert_rows_of(found.iloc[:6], boroughs)
    some = lcrmap.count(spots, boroughs, where="count > 1", columns="count").frame
    assert some["count"].to_dict() == {"E08000012": 2, "total": 6}


def test_gaps_stand_under_the_labels_of_their_areas(boroughs: gpd.GeoDataFrame) -> None:
    found = lcrmap.gaps("rail-stations", 800, by=boroughs).frame
    assert found.index.tolist() == [*boroughs.index, "total"]
    assert_rows_of(found.iloc[:6], boroughs)
    named = lcrmap.gaps("rail-stations", 800, by="boroughs").frame
    assert found["residents_beyond"].tolist() == named["residents_beyond"].tolist()


def test_rings_stand_under_the_label_of_their_place(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.catchment(spots, [500, 1000], count="rail-stations")
    assert found.frame.index.tolist() == [each for each in list(SPOTS)[:5] for _ in range(2)]
    together = lcrmap.catchment(spots, 500, dissolve=True)
    assert together.frame.index.tolist() == [0]
    both = lcrmap.catchment([spots, "parkside"], 500)
    assert both.frame.index.tolist() == list(range(6))


INDEXES: dict[str, Callable[[int], pd.Index[Any]]] = {
    "dates": lambda size: pd.date_range("2026-01-01", periods=size, name="day"),
    "repeated": lambda size: pd.Index([7] * size),
    "backwards": lambda size: pd.RangeIndex(size, 0, -1),
    "floats": lambda size: pd.Index(np.linspace(0, 1, size)),
    "categories": lambda size: pd.CategoricalIndex([f"c{each}" for each in range(size)]),
    "two levels": lambda size: pd.MultiIndex.from_arrays(
        [list("ab") * (size // 2), range(size)], names=["side", "number"]
    ),
}


@pytest.mark.parametrize("make", INDEXES.values(), ids=INDEXES.keys())
def test_any_index_is_kept(
    make: Callable[[int], pd.Index[Any]], spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame
) -> None:
    mine = spots.set_axis(make(6))
    for found in (lcrmap.show(mine), lcrmap.join(mine, "boroughs")):
        assert_rows_of(found.frame, mine)
    assert_rows_of(lcrmap.near(mine, "rail-stations", wide=True).frame, mine)
    pairs = lcrmap.near(mine, "rail-stations").frame
    assert_index_equal(pairs.index, mine.index[:5])
    areas = boroughs.set_axis(make(6))
    counted = lcrmap.count(spots, areas).frame
    assert counted.index[:6].tolist() == areas.index.tolist()
    assert counted.index.names == areas.index.names
    last = counted.index[-1]
    assert (last[0] if isinstance(last, tuple) else last) == "total"


def test_a_layer_at_hand_keeps_its_index_too(spots: gpd.GeoDataFrame) -> None:
    layer = lcrmap.open_layer(spots, title="My sites")
    assert_index_equal(layer.frame.index, spots.index)
    assert_rows_of(lcrmap.join(layer, "boroughs").frame, spots)


def test_shapes_of_another_name_stay_the_shapes(spots: gpd.GeoDataFrame) -> None:
    mine = spots.rename_geometry("where_it_is")
    assert_rows_of(lcrmap.join(mine, "boroughs").frame, mine)
    assert_rows_of(lcrmap.near(mine, "rail-stations", wide=True).frame, spots)


def test_rows_of_a_name_and_of_a_file_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,lat,lon\nA,53.4,-2.99\nB,53.5,-2.9\n")
    assert lcrmap.join(tmp_path / "mine.csv", "boroughs").frame.index.tolist() == [0, 1]
    assert lcrmap.count("freeport-sites", "boroughs").frame.index.tolist() == list(range(9))


# Pages of what has an index


def asked_about_features(spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame) -> dict[str, Answer]:
    """Return an answer of each verb."""
    return {
        "show": lcrmap.show(spots, where="jobs > 1"),
        "join": lcrmap.join(spots, boroughs, take="name", sort="-jobs"),
        "many": lcrmap.join(
            spots, "rail-stations", predicate="dwithin", distance=700, many=True, limit=5
        ),
        "count": lcrmap.count(spots, boroughs, where="count > 0"),
        "rate": lcrmap.count(spots, boroughs, per="km2"),
        "near": lcrmap.near(spots, "rail-stations", k=2, sort="-distance_m", limit=3),
        "wide": lcrmap.near(spots, "rail-stations", wide=True, limit=3),
        "catchment": lcrmap.catchment(spots, [500, 1000]),
        "gaps": lcrmap.gaps("rail-stations", 800, by=boroughs, where="residents > 200000"),
    }


def test_a_page_is_the_same_whatever_the_index(
    spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame
) -> None:
    mine = asked_about_features(spots, boroughs)
    plain = asked_about_features(spots.reset_index(drop=True), boroughs.set_axis(pd.Index([3] * 6)))
    for name, found in mine.items():
        assert found.page().html == plain[name].page().html, name


def test_the_lines_of_a_page_are_those_of_its_rows(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.near(spots, "rail-stations", k=2, sort="-distance_m", limit=3)
    page = found.page().model
    rows = page.layer("near-rail-stations")
    names = [rows.name_of(row) for row in range(rows.total)]
    assert names == found.frame["name"].tolist()
    assert found.frame.index.tolist() == ["derby", "derby", "widnes"]
    ends = [rows.shapes.parts[row] for row in range(3)]
    assert len({str(each) for each in ends}) == 3


def test_an_answer_survives_pickling(spots: gpd.GeoDataFrame, boroughs: gpd.GeoDataFrame) -> None:
    for name, found in asked_about_features(spots, boroughs).items():
        again = pickle.loads(pickle.dumps(found))
        assert_geodataframe_equal(again.frame, found.frame)
        assert again.page().html == found.page().html, name


# What is taken


def test_a_point_is_longitude_and_latitude_and_becomes_a_position() -> None:
    found = lcrmap.near(shapely.Point(-2.9972, 53.4046), "rail-stations")
    assert found.question.to_plain()["from"] == "53.4046,-2.9972"
    typed = lcrmap.near("53.4046,-2.9972", "rail-stations")
    assert_geodataframe_equal(found.frame, typed.frame)
    tiny = lcrmap.near(shapely.Point(-1e-7, 51.5), "rail-stations")
    assert tiny.question.to_plain()["from"] == "51.5,-0.0000001"


def test_several_points_are_several_places() -> None:
    points = [shapely.Point(-2.99, 53.40), shapely.Point(-2.73, 53.36)]
    found = lcrmap.catchment(points, 500, count="rail-stations").frame
    assert found["place"].tolist() == ["53.4,-2.99", "53.36,-2.73"]
    counted = lcrmap.count([*points, "freeport-sites"], "boroughs").frame
    assert counted["point"].sum() == 2  # one area and the total
    assert counted["point_2"].sum() == 2


def test_a_single_shape_is_spoken_of_by_its_kind_or_title() -> None:
    box = shapely.box(-2.99, 53.40, -2.98, 53.41)
    assert lcrmap.catchment(box, 800).finding.endswith("live within 800 m of the polygon")
    titled = lcrmap.open_layer(box, title="Knowledge Quarter")
    assert "Knowledge Quarter" in lcrmap.near(titled, "freeport-sites").finding
    grid = lcrmap.near(shapely.Point(334500, 390400), "rail-stations", crs=27700)
    typed = lcrmap.near("334500,390400", "rail-stations")
    assert grid.frame["distance_m"].tolist() == typed.frame["distance_m"].tolist()
    assert grid.frame["distance_min_m"].tolist() == typed.frame["distance_min_m"].tolist()


def test_a_layer_measured_to_itself_is_not_its_own_neighbour(spots: gpd.GeoDataFrame) -> None:
    found = lcrmap.near(spots, spots)
    assert found.frame["distance_m"].min() > 1000
    itself = lcrmap.near(spots, spots, include_self=True)
    assert itself.frame[["bearing", "direction"]].isna().all(axis=None)
    assert itself.frame["distance_m"].max() == 0
    assert list(found.question.to_plain().values()) == ["near", "places", ["places"]]


@pytest.mark.parametrize("crs", [27700, "EPSG:27700", "27700", pyproj.CRS(27700)])
def test_the_crs_of_features_that_say_none_can_be_given(crs: Any, spots: gpd.GeoDataFrame) -> None:
    bare = gpd.GeoDataFrame(geometry=spots.geometry.to_numpy(), index=spots.index)
    found = lcrmap.join(bare, "boroughs", take="name", crs=crs)
    assert found.frame["name"].isna().tolist() == [each is None for each in AREAS]
    assert found.frame.crs == "EPSG:27700"
    assert lcrmap.open_layer(bare.geometry, crs=crs).frame.crs == "EPSG:27700"


def test_an_empty_shape_is_no_position(spots: gpd.GeoDataFrame) -> None:
    mine = spots.copy()
    mine.loc["nowhere", "geometry"] = shapely.Point()
    found = lcrmap.join(mine, "boroughs", take="name")
    assert found.notes[-1].endswith("1 outside, 1 without a position.")
    assert_rows_of(found.frame, spots)
    assert mine.loc["nowhere", "geometry"].is_empty
    with pytest.raises(lcrmap.LcrmapError, match="without one no distance can be told"):
        lcrmap.near(shapely.Point(), "rail-stations")


def test_a_point_of_missing_numbers_is_no_position(spots: gpd.GeoDataFrame) -> None:
    mine = spots.copy()
    mine.loc["nowhere", "geometry"] = gpd.points_from_xy([np.nan], [np.nan])[0]
    found = lcrmap.join(mine, "boroughs", take="name")
    assert found.notes[-1].endswith("1 outside, 1 without a position.")
    assert len(lcrmap.open_layer(mine).frame) == len(spots)
    lcrmap.near(mine, "rail-stations")
    lcrmap.make_map(mine)
    mine.loc["nowhere", "geometry"] = shapely.Point(-2.9, np.nan)
    half = lcrmap.join(mine, "boroughs", take="name")
    assert half.notes[0].startswith("left has one coordinate without the other in feature ")
    assert half.notes[-1].endswith("1 outside, 1 without a position.")


def test_columns_of_any_type_come_back_as_they_are(spots: gpd.GeoDataFrame) -> None:
    mine = spots.assign(
        when=pd.Timestamp("2026-01-01", tz="Europe/London"),
        tags=[["a"]] * 6,
        true=pd.array([True, None] * 3, dtype="boolean"),
        text=pd.Series(["x"] * 6, index=spots.index, dtype="string"),
        circle=spots.buffer(10),
    )
    found = lcrmap.join(mine, "boroughs", take="name")
    for column in mine.columns:
        pd.testing.assert_series_equal(found.frame[column], mine[column])
    assert "Pier" not in found.page().html  # an index is no column


def test_an_answer_is_asked_about_as_a_layer_is(spots: gpd.GeoDataFrame) -> None:
    joined = lcrmap.join(spots, "boroughs", take="name", prefix="in_")
    chosen = lcrmap.show(joined, where="in_name = 'Liverpool'")
    assert chosen.frame.index.tolist() == ["pier", "lime"]
    assert chosen.frame.crs == spots.crs
    assert lcrmap.show(lcrmap.show("wards")).question.to_plain()["layer"] == "wards"


def test_an_answer_and_a_layer_are_shown_in_a_line(spots: gpd.GeoDataFrame) -> None:
    layer = lcrmap.open_layer(spots, title="My sites")
    assert repr(layer) == "<Layer 'my-sites': 6 places, EPSG:27700>"
    assert repr(lcrmap.count(layer, "boroughs", columns="count")) == (
        "<Answer to 'count': Liverpool has 2 of the 4 places inside the six boroughs (9 rows, 2 columns)>"
    )


def test_another_pack_is_a_pack_or_its_folder(skerries: Pack) -> None:
    for pack in (skerries, skerries.folder, str(skerries.folder)):
        assert lcrmap.show("landings", pack=pack).pack.name == "skerries"
    with pytest.raises(FileNotFoundError, match="No data pack in"):
        lcrmap.show("landings", pack="no-such-folder")


def test_numbers_of_numpy_are_numbers() -> None:
    found = lcrmap.near("L3 5QA", "rail-stations", k=np.int64(2), within=np.float64(2000))
    assert found.question == lcrmap.near("L3 5QA", "rail-stations", k=2, within=2000).question


# Features at hand and the pack's layers


def test_features_called_as_a_layer_of_the_pack_do_not_stand_for_it(
    boroughs: gpd.GeoDataFrame, pack: Pack
) -> None:
    two = lcrmap.open_layer(boroughs.iloc[:2], title="Boroughs")
    found = lcrmap.near("53.40,-2.97", two)
    assert found.question.to_plain()["to"] == ["boroughs-2"]
    assert found.frame["layer"].tolist() == ["boroughs-2"]
    model = found.page().model
    assert [(each.name, each.part, each.total) for each in model.layers if "boro" in each.name] == [
        ("boroughs", "areas", 6),
        ("near-boroughs-2", "places", 1),
        ("boroughs-2", "places", 1),
    ]
    shown = lcrmap.make_map(two, "freeport-sites").model
    assert shown.layer("boroughs").part == "areas"
    assert shown.layer("boroughs-2").total == 2
    # The pack's six boroughs still say where a site lies.
    plain = lcrmap.show("freeport-sites").page().model.layer("freeport-sites")
    areas = [each.column("in_area") for each in (shown.layer("freeport-sites"), plain)]
    texts = [[each.text(row) for row in range(16)] for each in areas if each is not None]
    assert texts[0] == texts[1]
    assert {"Liverpool", "Halton"} <= set(texts[0])


def test_areas_at_hand_do_not_stand_for_those_of_the_pack(boroughs: gpd.GeoDataFrame) -> None:
    halton = lcrmap.open_layer(boroughs.iloc[:1], title="Boroughs")
    found = lcrmap.near("freeport-sites", "rail-stations")
    mine = lcrmap.near("freeport-sites", ["rail-stations", halton])
    theirs = mine.frame[mine.frame["layer"] == "rail-stations"]
    assert theirs["in_area"].tolist() == found.frame["in_area"].tolist()
    assert theirs["in_area"].nunique() > 1


def test_the_packs_own_layer_is_asked_for_as_that(pack: Pack) -> None:
    assets, areas = lcrmap.open_layer("innovation-assets"), lcrmap.open_layer("boroughs")
    found = lcrmap.count(assets, areas)
    assert found.question == lcrmap.count("innovation-assets", "boroughs").question
    assert found.page().html == lcrmap.count("innovation-assets", "boroughs").page().html
    some = lcrmap.count(assets.with_frame(assets.frame.iloc[:10]), areas)
    assert some.question.to_plain()["layers"] == ["innovation-assets-2"]
    renamed = Layer(assets.frame, assets.metadata.replaced(title="Mine"), assets.inputs)
    assert lcrmap.show(renamed).question.to_plain()["layer"] == "innovation-assets-2"


def test_a_name_is_given_once(spots: gpd.GeoDataFrame) -> None:
    sources = Sources()
    layer = lcrmap.open_layer(spots, title="Sites")
    assert [sources.keep(layer), sources.keep(layer)] == ["sites", "sites-2"]
    assert sources.kept == ("sites", "sites-2")
    assert sources.layer("sites-2").name == "sites-2"
    assert sources.with_layers({"wards": layer}).kept == sources.kept


def test_a_name_of_features_goes_before_a_place_that_is_called_so(spots: gpd.GeoDataFrame) -> None:
    mine = lcrmap.open_layer(spots, title="Parkside")
    found = lcrmap.near(mine, "rail-stations")
    assert found.frame.index.tolist() == list(SPOTS)[:5]


def test_a_page_of_features_in_memory_is_told_to_be_one(
    lcrmap: Callable[..., Any], spots: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    from lcrmap.library import near

    near(spots, "rail-stations").page().save(tmp_path / "near.html")
    outcome = lcrmap("verify", "near.html", "--inputs", ".")
    assert outcome.code == 3
    assert outcome.err == (
        "Error: 'near.html' was made in Python from features in memory ('places'), which no file holds: "
        "only the script that made it can make it again.\n"
    )
    told = lcrmap("explain", "near.html")
    assert "Features in memory, which no file holds: places" in told.out
    assert "lcrmap near places" not in (tmp_path / "near.html").read_text(encoding="utf-8")


# What is said


MESSAGES = [
    (
        lambda: lcrmap.join("wards", "boroughs", border="al"),
        ValueError,
        "border must be one of once, all, error, not 'al'.",
    ),
    (
        lambda: lcrmap.join("wards", "boroughs", border="all", predicate="within"),
        ValueError,
        "border is about the rule for points on areas, which predicate and largest_overlap=True replace:",
    ),
    (
        lambda: lcrmap.join("wards", "boroughs", distance=500),
        ValueError,
        'predicate="dwithin", which needs it: write both, as in predicate="dwithin", distance="500m".',
    ),
    (
        lambda: lcrmap.near("L3 5QA", "rail-stations", k=0),
        ValueError,
        "k must be 1 or more, not 0.",
    ),
    (
        lambda: lcrmap.near("L3 5QA", "rail-stations", within=1),
        lcrmap.LcrmapError,
        "No rail station lies within 1 m of L3 5QA: a larger within, or k, finds the nearest.",
    ),
    (lambda: lcrmap.near("a\x00", "rail-stations"), ValueError, "start must be a name in quotes"),
    (
        lambda: lcrmap.near(3, "rail-stations"),
        ValueError,
        "start is of the type int, and must be a name, a path",
    ),
    (
        lambda: lcrmap.near(["a", "b"], "rail-stations"),
        ValueError,
        "start is one layer, and not several in a list",
    ),
    (
        lambda: lcrmap.near((-2.99, 53.4), "rail-stations"),
        ValueError,
        "start is (-2.99, 53.4), and a position is a point: pass shapely.Point(-2.99, 53.4), longitude first.",
    ),
    (
        lambda: lcrmap.near(
            "L3 5QA", gpd.GeoSeries([shapely.Point(-2.9, np.inf), shapely.Point(1, 2)], crs=4326)
        ),
        ValueError,
        "targets has coordinates that are not finite numbers, in feature 1",
    ),
    (
        lambda: lcrmap.near(pd.DataFrame({"lon": [1]}), "rail-stations"),
        ValueError,
        "start is a DataFrame, which has no shapes: make it a GeoDataFrame first",
    ),
    (
        lambda: lcrmap.show(gpd.GeoDataFrame({"a": [1]})),
        ValueError,
        "The frame has no active geometry: choose the column of its shapes with set_geometry.",
    ),
    (
        lambda: lcrmap.near(shapely.Point(334500, 390400), "rail-stations"),
        ValueError,
        "POINT (334500 390400) is no longitude and latitude in degrees",
    ),
    (
        lambda: lcrmap.count("freeport-sites", areas=None),
        ValueError,
        "areas is of the type NoneType",
    ),
    (
        lambda: lcrmap.count("freeport-sites", "borough"),
        KeyError,
        "No layer 'borough': did you mean 'boroughs'?",
    ),
    (
        lambda: lcrmap.count("freeport-sites", "mine.gpkg"),
        FileNotFoundError,
        "No such file 'mine.gpkg'",
    ),
    (
        lambda: lcrmap.count("freeport-sites", "boroughs", sum="kind"),
        ValueError,
        "sum needs numbers, and 'kind' of freeport-sites holds text",
    ),
    (
        lambda: lcrmap.count("freeport-sites", "boroughs", sum="a", mean="b"),
        ValueError,
        "sum and mean cannot be combined: ask for one statistic at a time.",
    ),
    (
        lambda: lcrmap.count("freeport-sites", "boroughs", classes="natural:9"),
        ValueError,
        'classes="natural:9": a map has 1 to 5 classes',
    ),
    (lambda: lcrmap.catchment("L3 5QA", []), ValueError, 'such as rings=["1km", "2km", "5km"].'),
    (
        lambda: lcrmap.gaps("rail-stations", 0),
        ValueError,
        "beyond must be a distance above 0, such as 800m.",
    ),
    (
        lambda: lcrmap.gaps("rail-stations", 800, by="freeport-sites"),
        ValueError,
        "by needs areas, but freeport-sites",
    ),
    (
        lambda: lcrmap.make_map("wards", "boroughs", category="name"),
        ValueError,
        'category="name" must begin with a layer on the map and a colon',
    ),
    (
        lambda: lcrmap.show(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)])),
        ValueError,
        'say it with crs, such as crs="EPSG:27700" (British National Grid) or crs="EPSG:4326" (degrees).',
    ),
    (
        lambda: lcrmap.show("wards", crs=2.5),
        ValueError,
        "crs is '2.5', and must be a code such as EPSG:27700.",
    ),
    (
        lambda: lcrmap.show(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=4326), x="lon"),
        ValueError,
        "x, y, match and encoding are for files: what is at hand has its shapes already.",
    ),
    (
        lambda: lcrmap.open_layer(pd.DataFrame()),
        ValueError,
        "A layer is asked for, and this is a DataFrame, which has no shapes",
    ),
    (
        lambda: lcrmap.open_layer(gpd.GeoSeries([shapely.Point(334500, 390400)], crs=4326)),
        ValueError,
        'say crs="EPSG:27700"',
    ),
]


@pytest.mark.parametrize(("ask", "kind", "said"), MESSAGES, ids=[each[2][:30] for each in MESSAGES])
def test_a_message_names_the_argument(
    ask: Callable[[], object], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind) as caught:
        ask()
    assert isinstance(caught.value, lcrmap.LcrmapError)
    assert said in str(caught.value)
    assert "--" not in str(caught.value)


def test_a_note_names_the_argument(spots: gpd.GeoDataFrame) -> None:
    assert lcrmap.show("wards", limit=2).notes == ("The first 2 of 159 rows (limit=2).",)
    several = lcrmap.join("freeport-sites", "rail-stations", predicate="dwithin", distance="5km")
    assert any("many=True gives each of them" in each for each in several.notes)


def test_the_shell_still_names_the_option(lcrmap: Callable[..., Any]) -> None:
    outcome = lcrmap("join", "wards", "boroughs", "--border", "all", "--predicate", "within")
    assert "--border is about the rule" in outcome.err


def test_a_question_of_python_goes_to_plain_values_and_back(spots: gpd.GeoDataFrame) -> None:
    asked = lcrmap.near(spots, "rail-stations", within=800).question
    plain = msgspec.json.decode(msgspec.json.encode(asked.to_plain()))
    assert plain.pop("ask") == "near"
    assert type(asked).from_plain(plain) == asked


def test_a_page_larger_than_mail_takes_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lcrmap.make_map("freeport-sites")
    monkeypatch.setattr("lcrmap.maps.page.MAIL", 10_000)
    with pytest.warns(UserWarning, match="more than most mail takes"):
        page.save(tmp_path / "sites.html")


def test_a_notebook_s_plain_text_is_the_headline_each_time() -> None:
    answers = [lcrmap.gaps("rail-stations", "800m") for _ in range(2)]
    texts = [repr(each) for each in answers]
    assert texts[0] == texts[1]
    assert answers[0].finding in texts[0]
    assert repr(answers[0].page()) == answers[0].finding
