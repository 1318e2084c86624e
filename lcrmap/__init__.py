"""lcrmap: maps and where-questions for the Liverpool City Region.

>>> import lcrmap
>>> pack = lcrmap.open_pack()
>>> boroughs = lcrmap.open_layer("boroughs", pack=pack)
>>> len(boroughs.frame)
6
>>> page = lcrmap.make_map("innovation-assets", pack=pack)  # a folium.Map
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lcrmap.errors import (
        CRSError,
        DataError,
        ExpressionError,
        FileError,
        GeometryError,
        LcrmapError,
        MachinesLostError,
        MissingFileError,
        MissingPartError,
        NotClosedError,
        NothingFoundError,
        OutputError,
        SumError,
        UnknownNameError,
        UsageError,
    )
    from lcrmap.layers import Layer, Metadata, Pack, open_pack
    from lcrmap.library import (
        access,
        catchment,
        compare,
        count,
        gaps,
        join,
        locate,
        make_map,
        near,
        open_layer,
        profile,
        show,
    )
    from lcrmap.maps.page import Page
    from lcrmap.verbs.answer import Answer

__all__ = [
    "Answer",
    "CRSError",
    "DataError",
    "ExpressionError",
    "FileError",
    "GeometryError",
    "Layer",
    "LcrmapError",
    "MachinesLostError",
    "Metadata",
    "MissingFileError",
    "MissingPartError",
    "NotClosedError",
    "NothingFoundError",
    "OutputError",
    "Pack",
    "Page",
    "SumError",
    "UnknownNameError",
    "UsageError",
    "access",
    "catchment",
    "compare",
    "count",
    "gaps",
    "join",
    "locate",
    "make_map",
    "near",
    "open_layer",
    "open_pack",
    "profile",
    "show",
]

# Where each public name lives: imported when it is first asked for, so that `import lcrmap` is quick.
_HOMES = {
    "Answer": "lcrmap.verbs.answer",
    "CRSError": "lcrmap.errors",
    "DataError": "lcrmap.errors",
    "ExpressionError": "lcrmap.errors",
    "FileError": "lcrmap.errors",
    "GeometryError": "lcrmap.errors",
    "Layer": "lcrmap.layers",
    "LcrmapError": "lcrmap.errors",
    "Metadata": "lcrmap.layers",
    "MachinesLostError": "lcrmap.errors",
    "MissingFileError": "lcrmap.errors",
    "MissingPartError": "lcrmap.errors",
    "NotClosedError": "lcrmap.errors",
    "NothingFoundError": "lcrmap.errors",
    "OutputError": "lcrmap.errors",
    "Pack": "lcrmap.layers",
    "Page": "lcrmap.maps.page",
    "SumError": "lcrmap.errors",
    "UnknownNameError": "lcrmap.errors",
    "UsageError": "lcrmap.errors",
    "access": "lcrmap.library",
    "catchment": "lcrmap.library",
    "compare": "lcrmap.library",
    "count": "lcrmap.library",
    "gaps": "lcrmap.library",
    "join": "lcrmap.library",
    "locate": "lcrmap.library",
    "make_map": "lcrmap.library",
    "near": "lcrmap.library",
    "open_layer": "lcrmap.library",
    "profile": "lcrmap.library",
    "open_pack": "lcrmap.layers",
    "show": "lcrmap.library",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lcrmap' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
