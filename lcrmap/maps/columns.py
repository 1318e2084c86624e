"""Columns of a layer as a page carries them: cleaned, typed and packed, without an object for each cell."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from lcrmap.layers import Field
from lcrmap.layers.addresses import is_link
from lcrmap.layers.naming import is_naming
from lcrmap.maps.words import DECIMALS, Words, number_text, squared, with_unit

__all__ = ["MISSING", "Column", "bound_names", "clean", "make_column"]

ColumnKind = Literal["text", "number", "code", "link"]
MISSING: Final = -1  # the code of a cell without a value
_EXACT: Final = 2**53  # floating point holds every whole number below it

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE: Final = re.compile(r"\d{4}-\d{2}(-\d{2})?\b")
_YEAR: Final = re.compile(
    r"(^|[_\s])(year|yr|built|opened|founded|established|since)s?($|[_\s])", re.IGNORECASE
)
_YEARS: Final = (1000, 2999)  # that a column may hold whose name speaks of years
_LIKELY_YEARS: Final = (1800, 2100)  # that one may hold whose name does not
_BY_CHANCE: Final = 5  # fewer numbers may lie there by chance
_PICTURES: Final = 0x2400  # U+2400 SYMBOL FOR NULL and its neighbours show C0 control characters
_DELETE: Final = 0x7F


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column, row by row in the order of its layer.

    Attributes
    ----------
    kind
        ``text`` and ``link``: strings or None; ``number``: numbers or None; ``code``: row numbers of `labels`, or
        `MISSING`.
    values
        The cells.
    labels
        The words that the codes of a ``code`` column stand for.
    raw
        The values that the labels stand for, as they are in the data.
    plain
        Whether its numbers are names, such as UPRNs, or years: they keep their form.
    decimals
        With how many decimals its numbers are written: as many as the one that has most.
    """

    name: str
    title: str
    kind: ColumnKind
    values: list[Any]
    unit: str = ""
    labels: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    plain: bool = False
    decimals: int = 0

    def text(self, row: int) -> str:
        """Return the cell as a reader sees it; empty if it has no value."""
        value = self.values[row]
        if self.kind == "code":
            return "" if value == MISSING else self.labels[value]
        if value is None:
            return ""
        if self.kind == "number" and not self.plain:
            return with_unit(number_text(value, self.decimals), self.unit)
        return str(value)

    def exact(self, row: int) -> Any:
        """Return the cell as it stands in the data: what a label or a number for readers stands for."""
        value = self.values[row]
        if self.kind == "code":
            return "" if value == MISSING else self.raw[value]
        return str(value) if _is_long(value) else value

    def has(self, row: int) -> bool:
        """Tell whether the cell has a value."""
        value = self.values[row]
        return value != MISSING if self.kind == "code" else value is not None

    def to_json(self) -> dict[str, Any]:
        """Return the form in which the page's data block carries the column."""
        packed: dict[str, Any] = {"name": self.name, "title": self.title, "kind": self.kind}
        if self.unit:
            packed["unit"] = self.unit
        if self.plain:
            packed["plain"] = True
        if self.decimals:
            packed["decimals"] = self.decimals
        if self.kind == "code":
            packed["labels"] = list(self.labels)
            if self.raw != self.labels:
                packed["raw"] = list(self.raw)
        if self.kind == "number":
            long = {row: str(each) for row, each in enumerate(self.values) if _is_long(each)}
            packed |= {"exact": long} if long else {}
        packed["values"] = self.values
        return packed


def bound_names(name: str, names: Collection[str]) -> tuple[str, str] | None:
    """Return the columns that hold the least and the greatest of a column, if there are such among some.

    Examples
    --------
    >>> bound_names("count", ["count", "min", "max"]), bound_names("distance_m", ["distance_m"])
    (('min', 'max'), None)
    """
    stem, unit = (name[:-2], "_m") if name.endswith("_m") else (name, "")
    pairs = [(f"{stem}_min{unit}", f"{stem}_max{unit}")]
    if name == "count":
        pairs.append(("min", "max"))
    return next((each for each in pairs if set(each) <= set(names)), None)


def clean(text: str) -> str:
    r"""Make control characters and halves of surrogate pairs visible, and leave all else as it is.

    Examples
    --------
    >>> clean("a\x00b")
    'a␀b'
    """
    return _CONTROL.sub(_picture, text) if _CONTROL.search(text) else text


def make_column(
    field: Field,
    series: pd.Series[Any],
    words: Words,
    *,
    coded: bool = False,
    key: bool = False,
) -> Column:
    """Pack one column of a frame.

    Parameters
    ----------
    field
        What is known of the column: title, unit, categories.
    series
        The cells.
    words
        The page's language, for yes and no.
    coded
        Whether its values are categories, however few rows share one.
    key
        Whether its values name the rows.
    """
    title, unit = squared(clean(field.title)), squared(clean(field.unit))
    if _is_truth(series):
        texts = series.map({True: "true", False: "false"}).astype(object)
        return _coded(field.name, title, texts, _truth(words))
    if _is_number(series) and not field.categories and not coded:
        values = _numbers(series)
        if values is not None:
            plain = key or is_naming(field.name) or _are_years(field, values)
            decimals = 0 if plain else _decimals(values)
            return Column(
                field.name, title, "number", values, unit=unit, plain=plain, decimals=decimals
            )
    texts = _texts(series)
    if field.categories:
        known = {each.value: clean(each.label) for each in field.categories}
        return _coded(field.name, title, texts, known)
    if coded:
        return _coded(field.name, title, texts, {})
    filled = texts.dropna()
    if len(filled) and len(filled) <= 5000 and filled.map(is_link).all():
        return Column(field.name, title, "link", _listed(texts))
    if filled.nunique() * 2 <= len(texts):
        return _coded(field.name, title, texts, {})
    return Column(field.name, title, "text", _listed(texts))


def _is_truth(series: pd.Series[Any]) -> bool:
    """Tell whether the cells are true, false or empty; with gaps they come as objects."""
    if series.dtype == object:
        return pd.api.types.infer_dtype(series, skipna=True) == "boolean"
    return pd.api.types.is_bool_dtype(series.dtype)


def _is_number(series: pd.Series[Any]) -> bool:
    """Tell whether the cells are numbers; whole ones that floating point cannot hold come as objects."""
    if series.dtype == object:
        return pd.api.types.infer_dtype(series, skipna=True) == "integer"
    return pd.api.types.is_numeric_dtype(series.dtype)


def _are_years(field: Field, values: list[Any]) -> bool:
    """Tell whether the numbers of a column are years, which have no comma: by its name, else by all of them."""
    known = [each for each in values if each is not None]
    if field.unit or not known or not all(isinstance(each, int) for each in known):
        return False
    named = _YEAR.search(field.name) or _YEAR.search(field.title)
    first, last = _YEARS if named else _LIKELY_YEARS
    many = named is not None or len(known) >= _BY_CHANCE
    return many and first <= min(known) and max(known) <= last


def _truth(words: Words) -> dict[str, str]:
    return {"false": words("value.no"), "true": words("value.yes")}


def _is_long(value: Any) -> bool:
    """Tell a whole number that loses digits in a script, where every number is floating point."""
    return isinstance(value, int) and abs(value) >= _EXACT


def _coded(name: str, title: str, texts: pd.Series[Any], known: dict[str, str]) -> Column:
    """Pack a column whose values repeat; labels stand in the order of `known`, then as they come."""
    codes, uniques = pd.factorize(texts)
    found = [str(each) for each in uniques]
    order = list(known) + _ordered([each for each in found if each not in known])
    place = np.array([order.index(each) for each in found] + [MISSING], dtype=np.int64)
    labels = tuple(known.get(each, each) for each in order)
    return Column(name, title, "code", place[codes].tolist(), labels=labels, raw=tuple(order))


def _ordered(values: list[str]) -> list[str]:
    """Put numbers and dates in their order; leave other values as they come."""
    try:
        return sorted(
            values, key=lambda each: float(each.replace("\N{MINUS SIGN}", "-").replace(",", ""))
        )
    except ValueError:
        return sorted(values) if values and all(map(_DATE.match, values)) else values


def _numbers(series: pd.Series[Any]) -> list[Any] | None:
    """Return the cells as numbers, None where there is none; None for all if one is infinite."""
    gaps = series.isna().to_numpy()
    if series.dtype == object or pd.api.types.is_integer_dtype(series.dtype):
        return [None if gap else int(each) for gap, each in zip(gaps, series.tolist(), strict=True)]
    values = series.astype("float64").to_numpy(na_value=np.nan)
    if np.isinf(values).any():
        return None
    whole = bool(np.all(values[~gaps] == np.floor(values[~gaps]))) and bool(
        np.all(np.abs(values[~gaps]) < _EXACT)
    )
    listed: list[Any] = values.tolist()
    return [
        None if gap else int(value) if whole else value
        for gap, value in zip(gaps, listed, strict=True)
    ]


def _decimals(values: list[Any]) -> int:
    """Return how many decimals the number has that has most, as numbers are written.

    Examples
    --------
    >>> _decimals([1.5, None, 2.25, 3]), _decimals([1, 2]), _decimals([1 / 3])
    (2, 0, 6)
    """
    parts = np.array([each for each in values if isinstance(each, float)], dtype=np.float64)
    written = np.rint((parts - np.floor(parts)) * 10**DECIMALS)
    fitting = (n for n in range(DECIMALS) if not (written % 10 ** (DECIMALS - n)).any())
    return next(fitting, DECIMALS)


def _texts(series: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _dates(series)
    cells = [_as_text(each) for each in series.tolist()]
    return pd.Series(cells, index=series.index, dtype=object)


def _dates(series: pd.Series[Any]) -> pd.Series[Any]:
    midnight = (series.dropna() == series.dropna().dt.normalize()).all()
    return series.map(
        lambda each: (each.date() if midnight else each).isoformat(), na_action="ignore"
    ).astype(object)


def _listed(texts: pd.Series[Any]) -> list[Any]:
    return [None if each is None or each != each else each for each in texts.tolist()]


def _as_text(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return clean(value) if value else None
    if isinstance(value, float):
        return None if value != value else _float_text(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict | list | tuple):
        return clean(json.dumps(value, ensure_ascii=False, default=str))
    return clean(str(value))


def _float_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\N{SYMBOL FOR DELETE}" if code == _DELETE else "\N{REPLACEMENT CHARACTER}"
