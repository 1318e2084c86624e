"""Open a layer as the oracles do, and compare layers and values to the last digit."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lcrmap.errors import LcrmapError
from lcrmap.io.opening import open_layer
from lcrmap.io.values import columns_of
from lcrmap.io.values import rows_of as json_rows
from lcrmap.layers import Layer, Pack
from tests.fuzz.faults import FaultError

__all__ = ["EMPTY", "attempted", "opened", "piped", "repaired", "rows_of", "same", "same_layers"]

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
_SURROGATE = re.compile("[\ud800-\udfff]")


def attempted(act: Callable[[], Any]) -> Any:
    """Return what `act` returns, or the LcrmapError that it raises; anything else is a fault."""
    try:
        return act()
    except LcrmapError as error:
        return error
    except FaultError:
        raise
    except Exception as error:
        raise FaultError.unforeseen(error) from error


def opened(name: str) -> Layer | LcrmapError:
    """Open a file of the working folder."""
    return attempted(lambda: open_layer(name, pack=EMPTY))


def piped(data: bytes) -> Layer | LcrmapError:
    """Open what came through a pipe."""
    return attempted(lambda: open_layer("-", pack=EMPTY, stdin=io.BytesIO(data)))


def rows_of(layer: Layer) -> list[dict[str, Any]]:
    """Return the attributes of each row, as JSON has them."""
    columns = attempted(lambda: columns_of(layer.frame, layer.metadata))
    return json_rows(columns, len(layer.frame))


def repaired(text: str) -> str:
    """Return a text in which halves of surrogate pairs are the sign for what is no character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def same(one: Any, other: Any) -> bool:
    """Tell whether two values of JSON are the same, to the digit; 1 and 1.0 are, 1 and true are not."""
    match one, other:
        case bool(), _:
            return one is other
        case _, bool():
            return False
        case float(), None:
            return not math.isfinite(one)
        case None, float():
            return not math.isfinite(other)
        case str(), str():
            return repaired(one) == repaired(other)
        case list() | tuple(), list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case dict(), dict():
            return list(map(repaired, one)) == list(map(repaired, other)) and all(
                map(same, one.values(), other.values())
            )
    return bool(one == other)


def same_layers(one: Layer, other: Layer, how: str) -> None:
    """Raise a fault if two layers differ in columns, types, rows, values, shapes or CRS."""
    if one.frame.crs != other.frame.crs:
        raise FaultError(f"{how}: another CRS", f"{one.frame.crs} {other.frame.crs}")
    kinds = [[(each.name, each.type) for each in layer.metadata.fields] for layer in (one, other)]
    if kinds[0] != kinds[1]:
        raise FaultError(f"{how}: other columns", f"{kinds[0]!r:.400}\n{kinds[1]!r:.400}")
    if len(one.frame) != len(other.frame):
        raise FaultError(f"{how}: other rows", f"{len(one.frame)} {len(other.frame)}")
    if one.frame.dtypes.astype(str).tolist() != other.frame.dtypes.astype(str).tolist():
        raise FaultError(f"{how}: other dtypes", f"{one.frame.dtypes} {other.frame.dtypes}")
    rows = [rows_of(one), rows_of(other)]
    for number, (mine, theirs) in enumerate(zip(*rows, strict=True)):
        if not same(mine, theirs):
            raise FaultError(
                f"{how}: other values", f"row {number}\n{mine!r:.400}\n{theirs!r:.400}"
            )
    shapes = [shapely.to_wkb(each.frame.geometry.to_numpy(), flavor="iso") for each in (one, other)]
    if not np.array_equal(*shapes):
        raise FaultError(f"{how}: other shapes", "")
