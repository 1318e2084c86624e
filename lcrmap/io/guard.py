"""GDAL kept quiet, away from the network and away from files that nobody named."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import pyogrio

__all__ = ["GDAL_OPTIONS", "guarded"]

GDAL_OPTIONS: dict[str, str] = {
    # No side-car .aux.xml is looked for beside a file.
    "GDAL_PAM_ENABLED": "NO",
    # Functions of SQLite that open other files or addresses stay shut.
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    # A missing .shx is an error to be told, not a file to be written beside the user's own.
    "SHAPE_RESTORE_SHX": "NO",
    # What GDAL says outside of pyogrio's ears is raised as well; on stderr it would quote the file.
    "CPL_LOG": os.devnull,
    # Text of GML stays text, so that 007 stays 007; links in it are not followed.
    "GML_FIELDTYPES": "ALWAYS_STRING",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    # Should a request be made all the same, it ends at a port of this machine that nobody serves.
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    # Arrow's batches are made of features, as whole frames are. The drivers' own quick ways differ: FlatGeobuf's gives
    # broken memory for a missing shape, GeoPackage's writes times and broken dates in another way.
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
    "OGR_GPKG_STREAM_BASE_IMPL": "YES",
    # The date that GDAL writes into a GeoPackage: fixed, so that the same layer gives the same bytes.
    "OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z",
}

# Both libraries log what they also raise; without a handler Python would print it on stderr.
for _name in ("pyogrio", "fiona"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


_LOCK = RLock()


@contextmanager
def guarded() -> Iterator[None]:
    """Set lcrmap's options of GDAL and keep its warnings to itself; put the caller's own back at the end.

    They are those of the whole process, so that one thread at a time is within.
    """
    with _LOCK, warnings.catch_warnings(action="ignore"):
        before = {name: pyogrio.get_gdal_config_option(name) for name in GDAL_OPTIONS}
        pyogrio.set_gdal_config_options(GDAL_OPTIONS)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)
