"""Office files as the same bytes each time: their parts in order, without the hour of their making."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

__all__ = ["without_hour"]

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_HOUR: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def without_hour(data: bytes) -> bytes:
    """Return a .docx or .xlsx with fixed times: those of the archive, and those in its properties."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as read,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            part = read.read(name)
            if name == "docProps/core.xml":
                part = _HOUR.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            written.writestr(entry, part)
    return packed.getvalue()
