"""Which areas of several layers of a page are the same."""

import re
from pathlib import Path
from typing import Final

import geopandas as gpd
import shapely

from lcrmap.layers import Layer, Metadata
from lcrmap.maps.document import page_data
from lcrmap.maps.model import LayerView, PageModel, build_model

LABELS: Final = Path(__file__).parents[2] / "lcrmap/maps/assets/labels.mjs"


def _page(*layers: dict[str, shapely.Geometry]) -> PageModel:
    views = [
        LayerView(
            Layer(
                gpd.GeoDataFrame({"name": list(some)}, geometry=[*some.values()], crs="EPSG:4326"),
                Metadata(name=f"layer-{number}", title="Areas", label="name"),
            ),
            "areas",
        )
        for number, some in enumerate(layers)
    ]
    return build_model(views)


def _twins(*layers: dict[str, shapely.Geometry]) -> list[dict[str, tuple[int, int]]]:
    return [each.get("twins", {}) for each in page_data(_page(*layers))["layers"]]


_HERE, _THERE = shapely.box(-3, 53, -2.9, 53.1), shapely.box(-2.8, 53, -2.7, 53.1)


def test_areas_of_one_name_and_ground_are_the_first_of_them() -> None:
    first = {"Kew": _THERE, "St Helens": _HERE}
    second = {"St. Helens": shapely.box(-3, 53, -2.9, 53.098), "Narnia": None}
    assert _twins(first, second, {"ST HELENS": _HERE}) == [{}, {"0": (0, 1)}, {"0": (0, 1)}]


def test_areas_elsewhere_of_another_size_or_name_are_others() -> None:
    others = {"St Helens": _THERE, "Kew": _HERE}
    assert _twins({"St Helens": _HERE}, others) == [{}, {}]
    assert _twins({"St Helens": _HERE}, {"St Helens": _HERE.buffer(0.01)}) == [{}, {}]
    assert _twins({"a": _HERE, "A": _HERE}) == [{}]
    assert _twins({"a": _HERE, "A": _HERE}, {"a": _THERE}) == [{}, {}]
    assert _twins({"-": _HERE}, {"?": _HERE}) == [{}, {}]


def test_areas_that_are_the_same_as_a_second_are_the_first() -> None:
    wider, widest = (shapely.box(-3, 53, -2.9 + more, 53.1) for more in (0.008, 0.016))
    drawn = [{"Kew": each} for each in (_HERE, wider, widest)]
    assert _twins(*drawn) == [{}, {"0": (0, 0)}, {"0": (0, 0)}]


def test_nothing_is_compared_of_a_layer_of_which_no_area_is_named() -> None:
    most = int(re.findall(r"MOST_AREAS = (\d+)", LABELS.read_text(encoding="utf-8"))[0])
    some = {f"area{' ' * number}": _HERE for number in range(most)}
    assert _twins({"Area": _HERE}, some)[1] == {str(number): (0, 0) for number in range(most)}
    assert _twins({"Area": _HERE}, {**some, "one more": _HERE}) == [{}, {}]
