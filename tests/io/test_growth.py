"""Time grows with the input, not with its square: two sizes of each, one four times the other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.io.opening import open_layer
from lcrmap.io.writing import encode
from lcrmap.layers import Layer, Metadata, Pack

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
TIMES = 4
MOST = 9  # of a pass with the square of the input it would be 16
LEAST_S = 0.02  # what is quicker tells nothing


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor's time, the least of three."""
    found = []
    for _ in range(3):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return max(min(found), LEAST_S)


def table(columns: int, *, rows: int = 20, letters: int = 0) -> Layer:
    """Return points with columns of whole numbers, whose names have some letters more than they need."""
    cells = {f"c{each}{'x' * letters}": range(rows) for each in range(columns)}
    frame = gpd.GeoDataFrame(cells, geometry=[shapely.Point(-3, 53)] * rows, crs="EPSG:4326")
    return Layer(frame, Metadata("wide", "Wide"))


@pytest.mark.parametrize("suffix", ["csv", "geojson", "geojsonl", "gpkg", "parquet", "json", "md"])
def test_columns(suffix: str, tmp_path: Path) -> None:
    small, large = table(300), table(300 * TIMES)
    assert seconds(lambda: encode(large, suffix)) < MOST * seconds(lambda: encode(small, suffix))
    if suffix in ("json", "md"):
        return
    paths = [tmp_path / f"{name}.{suffix}" for name in ("small", "large")]
    for path, layer in zip(paths, (small, large), strict=True):
        path.write_bytes(encode(layer, suffix))
    quick, slow = (seconds(lambda p=path: open_layer(str(p), pack=EMPTY)) for path in paths)
    assert slow < MOST * quick


@pytest.mark.parametrize("suffix", ["csv", "geojson", "geojsonl", "parquet"])
def test_letters_of_names(suffix: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{letters}.{suffix}" for letters in (2_000, 2_000 * TIMES)]
    for path in paths:
        path.write_bytes(encode(table(100, rows=4, letters=int(path.stem)), suffix))
    quick, slow = (seconds(lambda p=path: open_layer(str(p), pack=EMPTY)) for path in paths)
    assert slow < MOST * quick


@pytest.mark.parametrize("member", ['"features":', '"a":{"features":[', "[" * 20, '{"a":', '"\\\\'])
def test_members_that_repeat(member: str, tmp_path: Path) -> None:
    """Broken or not, a text is passed over once."""
    paths = [tmp_path / f"{times}.geojson" for times in (20_000, 20_000 * TIMES)]
    for path in paths:
        text = json.dumps({"type": "FeatureCollection", "features": []})[:-1]
        path.write_text(f"{text},{member * int(path.stem)}")

    def read(path: Path) -> None:
        with pytest.raises(ValueError, match=r"JSON|deep|holds"):
            open_layer(str(path), pack=EMPTY)

    quick, slow = (seconds(lambda p=path: read(p)) for path in paths)
    assert slow < MOST * quick
