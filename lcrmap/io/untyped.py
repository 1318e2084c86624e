"""What a CSV, whose cells have no types, does not give back as it was, counted as rows are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.cells import common_kind, kind_of, settled_kind
from lcrmap.io.unheld import columns_said
from lcrmap.io.values import plain_kinds, plain_value, shape_columns

__all__ = ["Untyped"]

_HEAD: Final = 1000  # cells that are looked at first
_READ_AS: Final = {
    "integer": "whole numbers",
    "number": "numbers",
    "any": "numbers",
    "boolean": "truth values",
}
_TYPED: Final = frozenset({bool, type(None)})
_TEXTS: Final = frozenset({str, type(None)})
_KEEP: Final = ".geojson, .gpkg and .parquet keep them"


class Untyped:
    """The columns of texts, lists and values of different kinds in the rows written so far."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._blank: Counter[str] = Counter()
        self._mixed: dict[str, None] = {}

    def look(self, frame: pd.DataFrame, texts: Mapping[str, Any]) -> None:
        """Look at the next rows.

        Parameters
        ----------
        texts
            The cells of each column as Arrow's array, missing ones empty; None for texts that cannot be UTF-8.
        """
        shapes = shape_columns(frame)
        for name, dtype in frame.dtypes.items():
            cells = texts.get(str(name))
            if name in shapes or cells is None or not isinstance(dtype, pd.StringDtype):
                if name not in shapes and dtype == "object":
                    self._look_at_objects(str(name), frame[name].tolist(), cells)
                continue
            self._look_at_texts(str(name), cells, missing=int(frame[name].isna().sum()))

    def _look_at_objects(self, name: str, values: list[Any], cells: Any) -> None:
        types = set(map(type, values))
        if types <= _TYPED:
            return
        kinds = plain_kinds(values)
        if kinds == {str}:
            if not types <= _TEXTS:
                values = [plain_value(each) for each in values]
            if cells is None:
                texts = [(each or "").encode("utf-8", "backslashreplace") for each in values]
                cells = pa.array(texts, pa.large_binary()).cast(pa.large_string())
            self._look_at_texts(name, cells, missing=values.count(None))
        elif not (kinds <= {int, float} or kinds == {bool}):
            self._mixed[name] = None

    def _look_at_texts(self, name: str, cells: Any, *, missing: int) -> None:
        empty = pc.equal(cells, "")
        count = pc.sum(empty, min_count=0).as_py()
        self._blank += Counter({name: count - missing})
        if self._kinds.get(name) == "string":
            return
        filled = cells.filter(pc.invert(empty)) if count else cells
        kind = kind_of(filled.slice(0, _HEAD))
        if kind != "string" and len(filled) > _HEAD:
            kind = kind_of(filled)
        self._kinds[name] = common_kind(self._kinds.get(name, ""), kind)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is read otherwise from the file than it was written."""
        notes = [
            f"CSV has no types, so the texts in {columns_said(names)} are read from it as {word}: {_KEEP}."
            for word in dict.fromkeys(_READ_AS.values())
            if (names := [n for n in self._kinds if self._read_as(n) == word])
        ]
        if blank := self._blank.total():
            texts = "an empty text" if blank == 1 else f"{blank:,} empty texts"
            where = columns_said([name for name, count in self._blank.items() if count])
            notes.append(f"CSV cannot tell {texts} in {where} from missing values: {_KEEP}.")
        if self._mixed:
            where = columns_said(list(self._mixed))
            notes.append(
                f"CSV keeps lists, objects and values of different kinds as text: those in {where}; "
                f".geojson keeps them."
            )
        return tuple(notes)

    def _read_as(self, name: str) -> str:
        kind = self._kinds[name]
        return _READ_AS.get(settled_kind(kind, gaps=False), "") if kind else ""
