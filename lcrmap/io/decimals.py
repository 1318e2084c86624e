"""Decimal numbers: whole ones to the last digit, and others as floating point where that holds every digit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.columns import Column
from lcrmap.io.unheld import columns_said

__all__ = ["LONGEST", "decimal_column", "digits_note", "loses_digits"]

LONGEST: Final = 38
"""So many digits a whole number has at most; what has more is text."""

_SURE: Final = 15  # so many digits floating point holds, whichever they are
_LONG: Final = _SURE + 1  # characters, of which a point is one: fewer need no look
_LONGEST_FLOAT: Final = len("-1.2345678901234567e-308")
_HEAD: Final = 1000  # numbers that are looked at first
_SCALES: Final = 22  # powers of ten up to here are floating point without loss


def decimal_column(name: str, cells: pa.ChunkedArray) -> Column:
    """Return a column of Arrow's decimal numbers: of whole ones, floating point, or text that keeps their digits."""
    scale = cells.type.scale
    whole = _without_point(cells)
    ends = pc.min_max(whole).as_py()
    greatest = max(abs(ends["min"] or 0), abs(ends["max"] or 0))
    if scale == 0:
        return _whole_column(name, whole, greatest)
    if greatest < 10**_SURE and scale <= _SCALES:
        # Arrow's own cast multiplies by a tenth, which is none: 0.3 would become 0.30000000000000004.
        numbers = whole.cast(pa.int64()).to_numpy().astype("float64")
        return Column(name, "number", numbers / 10.0**scale)
    texts = cells.cast(pa.string())
    if loses_digits(texts):
        return Column(name, "string", texts.to_pandas())
    return Column(name, "number", texts.cast(pa.float64()).to_pandas())


def _whole_column(name: str, whole: pa.ChunkedArray, greatest: Decimal | int) -> Column:
    if greatest >= 10**LONGEST:
        return Column(name, "string", whole.cast(pa.string()).to_pandas())
    if greatest >= 2**63 or (whole.null_count and greatest >= 2**53):
        digits = whole.to_pylist()
        return Column(name, "any", [None if each is None else int(each) for each in digits])
    return Column(name, "integer", whole.cast(pa.int64()).to_pandas())


def _without_point(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the digits of decimal numbers as whole numbers: the same bytes, called otherwise."""
    kind = pa.decimal128(38) if pa.types.is_decimal128(cells.type) else pa.decimal256(76)
    chunks = [
        pa.Array.from_buffers(kind, len(each), each.buffers(), each.null_count, each.offset)
        for each in cells.chunks
    ]
    return pa.chunked_array(chunks, kind)


def loses_digits(texts: pa.ChunkedArray) -> bool:
    """Tell whether floating point does not hold some decimal numbers, given as text, to the digit.

    It does where the nearest such number, as it is written shortest or with as many digits, has the same: the text may
    have been one. Where half of the first thousand are long and all of these may have been, the column is one of
    floating point, and of the others only those are looked at that are longer than it is ever written.

    Examples
    --------
    >>> loses_digits(pa.chunked_array([["0.1", "0.30000000000000004", "0.29999999999999999", None]]))
    False
    >>> loses_digits(pa.chunked_array([["0.12345678901234567890"]]))
    True
    """
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= _LONG:
        return False
    head = _filled(texts.slice(0, _HEAD))
    if not _are_held(head):
        return True
    floating = len(head) >= _HEAD // 2
    return not _are_held(_filled(texts.slice(_HEAD), _LONGEST_FLOAT if floating else _LONG))


def _filled(texts: pa.ChunkedArray, length: int = _LONG) -> pa.ChunkedArray:
    """Return the longer ones, whose length is not that of zeros at the end."""
    long = texts.filter(pc.greater(pc.binary_length(texts), length))
    return long.filter(pc.greater(pc.binary_length(pc.utf8_rtrim(long, "0")), _LONG))


def _are_held(texts: pa.ChunkedArray) -> bool:
    shortest = texts.cast(pa.float64()).cast(pa.string())
    return all(map(_is_held, texts.filter(pc.not_equal(texts, shortest)).to_pylist()))


def _is_held(text: str) -> bool:
    near = float(text)
    if f"{near:.17g}" == text:
        return True
    number = Decimal(text)
    if Decimal(repr(near)) == number:
        return True
    return Context(len(number.as_tuple().digits)).create_decimal(Decimal(near)) == number


def digits_note(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Say which columns of decimal numbers are kept as text.

    Examples
    --------
    >>> digits_note(["share"], "'a.csv'")[0].partition(", so ")[2]
    'they are kept as text, which filters, sums and shades read as numbers.'
    """
    if not names:
        return ()
    which = f"The numbers in {columns_said(names)} of {where}"
    why = "have more digits than floating point holds"
    return (
        f"{which} {why}, so they are kept as text, which filters, sums and shades read as numbers.",
    )
