"""What tells features of one name apart."""

import geopandas as gpd
import shapely

from lcrmap.layers import Layer, Metadata
from lcrmap.layers.naming import telling_column


def _telling(**columns: list[object]) -> str:
    size = len(columns["name"])
    frame = gpd.GeoDataFrame(
        {"id": [str(row) for row in range(size)], **columns},
        geometry=[shapely.box(row, 0, row + 1, 1) for row in range(size)],
        crs="EPSG:4326",
    )
    return telling_column(
        Layer(frame, Metadata(name="wards", title="Wards", key="id", label="name"))
    )


def test_it_is_the_first_column_of_words_in_which_all_of_a_name_differ() -> None:
    named: list[object] = ["Church", "Church", "Kew"]
    assert _telling(name=named, county=["M", "M", "M"], town=["A", "B", "B"]) == "town"
    assert _telling(name=named, people=[1, 2, 3], town=["A", "B", "B"]) == "town"
    assert _telling(name=named, town_code=["E1", "E2", "E2"], town=["A", "B", "B"]) == "town"


def test_there_is_none_where_none_is_needed_or_none_tells_all() -> None:
    assert not _telling(name=["Church", "Kew"], town=["A", "B"])
    assert not _telling(name=["Church", "Church"], town=["A", "A"])
    assert not _telling(name=["Church", "Church"], town=["A", None])
    assert not _telling(name=["Church", "Church"], people=[1, 2])


def test_features_without_a_name_share_none() -> None:
    towns: list[object] = ["A", "B", "C", "C"]
    assert _telling(name=["Church", "Church", None, None], town=towns) == "town"
    assert not _telling(name=["Church", "Kew", None, None], town=towns)
