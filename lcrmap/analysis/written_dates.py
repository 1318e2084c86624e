"""Texts as people write dates, such as 31/01/2024, 31 January 2024 and 2024-01-31: a column is read in one form.

Which comes first, day or month, all cells tell together: the day, unless only the month fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from lcrmap.errors import shortened

__all__ = ["NoDateError", "WrittenDates", "dates_in"]

_TIME: Final = r"(?:(?:T|,? +)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?"
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NAMES: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR_FIRST: Final = r"(?P<year>\d{4})(?:-\d{2}(?:-\d{2}(?:[T ]\d{2}:\d{2}\S*)?)?)?"
_FORMS: Final = {
    "iso": rf"^{_YEAR_FIRST}$",
    "/": rf"^(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/(?P<year>\d{{4}}){_TIME}$",
    ".": rf"^(?P<one>\d{{1,2}})\.(?P<two>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}$",
    "-": rf"^(?P<one>\d{{1,2}})-(?P<two>\d{{1,2}})-(?P<year>\d{{4}}){_TIME}$",
    "words": rf"^(?i:(?P<one>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<two>{_NAMES})[ -](?P<year>\d{{4}})){_TIME}$",
}


class NoDateError(Exception):
    """Raised inside this room for texts that are no dates, or of several forms; says which, without a subject."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenDates:
    """The dates of a column of texts.

    Attributes
    ----------
    instants
        Each as an instant in UTC; NaT where the text is blank.
    how
        How they are read, as the rest of a sentence, with an example; empty where nothing was to decide.
    """

    instants: pd.Series[Any]
    how: str = ""


def dates_in(values: pd.Series[Any]) -> WrittenDates:
    """Return the dates that a column of texts holds.

    Raises
    ------
    NoDateError
        If a text is no date, or they are of more than one form.

    Examples
    --------
    >>> found = dates_in(pd.Series(["31/01/2024", None, "01/02/2024"]))
    >>> found.instants.dt.strftime("%d %b").tolist(), found.how
    (['31 Jan', nan, '01 Feb'], "dates, day first: '31/01/2024' is 2024-01-31")
    """
    plain = _quickly(values)
    if plain is not None:
        return WrittenDates(plain)
    known = values.dropna()
    texts = known[known.map(lambda each: not isinstance(each, str) or bool(each.strip()))]
    if not texts.map(lambda each: isinstance(each, str)).all():
        raise NoDateError("holds other values than text")
    texts = texts.str.strip()
    form = _form(texts, values.index)
    if form == "iso":
        return WrittenDates(_year_first(texts, values.index))
    parts = texts.str.extract(_FORMS[form])
    if form == "words":
        months = parts["two"].str[:3].str.lower()
        parts["two"] = months.map({name: n for n, name in enumerate(_MONTHS, 1)})
        found, how = _instants(parts, day="one", month="two"), "dates"
        _refuse_impossible(found, texts, values.index)
    else:
        found, how = _in_order(parts, texts, values.index)
    return WrittenDates(found.reindex(values.index), f"{how}: {_example(texts, parts, found)}")


def _quickly(values: pd.Series[Any]) -> pd.Series[Any] | None:
    """Read days and instants such as 2024-01-31T10:00, which Arrow reads quickest; None if there is anything else."""
    for zone in (None, "UTC"):
        try:
            cells = pa.array(values, pa.large_string(), from_pandas=True)
            instants = cells.cast(pa.timestamp("us", tz=zone)).cast(pa.timestamp("us", tz="UTC"))
        except (pa.ArrowException, UnicodeEncodeError):
            continue
        return pd.Series(instants.to_pandas().array, index=values.index)
    return None


def _form(texts: pd.Series[Any], index: pd.Index[Any]) -> str:
    """Return the one form that all texts have."""
    met = {form: texts.str.match(pattern).astype(bool) for form, pattern in _FORMS.items()}
    for form, rows in met.items():
        if rows.all():
            return form
    none = ~np.logical_or.reduce([rows.to_numpy() for rows in met.values()])
    if none.any():
        raise NoDateError(f"holds {_shown(texts[none], index)}, which is no date")
    first, *others = (texts[rows] for rows in met.values() if rows.any())
    raise _mixed(first, others[0], index)


def _mixed(first: pd.Series[Any], second: pd.Series[Any], index: pd.Index[Any]) -> NoDateError:
    return NoDateError(
        f"holds dates of more than one form, {_shown(first, index)} and {_shown(second, index)}"
    )


def _shown(texts: pd.Series[Any], index: pd.Index[Any]) -> str:
    row = int(np.flatnonzero(index == texts.index[0])[0]) + 1
    return f"'{shortened(texts.iloc[0])}' in row {row:,}"


def _year_first(texts: pd.Series[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    found = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    _refuse_impossible(found, texts, index)
    return found.reindex(index)


def _in_order(
    parts: pd.DataFrame, texts: pd.Series[Any], index: pd.Index[Any]
) -> tuple[pd.Series[Any], str]:
    """Return dates whose day and month are numbers, and which of them comes first."""
    by_day = _instants(parts, day="one", month="two")
    by_month = _instants(parts, day="two", month="one")
    if by_day.notna().all():
        alike = by_month.notna().all() and bool((by_day != by_month).any())
        doubt = ", though month first fits as well" if alike else ""
        return by_day, f"dates, day first{doubt}"
    if by_month.notna().all():
        return by_month, "dates, month first"
    _refuse_impossible(by_day.fillna(by_month), texts, index)
    raise _mixed(texts[by_month.isna()], texts[by_day.isna()], index)


def _instants(parts: pd.DataFrame, *, day: str, month: str) -> pd.Series[Any]:
    written = parts["year"] + "-" + parts[month].astype(str).str.zfill(2)
    written = written + "-" + parts[day].str.zfill(2)
    time = parts["time"].fillna("0:00").str.replace(r"^(\d):", r"0\1:", regex=True)
    return pd.to_datetime(written + "T" + time, format="ISO8601", utc=True, errors="coerce")


def _refuse_impossible(found: pd.Series[Any], texts: pd.Series[Any], index: pd.Index[Any]) -> None:
    missing = found.isna()
    if missing.any():
        raise NoDateError(f"holds {_shown(texts[missing], index)}, which is no date")


def _example(texts: pd.Series[Any], parts: pd.DataFrame, found: pd.Series[Any]) -> str:
    """Show one text beside its date: one of which day and month differ, if there is one."""
    differ = np.flatnonzero((parts["one"].astype(int) != parts["two"].astype(int)).to_numpy())
    row = int(differ[0]) if len(differ) else 0
    return f"'{shortened(texts.iloc[row])}' is {found.iloc[row]:%Y-%m-%d}"
