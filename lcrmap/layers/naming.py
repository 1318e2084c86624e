"""Which columns hold names that mean nothing, such as codes, and what tells features of one name apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lcrmap.layers.layer import Layer

__all__ = ["is_naming", "named_apart", "sharing", "telling", "telling_column", "words_apart"]

_NAMING: Final = re.compile(
    r"(^|_)(id|fid|objectid|uid|uprn|usrn|urn|toid|code|ref|key)$", re.IGNORECASE
)


def is_naming(name: str) -> bool:
    """Tell whether the values of a column that is called so are names that mean nothing, such as UPRNs.

    Examples
    --------
    >>> is_naming("uprn"), is_naming("ward_code"), is_naming("residents")
    (True, True, False)
    """
    return _NAMING.search(name) is not None


def telling_column(layer: Layer) -> str:
    """Return the column, such as the borough of wards, that tells features of one name apart; empty if none does."""
    frame, label = layer.frame, layer.label
    if not label or label == layer.key:
        return ""
    names = _texts_of(frame[label])
    rows = sharing(names)
    some = frame.iloc[rows].drop(columns={layer.key, label, frame.geometry.name} - {""})
    words = {
        str(name): _texts_of(each)
        for name, each in some.items()
        if pd.api.types.is_string_dtype(each)
    }
    return telling([names[row] for row in rows], words)


def words_apart(layer: Layer) -> dict[int, str]:
    """Return by row number what tells the features of one name apart; nothing if no column does."""
    column = telling_column(layer)
    if not column:
        return {}
    words = _texts_of(layer.frame[column])
    return {row: words[row] for row in sharing(_texts_of(layer.frame[layer.label]))}


def named_apart(name: str, words: str | None) -> str:
    """Return a name with what tells it from others of its name behind it, if anything does.

    Examples
    --------
    >>> named_apart("Church", "Sefton"), named_apart("Kew", None)
    ('Church (Sefton)', 'Kew')
    """
    return f"{name} ({words})" if words else name


def sharing(names: Sequence[str]) -> list[int]:
    """Return the numbers of the rows whose name others have too; no name is shared by none.

    Examples
    --------
    >>> sharing(["Church", "Kew", "", "Church", ""])
    [0, 3]
    """
    counted = Counter(names)
    return [row for row, name in enumerate(names) if name and counted[name] > 1]


def telling(names: Sequence[str], words: Mapping[str, Sequence[str]]) -> str:
    """Return the first column of words in which all that share a name differ; empty if none does, or no name is given.

    Examples
    --------
    >>> telling(["Church", "Church"], {"county": ["M", "M"], "borough": ["Sefton", "Liverpool"]})
    'borough'
    """
    for column, texts in words.items() if names else ():
        apart = all(texts) and len(set(zip(names, texts, strict=True))) == len(names)
        if apart and not is_naming(column):
            return column
    return ""


def _texts_of(values: pd.Series[Any]) -> list[str]:
    """Return cells as texts, empty where there is no value."""
    return values.astype("str").where(values.notna(), "").tolist()
