"""The versions that decide the bytes of an answer."""

from __future__ import annotations

import platform
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

import lcrmap

__all__ = ["versions_here"]


@lru_cache(maxsize=1)
def versions_here() -> dict[str, str]:
    """Return them by the name of what has them; of PROJ its grids too, by which it moves positions.

    Examples
    --------
    >>> sorted(versions_here())[:3]
    ['GEOS', 'PROJ', 'PROJ grids']
    """
    return {
        "lcrmap": lcrmap.__version__,
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "pyarrow": pa.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "PROJ": pyproj.proj_version_str,
        "PROJ grids": _grids(Path(pyproj.datadir.get_data_dir())),
    }


def _grids(folder: Path) -> str:
    names = sorted(each.name for each in folder.iterdir() if each.suffix in (".tif", ".gsb"))
    return ", ".join(names) or "none"
