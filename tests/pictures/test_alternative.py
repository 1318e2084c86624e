"""The text beside a picture: who is the highest and the lowest, as far as positions allow it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.library import count, gaps
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.styling import Circles
from lcrmap.pictures.alternative import alternative_text


def extremes(**columns: list[Any]) -> str:
    """Return what is said of circles sized by the first column."""
    (field, values), *_ = columns.items()
    shapes = [shapely.box(n, 50, n + 1, 51) for n in range(len(values))]
    names = [f"{letter}ham" for letter in "ABCDEF"[: len(values)]]
    frame = gpd.GeoDataFrame({"name": names, **columns}, geometry=shapes, crs="EPSG:4326")
    towns = Metadata("towns", "Towns", label="name", noun_one="town", noun_many="towns")
    model = build_model(
        [LayerView(Layer(frame, towns), wish=Circles(field))], title="T", subtitle="S"
    )
    return alternative_text(model).removeprefix("Map with sized circles: T. S.").strip()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"rate": [1, 5, 3]}, "Highest Bham (5), lowest Aham (1)."),
        ({"rate": [2779.21, 1, 3]}, "Highest Aham (2,779.21), lowest Bham (1.00)."),
        ({"rate": [5, 5, 3]}, "Highest Aham and Bham (5), lowest Cham (3)."),
        ({"rate": [5, 0, 0, 0, 0]}, "Highest Aham (5), lowest 0 in 4 towns."),
        ({"rate": [0, 0]}, ""),
        ({"count": [1, 5, 3], "min": [1, 4, 3], "max": [1, 6, 3]}, "Highest Bham (5), lowest Aham (1)."),
        (
            {"count": [1, 5, 4], "min": [1, 4, 3], "max": [1, 6, 5]},
            "Highest Bham or Cham (too close to call), lowest Aham (1).",
        ),
        ({"count": [4] * 4, "min": [3] * 4, "max": [5] * 4}, ""),
        # A mean has no range of its own: where a place may lie elsewhere it may be anything.
        (
            {"mean": [1, 5, 3], "count": [2, 2, 2], "min": [2, 2, 1], "max": [2, 2, 3]},
            "Highest Bham or Cham (too close to call), lowest Aham or Cham (too close to call).",
        ),
    ],
)  # fmt: skip
def test_who_is_the_highest_and_the_lowest(columns: dict[str, list[Any]], said: str) -> None:
    assert extremes(**columns) == said


def test_a_picture_of_a_count_or_of_gaps_is_no_surer_than_its_headline(pack: Pack) -> None:
    answer = count("freeport-sites", areas="boroughs", pack=pack)
    told = alternative_text(answer.page().model)
    assert "No borough clearly has the most" in told
    assert "ighest" not in told
    answer = gaps("rail-stations", beyond="2km", by="neighbourhoods", pack=pack)
    assert "No neighbourhood clearly has the highest share." in answer.sentences
    assert "ighest" not in alternative_text(answer.page().model)
