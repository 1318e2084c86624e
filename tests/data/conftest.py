"""The shipped pack, read once, and the modules that built it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the shipped pack."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def package(data: Path) -> dict[str, Any]:
    """What datapackage.json says."""
    from data_checks import read_package

    return read_package(data)


@pytest.fixture(scope="session")
def layers(data: Path) -> Mapping[str, Any]:
    """Every layer of the shipped pack by name."""
    from data_checks import read_layers

    return read_layers(data)


@pytest.fixture(scope="session")
def boroughs(layers: Mapping[str, Any]) -> Any:
    """The boroughs' names and shapes."""
    from data_checks_sites import Boroughs

    return Boroughs.of(layers["boroughs"])


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference figures, where there is one."""
    named = os.environ.get("LCRMAP_REFERENCE")
    folder = Path(named) if named else ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("the reference figures are not here: LCRMAP_REFERENCE names their folder")
    return folder
