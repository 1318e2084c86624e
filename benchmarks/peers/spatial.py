"""DuckDB with its spatial extension, as the package index carries it; no download at run time."""

from importlib import resources
from typing import Any

import duckdb


def connected() -> Any:
    """Return a connection that knows the spatial functions."""
    folder = resources.files("duckdb_extension_spatial") / "extensions"
    path = next(each for each in folder.iterdir() if each.name.startswith("v"))
    connection = duckdb.connect()
    connection.load_extension(str(path / "spatial.duckdb_extension"))
    return connection
