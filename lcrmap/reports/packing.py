"""Office files as the same bytes each time: their parts in order, without the hour of their making."""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

__all__ = ["packed_alike"]

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
# Ours, not the writing library's: openpyxl takes its prefixes from a table of the whole process,
# which any other library may change, and then puts in the hour under another name.
_PROPERTIES: Final = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties\
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"\
 xmlns:dc="http://purl.org/dc/elements/1.1/"\
 xmlns:dcterms="http://purl.org/dc/terms/"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>{title}</dc:title>\
<dc:creator>lcrmap</dc:creator>\
<dc:language>en-GB</dc:language>\
<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>\
</cp:coreProperties>
"""


def packed_alike(data: bytes, *, title: str) -> bytes:
    """Return a .docx or .xlsx with fixed times and with properties that name `title` alone."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as read,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            part = read.read(name)
            if name == "docProps/core.xml":
                part = _PROPERTIES.format(title=escape(title)).encode()
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            written.writestr(entry, part)
    return packed.getvalue()
