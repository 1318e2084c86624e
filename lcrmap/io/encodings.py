"""Tables in other encodings than UTF-8: what spreadsheets on Windows write, told by its bytes, and said."""

from __future__ import annotations

import codecs
from encodings.aliases import aliases
from typing import Final

from lcrmap.errors import FileError, UnknownNameError

__all__ = ["codec_named", "in_utf8", "utf16_in"]

# Codecs of Python in which nobody saves a table, or that only Windows has.
_INNER: Final = frozenset(
    {"charmap", "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "unicode-escape"}
)
_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOKED_AT: Final = 400  # bytes at the head that show whether every second one is zero
_MOST_OTHERS: Final = 0.2  # the share of letters in a table that no Latin alphabet has


def utf16_in(head: bytes) -> str:
    r"""Return the codec of UTF-16 that some first bytes are in, by their mark or their zeros; empty if in none.

    Examples
    --------
    >>> utf16_in("a,b".encode("utf-16-le")), utf16_in(b"\xfe\xff\x00a"), utf16_in(b"a,b")
    ('utf-16-le', 'utf-16-be', '')
    """
    for mark, codec in _MARKS.items():
        if head.startswith(mark):
            return codec
    some = head[:_LOOKED_AT]
    pairs = len(some) // 2
    for codec, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if pairs and some[zeros::2][:pairs].count(0) >= (1 - _MOST_OTHERS) * pairs:
            return "" if 0 in some[letters::2] else codec
    return ""


def codec_named(name: str) -> str:
    """Return what Python calls an encoding of text.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> codec_named("Windows-1250"), codec_named("latin1")
    ('cp1250', 'iso8859-1')
    """
    found = _codec(name)
    if found:
        return found
    known = {each.replace("_", "-") for pair in aliases.items() for each in pair if _codec(each)}
    raise UnknownNameError(
        "encoding", name, sorted(known), remedy="name one such as utf-8, cp1252 or latin-1"
    )


def _codec(name: str) -> str:
    """Return what Python calls an encoding of text; empty for all else that it decodes, such as rot13."""
    try:
        bytes(4).decode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError of a name that holds a zero byte
        return ""
    return "" if found in _INNER else found


def in_utf8(data: bytes, where: str, encoding: str = "") -> tuple[bytes, tuple[str, ...]]:
    r"""Return the bytes of a table in UTF-8, and what is to be said if they were in another encoding.

    With an encoding they are in that one. What is no text in UTF-16, UTF-8 or Windows-1252 is returned as it came:
    whoever decodes it says what is wrong.

    Examples
    --------
    >>> in_utf8(b"caf\xe9,1\n", "'a.csv'")[0].decode()
    'café,1\n'

    Raises
    ------
    UnknownNameError, FileError
        If there is no such encoding, or they are not in it.
    """
    if encoding:
        return _decoded(data, where, encoding), ()
    wide = utf16_in(data[:_LOOKED_AT])
    if wide:
        try:
            text = data.decode(wide).removeprefix("\ufeff")
        except UnicodeDecodeError:
            return data, ()
        note = "" if data[:2] in _MARKS else f"{where} is read as UTF-16, by its zero bytes."
        return text.encode("utf-8", "surrogatepass"), tuple(filter(None, [note]))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _from_windows(data, error, where)
    return data, ()


def _decoded(data: bytes, where: str, encoding: str) -> bytes:
    try:
        text = data.decode(codec_named(encoding))
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise FileError(
            f"{where} is not in {encoding} (line {line}): leave out --encoding, or name another."
        ) from None
    return text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")


def _from_windows(
    data: bytes, error: UnicodeDecodeError, where: str
) -> tuple[bytes, tuple[str, ...]]:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return data, ()
    line = data.count(b"\n", 0, error.start) + 1
    letter = data[error.start : error.start + 1].decode("cp1252")
    note = (
        f"{where} is not in UTF-8 and is read as Windows-1252 (line {line} then has '{letter}'): if letters look "
        f"wrong, name another with --encoding."
    )
    return text.encode(), (note,)
