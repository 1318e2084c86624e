"""GDAL kept quiet, away from the network and away from files that nobody named."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pyogrio

__all__ = ["GDAL_OPTIONS", "guarded"]

GDAL_OPTIONS: dict[str, str] = {
    # No side-car .aux.xml is looked for beside a file.
    "GDAL_PAM_ENABLED": "NO",
    # Functions of SQLite that open other files or addresses stay shut.
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    # A missing .shx is an error to be told, not a file to be written beside the user's own.
    "SHAPE_RESTORE_SHX": "NO",
    # Should a request be made all the same, it ends at a port of this machine that nobody serves.
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    # The date that GDAL writes into a GeoPackage: fixed, so that the same layer gives the same bytes.
    "OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z",
}

# Both libraries log what they also raise; without a handler Python would print it on stderr.
for _name in ("pyogrio", "fiona"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@contextmanager
def guarded() -> Iterator[list[str]]:
    """Set lcrmap's options of GDAL, and put the caller's own back at the end.

    Yields
    ------
    list of str
        Filled with GDAL's warnings when the block ends, instead of these going to stderr.
    """
    said: list[str] = []
    before = {name: pyogrio.get_gdal_config_option(name) for name in GDAL_OPTIONS}
    pyogrio.set_gdal_config_options(GDAL_OPTIONS)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                yield said
            finally:
                said.extend(str(each.message) for each in caught)
    finally:
        pyogrio.set_gdal_config_options(before)
