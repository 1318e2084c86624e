"""Read the figures of a pack's indicators from its tables, and nothing of those that nobody asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pandas as pd

from lcrmap.errors import DataError, FileError
from lcrmap.layers import Input, Pack
from lcrmap.layers.indicators import Indicator, Indicators

__all__ = ["inputs_of", "read_figures", "read_nesting"]


def read_figures(pack: Pack, names: Iterable[str]) -> pd.DataFrame:
    """Return figures of the areas of one level, as they stand in the pack's tables.

    Parameters
    ----------
    names
        The indicators, each a column of a table; at least one, and all of one level.

    Returns
    -------
    pandas.DataFrame
        A column an indicator, by the codes of the areas; what is not known is NaN.

    Raises
    ------
    DataError
        If a table lacks a column, names an area twice, or holds what is no number.
    FileError
        If a table is not there.
    """
    known = pack.indicators
    chosen = [known.named(each) for each in dict.fromkeys(names)]
    tables: dict[str, list[Indicator]] = {}
    for each in chosen:
        tables.setdefault(each.path, []).append(each)
    frames = [_table(pack, path, [each.id for each in some]) for path, some in tables.items()]
    whole = frames[0]
    for other in frames[1:]:
        whole = whole.join(other, how="outer")
    return whole[[each.id for each in chosen]]


def read_nesting(pack: Pack, known: Indicators, below: str) -> pd.DataFrame:
    """Return of which larger areas those of a level are a part: a column a level, by the codes of the areas below.

    Raises
    ------
    DataError
        If an area is a part of two.
    """
    path = pack.table(known.nesting)
    frame = _read(path, list(known.levels.values()))
    above = list(known.levels)[list(known.levels).index(below) :]
    columns = [known.levels[each] for each in above]
    parts = frame[columns].drop_duplicates().set_axis(above, axis=1)
    if parts[below].duplicated().any():
        raise DataError(f"'{path.name}' puts an area of {below} into two larger ones: correct it.")
    return parts.set_index(below, drop=False)


def inputs_of(pack: Pack, chosen: Iterable[Indicator]) -> tuple[Input, ...]:
    """Return what is read for indicators: the tables of figures, and the one that says how areas nest."""
    paths = dict.fromkeys((pack.indicators.nesting, *(each.path for each in chosen)))
    files = [pack.table(each) for each in paths]
    return tuple(Input(each.name, _opened(each)[1]) for each in files)


def _table(pack: Pack, path: str, columns: list[str]) -> pd.DataFrame:
    file = pack.table(path)
    frame = _read(file, ["code", *columns])
    if frame["code"].duplicated().any():
        raise DataError(f"'{file.name}' has two rows for one area: keep one of each.")
    frame = frame.set_index("code").copy()
    for column in columns:
        numbers = pd.to_numeric(frame[column], errors="coerce")
        odd = frame[column][numbers.isna() & frame[column].notna()]
        if len(odd):
            raise DataError(
                f"'{file.name}' holds '{odd.iloc[0]:.40}' for {odd.index[0]} in '{column}', which is no number: "
                f"leave empty what is not known."
            )
        frame[column] = numbers.astype("float64")
    return frame


def _read(file: Path, columns: list[str]) -> pd.DataFrame:
    frame, _ = _opened(file)
    if not set(columns) <= set(frame.columns):
        raise DataError(
            f"'{file.name}' is no table of indicators with the columns {', '.join(columns)}."
        )
    return frame[columns]


def _opened(file: Path) -> tuple[pd.DataFrame, str]:
    """Return the cells of a table as texts, and its SHA-256; it is read anew only if it was changed."""
    try:
        seen = file.stat()
        return _kept(file, seen.st_mtime_ns, seen.st_size)
    except OSError as error:
        raise FileError(f"'{file}' cannot be read: {error.strerror}.") from error


@lru_cache(maxsize=32)
def _kept(file: Path, changed_ns: int, size: int) -> tuple[pd.DataFrame, str]:
    data = file.read_bytes()
    try:
        frame = pd.read_csv(BytesIO(data), dtype="str", encoding="utf-8")
    except ValueError:  # also of an empty table, or of bytes that are no text
        frame = pd.DataFrame()
    return frame, hashlib.sha256(data).hexdigest()
