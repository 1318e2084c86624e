"""The page that is served: today's map as of an entry of the log, its script and style from the same origin."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from lcrmap.io.json_rows import dump
from lcrmap.layers import Metadata
from lcrmap.live.asking import Asked, operation
from lcrmap.live.comments import COMMENTS
from lcrmap.live.drawing import drawing_script
from lcrmap.live.readings import STATIONS
from lcrmap.maps.assets import page_script
from lcrmap.maps.document import Linked, document_style, page_data, page_texts, write_document
from lcrmap.maps.model import PageModel
from lcrmap.verbs.map.question import Map
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

if TYPE_CHECKING:
    from lcrmap.live.served import Served

__all__ = ["LivePage"]

_ASSETS: Final = Path(str(resources.files("lcrmap.live"))) / "assets"


@dataclass(frozen=True, slots=True)
class _Made:
    seq: int
    html: bytes
    css: bytes
    state: bytes


class LivePage:
    """Makes the page anew when the map has changed since, one at a time."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._made = _Made(-1, b"", b"", b"")
        self._lock = asyncio.Lock()
        self._script = page_script("live", _ASSETS, "startLive").encode()

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
        style = f"{document_style(model)}\n{(_ASSETS / 'live.css').read_text('utf-8')}".encode()
        linked = Linked(
            script=f"assets/page.js?v={_short(self._script)}",
            style=f"assets/page.css?v={_short(style)}",
            live=self._told(seq, model),
        )
        state = dump(_state(seq, model, settings.edit)).encode()
        return _Made(seq, write_document(model, linked=linked).encode(), style, state)

    def _told(self, seq: int, model: PageModel) -> dict[str, Any]:
        """Return what the page's scripts are told besides its data."""
        live = self._served.live
        shown = [each.name for each in model.layers]
        known = [live.collection(each).metadata for each in live.settings.edit if each in shown]
        credit = live.collection(STATIONS).metadata.credit if live.settings.measures else None
        return {
            "seq": seq,
            "open": [_open_layer(each) for each in known],
            "comments": COMMENTS,
            "readings": credit,
            "words": _words(),
        }

    async def response(self) -> Response:
        """Answer the page."""
        return Response((await self._now()).html, media_type="text/html")

    async def style(self) -> Response:
        """Answer the style sheet."""
        return Response((await self._now()).css, media_type="text/css")

    async def state(self) -> Response:
        """Answer what a page that is open shows anew: the layers that are open to edits, and its words."""
        return Response((await self._now()).state, media_type="application/json")

    def script(self) -> Response:
        """Answer the script."""
        return Response(self._script, media_type="text/javascript")

    def drawing(self) -> Response:
        """Answer the drawing tools."""
        return Response(drawing_script(), media_type="text/javascript")


def _state(seq: int, model: PageModel, names: tuple[str, ...]) -> dict[str, Any]:
    layers = [each for each in page_data(model)["layers"] if each["name"] in names]
    return {"seq": seq, "texts": page_texts(model), "layers": layers}


def _open_layer(layer: Metadata) -> dict[str, Any]:
    """Return what a form has to know of a layer: what its fields and their values are called."""
    return {
        "name": layer.name,
        "title": layer.title,
        "geometry": layer.geometry,
        "key": layer.key,
        "label": layer.label,
        "fields": {each.name: each.title for each in layer.fields},
        "choices": {
            each.name: {str(one.value): one.label for one in each.categories}
            for each in layer.fields
            if each.categories
        },
    }


def _words() -> Mapping[str, Any]:
    words: dict[str, Any] = json.loads((_ASSETS / "words.en.json").read_text("utf-8"))
    return words


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


@operation(
    "GET",
    "/state",
    "getState",
    "What an open page shows anew after a change.",
    says={200: {"application/json": "object"}},
)
async def state(asked: Asked) -> Response:
    """Answer the data of the page."""
    return await asked.served.page.state()
