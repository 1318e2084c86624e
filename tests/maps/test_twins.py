"""Which areas of several layers of a page are the same."""

import geopandas as gpd
import shapely

from lcrmap.layers import Layer, Metadata
from lcrmap.maps.document import page_data
from lcrmap.maps.model import LayerView, PageModel, build_model


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
