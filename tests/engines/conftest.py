"""Data sets to ask about: places in and around the region, divided into files in many ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

Divide = Callable[[gpd.GeoDataFrame, Sequence[int], Path], Path]


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of a few rows stand for large ones, none of which is read together with others."""
    monkeypatch.setattr("lcrmap.io.datasets._SMALL", 8)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, and take any file for a large one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    return tmp_path


@pytest.fixture(scope="session")
def places() -> gpd.GeoDataFrame:
    """Places with gaps, an uncertain position here and there, some on a shared border, some without a position."""
    rng = np.random.default_rng(16)
    rows = 1_500
    x, y = rng.uniform(-3.3, -2.6, rows), rng.uniform(53.25, 53.7, rows)
    numbers = np.arange(rows)
    frame = gpd.GeoDataFrame(
        {
            "id": [f"p{each:05d}" for each in numbers],
            "name": [f"Place {each}" for each in numbers],
            "sector": rng.choice(["port", "health", "net zero"], rows),
            "jobs": pd.array([None if n % 97 == 5 else n for n in numbers.tolist()], dtype="Int64"),
            "share": rng.uniform(0, 1, rows),
            "open": numbers % 3 == 0,
            "position_error_m": [2500.0 if n % 50 == 0 else None for n in numbers.tolist()],
        },
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    )
    frame.loc[frame.index[[4, 700]], "geometry"] = None
    frame.loc[frame.index[-1], "sector"] = "in one file only"
    return frame


@pytest.fixture(scope="session")
def divide() -> Divide:
    """Write rows to files of a folder, so many to each; the rest to the last."""

    def write(frame: gpd.GeoDataFrame, counts: Sequence[int], folder: Path) -> Path:
        folder.mkdir(parents=True)
        ends = [*np.cumsum(counts).tolist(), len(frame)]
        for number, (at, end) in enumerate(zip([0, *ends], ends, strict=False)):
            frame.iloc[at:end].to_parquet(
                folder / f"part-{number:03d}.parquet", write_covering_bbox=True, row_group_size=100
            )
        return folder

    return write


@pytest.fixture
def with_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: gpd.GeoDataFrame, divide: Divide
) -> Path:
    """Work in a folder of its own, in which there is a data set of six files, ``places/``."""
    monkeypatch.chdir(tmp_path)
    divide(places, (100, 300, 1, 0, 99, 650), tmp_path / "places")
    return tmp_path
