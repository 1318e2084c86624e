"""What is checked of the changes of a scenario: values, what stood there before, keys, and that no two conflict."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Rows
from lcrmap.analysis.joining import dimensions
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Layer
from lcrmap.layers.layer import STATUS
from lcrmap.layers.scenario import Change
from lcrmap.layers.typed import shown
from lcrmap.verbs.change_base import Base
from lcrmap.verbs.change_faults import FaultError, Faults
from lcrmap.verbs.change_words import said
from lcrmap.verbs.effect import Effect

__all__ = ["Checks"]


class Checks:
    """Checks changes; what is at fault goes into `faults`, or is raised where nothing more can be judged."""

    def __init__(self, base: Base, faults: Faults) -> None:
        self._base, self._faults = base, faults

    def values(self, change: Change, layer: Layer) -> dict[str, Any]:
        """Return the values that are set, each of which its column can hold."""
        found = {}
        for column, value in change.values.items():
            told = _column_fault(column, layer) or _value_fault(column, value, layer)
            if not told and column == layer.key:
                told = "is the key, by which features are known, and is not set: leave it out."
            if told:
                self._faults.tell(change, f"values.{column}", told)
            else:
                found[column] = value
        return found

    def check_was(self, change: Change, layer: Layer, rows: Sequence[int]) -> tuple[str, ...]:
        """Tell of a change whose author saw another state of the pack; return the columns that hold."""
        held = []
        for column, value in change.was.items():
            told = _column_fault(column, layer) or self._was_fault(column, value, layer, rows)
            if told:
                self._faults.tell(change, f"was.{column}", told)
            else:
                held.append(column)
        return tuple(held)

    def _was_fault(self, column: str, value: Any, layer: Layer, rows: Sequence[int]) -> str:
        for row in rows:
            there = layer.frame[column].iloc[row]
            there = "" if pd.isna(there) else there
            if there != value:
                called = self._base.keys_names(layer)[1][row]
                is_ = f"'{there}'" if isinstance(there, str) else said(there)
                return (
                    f"no longer holds: '{column}' of {called} is {is_}, not {shown(value)}; see whether the change is "
                    f"still meant, and write what holds."
                )
        return ""

    def refuse_double_keys(self, frame: gpd.GeoDataFrame, target: Layer) -> None:
        """Refuse features whose keys are not unique among those of the layer to which they come."""
        if not target.key:
            return
        keys = frame[target.key].astype(str)
        known = self._base.keys_names(target)[0]
        double = keys[keys.duplicated()].tolist() or keys[keys.isin(known)].tolist()
        if double:
            told = f"brings '{double[0]}', and {target.name} has a feature of that key already: give another id."
            raise FaultError("add", told)

    def refuse_other_kind(self, frame: gpd.GeoDataFrame, target: Layer, key: str = "add") -> None:
        """Refuse areas for a layer of points, and the like."""
        kinds = {"point": {0}, "line": {1}, "area": {2}}.get(target.metadata.geometry)
        placed = frame[metric.placed(frame.geometry)]
        if kinds is not None and len(placed) and not dimensions(placed) <= kinds:
            told = (
                f"brings shapes of another kind than the {target.metadata.geometry}s of {target.name}: name another "
                f"layer or file."
            )
            raise FaultError(key, told)

    def check_brought(
        self, change: Change, frame: gpd.GeoDataFrame, target: Layer, key: str
    ) -> None:
        """Tell of values that features bring and their new layer cannot hold; those that are set were told of."""
        passed = {str(target.frame.geometry.name), target.key, *change.values}
        for column in map(str, target.frame.columns):
            if column in frame.columns and column not in passed:
                told = _brought_fault(column, frame[column], target)
                if told:
                    self._faults.tell(change, key, f"brings features whose '{column}' {told}")

    def conflicts(self, effects: Sequence[Effect]) -> list[str]:
        """Say where two changes speak of one feature: one of the base, or one that both bring."""
        told: dict[tuple[int, int], str] = {}
        for earlier, later, what in (*self._both_touch(effects), *self._both_bring(effects)):
            numbers = effects[earlier].change.number, effects[later].change.number
            paths = f"'{effects[later].change.path}' and '{effects[earlier].change.path}'"
            told.setdefault(
                numbers,
                f"{paths} both speak of {what}: changes of one scenario happen at once; put one into a scenario that "
                f"has this one as its 'base'.",
            )
        return list(told.values())

    def _both_touch(self, effects: Sequence[Effect]) -> Iterator[tuple[int, int, str]]:
        """Yield the numbers of two effects that touch one feature of the base, and the feature."""
        owners: dict[str, Rows] = {}
        for number, effect in enumerate(effects):
            layer = self._base.sources.layer(effect.layer)
            owner = owners.setdefault(layer.name, np.full(len(layer.frame), -1, dtype=np.int64))
            rows = np.array(effect.rows, dtype=np.int64)
            others, first = np.unique(owner[rows], return_index=True)
            for other, row in zip(others.tolist(), rows[first].tolist(), strict=True):
                if other >= 0:
                    key = self._base.keys_names(layer)[0][row]
                    people = f"those who live in {effect.named}"
                    yield other, number, people if effect.residents else f"{layer.name}:{key}"
            owner[rows] = np.where(owner[rows] < 0, number, owner[rows])

    def _both_bring(self, effects: Sequence[Effect]) -> Iterator[tuple[int, int, str]]:
        """Yield the numbers of two effects that bring a feature of one key, and the feature."""
        first: dict[tuple[str, str], int] = {}
        for number, effect in enumerate(effects):
            key = self._base.sources.layer(effect.layer).key
            if effect.brought is not None and key:
                for each in effect.brought.frame[key]:
                    other = first.setdefault((effect.layer, each), number)
                    if other != number:
                        yield other, number, f"{effect.layer}:{each}"

    def emptied(self, effects: Sequence[Effect]) -> list[str]:
        """Say which layers several changes would leave without any feature."""
        gone: dict[str, set[int]] = {}
        for effect in effects:
            if effect.change.verb == "remove":
                gone.setdefault(effect.layer, set()).update(effect.rows)
        brought = {each.layer for each in effects if each.brought is not None}
        return [
            f"'change' would leave {name} without any feature, as all of them are removed together: keep one."
            for name, rows in gone.items()
            if name not in brought and len(rows) == len(self._base.sources.layer(name).frame)
        ]


def _column_fault(column: str, layer: Layer) -> str:
    """Say that a layer has no such column; empty if it has."""
    columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
    if column in columns:
        return ""
    return f"is no column of {layer.name}: {UnknownNameError('column', column, columns).remedy}"


def _value_fault(column: str, value: Any, layer: Layer) -> str:
    """Say why a column cannot hold a value; empty if it can."""
    known = layer.field(column)
    choices = [each.value for each in known.categories]
    if choices and value not in choices:
        remedy = UnknownNameError("value", str(value), choices).remedy
        return f"cannot be {shown(value)} in {layer.name}: {remedy}"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if known.type in ("integer", "number"):
        return "" if number and not math.isinf(value) else f"must be a number, not {shown(value)}."
    return f"must be text in quotes, not {shown(value)}." if number else ""


def _brought_fault(column: str, values: pd.Series[Any], layer: Layer) -> str:
    """Say why a column cannot hold what features bring for it; empty if it can.

    Other words than the layer's own are lawful, but in the status, which says whether a feature is there at all.
    """
    known = layer.field(column)
    if known.type in ("integer", "number"):
        numbers = pd.to_numeric(values, errors="coerce")
        wrong = values[numbers.isna() & values.notna()]
        return "" if wrong.empty else f"must be a number, not {shown(wrong.iloc[0])}."
    choices = {each.value for each in known.categories} if column == STATUS else set()
    wrong = values[values.notna() & ~values.isin(choices)] if choices else values.iloc[:0]
    return "" if wrong.empty else _value_fault(column, wrong.iloc[0], layer)
