"""The page that is served: today's map as of an entry of the log, its script and style from the same origin."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from lcrmap.live.folder import COMMENTS
from lcrmap.maps.assets import page_script
from lcrmap.maps.document import Linked, document_style, write_document
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

if TYPE_CHECKING:
    from lcrmap.live.serving import Served

__all__ = ["LivePage"]

_ENTRY: Final = "main"


@dataclass(frozen=True, slots=True)
class _Made:
    seq: int
    html: bytes
    css: bytes


class LivePage:
    """Makes the page anew when the map has changed since, one at a time."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._made = _Made(-1, b"", b"")
        self._lock = asyncio.Lock()
        self._script = page_script(_ENTRY).encode()

    async def _now(self) -> _Made:
        async with self._lock:
            seq = self._served.hub.seq
            if self._made.seq != seq:
                sources = await self._served.sourced.at(seq)
                self._made = await asyncio.to_thread(self._written, sources, seq)
            return self._made

    def _written(self, sources: Sources, seq: int) -> _Made:
        settings = self._served.live.settings
        asked = Map(layers=settings.layers, title=settings.title)
        model = answer(asked, sources).shown
        assert model is not None  # noqa: S101 (of a map a page is shown)
        style = document_style(model).encode()
        linked = Linked(
            script=f"assets/page.js?v={_short(self._script)}",
            style=f"assets/page.css?v={_short(style)}",
            live={"seq": seq, "edit": list(settings.edit), "comments": COMMENTS},
        )
        return _Made(seq, write_document(model, linked=linked).encode(), style)

    async def response(self) -> Response:
        """Answer the page."""
        return Response((await self._now()).html, media_type="text/html")

    async def style(self) -> Response:
        """Answer the style sheet."""
        return Response((await self._now()).css, media_type="text/css")

    def script(self) -> Response:
        """Answer the script."""
        return Response(self._script, media_type="text/javascript")


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
