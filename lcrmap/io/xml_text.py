"""XML looked through before GDAL sees it, and given to it as a copy that reaches for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from lcrmap.errors import FileError
from lcrmap.io.siblings import temporary_folder

__all__ = ["plain_copy"]

DEEPEST: Final = 200
"""Elements nest this deep at most: readers in C descend as deep as a file does, and map data to twenty."""

_HEAD: Final = 16_384  # GDAL's drivers tell by fewer letters what a file is
_SCHEMA: Final = re.compile(
    r"""\s[\w.:-]{0,60}schemalocation\s{0,9}=\s{0,9}(?:"[^"]*"|'[^']*')""", re.IGNORECASE
)
# What drivers that open other files and addresses know their own by, wherever it stands in the head.
_POINTERS: Final = re.compile(r"<(?:ogr[a-z]+datasource|gdal_|vrtdataset)", re.IGNORECASE)


@contextmanager
def plain_copy(path: Path, where: str, suffix: str) -> Iterator[Path]:
    """Write a copy of an XML file, alone in a folder, for as long as the block lasts.

    The copy is in UTF-8 and begins with its outermost element, which names no schema. Nothing lies beside it of which
    a driver could make use, and what a driver writes beside it goes with it.

    Parameters
    ----------
    suffix
        That of the copy, by which GDAL knows the format.

    Yields
    ------
    Path
        The copy.

    Raises
    ------
    FileError
        If it is not well formed, declares entities or a document type, nests too deep or points elsewhere.
    """
    text = _body(path.read_bytes(), where)
    head = _SCHEMA.sub("", text[:_HEAD])
    if _POINTERS.search(head):
        raise FileError(
            f"{where} is not read: it has an element of GDAL's own, which can point to other files."
        )
    with temporary_folder() as folder:
        copy = folder / f"layer{suffix}"
        with copy.open("w", encoding="utf-8", newline="") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
            file.write(head)
            file.write(text[_HEAD:])
        yield copy


def _body(data: bytes, where: str) -> str:
    """Return the text from the outermost element on."""
    found = _Look(where)
    try:
        found.parser.Parse(data, True)
        encoding = found.encoding or "utf-8"
        return data[found.begin :].decode(encoding)
    except expat.ExpatError as error:
        raise FileError(
            f"{where} is not whole: save or download it again (line {error.lineno}: "
            f"{expat.errors.messages.get(error.code, 'no more is known')})."
        ) from None
    except FileError:
        raise  # a ValueError too
    except (LookupError, ValueError) as error:  # an encoding that is not known, or no text of it
        raise FileError(
            f"{where} is not in the encoding that it says: save it again in UTF-8."
        ) from error


class _Look:
    """One pass over a file, which remembers where its outermost element begins."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.begin = -1
        self.encoding = ""
        self._depth = 0
        self.parser: Any = expat.ParserCreate()
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.EntityDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._into
        self.parser.EndElementHandler = self._out

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding or ""

    def _refuse_document_type(self, *declared: Any) -> None:
        raise FileError(
            f"{self._where} is not read: it declares a document type, which can open other files, "
            f"and map data need none."
        )

    def _into(self, name: str, attributes: dict[str, str]) -> None:
        if self.begin < 0:
            self.begin = self.parser.CurrentByteIndex
        self._depth += 1
        if self._depth > DEEPEST:
            raise FileError(
                f"{self._where} nests elements more than {DEEPEST} deep, as no map data do."
            )

    def _out(self, name: str) -> None:
        self._depth -= 1
