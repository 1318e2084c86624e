"""Texts that a filter compares with numbers or dates, read as such where a whole column holds nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from lcrmap.analysis.filter_bounds import quoted
from lcrmap.analysis.written_dates import NoDateError, dates_in
from lcrmap.errors import ExpressionError, WholeNeededError
from lcrmap.layers.written_numbers import numbers_in, numbers_note

if TYPE_CHECKING:
    from lcrmap.layers import Layer

__all__ = ["WrittenTexts", "is_field", "is_instant", "kind_of", "no_date"]


def is_field(node: Any) -> bool:
    """Tell whether a part of a parsed filter names a field."""
    return isinstance(node, dict) and "property" in node


def is_instant(node: Any) -> bool:
    """Tell whether a part of a parsed filter is a date or an instant."""
    return isinstance(node, dict) and ("date" in node or "timestamp" in node)


def kind_of(values: pd.Series[Any]) -> str:
    """Name what a column holds, in words that can stand in a message."""
    if values.isna().all():
        return "empty"
    if pd.api.types.is_bool_dtype(values.dtype):
        return "true or false"
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "numbers"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "date"
    return "text"


def no_date(expression: str) -> ExpressionError:
    """Return the error of what is compared with a date and is none."""
    return ExpressionError(
        f'The filter "{quoted(expression)}" compares a date with something that is not one: '
        f"write dates as DATE('2024-09-12')."
    )


class WrittenTexts:
    """Reads texts as numbers or dates where a filter compares them with such, each column once, and says so."""

    def __init__(self, layer: Layer, expression: str, *, part: bool) -> None:
        self.layer, self.expression, self.part = layer, expression, part
        self.notes: list[str] = []
        self._read: dict[tuple[str, str], pd.Series[Any]] = {}

    def numbers(self, node: Any, values: pd.Series[Any]) -> pd.Series[Any]:
        """Return a column of texts such as "£1,200" as numbers; else the values as they are."""
        if not is_field(node) or kind_of(values) != "text":
            return values
        return self._once("numbers", node["property"], values, self._numbers)

    def dates(self, node: Any, values: pd.Series[Any]) -> pd.Series[Any]:
        """Return dates, or texts that are some, as instants in UTC."""
        if kind_of(values) != "text":
            return pd.to_datetime(values, utc=True)
        if is_field(node):
            return self._once("dates", node["property"], values, self._dates)
        try:
            return dates_in(values).instants
        except NoDateError as error:
            raise no_date(self.expression) from error

    def _once(
        self,
        kind: str,
        name: str,
        values: pd.Series[Any],
        read: Callable[[str, pd.Series[Any]], tuple[pd.Series[Any], str]],
    ) -> pd.Series[Any]:
        if (kind, name) not in self._read:
            self._read[kind, name], note = read(name, values)
            if note and self.part:
                raise WholeNeededError(f"All cells of '{name}' tell how they are read.")
            if note:
                self.notes.append(note)
        return self._read[kind, name]

    def _numbers(self, name: str, values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
        found = numbers_in(values)
        if found is None and self.part:
            raise WholeNeededError(f"All cells of '{name}' tell whether they are numbers.")
        if found is None:
            return values, ""
        return found[0], numbers_note(values, *found, column=name, layer=self.layer.name)

    def _dates(self, name: str, values: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
        try:
            found = dates_in(values)
        except NoDateError as error:
            if self.part:
                raise WholeNeededError("All cells tell what is wrong with one.") from error
            raise ExpressionError(
                f'The filter "{quoted(self.expression)}" compares a date with something that is not one: '
                f"'{name}' of {self.layer.name} {error}; write all its dates as 2024-01-31."
            ) from error
        note = f"'{name}' of {self.layer.name} is read as {found.how}." if found.how else ""
        return found.instants, note
