"""What lcrmap reads is what stands there: against other readers, by pipe, as a sequence, in parts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import shapely

from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, Wanted
from lcrmap.layers import Layer
from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError, became, without_data
from tests.fuzz.oracles.again import again
from tests.fuzz.oracles.expected import BrokenError, Expected, kept
from tests.fuzz.oracles.opening import (
    EMPTY,
    attempted,
    opened,
    piped,
    rows_of,
    same_layers,
)
from tests.fuzz.oracles.references import expected_of
from tests.fuzz.oracles.said import placing_column

__all__ = ["READING"]


def reads(case: Case) -> None:
    """Hold the layer to what another reader finds in the file."""
    layer = opened(case.subject)
    try:
        expected = expected_of(Path(case.subject), layer.notes if isinstance(layer, Layer) else ())
    except BrokenError as error:
        if isinstance(layer, Layer):
            raise FaultError(f"it was read, though {error}", f"{len(layer.frame)} rows") from None
        return
    if isinstance(layer, LcrmapError):
        if case.lawful:
            raise FaultError(f"a lawful file is refused: {without_data(layer)}", str(layer))
        return
    if expected is not None:
        _hold(layer, expected)


def _hold(layer: Layer, expected: Expected) -> None:
    if len(layer.frame) != expected.count:
        raise FaultError("rows are lost or new", f"{expected.count} became {len(layer.frame)}")
    cells = _placing_cells(layer, expected)
    for number, positions in enumerate(expected.positions):
        shape = layer.frame.geometry.iloc[number]
        found = [] if shape is None else [tuple(each) for each in shapely.get_coordinates(shape)]
        if cells is not None and positions == []:
            if not _stand_in(found, cells[number]):
                raise FaultError("a position is not its cell's", f"row {number}\n{found}")
        elif positions is not None and found != positions:
            raise FaultError("positions are lost or new", f"row {number}\n{positions}\n{found}")
    if expected.rows is None:
        return
    for number, (mine, read) in enumerate(zip(rows_of(layer), expected.rows, strict=True)):
        theirs = {name or _given(mine, read): value for name, value in read.items()}
        lost = [name for name in theirs if name not in mine]
        if lost and any(row.get(name) is not None for row in expected.rows for name in lost):
            raise FaultError("a column is lost", f"row {number}: {lost!r:.200}")
        for name, value in theirs.items():
            if not kept(value, mine.get(name)):
                told = f"row {number}, {name!r:.80}: {value!r:.200} became {mine.get(name)!r:.200}"
                raise FaultError(f"a value is another: {became(value, mine.get(name))}", told)


def _placing_cells(layer: Layer, expected: Expected) -> list[Any] | None:
    """Return the cells that a reader says it took positions from; None if it took shapes, of which there are some."""
    column = placing_column(layer.notes)
    if column is None or any(expected.positions) or column not in layer.frame:
        return None
    return layer.frame[column].tolist()


def _stand_in(found: list[tuple[float, ...]], cell: Any) -> bool:
    """Tell whether the numbers of a position are those of a cell, in whatever order."""
    numbers = {
        float(each) for each in re.findall(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", str(cell))
    }
    return all(abs(number) in {abs(each) for each in numbers} for each in found for number in each)


def _given(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Return the name that a column without one was given."""
    return next((each for each in mine if each.startswith("column_") and each not in theirs), "")


def pipe(case: Case) -> None:
    """Hold what comes by pipe to what the file gives."""
    layer, other = opened(case.subject), piped(case.data)
    if isinstance(layer, Layer) and isinstance(other, Layer):
        same_layers(layer, other, "file and pipe")
    elif isinstance(layer, Layer) != isinstance(other, Layer):
        one = "the file" if isinstance(layer, LcrmapError) else "the pipe"
        if case.subject.endswith(".tsv") or b"\x1e" in case.data or _may_be_one(case):
            return  # what a suffix tells, a pipe does not
        error = layer if isinstance(layer, LcrmapError) else other
        raise FaultError(f"file and pipe: {one} alone is refused", str(error))


def _may_be_one(case: Case) -> bool:
    """Tell whether a sequence is a single object, which by pipe is taken for a whole file."""
    try:
        return case.subject.endswith(".geojsonl") and bool(json.loads(case.data))
    except (ValueError, RecursionError):
        return False


def sequence(case: Case) -> None:
    """Hold the same features as a sequence to the collection."""
    layer = opened(case.subject)
    try:
        whole = json.loads(case.data.decode("utf-8-sig"))
        lines = [json.dumps(each) for each in whole["features"]]
    except (ValueError, RecursionError, KeyError, TypeError):
        return
    if isinstance(layer, LcrmapError) or not lines or "crs" in whole or "lcrmap" in whole:
        return
    Path("sequence.geojsonl").write_text("\n".join(lines))
    other = opened("sequence.geojsonl")
    if isinstance(other, LcrmapError):
        raise FaultError("file and sequence: the sequence alone is refused", str(other))
    same_layers(layer, other, "file and sequence")


SMALL = {
    "lcrmap.io.readers.geoparquet.ROWS": 2,
    "lcrmap.io.batches.ROWS": 2,
    "lcrmap.io.kept.MOST_KEPT": 0,
    "lcrmap.io.readers.csv.MOST_KEPT_BYTES": 0,
}


@contextmanager
def _small_parts() -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in SMALL.items():
            stack.enter_context(patch(name, value))
        yield


def parts(case: Case) -> None:
    """Hold what comes in small parts to the whole."""
    layer = opened(case.subject)
    block = case.rng().choice([16, 64, 150, 400])
    with _small_parts():
        found = attempted(lambda: open_parts(case.subject, pack=EMPTY, block=block))
        if isinstance(found, WholeNeededError):
            return
        if isinstance(found, LcrmapError):
            raise FaultError("in parts: it is refused otherwise than whole", str(found))
        put_together = attempted(lambda: _put_together(found))
    if isinstance(put_together, WholeNeededError):
        return
    if isinstance(layer, LcrmapError):
        raise FaultError("in parts: what is refused whole is read", str(layer))
    same_layers(layer, put_together, "whole and parts")
    if set(layer.notes) != set(found.notes):
        raise FaultError("whole and parts: other notes", f"{layer.notes}\n{found.notes}")


def _put_together(found: Parts) -> Layer:
    frames: list[Any] = [found.reader.read(each, Wanted()) for each in found.splits]
    return Layer(pd.concat(frames), found.metadata, found.inputs, found.notes)


def bare(case: Case) -> None:
    """Hold what comes out of an archive to the same file that lies there unpacked."""
    (name,) = (each for each in case.files if each != case.subject)
    layer, other = opened(name), opened(case.subject)
    if isinstance(layer, Layer) and isinstance(other, Layer):
        same_layers(layer, other, "bare and packed")
    elif isinstance(layer, Layer):
        raise FaultError(f"packed it is refused: {without_data(other)}", str(other))
    elif isinstance(other, Layer):
        raise FaultError("packed it is read, and bare refused", str(layer))


READING: dict[str, Callable[[Case], None]] = {
    "reads": reads,
    "pipe": pipe,
    "sequence": sequence,
    "parts": parts,
    "again": again,
    "bare": bare,
}
