"""Every verb on every kind of geometry: the right figure, or one sentence; and in bounded time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from tests.conftest import Outcome

Run = Callable[..., Outcome]

WEST, EAST = shapely.box(-3.0, 53.40, -2.96, 53.42), shapely.box(-2.96, 53.40, -2.94, 53.42)
A, B, C = shapely.Point(-2.987, 53.406), shapely.Point(-2.95, 53.41), shapely.Point(-2.5, 53.41)
LINE = shapely.LineString([(-2.97, 53.41), (-2.95, 53.41)])
WORLD = shapely.box(-180, -90, 180, 90)
MASK = WORLD - shapely.box(-3.2, 53.3, -2.7, 53.6)
SPLIT = shapely.MultiPolygon([shapely.box(179, -18, 180, -17), shapely.box(-180, -18, -179, -17)])
RAW = shapely.Polygon([(179, -18), (-179, -18), (-179, -17), (179, -17)])
NOWHERE = shapely.GeometryCollection()
KINDS = {
    "collection": [shapely.GeometryCollection([WEST, shapely.Point(-2.93, 53.41)]), EAST],
    "nested": [
        shapely.GeometryCollection([shapely.GeometryCollection([WEST]), LINE]),
        EAST,
    ],
    "single": [shapely.MultiPoint([A]), shapely.MultiPoint([B])],
    "several": [shapely.MultiPoint([A, (-2.986, 53.406), C]), shapely.MultiPoint([B])],
    "mixed": [A, LINE, EAST],
    "empties": [None, NOWHERE, shapely.Polygon(), shapely.MultiPoint(), EAST],
    "nothing": [NOWHERE, shapely.Polygon()],
    "world": [WORLD],
    "mask": [MASK],
    "split": [SPLIT],
    "raw": [RAW],
}
VERBS = {
    "show": ["show", "K", "-f", "csv"],
    "map": ["map", "K", "-o", "a.html"],
    "join": ["join", "K", "boroughs", "--take", "name", "-f", "csv"],
    "joined": ["join", "points.geojson", "K", "--take", "code", "--prefix", "to_", "-f", "csv"],
    "count": ["count", "K", "--in", "boroughs", "-f", "csv"],
    "counted": ["count", "points.geojson", "--in", "K", "-f", "csv"],
    "near": ["near", "K", "points.geojson", "-f", "csv"],
    "nearest": ["near", "points.geojson", "K", "-f", "csv"],
    "catchment": ["catchment", "K", "--rings", "1km", "--count", "points.geojson", "-f", "csv"],
    "caught": ["catchment", "points.geojson", "--rings", "1km", "--count", "K", "-f", "csv"],
    "gaps": ["gaps", "K", "--beyond", "800m", "--by", "boroughs", "-f", "csv"],
    "by": ["gaps", "rail-stations", "--beyond", "800m", "--by", "K", "-f", "csv"],
}
# What each verb says of each kind, counted by hand: the column that is read, row by row. Of 'gaps' it is how many rows
# there are: the areas and all together. A text is what the one sentence of a refusal says.
COLUMN = {
    "show": "code",
    "join": "name",
    "joined": "to_code",
    "count": "count",
    "counted": "count",
    "near": "id",
    "nearest": "id",
    "catchment": "points",
    "caught": "K",
    "by": "name",
}
Expected = list[str] | int | str
LIVERPOOL = ["0", "0"]  # what count says of Halton and Knowsley, before Liverpool
EXPECTED: dict[str, dict[str, Expected]] = {
    "collection": {
        "show": ["0", "1"],
        "join": ["Liverpool", "Liverpool"],
        "joined": ["0", "1", ""],
        "count": ["0", "0", "2", "0", "0", "0", "0", "0", "2"],
        "counted": ["1", "1", "1", "0", "3"],
        "near": ["A", "B"],
        "nearest": ["0", "1", "0"],
        "catchment": ["2", "1"],
        "caught": ["1", "2", "0"],
        "gaps": 7,
        "by": ["0", "1", "All together"],
    },
    "single": {
        "show": ["0", "1"],
        "join": ["Liverpool", "Liverpool"],
        "joined": ["0", "1", ""],
        "count": ["0", "0", "2", "0", "0", "0", "0", "0", "2"],
        "counted": "holds points",
        "near": ["A", "B"],
        "nearest": ["0", "1", "1"],
        "catchment": ["1", "1"],
        "caught": ["1", "1", "0"],
        "gaps": 7,
        "by": "holds points",
    },
    "several": {
        "show": ["0", "1"],
        "join": ["Liverpool", "Liverpool"],
        "joined": ["0", "1", "0"],
        "count": ["0", "0", "2", "0", "0", "0", "0", "0", "2"],
        "counted": "holds points",
        "near": ["A", "C", "B"],  # both are 0 m from the first
        "nearest": ["0", "1", "0"],
        "catchment": ["2", "1"],
        "caught": ["1", "1", "1"],
        "gaps": 7,
        "by": "holds points",
    },
    "mixed": {
        "show": ["0", "1", "2"],
        "join": ["Liverpool"] * 3,
        "joined": ["0", "1", ""],  # B lies on the line and in the area
        "count": "holds lines",
        "counted": ["0", "0", "1", "2", "0", "3"],
        "near": ["A", "B", "B"],
        "nearest": ["0", "1", "2", "2"],
        "catchment": ["1", "1", "1"],
        "caught": ["1", "2", "0"],
        "gaps": 7,
        "by": ["0", "1", "2", "All together"],
    },
    "empties": {
        "show": ["0", "1", "2", "3", "4"],
        "join": ["", "", "", "", "Liverpool"],
        "joined": ["", "4", ""],
        "count": ["0", "0", "1", "0", "0", "0", "0", "4", "5"],
        "counted": ["", "", "", "", "1", "2", "0", "3"],  # nobody knows where the first four are
        "near": ["B"],
        "nearest": ["4", "4", "4"],
        "catchment": ["1"],
        "caught": ["0", "1", "0"],
        "gaps": 7,
        "by": ["0", "1", "2", "3", "4", "All together"],
    },
    "nothing": {
        "show": ["0", "1"],
        **dict.fromkeys(("map", "join", "joined", "count", "by"), "not one position"),
        "counted": "holds no shapes",
        **dict.fromkeys(("near", "nearest", "catchment", "gaps"), "without one no distance"),
        "caught": "without one none can be counted",
    },
    "world": {
        "show": ["0"],
        "join": ["Halton"],
        "joined": ["0", "0", "0"],
        "count": ["0", "0", "0", "0", "0", "0", "1", "0", "1"],
        "counted": ["3", "0", "0", "3"],
        "near": ["A", "B", "C"],
        "nearest": ["0", "0", "0"],
        "catchment": "more than 2,000 km across",
        "caught": ["1", "1", "1"],
        "gaps": 7,
        "by": ["0", "All together"],
    },
    "mask": {
        "show": ["0"],
        "join": ["Halton"],
        "joined": ["", "", "0"],
        "count": ["0", "0", "0", "0", "0", "0", "1", "0", "1"],
        "counted": ["1", "2", "0", "3"],
        "near": ["C"],
        "nearest": ["0", "0", "0"],
        "catchment": "more than 2,000 km across",
        "caught": ["0", "0", "1"],
        "gaps": 7,
        "by": ["0", "All together"],
    },
    "split": {
        "show": ["0"],
        "join": [""],
        "joined": ["", "", ""],
        "count": ["0", "0", "0", "0", "0", "0", "1", "0", "1"],
        "counted": ["0", "3", "0", "3"],
        "near": ["B"],  # over the pole, to which it lies nearest of those far enough in the west
        "nearest": ["0", "0", "0"],
        "catchment": ["0"],
        "caught": ["0", "0", "0"],
        "gaps": 7,
        "by": ["0", "All together"],
    },
}
EXPECTED["nested"] = EXPECTED["collection"] | {  # B lies on its line, too
    "near": ["A", "B", "B"],
    "nearest": ["0", "0", "1", "1"],
}
EXPECTED["raw"] = EXPECTED["split"] | {  # a band around the world, as the file says it
    "near": ["A"],
    "catchment": "180th meridian",
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    """Write the points A, B and C, and a file of each kind, whose codes are numbers from 0."""
    write(tmp_path / "points.geojson", {"A": A, "B": B, "C": C})
    for kind, shapes in KINDS.items():
        write(tmp_path / f"{kind}.geojson", dict(zip(map(str, range(9)), shapes, strict=False)))


def write(path: Path, shapes: dict[str, Any]) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": None if shape is None else mapping(shape),
        }
        for code, shape in shapes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_verb_answers_every_kind_or_says_why_not(lcrmap: Run, kind: str, verb: str) -> None:
    words = [f"{kind}.geojson" if each == "K" else each for each in VERBS[verb]]
    outcome = lcrmap(*words)
    expected = EXPECTED[kind].get(verb)
    if isinstance(expected, str):
        assert outcome.code in (2, 3)
        assert len(outcome.err.splitlines()) == 1
        assert expected in outcome.err
        return
    assert outcome.code == 0, outcome.err
    if verb == "map":
        return
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    if isinstance(expected, int):
        assert len(rows) == expected
    else:
        column = COLUMN[verb].replace("K", kind)
        assert [row[column] for row in rows] == expected


def test_a_report_counts_every_kind_that_can_be(lcrmap: Run) -> None:
    counted = [kind for kind in KINDS if isinstance(EXPECTED[kind].get("count"), list)]
    text = "".join(
        f'[[question]]\nask = "count"\nlayers = ["{kind}.geojson"]\nin = "boroughs"\n'
        for kind in counted
    )
    Path("kinds.toml").write_text(text)
    outcome = lcrmap("report", "kinds.toml", "-o", "report")
    assert outcome.code == 0, outcome.err


def test_a_multipoint_of_one_is_a_point_of_a_csv(lcrmap: Run) -> None:
    outcome = lcrmap("show", "single.geojson", "-f", "csv")
    assert outcome.out.splitlines()[1] == "0,-2.987,53.406"
    assert "left out" not in outcome.err


def test_a_point_among_areas_has_its_borough(lcrmap: Run) -> None:
    outcome = lcrmap("catchment", "mixed.geojson", "--rings", "1km", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert [row["in_area"] for row in rows] == ["Liverpool", "", ""]
    assert [row["share_of_area_pct"] != "" for row in rows] == [True, False, False]
