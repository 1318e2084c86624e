"""The page model: what it counts and says, for every kind of layer."""

from __future__ import annotations

import copy
import html
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lcrmap.errors import CRSError, UnknownNameError, UsageError
from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.maps.boxes import areas_box
from lcrmap.maps.document import page_data, write_document
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.styling import Circles, Shading
from tests.maps import samples


def counts(model: Any, name: str) -> dict[str, int]:
    return {entry.label: entry.count for entry in model.layer(name).legend}


def test_the_headline_is_a_finding_counted_from_the_rows() -> None:
    assert samples.model().headline == "3 of the 5 works sites with a position are in Northam"


def test_a_tie_of_areas_is_no_finding() -> None:
    rows = [row for row in samples.PLACES if row["id"] in ("alder", "cedar")]
    model = build_model([LayerView(samples.places(rows))])
    assert model.headline == "Where the 2 works sites are"


def test_places_outside_every_area_are_no_finding() -> None:
    rows = [{**row, "in_area": "outside"} for row in samples.PLACES]
    assert (
        build_model([LayerView(samples.places(rows))]).headline
        == "Where 5 of the 6 works sites are"
    )


def test_a_title_and_a_summary_may_be_given() -> None:
    model = samples.model(title="T", subtitle="S", summary=["A.", "B."])
    assert (model.headline, model.subtitle, model.summary) == ("T", "S", ("A.", "B."))
    assert model.lines == ("T", "S", "A.", "B.")


def test_the_subtitle_says_what_how_many_and_as_of_when() -> None:
    assert samples.model().subtitle == "6 works sites, November 2026"


def test_several_layers_are_counted_in_rows() -> None:
    model = build_model([LayerView(samples.places()), LayerView(samples.bare(points(2)))])
    assert model.subtitle == "8 places, 7 with a position, November 2026"


def test_the_summary_names_the_most_frequent_and_what_is_not_placed() -> None:
    assert samples.model().summary == (
        (
            "There are 6 works sites, most often mills (2), quays (2) and kilns (2); "
            "5 with a position, 1 without."
        ),
    )


def test_a_total_that_misleads_is_always_broken_down() -> None:
    layer = samples.places(breakdown="kind", title="Works sites")
    model = build_model([LayerView(layer)])
    page = html.unescape(write_document(model))
    assert (
        model.headline == "3 of the 5 works sites with a position are in Northam"
        or "6" not in model.headline
    )
    assert model.subtitle == "Works sites (2 mills, 2 quays and 2 kilns), November 2026"
    assert model.summary == (
        "Works sites: 6 (2 mills, 2 quays and 2 kilns); 5 with a position, 1 without.",
    )
    assert "6 works sites" not in page.lower()
    assert 'Works sites</bdi></span> <span class="count">(6)' not in page


def test_one_changed_row_changes_every_number() -> None:
    before, after = samples.model(), None
    rows = copy.deepcopy(samples.PLACES)
    rows[0].update(kind="quay", in_area="Southam", at=None, confidence="reported")
    after = build_model([LayerView(samples.areas(), "areas"), LayerView(samples.places(rows))])
    assert counts(before, "works") == {"mills": 2, "quays": 2, "kilns": 2}
    assert counts(after, "works") == {"mills": 1, "quays": 3, "kilns": 2}
    assert (before.layer("works").placed, after.layer("works").placed) == (5, 4)
    assert after.headline == "2 of the 4 works sites with a position are in Northam"
    assert "quays (3)" in after.lines[2]
    page = html.unescape(write_document(after))
    legend = page.split('id="legend"')[1].split("</section>")[0]
    assert '<bdi>quays</bdi></span> <span class="count">(3)' in legend
    assert "2 places have no position" in legend
    assert "works sites; 4 with a position." in page.split("<caption")[1]
    assert "3 confirmed, 2 reported and 1 reconstructed" in page
    data = page_data(after)["layers"][1]
    assert [entry["count"] for entry in data["style"]["entries"]] == [1, 3, 2]
    assert data["x"][0] is None


def test_inputs_versions_and_command_are_recorded() -> None:
    made = samples.model(command="lcrmap map works").provenance
    assert [each.name for each in made.inputs] == ["areas.geojson", "works.geojson"]
    assert [name for name, _ in made.versions] == ["lcrmap", "Leaflet", "folium"]
    assert dict(made.versions)["Leaflet"] == "1.9.4"
    assert made.command == "lcrmap map works"


def test_no_frame_is_changed() -> None:
    layer = samples.places()
    before = layer.frame.copy(deep=True)
    write_document(build_model([LayerView(layer)]))
    pd.testing.assert_frame_equal(pd.DataFrame(layer.frame), pd.DataFrame(before))


def points(count: int, crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"n": range(count)},
        geometry=gpd.points_from_xy(np.arange(count) / 100, np.full(count, 53.0)), crs=crs,
    )  # fmt: skip


FRAMES: dict[str, gpd.GeoDataFrame] = {
    "points": points(3),
    "one point": points(1),
    "no rows": points(0),
    "no positions": gpd.GeoDataFrame({"n": [1, 2]}, geometry=[None, None], crs="EPSG:4326"),
    "no positions, no CRS": gpd.GeoDataFrame({"n": [1]}, geometry=[None]),
    "an empty point": gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point()], crs="EPSG:4326"),
    "lines": gpd.GeoDataFrame(
        {"n": [1, 2]},
        geometry=[shapely.LineString([(0, 53), (0.1, 53.1)]),
                  shapely.MultiLineString([[(0, 53), (0, 53.1)], [(0.1, 53), (0.2, 53)]])],
        crs="EPSG:4326"),
    "areas with a hole": gpd.GeoDataFrame(
        {"n": [1]}, geometry=[shapely.box(0, 53, 1, 54) - shapely.box(0.4, 53.4, 0.6, 53.6)],
        crs="EPSG:4326"),
    "several parts": gpd.GeoDataFrame(
        {"n": [1]}, geometry=[shapely.MultiPolygon([shapely.box(0, 53, 1, 54), shapely.box(2, 53, 3, 54)])],
        crs="EPSG:4326"),
    "many points in one": gpd.GeoDataFrame(
        {"n": [1]}, geometry=[shapely.MultiPoint([(0, 53), (1, 53)])], crs="EPSG:4326"),
    "a mixture": gpd.GeoDataFrame(
        {"n": [1, 2, 3]}, geometry=[shapely.Point(0, 53), shapely.box(0, 53, 1, 54), None],
        crs="EPSG:4326"),
    "a collection": gpd.GeoDataFrame(
        {"n": [1]}, crs="EPSG:4326",
        geometry=[shapely.GeometryCollection([shapely.Point(0, 53), shapely.box(0, 53, 1, 54)])]),
    "heights": gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(0, 53, 99)], crs="EPSG:4326"),
    "British grid": gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(334_000, 390_000)],
                                     crs="EPSG:27700"),
    "another geometry column": points(2).rename_geometry("where"),
    "an index of its own": points(3).set_index(pd.Index([7, 7, 9])),
}  # fmt: skip


@pytest.mark.parametrize("kind", FRAMES)
def test_any_frame_makes_a_page(kind: str) -> None:
    layer = samples.bare(FRAMES[kind])
    model = build_model([LayerView(layer)])
    page = write_document(model)
    assert model.layer("mine").total == len(layer.frame)
    assert sum(counts(model, "mine").values()) == len(layer.frame)
    assert page.count("<tr data-row=") == len(layer.frame)


def test_the_british_grid_is_brought_to_degrees() -> None:
    data = page_data(build_model([LayerView(samples.bare(FRAMES["British grid"]))]))
    [x], [y] = data["layers"][0]["x"], data["layers"][0]["y"]
    assert x / 1e5 == pytest.approx(-2.9947, abs=0.001)
    assert y / 1e5 == pytest.approx(53.4027, abs=0.001)


def test_positions_without_a_crs_are_refused() -> None:
    with pytest.raises(CRSError, match="--crs EPSG:4326"):
        build_model([LayerView(samples.bare(points(1, crs=None)))])


def test_an_unknown_base_map_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'osm'"):
        samples.model(basemap="osmm")


def test_two_layers_of_one_name_stay_apart() -> None:
    model = build_model([LayerView(samples.places()), LayerView(samples.places())])
    assert [layer.name for layer in model.layers] == ["works", "works~2"]


def test_more_categories_than_the_palette_share_one_entry() -> None:
    frame = points(10)
    frame["kind"] = list("abcdefghij")
    layer = samples.bare(frame)
    field = Field("kind", "Kind", categories=tuple(Category(each, each) for each in "abcdefghij"))
    model = build_model([LayerView(layer.__class__(
        frame, layer.metadata.replaced(category="kind", fields=(field,))))])  # fmt: skip
    assert counts(model, "mine") == {**dict.fromkeys("abcdefg", 1), "3 other categories": 3}


def test_the_ways_to_draw_are_symbols_classes_and_circles() -> None:
    areas = samples.areas()
    frame = areas.frame.assign(rate=[0.0, None])
    shaded = build_model(
        [LayerView(areas.with_frame(frame), "areas", wish=Shading("rate", (5, 10)))]
    )
    assert counts(shaded, "areas") == {
        "under 5": 1,
        "5 to under 10": 0,
        "10 and over": 0,
        "no data": 1,
    }
    sized = build_model([LayerView(areas, "areas", wish=Circles("residents"))])
    style = sized.layer("areas").style
    assert [entry.label for entry in style.entries] == ["15,000", "8,000", "3,000"]
    assert style.radii[0] == pytest.approx(28 * (12 / 15) ** 0.5, abs=0.05)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Shading("name", (1,)), "no column of numbers"),
        (Shading("residents", (3, 2)), "rise"),
        (Shading("residents", (1, 2, 3, 4, 5)), "four breaks"),
        (Shading("residents", (1,), "rainbow"), "known ramp"),
        (Circles("nothing"), "residents"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(wish: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        build_model([LayerView(samples.areas(), "areas", wish=wish)])


def test_zero_is_a_class_and_no_data_is_none() -> None:
    areas = samples.areas()
    frame = areas.frame.assign(rate=[0.0, np.nan])
    model = build_model([LayerView(areas.with_frame(frame), "areas", wish=Shading("rate", (1,)))])
    assert model.layer("areas").style.codes == [0, 2]


def test_a_hundred_thousand_points_stay_in_columns() -> None:
    layer = samples.many_points(100_000)
    data = page_data(build_model([LayerView(layer)]))["layers"][0]
    assert len(data["x"]) == len(data["style"]["codes"]) == 100_000
    assert all(isinstance(value, int) for value in data["x"][:10])


@pytest.mark.parametrize(
    ("northam", "southam", "said"),
    [
        (3, 2, "Most works sites are in Northam: 3 of 5"),
        (3, 3, "Where the 6 works sites are"),
        (4, 3, "Most works sites are in Northam: 4 of 7"),
        (2, 1, "Most works sites are in Northam: 2 of 3"),
        (3, 0, "All 3 works sites are in Northam"),
        (2, 0, "Both works sites are in Northam"),
    ],
)
def test_most_is_more_than_half_of_all(northam: int, southam: int, said: str) -> None:
    rows = [
        {
            "id": f"{area}{n}",
            "name": f"{area} {n}",
            "in_area": area,
            "kind": "mill",
            "at": (-2.9, 53.4),
        }
        for area, number in (("Northam", northam), ("Southam", southam))
        for n in range(number)
    ]
    assert build_model([LayerView(samples.places(rows))]).headline == said


@pytest.mark.parametrize(
    ("northam", "southam", "unplaced", "said"),
    [
        (2, 1, 1, "2 of the 3 works sites with a position are in Northam"),  # half of all
        (3, 1, 1, "Most works sites are in Northam: 3 of 4"),
        (2, 0, 1, "Both works sites with a position are in Northam"),
        (5, 0, 1, "All 5 works sites with a position are in Northam"),
        (5, 0, 9, "All 5 works sites with a position are in Northam"),
        (5, 1, 0, "Most works sites are in Northam: 5 of 6"),
    ],
)
def test_what_has_no_position_is_not_spoken_of(
    northam: int, southam: int, unplaced: int, said: str
) -> None:
    where = [
        *[("Northam", (-2.9, 53.4))] * northam,
        *[("Southam", (-2.8, 53.4))] * southam,
        *[(None, None)] * unplaced,
    ]
    rows = [
        {"id": f"{n}", "name": f"{n}", "in_area": area, "kind": "mill", "at": at}
        for n, (area, at) in enumerate(where)
    ]
    assert build_model([LayerView(samples.places(rows))]).headline == said


def test_a_first_view_is_widened_for_places_near_by_and_not_for_one_far_off() -> None:
    def bounds(at: tuple[float, float]) -> tuple[float, float, float, float]:
        here = samples.PLACES[0]
        rows = [here, {**here, "id": "second"}, {**here, "id": "third", "at": at}]
        model = build_model([LayerView(samples.areas(), "areas"), LayerView(samples.places(rows))])
        assert model.bounds is not None
        return model.bounds

    west, south, east, north = bounds(samples.PLACES[0]["at"])
    beside = (east + (east - west) * 0.2, south)
    assert bounds(beside) == (west, south, beside[0], north)
    assert bounds((10.0, 50.0)) == (west, south, east, north)


@pytest.mark.parametrize(("far", "opens_on_areas"), [(1, True), (2, True), (3, False)])
def test_every_width_and_picture_opens_on_the_region_if_half_of_the_places_lie_in_it(
    far: int, opens_on_areas: bool
) -> None:
    here = samples.PLACES[0]
    rows = [{**here, "id": f"here-{n}"} for n in range(2)]
    rows += [{**here, "id": f"far-{n}", "at": (53.4 + n, -2.9)} for n in range(far)]
    model = build_model([LayerView(samples.areas(), "areas"), LayerView(samples.places(rows))])
    areas = areas_box(model.layers)
    assert (model.bounds == areas) is opens_on_areas
    assert (model.core, model.extent) == (None, model.bounds)


def test_a_small_map_alone_leaves_out_places_beside_the_region() -> None:
    rows = [samples.PLACES[0], {**samples.PLACES[0], "id": "beside"}]
    west, south, east, _ = samples.areas().frame.total_bounds
    rows[1]["at"] = (east + (east - west) * 0.2, south)
    model = build_model([LayerView(samples.areas(), "areas"), LayerView(samples.places(rows))])
    assert (model.core, model.bounds == model.core) == (areas_box(model.layers), False)


def dotted(rows: int, step: float) -> Any:
    """Return the style of circles of one number on a square grid, `step` degrees of latitude apart."""
    x, y = np.meshgrid(np.arange(rows) * step / 0.595, np.arange(rows) * step)
    frame = gpd.GeoDataFrame(
        {"name": [f"p{number}" for number in range(rows * rows)], "people": 100.0},
        geometry=gpd.points_from_xy(x.ravel() - 3, y.ravel() + 53.4, crs="EPSG:4326"),
    )
    layer = samples.places()
    layer = type(layer)(frame, layer.metadata.replaced(category="", breakdown="", fields=()))
    (found,) = build_model([LayerView(layer, wish=Circles("people"))]).layers
    return found.style


def test_circles_are_so_small_that_they_do_not_meet_on_a_phone() -> None:
    # Along 330 pixels the middles of 21 lie 16.5 apart; of 4 they lie 110 apart, which bounds nothing.
    assert dotted(21, 0.01).radii[0] == pytest.approx(16.5, abs=0.2)
    assert dotted(21, 0.001).radii[0] == pytest.approx(16.5, abs=0.3)  # whatever the scale
    assert dotted(4, 0.01).radii[0] == 28
    assert {each.size for each in dotted(21, 0.01).entries[:1]} == {dotted(21, 0.01).radii[0]}


@pytest.mark.parametrize(
    ("rows", "total", "shown"),
    [
        ([1.25, 2.0], 3.5, ["1.25", "2.00", "3.50"]),
        ([1.0, 2.5], 3.25, ["1.00", "2.50", "3.25"]),
        ([1.0, 2.0], 1.5, ["1.0", "2.0", "1.5"]),
        ([1.0, 2.0], 3.0, ["1", "2", "3"]),
    ],
)
def test_sums_and_the_rows_above_them_have_as_many_decimals(
    rows: list[float], total: float, shown: list[str]
) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["A", "B", "All"], "row": ["area", "area", "total"], "figure": [*rows, total]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), None],
        crs="EPSG:4326",
    )
    metadata = Metadata("areas", "Areas", label="name", row="row", geometry="area")
    (layer,) = build_model([LayerView(Layer(frame, metadata))]).layers
    texts = [layer.column("figure").text(row) for row in (0, 1)]
    (sums,) = (each for each in layer.closing if each.name == "figure")
    assert [*texts, sums.text(0)] == shown
