"""Coordinate reference systems by their registered codes, and by nothing else.

PROJ can be talked into opening files (``+init=/path:x``, ``+nadgrids=...``) and addresses by a text that
passes for a coordinate reference system. Here only a code of a register is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyproj
from pyproj.exceptions import CRSError as ProjError
from pyproj.network import (  # type: ignore[attr-defined]  # its stubs leave these two out
    is_network_enabled,
    set_network_enabled,
)

from lcrmap.errors import CRSError, UsageError

__all__ = ["DEGREES", "asked_crs", "named_crs", "no_grids_fetched", "tidy_crs"]

DEGREES = "EPSG:4326"
"""Longitude and latitude on WGS 84: what GeoJSON holds and what a web map wants."""

_CODE = re.compile(r"(?:(EPSG|ESRI|OGC|IGNF):{1,2})?([A-Za-z0-9_.]{1,20})", re.IGNORECASE)
_URN = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)"
    r"(EPSG|ESRI|OGC|IGNF)[:/][0-9.]*[:/]([A-Za-z0-9_.]{1,20})",
    re.IGNORECASE,
)


def named_crs(text: str, *, where: str = "--crs") -> pyproj.CRS:
    """Return the coordinate reference system that a code names.

    Parameters
    ----------
    text
        ``EPSG:27700``, ``27700``, ``OGC:CRS84``, or the URN of one of these.
    where
        Where the text stood, for the message.

    Raises
    ------
    CRSError
        If it is not a code, or if the register has no such code.

    Examples
    --------
    >>> named_crs("EPSG:27700").name
    'OSGB36 / British National Grid'
    """
    match = _URN.fullmatch(text.strip()) or _CODE.fullmatch(text.strip())
    if match is None:
        raise CRSError(
            f"'{_short(text)}' ({where}) is not the code of a coordinate reference system: "
            f"write one such as EPSG:4326 (degrees) or EPSG:27700 (British National Grid)."
        )
    register, code = (match.group(1) or "EPSG").upper(), match.group(2)
    try:
        return tidy_crs(pyproj.CRS.from_authority(register, code))
    except ProjError:
        raise CRSError(
            f"The coordinate reference system {register}:{code} ({where}) is unknown: "
            f"EPSG:4326 is degrees and EPSG:27700 the British National Grid."
        ) from None


def asked_crs(code: str) -> pyproj.CRS:
    """Return the coordinate reference system that ``--crs`` names.

    Raises
    ------
    UsageError
        If it is not a code, or if the register has no such code.
    """
    try:
        return named_crs(code)
    except CRSError as error:
        raise UsageError(str(error)) from None


@contextmanager
def no_grids_fetched() -> Iterator[None]:
    """Keep PROJ from fetching grids over the network, whatever the environment says."""
    before = is_network_enabled()
    set_network_enabled(False)
    try:
        yield
    finally:
        set_network_enabled(before)


def tidy_crs(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the one name for degrees on WGS 84, whichever way a file writes them.

    OGC:CRS84 and EPSG:4326 differ in the order of their axes alone, and lcrmap always keeps longitude
    first.
    """
    authority = crs.to_authority()
    if authority in (("OGC", "CRS84"), ("EPSG", "4326")):
        return pyproj.CRS.from_epsg(4326)
    return crs


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
