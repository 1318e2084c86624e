"""Which layer of a file of many is meant, and what GDAL says that there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
from pyogrio.errors import DataLayerError, DataSourceError

from lcrmap.errors import FileError, UnknownNameError
from lcrmap.io.cells import FINE, kind_of, settled_kind, typed_column
from lcrmap.io.columns import Column
from lcrmap.io.decimals import digits_note
from lcrmap.io.describing import counted
from lcrmap.io.guard import guarded
from lcrmap.io.vectors import RefusedError, read_vectors, tidied

__all__ = [
    "Contained",
    "chosen_layer",
    "chosen_of",
    "contained",
    "is_bare",
    "layer_columns",
    "typed_texts",
]

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Contained:
    """A layer of a file: its name, how many features it has, and of which kind, empty for no shapes."""

    name: str
    rows: int
    kind: str

    @property
    def words(self) -> str:
        """What a list of layers says of it."""
        return f"{self.name}, {counted(self.rows, self.kind or 'None')}"


def contained(file: Path | str, where: str, driver: str) -> list[Contained]:
    """Return the layers of a file that have features.

    Parameters
    ----------
    file
        A file whose format has been checked.
    where
        What to call it in messages.
    driver
        GDAL's name of the format.

    Raises
    ------
    FileError
        If GDAL cannot read it, or takes it for another format.
    """
    with guarded():
        try:
            infos = [
                pyogrio.read_info(file, layer=str(name), force_feature_count=True)
                for name, _ in pyogrio.list_layers(file)
            ]
        except (DataSourceError, DataLayerError, IndexError, UnicodeDecodeError) as error:
            raise FileError(
                f"{where} is not whole: save or download it again ({tidied(str(error), Path(file))})."
            ) from error
    if any(each["driver"] != driver for each in infos):
        raise FileError(f"{where} is not what its name says.")
    return [
        Contained(
            str(each["layer_name"]), int(each["features"]), _plain_kind(each["geometry_type"])
        )
        for each in infos
        if each["features"]
    ]


def layer_columns(
    file: Path,
    driver: str,
    path: Path,
    layer: str,
    *,
    options: dict[str, str] | None = None,
    own_crs: bool = True,
) -> tuple[list[Column], Any, pyproj.CRS | None, list[str]]:
    """Read a layer as `lcrmap.io.vectors.read_vectors` does; `path` is what the user knows the file by.

    Raises
    ------
    FileError
        If GDAL cannot read it.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    try:
        return read_vectors(
            file, driver, where=where, layer=layer, options=options, own_crs=own_crs
        )
    except RefusedError as error:
        raise FileError(
            f"{where} is not whole: save or download it again ({tidied(str(error), file)})."
        ) from error


def _plain_kind(kind: str | None) -> str:
    words = (kind or "").removesuffix(" Z").removesuffix(" M").removesuffix(" ZM")
    return words.removeprefix("2.5D ").removeprefix("3D ")


def chosen_of(layers: Sequence[Contained], asked: str, path: Path) -> str:
    """Return the layer that was asked for, or the only one, as `chosen_layer` does."""
    words = {each.name: each.words for each in layers}
    return chosen_layer(list(words), asked, path, words=lambda some: [words[each] for each in some])


def chosen_layer(
    names: Sequence[str],
    asked: str,
    path: Path,
    *,
    words: Callable[[Sequence[str]], Sequence[str]],
    hidden: Sequence[str] = (),
) -> str:
    """Return the layer that was asked for, or the only one.

    Parameters
    ----------
    names
        The layers that a person may mean.
    asked
        What was asked for; empty for the only one.
    path
        The path by which the user knows the file.
    words
        Says what some layers hold, for a list.
    hidden
        Further layers that are there for who asks for them by name.

    Raises
    ------
    UnknownNameError
        If there is no such layer.
    FileError
        If none was asked for and there are several, or none at all.
    """
    every = [*names, *hidden]
    if asked and asked not in every:
        raise UnknownNameError("layer", asked, every, where=f"'{path}'")
    if not every:
        raise FileError(f"'{path}' holds no layer: check that it was saved with one.")
    if asked:
        return asked
    meant = names or every
    if len(meant) > 1:
        shown = "; ".join(words(meant[:_SHOWN]))
        more = f"; and {len(meant) - _SHOWN} more" if len(meant) > _SHOWN else ""
        raise FileError(
            f"'{path}' holds {len(meant)} layers ({shown}{more}): name one, such as '{path}:{meant[0]}'."
        )
    return meant[0]


def is_bare(column: Column) -> bool:
    """Tell whether no feature has a value in a column."""
    values = column.values
    if isinstance(values, np.ndarray) and values.dtype.kind in "fM":
        return bool(np.isnan(values).all() if values.dtype.kind == "f" else np.isnat(values).all())
    return all(each is None or each == "" for each in values)


def typed_texts(
    columns: Sequence[Column], where: str, *, but: Collection[str] = ()
) -> tuple[list[Column], tuple[str, ...]]:
    """Give columns of text, of a format in which all is text, the types that their cells have as in a table.

    Parameters
    ----------
    but
        The names of columns that stay as they are.

    Returns
    -------
    tuple
        The columns, and what is to be said of them.
    """
    found: list[Column] = []
    fine: list[str] = []
    for each in columns:
        if each.type == "string" and each.name not in but:
            cells = pa.chunked_array([pa.array([one or None for one in each.values], pa.string())])
            kind = kind_of(cells)
            fine += [each.name] if kind == FINE else []
            settled = settled_kind(kind, gaps=bool(cells.null_count))
            found.append(typed_column(each.name, cells, settled))
        else:
            found.append(each)
    return found, digits_note(fine, where)
