"""Where the records of delimited text end, so that it can be read from the middle.

A line end inside quotes ends no record, and what is inside quotes depends on all the quotes before it. Where each quote
that opens stands at the beginning of a cell and each that closes at the end of one, whether it opens or closes is told
by whether an even number of quotes stands before it. Text in which they stand elsewhere is not divided.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Final

import numpy as np

from lcrmap.errors import WholeNeededError

__all__ = ["first_record", "record_ends"]

_QUOTE: Final = ord('"')
_LF, _CR = ord("\n"), ord("\r")
_RECORD = re.compile(rb'(?:[^"\r\n]+|"[^"]*(?:"|\Z))*')

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def first_record(data: bytes, start: int = 0) -> bytes:
    r"""Return the bytes up to the first line end outside quotes; all of them if there is none.

    Examples
    --------
    >>> first_record(b'"the\nname",lon\r\n1,2\r\n')
    b'"the\nname",lon'
    """
    found = _RECORD.match(data, start)
    return b"" if found is None else found.group()


def record_ends(file: BinaryIO, *, delimiter: str, block: int) -> tuple[list[int], bool]:
    r"""Return for each block of a file where its last record ends, and whether there are any quotes.

    Parameters
    ----------
    file
        A file that stands where its first record begins.
    delimiter
        What stands between two cells.
    block
        How many bytes a block has.

    Returns
    -------
    tuple
        Numbers of bytes from the beginning of the file, the last of which is its size; and whether there is a quote.

    Raises
    ------
    WholeNeededError
        If a quote stands where it neither opens a cell nor closes one, if one is left open, or if no record ends in a
        block.

    Examples
    --------
    >>> import io
    >>> record_ends(io.BytesIO(b'1,"a\n"\n2,b\n3,c\n'), delimiter=",", block=9)
    ([7, 15], True)
    """
    scan = _Scan(delimiter)
    ends, at = [], file.tell()
    while data := file.read(block):
        end = scan.last_end(data)
        if len(data) < block:  # the last block, whose last record may lack its line end
            at += len(data)
            break
        if not end:
            raise WholeNeededError("A record is longer than a block.")
        ends.append(at + end)
        at += block
    if scan.inside:
        raise WholeNeededError("A quotation mark is left open.")
    return [*dict.fromkeys([*ends, at])], scan.quoted


class _Scan:
    """Reads blocks that follow each other, and knows whether it is inside quotes."""

    def __init__(self, delimiter: str) -> None:
        self.inside = self.quoted = False
        self._edges = np.zeros(256, dtype=bool)
        self._edges[[ord(delimiter), _LF, _CR, _QUOTE]] = True
        self._before = _LF
        self._closing = False

    def last_end(self, data: bytes) -> int:
        """Return behind which byte of a block its last record ends; 0 if none does."""
        if self._closing and not self._edges[data[0]]:
            raise WholeNeededError("A quotation mark stands within a cell.")
        self._closing = False
        quotes = _positions(data, _QUOTE) if b'"' in data else np.empty(0, dtype=np.int64)
        if len(quotes):
            self.quoted = True
            self._hold_to_cells(np.frombuffer(data, dtype=np.uint8), quotes)
        was_inside = self.inside
        self.inside ^= bool(len(quotes) % 2)
        self._before = data[-1]
        behind = int(quotes[-1]) + 1 if len(quotes) else 0
        end = 0 if self.inside else _last_line_end(data, behind)
        return end or (_last_outside(data, quotes, was_inside) if len(quotes) else 0)

    def _hold_to_cells(self, data: Bytes, quotes: Any) -> None:
        """Refuse quotes that neither begin nor end a cell."""
        opening, closing = quotes[int(self.inside) :: 2], quotes[int(not self.inside) :: 2]
        before = np.where(opening > 0, data[opening - 1], self._before)
        self._closing = bool(len(closing) and closing[-1] == len(data) - 1)
        after = data[(closing[:-1] if self._closing else closing) + 1]
        if not (self._edges[before].all() and self._edges[after].all()):
            raise WholeNeededError("A quotation mark stands within a cell.")


def _positions(data: bytes, *wanted: int) -> Any:
    letters = np.frombuffer(data, dtype=np.uint8)
    found = letters == wanted[0]
    for each in wanted[1:]:
        found |= letters == each
    return np.flatnonzero(found)


def _last_line_end(data: bytes, start: int) -> int:
    """Return behind which byte the last line from `start` on ends; 0 if none does.

    A carriage return at the very end is none: a line feed may follow it.
    """
    found = max(data.rfind(b"\n", start), data.rfind(b"\r", start, len(data) - 1))
    return found + 1


def _last_outside(data: bytes, quotes: Any, inside: bool) -> int:
    """Do the same where the line must end outside quotes."""
    ends = _positions(data, _LF, _CR)
    ends = ends[ends < len(data) - 1] if data.endswith(b"\r") else ends
    outside = (np.searchsorted(quotes, ends) + int(inside)) % 2 == 0
    return int(ends[outside][-1]) + 1 if outside.any() else 0
