"""`lcrmap check`: each rule finds its fault, and is silent where there is none."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.proximity import distance
from lcrmap.checks import Subject
from lcrmap.checks.thorough import RULES, check_thoroughly
from lcrmap.errors import UsageError
from lcrmap.io.inspecting import Said, entry, inspect_file, titles
from lcrmap.io.mending import mended
from lcrmap.io.reading import Asked
from lcrmap.layers import Pack, open_pack

PACK = open_pack()
SQUARE = [[-3.0, 53.4], [-2.9, 53.4], [-2.9, 53.5], [-3.0, 53.5], [-3.0, 53.4]]
Look = Callable[..., list[Said]]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    monkeypatch.chdir(tmp_path)

    def look_at(name: str, content: str | bytes, **options: Any) -> list[Said]:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return [
            each
            for each in inspect_file(name, Asked(), pack=PACK, distance=distance, **options)
            if each.rule != "reader"
        ]

    return look_at


def collection(*shapes: dict[str, Any] | None, **properties: list[Any]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {name: some[n] for name, some in properties.items()},
            "geometry": shape,
        }
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def area(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def moved(ring: list[list[float]], by: float) -> list[list[float]]:
    return [[x + by, y] for x, y in ring]


def rules(found: list[Said]) -> list[str]:
    return [each.rule for each in found]


ELEVEN = [point(-2.9, 53.4 + n / 100) for n in range(11)]
ROW = [point(-2.9 + n / 1000, 53.4) for n in range(12)]
CLEAN = collection(area(SQUARE), area(moved(SQUARE, 0.1)), code=["a", "b"], name=["A", "B"])


def test_a_clean_file_has_nothing_to_say(look: Look) -> None:
    assert look("a.geojson", CLEAN) == []
    assert look("a.csv", "id,name,lon,lat\n1,A,-2.9,53.4\n2,B,-2.8,53.3\n") == []


SPIKED = [*SQUARE[:2], [-2.9, 53.45], [-2.5, 53.45], [-2.9, 53.4501], *SQUARE[2:]]
OVER_180 = [[179, -18], [-179, -18], [-179, -17], [179, -17], [179, -18]]
WORLD = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]
THIN = [[-3.0, 53.4], [-2.0, 53.4], [-2.0, 53.4001], [-3.0, 53.4001], [-3.0, 53.4]]


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("winding", collection(area(SQUARE[::-1]), code=["a"])),
        ("duplicate-vertices", collection(area([SQUARE[0], *SQUARE]), code=["a"])),
        ("spike", collection(area(SPIKED), code=["a"])),
        ("over-180", collection(area(OVER_180), code=["a"])),
        ("over-180", collection({"type": "LineString", "coordinates": OVER_180[:2]}, code=["a"])),
        ("sliver", collection(area(THIN), code=["a"])),
        ("overlap", collection(area(SQUARE), area(moved(SQUARE, 0.09)), code=["a", "b"])),
        ("unplaced", collection(None, point(-2.9, 53.4), n=["a", "b"])),
        ("null-island", collection(point(0, 0), point(-2.9, 53.4), n=["a", "b"])),
        ("duplicate-id", collection(*ELEVEN, id=[*range(10), 9])),
        ("duplicate-place", collection(point(-2.9, 53.4), point(-2.9, 53.4), n=["a", "b"])),
        ("duplicate-name", collection(point(-2.9, 53.4), point(-2.8, 53.4), name=["A b", "a  B "])),
        ("mixed-types", collection(point(-2.9, 53.4), point(-2.8, 53.4), n=["a", 1])),
        ("whole-number-at-risk", collection(point(-2.9, 53.4), n=[2**53 + 1])),
        ("formula", collection(point(-2.9, 53.4), n=["=1+1"])),
        ("control-character", collection(point(-2.9, 53.4), n=["a\u202eb"])),
        ("claimed-area", collection(point(-2.98, 53.40), borough=["Wirral"])),
        ("far-from-others", collection(*ROW, point(2.9, 53.4), n=[*range(13)])),
        ("number-as-text", collection(*ELEVEN, n=[*map(str, range(10)), "x"])),
        ("number-as-text", collection(*ELEVEN[:6], n=["1,200", "£30", "4", "n/a", "5.5", "6e2"])),
    ],
)  # fmt: skip
def test_each_rule_finds_its_fault(look: Look, rule: str, content: str) -> None:
    assert rule in rules(look("a.geojson", content))


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("spike", collection(area([*SQUARE[:2], [-2.9, 53.45], [-2.8, 53.47], *SQUARE[2:]]), code=["a"])),
        ("over-180", collection(area(WORLD), point(179, 0), point(-179, 0), code=["a", "b", "c"])),
        ("overlap", CLEAN),
        ("duplicate-id", collection(point(-2.9, 53.4), point(-2.8, 53.4), point(-2.8, 53.3), id=[1, 1, 1])),
        ("number-as-text", collection(*ELEVEN[:5], n=["1", "2", "3", "4", "x"])),
        ("number-as-text", collection(*ELEVEN[:7], n=["1", "2", "3", "4", "5", "x", "y"])),
        ("number-as-text", collection(*ELEVEN[:6], n=["1,200", "£30", "4", "", "5.5", "6e2"])),
        ("whole-number-at-risk", collection(point(-2.9, 53.4), n=[2**53])),
        ("formula", collection(*[point(-2.9 + n, 53.4) for n in range(5)], n=["-", "-1.5", "+44", "a=1", "-2,95"])),
        ("claimed-area", collection(point(-2.98, 53.40), borough=["Liverpool"])),
        ("claimed-area", collection(point(-3.03, 53.41), borough=["Liverpool"], position_error_m=[5000])),
        ("far-from-others", collection(*ROW[:8], point(2.9, 53.4), n=[*range(9)])),
    ],
)  # fmt: skip
def test_each_rule_is_silent_where_nothing_is_wrong(look: Look, rule: str, content: str) -> None:
    assert rule not in rules(look("a.geojson", content))


@settings(max_examples=30, deadline=None)
@given(by=st.floats(0.001, 0.099), wide=st.floats(0.01, 0.2))
def test_an_overlap_is_as_large_as_a_grid_of_small_squares_says(by: float, wide: float) -> None:
    one, other = (
        shapely.box(-3, 53.4, -3 + wide, 53.5),
        shapely.box(-3 + by, 53.45, -3 + by + wide, 53.6),
    )
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[one, other], crs="EPSG:4326")
    found = [
        each.finding
        for each in check_thoroughly(Subject(frame, "it", key="code"))
        if each.rule.id == "overlap"
    ]
    common = max(0.0, wide - by)
    columns = np.linspace(-3 + by, -3 + by + common, 41)
    rows = np.linspace(53.45, 53.5, 41)
    geod = pyproj.Geod(ellps="WGS84")
    across = [
        geod.inv(columns[0], (low + high) / 2, columns[-1], (low + high) / 2)[2]
        for low, high in itertools.pairwise(rows)
    ]
    up = geod.inv(-3, 53.45, -3, 53.5)[2] / 40
    metres = sum(across) * up
    if metres < 1:
        assert found == []
    else:
        said = float(found[0].details[0].split(" m2")[0].replace(",", ""))
        assert said == pytest.approx(metres, rel=2e-3, abs=2)


def test_a_gap_is_found_and_a_lake_is_not(look: Look) -> None:
    def ring(size: float) -> str:
        hole = shapely.box(-2.96, 53.44, -2.96 + size, 53.44 + size)
        halves = [shapely.box(-3, 53.4, -2.95, 53.5), shapely.box(-2.95, 53.4, -2.9, 53.5)]
        shapes = [shapely.geometry.mapping(shapely.orient_polygons(each - hole)) for each in halves]
        return collection(*shapes, code=["a", "b"])

    (found,) = [each for each in look("a.geojson", ring(0.02)) if each.rule == "gap"]
    metres = float(found.message.split("gap of ")[1].split(" m2")[0].replace(",", ""))
    assert metres == pytest.approx(0.02**2 * 111_300 * 66_450, rel=0.01)
    assert "gap" not in rules(look("a.geojson", ring(0.04)))


def test_outside_of_the_areas_is_an_error_within_the_position_error_is_none(look: Look) -> None:
    areas = gpd.GeoDataFrame(
        {"code": ["a"]}, geometry=[shapely.box(-3, 53.4, -2.9, 53.5)], crs="EPSG:4326"
    )
    text = "id,lon,lat,position_error_m\n1,-2.95,53.45,\n2,-2.89,53.45,\n3,-2.899,53.45,100\n"
    found = look("a.csv", text, inside=areas)
    assert [(each.rule, each.severity, each.line) for each in found] == [("outside", "error", 3)]
    metres = pyproj.Geod(ellps="WGS84").inv(-2.9, 53.45, -2.89, 53.45)[2]
    assert found[0].message.startswith(f"{metres:,.0f} m outside")


def test_how_far_outside_is_along_the_ground_however_far(look: Look) -> None:
    ring = shapely.box(-3, 53.4, -2.9, 53.5)
    areas = gpd.GeoDataFrame({"code": ["a"]}, geometry=[ring], crs="EPSG:4326")
    places = [(-2.5, 53.5), (-3.2, 55.95), (-74.0, 40.7), (53.41, -2.98)]
    text = "id,lon,lat\n" + "".join(f"{n},{x},{y}\n" for n, (x, y) in enumerate(places))
    found = [each.message for each in look("a.csv", text, inside=areas) if each.rule == "outside"]
    edge = shapely.get_coordinates(shapely.segmentize(ring.exterior, 0.0001)).T
    geod = pyproj.Geod(ellps="WGS84")
    expected = [
        geod.inv(np.full(edge.shape[1], x), np.full(edge.shape[1], y), *edge)[2].min()
        for x, y in places
    ]
    said = [float(each.split(" m outside")[0].replace(",", "")) for each in found]
    assert said == pytest.approx(expected, abs=0.6)


def test_a_claimed_area_is_as_far_along_the_ground_as_the_position_error_reaches(
    look: Look,
) -> None:
    wirral = gpd.read_file(PACK.path("boroughs")).set_index("name").geometry.loc[["Wirral"]]
    edge = shapely.get_coordinates(shapely.segmentize(wirral.boundary.iloc[0], 0.001)).T
    at = np.full(edge.shape[1], 53.41), np.full(edge.shape[1], -2.98)
    metres = pyproj.Geod(ellps="WGS84").inv(*at, *edge)[2].min()
    for error, expected in ((metres - 100, ["claimed-area"]), (metres + 100, [])):
        text = f"id,lon,lat,borough,position_error_m\n1,53.41,-2.98,Wirral,{error}\n"
        found = [each.rule for each in look("a.csv", text)]
        assert [each for each in found if each == "claimed-area"] == expected


def test_what_is_nowhere_on_earth_is_outside_and_no_crash(look: Look) -> None:
    boroughs = gpd.read_file(PACK.path("boroughs"))
    content = collection(
        point(-3, 95), point(500, 3), None, point(-3, 52.95), borough=["Wirral"] * 4
    )
    found = [each for each in look("a.geojson", content, inside=boroughs) if each.rule == "outside"]
    assert [each.message.split(":")[0] for each in found] == [
        *["Outside, and nowhere on earth"] * 2,
        "38,650 m outside",
    ]


def test_a_finding_says_line_column_feature_and_place(look: Look) -> None:
    found = look("a.csv", "id,name,lon,lat\n1,=A,-2.9,53.4\n2,B,-2.8,53.3\n")
    assert found == [
        Said(
            "a.csv",
            "formula",
            "warning",
            "'=A' in the column 'name': check where they come from before you open the file in a spreadsheet.",
            line=2,
            column=1,
            feature="1",
            lon=-2.9,
            lat=53.4,
        )
    ]


def test_what_cannot_be_read_is_one_error_with_its_line(look: Look) -> None:
    found = look("a.csv", "id,lon,lat\n1,2\n3,4,5\n")
    assert [(each.rule, each.severity, each.line) for each in found] == [("unreadable", "error", 2)]


def test_a_file_without_features_is_an_error_as_on_a_map(look: Look) -> None:
    found = look("a.geojson", collection())
    assert [(each.rule, each.severity) for each in found] == [("no-position", "error")]
    assert found[0].message == "'a.geojson' has no features: check how it was made."
    assert look("b.geojson", collection(None, None, name=["A", "B"])) == []


def test_a_layer_of_the_pack_is_no_file(pack: Pack) -> None:
    with pytest.raises(
        UsageError,
        match=r"^'boroughs' is a layer of the data pack, and a file is wanted here: name ",
    ):
        inspect_file("boroughs", Asked(), pack=pack, distance=distance)


def test_outlines_of_the_data_pack_are_no_fault_of_a_table_of_codes(look: Look) -> None:
    wards = [
        feature["properties"]["code"]
        for feature in json.loads((PACK.path("wards")).read_text())["features"]
    ]
    text = "ward_code,n\n" + "".join(f"{code},{n}\n" for n, code in enumerate(wards))
    assert look("a.csv", text) == []


def test_every_rule_has_an_entry_of_its_own() -> None:
    assert list(titles())[:2] == ["unreadable", "reader"]
    for name in RULES:
        text = entry(name)
        assert text.startswith(f"## {name}\n\nFind ")
        assert "Severity: " in text


def test_a_mended_copy_is_closed_turned_rounded_and_otherwise_the_same(tmp_path: Path) -> None:
    ring = [[x + 1e-9, y] for x, y in SQUARE[::-1][:-1]]
    path = tmp_path / "a.geojson"
    path.write_text(
        collection(area(ring), point(-2.9, 53.4), name=["Ŵ <b>", None], n=[2**60 + 1, 1.10])
    )
    data, what = mended(path)
    assert what == ["1 rings closed", "1 rings turned", "4 positions rounded"]
    expected = json.loads(
        collection(area(SQUARE), point(-2.9, 53.4), name=["Ŵ <b>", None], n=[2**60 + 1, 1.10])
    )
    found = json.loads(data)
    assert found["features"][1] == expected["features"][1]
    assert found["features"][0]["properties"] == expected["features"][0]["properties"]
    mended_area, meant = (
        shapely.geometry.shape(each["features"][0]["geometry"]) for each in (found, expected)
    )
    assert mended_area.equals_exact(meant, 1e-7, normalize=True)
    path.write_bytes(data)
    assert mended(path) == (data, [])


def test_a_mended_table_is_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name,lon,lat\nCafé £,-2.9,53.4\n".encode("windows-1252"))
    data, what = mended(path)
    assert data.decode() == "name,lon,lat\nCafé £,-2.9,53.4\n"
    assert what[0] == "its text in UTF-8"
    assert "Windows-1252" in what[1]
