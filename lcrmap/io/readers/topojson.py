"""TopoJSON: each of its objects is a layer, whose shapes share arcs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError
from lcrmap.io.columns import build_frame
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.formats import UTF8_MARK
from lcrmap.io.json_copy import lone_copy
from lcrmap.io.json_text import parse, read_text
from lcrmap.io.layered import Contained, chosen_of, layer_columns
from lcrmap.io.reading import Asked, Reading

__all__ = ["read", "read_topology"]

_DRIVER: Final = "TopoJSON"
_MOST_TIMES: Final = 20
"""So often a layer uses each arc on average: neighbours share one twice, and what uses it more often is no map."""
_FREE: Final = 100_000  # positions that any file may have


def read(path: Path, asked: Asked) -> Reading:
    """Read all features of a layer; raises as `read_topology` does."""
    data = path.read_bytes()
    where = f"'{path}'"
    read_text(data, where)
    return read_topology(parse(data.removeprefix(UTF8_MARK), where), path, asked)


def read_topology(whole: dict[str, Any], path: Path, asked: Asked) -> Reading:
    """Read all features of a layer of a topology that is decoded.

    GDAL is given this layer alone, once it is known how many positions its arcs unfold to.

    Raises
    ------
    FileError
        If it is no topology, or if the layer is to be chosen, uses arcs that are not there or unfolds to too much.
    UnknownNameError
        If it has no layer of the name asked for.
    GeometryError
        If a shape cannot be understood.
    """
    where = f"'{path}'"
    objects, arcs = whole.get("objects"), whole.get("arcs")
    if whole.get("type") != "Topology" or not isinstance(objects, dict):
        raise FileError(f"{where} is JSON but not TopoJSON, whose type is 'Topology'.")
    if not isinstance(arcs, list) or not all(isinstance(each, list) for each in arcs):
        raise FileError(f"{where} has no list of arcs, as TopoJSON has: save or download it again.")
    layers = {name: _collected(each) for name, each in objects.items()}
    found = [Contained(name, len(each["geometries"]), "") for name, each in layers.items()]
    layer = chosen_of(found, asked.part, path)
    _refuse_unfolding(layers[layer], [len(each) for each in arcs], where)
    plain = {"type": "Topology", "arcs": arcs, "objects": {"layer": layers[layer]}}
    if "transform" in whole:
        plain["transform"] = whole["transform"]
    with lone_copy(plain, where, ".topojson") as copy:
        columns, shapes, _, notes = layer_columns(copy, _DRIVER, path, "", own_crs=False)
    frame, types = build_frame(columns, shapes, named_crs(DEGREES))
    return Reading(frame, types, notes=tuple(notes), title=layer if len(layers) > 1 else "")


def _collected(value: Any) -> dict[str, Any]:
    """Return an object of a topology as a collection, which a single shape is too."""
    if isinstance(value, dict) and isinstance(value.get("geometries"), list):
        return value
    return {"type": "GeometryCollection", "geometries": [value] if isinstance(value, dict) else []}


def _refuse_unfolding(layer: dict[str, Any], lengths: list[int], where: str) -> None:
    """Refuse a layer that uses arcs that are not there, or so often that they unfold to far more than the file."""
    left = _FREE + _MOST_TIMES * sum(lengths)
    todo: list[Any] = [layer]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            todo += [each.get("geometries"), each.get("arcs")]
        elif isinstance(each, list):
            todo += each
        elif each is None:
            continue
        elif not isinstance(each, int) or not -len(lengths) <= each < len(lengths):
            raise FileError(
                f"{where} uses an arc that it does not hold: save or download it again."
            )
        else:
            left -= 1 + lengths[each if each >= 0 else ~each]
            if left < 0:
                raise FileError(
                    f"{where} uses its arcs so often that they unfold to more than {_MOST_TIMES} times as many "
                    f"positions as it holds, as no map does."
                )
