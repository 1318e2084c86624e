"""Broken areas of a stranger's data pack: each verb answers and says what it repaired, or refuses the layer."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from lcrmap.layers import Pack

BOX = [[60.3, -46.1], [60.4, -46.1], [60.4, -46.0], [60.3, -46.0], [60.3, -46.1]]
WIDE = [[60.35, -46.08], [60.5, -46.08], [60.5, -46.02], [60.35, -46.02], [60.35, -46.08]]
BROKEN = {
    "an outline that crosses itself": shapely.Polygon(
        [(60.3, -46.1), (60.4, -46.0), (60.4, -46.1), (60.3, -46.0)]
    ),
    "a star": shapely.Polygon(
        [(60.0, -46.0), (60.4, -46.0), (60.1, -46.2), (60.2, -45.8), (60.3, -46.2)]
    ),
    "parts that overlap": shapely.MultiPolygon([shapely.Polygon(BOX), shapely.Polygon(WIDE)]),
    "a spike": shapely.Polygon([*BOX[:3], [60.4, -45.0], *BOX[2:]]),
    "a hole that lies outside": shapely.Polygon(BOX, [[(61, -46), (61.1, -46), (61.1, -46.1)]]),
    "no ground at all": shapely.Polygon([(60.3, -46.1), (60.4, -46.1), (60.3, -46.1)]),
}
LINES = (
    "near landings isles --across walk",
    "near isles isles",
    "catchment landings --rings 1km",
    "catchment landings --rings 1km,5km --across walk",
    "catchment isles --rings 1km",
    "gaps landings --beyond 2km",
    "near landings isles",
    "near isles landings",
    "count landings --in isles",
    "join landings isles",
    "map landings -o page.html",
)
"""Each asks where something lies among the areas."""


@pytest.fixture
def with_area(skerries: Pack) -> Callable[[object], None]:
    """Write a pack in which the third area is another."""

    def changed(shape: object) -> None:
        folder = Path("pack")
        shutil.copytree(skerries.folder, folder)
        file = folder / "isles.geojson"
        raw = json.loads(file.read_text(encoding="utf-8"))
        raw["features"][2]["geometry"] = json.loads(shapely.to_geojson(shape))
        file.write_text(json.dumps(raw), encoding="utf-8")

    return changed


@pytest.mark.parametrize("broken", BROKEN)
def test_every_verb_answers_over_broken_areas_and_says_that_they_are(
    broken: str, with_area: Callable, lcrmap: Callable
) -> None:
    with_area(BROKEN[broken])
    for line in LINES:
        done = lcrmap(*line.split(), "--pack", "pack")
        assert done.code == 0, (line, done.err)
        said = "invalid shape, which was repaired", "1 shape that is not valid"
        assert any(each in done.err for each in said), (line, done.err)


@pytest.mark.parametrize("line", LINES)
def test_areas_beyond_the_earth_are_refused_as_those_of_a_file_are(
    line: str, with_area: Callable, lcrmap: Callable
) -> None:
    with_area(shapely.Polygon([(60.3, -46.1), (60.4, -46.1), (60.4, -446.0), (60.3, -46.0)]))
    done = lcrmap(*line.split(), "--pack", "pack")
    assert done.code == 3
    assert (
        "isles has positions beyond 180 degrees of longitude or 90 of latitude, in feature mor"
        in done.err
    )


def test_ground_is_repaired_before_it_is_taken_from_a_ring(
    with_area: Callable, lcrmap: Callable
) -> None:
    """The ring lies around the point in which two triangles meet, whose sides run from corner to corner of a box."""
    with_area(BROKEN["an outline that crosses itself"])
    done = lcrmap("catchment", "goleudy", "--rings", "1km", "--pack", "pack", "-f", "geojson")
    within = 4 * math.degrees(math.atan(1 / math.cos(math.radians(46.05)))) / 360
    share = json.loads(done.out)["features"][0]["properties"]["no_data_pct"]
    assert share == pytest.approx(100 * (1 - within), abs=0.2)


def test_a_ring_around_an_outline_that_crosses_itself_lies_around_all_of_it(
    with_area: Callable, lcrmap: Callable
) -> None:
    with_area(BROKEN["an outline that crosses itself"])
    done = lcrmap("catchment", "mor", "--rings", "1km", "--pack", "pack", "-f", "geojson")
    (ring,) = json.loads(done.out)["features"]
    west, south, east, north = shapely.from_geojson(json.dumps(ring["geometry"])).bounds
    assert west < 60.3 < 60.4 < east
    assert south < -46.1 < -46.0 < north
