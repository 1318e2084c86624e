"""What is there twice: the later one is named, and the first one as the first would be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TWICE = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "id": "a1", "properties": {"id": "a1", "name": "Hall"},
 "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]}},
{"type": "Feature", "id": "b2", "properties": {"id": "b2", "name": "hall"},
 "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]}}]}"""


@pytest.mark.parametrize(
    ("name", "text", "first", "second"),
    [
        ("two.geojson", TWICE, "feature a1", "feature b2"),
        ("two.csv", "id,name,lon,lat\na1,Hall,-2.9,53.4\nb2,Hall,-2.9,53.4\n", "line 2", "line 3"),
    ],
)
def test_both_of_two_are_named_alike(
    lcrmap: Callable, tmp_path: Path, name: str, text: str, first: str, second: str
) -> None:
    (tmp_path / name).write_text(text)
    outcome = lcrmap("check", str(tmp_path / name))
    said = outcome.out + outcome.err
    found = [each for each in said.splitlines() if "duplicate-" in each]
    assert len(found) == 2
    for line in found:
        assert f"see {first}: remove" in line
        assert second.replace("line ", "") in line.split(": warning")[0]
