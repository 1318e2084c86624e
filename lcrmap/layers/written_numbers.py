"""Texts as people write numbers, such as "1,200", "£1,200" and "12%", of which a column may hold nothing else."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.errors import shortened

__all__ = ["are_numbers", "numbers_in", "numbers_note", "ways_written"]

_NUMBER: Final = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_WRITTEN: Final = rf"^\s*(?P<sign>[+-]?)(?P<before>[£$€]?){_NUMBER}\s?(?P<behind>%?)\s*$"
_PLAIN: Final = r"^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$"


def are_numbers(texts: pd.Series[str]) -> pd.Series[bool]:
    """Tell which texts are numbers, as people or programs write them.

    Examples
    --------
    >>> are_numbers(pd.Series(["£1,200", "12%", "1.5e3", "about 30", "n/a", ""])).tolist()
    [True, True, True, False, False, False]
    """
    return texts.str.fullmatch(_WRITTEN) | texts.str.fullmatch(_PLAIN)


def ways_written(texts: pd.Series[str]) -> list[str]:
    """Return of texts that are numbers the first of each unit, and the first that only programs write so.

    Examples
    --------
    >>> ways_written(pd.Series(["£5", "12%", "£1,200", "1.5e3"]))
    ['£5', '12%', '1.5e3']
    """
    parts = texts.str.extract(_WRITTEN)
    units = (parts["before"] + parts["behind"]).fillna("e")
    first: list[str] = texts[~units.duplicated()].str.strip().tolist()
    return first


def numbers_in(values: pd.Series[Any]) -> tuple[pd.Series[Any], str] | None:
    """Return the numbers that a column of texts holds, and their unit; None for other texts.

    All must have the same unit, or none. What is blank is empty.

    Examples
    --------
    >>> numbers, unit = numbers_in(pd.Series(["£1,200", None, "£30"]))
    >>> numbers.tolist(), unit
    ([1200.0, nan, 30.0], '£')
    >>> numbers_in(pd.Series(["£1,200", "12%"])) is None
    True
    """
    if not pd.api.types.is_string_dtype(values):
        return None
    texts = values.where(values.str.strip() != "")
    parts = texts.dropna().str.extract(_WRITTEN)
    if not len(parts) or parts["number"].isna().any():
        return None
    units = (parts["before"] + parts["behind"]).unique()
    if len(units) > 1:
        return None
    plain = parts["sign"] + parts["number"].str.replace(",", "", regex=False)
    return plain.astype("float64").reindex(values.index), str(units[0])


def numbers_note(
    values: pd.Series[Any], numbers: pd.Series[Any], unit: str, *, column: str, layer: str
) -> str:
    """Say how a column of texts is read as numbers.

    Parameters
    ----------
    values
        The texts.
    numbers, unit
        What `numbers_in` made of them.
    column, layer
        What the column and its layer are called.
    """
    row = int(np.flatnonzero(numbers.notna())[0])
    text = shortened(str(values.iloc[row]).strip())
    in_units = f" in {unit}" if unit else ""
    number = f"{numbers.iloc[row]:.15g}"
    return f"'{column}' of {layer} is read as numbers{in_units}: '{text}' is {number}."
