"""The position that a text in a form means: whatever ``near`` takes, except files, lines and areas."""

from __future__ import annotations

import asyncio
from typing import Final

import pandas as pd
import shapely
from starlette.responses import Response

from lcrmap.errors import LcrmapError, UnknownNameError, UsageError, shortened
from lcrmap.io.crs import DEGREES
from lcrmap.io.places import find_place
from lcrmap.layers import Layer
from lcrmap.live.asking import Asked, ProblemError, json_answer, operation
from lcrmap.verbs.sources import Sources

__all__ = ["position_of"]

_ERROR: Final = "position_error_m"
_LONGEST: Final = 200


@operation(
    "GET",
    "/locate",
    "locate",
    "The position that a text means, and how exactly it is known.",
    query=("q",),
    says={200: {"application/json": "object"}},
    wrong=(422,),
)
async def locate(asked: Asked) -> Response:
    """Answer where a postcode, a grid reference, a name or a pair of numbers lies."""
    sources = await asked.served.sourced.at(await asked.served.live.store.head())
    text = (asked.query("q") or "")[:_LONGEST]
    try:
        return json_answer(await asyncio.to_thread(position_of, text, sources))
    except LcrmapError as error:
        raise ProblemError(422, str(error)) from error


def position_of(text: str, sources: Sources) -> dict[str, float | None]:
    """Return the longitude and latitude that a text means, and how exactly that is known.

    Parameters
    ----------
    text
        A position, a grid reference, a postcode, or the name of a feature of the map.
    sources
        The map. Nothing else is opened, and nothing is said of any file: the text comes over a network.

    Raises
    ------
    UsageError
        If it means nothing, several things, or no point.
    """

    def opened(name: str) -> Layer:
        if name not in sources.pack.names:
            raise UnknownNameError("place", name, [])
        return sources.layer(name)

    said = f"'{shortened(text)}'"
    try:
        if "\\" in text or text.startswith("//") or not text.strip():
            raise UnknownNameError("place", text, [])
        place = find_place(text, pack=sources.pack, opened=opened, changed=sources.changed)
    except UnknownNameError as error:
        raise UsageError(
            f"{said} is no place that this map knows: write a postcode, a grid reference, the name of a place, "
            f"or latitude and longitude."
        ) from error
    frame = place.layer.frame.to_crs(DEGREES)
    shapes = frame.geometry.dropna()
    if len(frame) != 1 or len(shapes) != 1 or shapes.iloc[0].geom_type != "Point":
        raise UsageError(f"{said} is no single point: write one, or move the place by its buttons.")
    error_m = frame[_ERROR].iloc[0] if _ERROR in frame.columns else None
    (longitude, latitude), *_ = shapely.get_coordinates(shapes.iloc[0])
    return {
        "longitude": round(float(longitude), 6),
        "latitude": round(float(latitude), 6),
        # What was typed has no error of its own: how exact it is, is unknown.
        _ERROR: float(error_m)
        if error_m is not None and not pd.isna(error_m) and error_m
        else None,
    }
