"""Answers that follow the map: questions of ``live.toml``, asked again after a change by the functions of the verbs."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from lcrmap.errors import LcrmapError
from lcrmap.io.writing import encode
from lcrmap.live.comments import COMMENTS
from lcrmap.live.events import Hub, event
from lcrmap.live.folder import Live
from lcrmap.live.sourced import Sourced
from lcrmap.live.store import AwayError
from lcrmap.reports.recipes import Block
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

__all__ = ["Answered", "Answers"]

_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question was answered, as of an entry of the log.

    Attributes
    ----------
    fault
        Why there is no answer; empty if there is one.
    rows
        The rows, as `lcrmap VERB --format json` prints them.
    """

    seq: int
    title: str
    finding: str = ""
    sentences: tuple[str, ...] = ()
    fault: str = ""
    rows: bytes = b""

    def told(self, number: int) -> dict[str, Any]:
        """Return it as it is pushed and listed."""
        return {
            "question": number,
            "seq": self.seq,
            "title": self.title,
            "finding": self.finding or self.fault,
            "sentences": list(self.sentences),
            "answered": not self.fault,
        }


class Answers:
    """Asks all questions again when the map has changed, at most once a second."""

    def __init__(self, live: Live, sourced: Sourced) -> None:
        self._live, self._sourced = live, sourced
        self.latest: list[Answered] = []

    async def at(self, number: int, seq: int) -> Answered:
        """Answer a question, the first of which is 1, as of an entry of the log."""
        sources = await self._sourced.at(seq)
        return await asyncio.to_thread(
            _asked, self._live.settings.questions[number - 1], sources, seq
        )

    async def run(self, hub: Hub) -> None:
        """Follow the map until cancelled."""
        questions, done = self._live.settings.questions, -1
        while questions:
            async with hub.moved:
                await hub.moved.wait_for(lambda done=done: hub.seq != done)  # type: ignore[misc]
            with suppress(AwayError):  # then they are asked again
                done = await self._asked_again(hub, done)
            await asyncio.sleep(_PAUSE)

    async def _asked_again(self, hub: Hub, before: int) -> int:
        """Ask all questions again if the map is another since an entry; return the entry on which they stand."""
        seq = hub.seq
        changed = [
            name
            for name in self._live.collections
            if name != COMMENTS and await self._live.store.changed_since(name, seq) > before
        ]
        if changed or before < 0:
            numbers = range(1, len(self._live.settings.questions) + 1)
            self.latest = [await self.at(each, seq) for each in numbers]
            for number, each in enumerate(self.latest, 1):
                hub.tell(event("answer", each.told(number)))
        return seq


def _asked(block: Block, sources: Sources, seq: int) -> Answered:
    try:
        found = answer(block.question, sources)
    except LcrmapError as error:
        return Answered(seq, block.title, fault=str(error))
    return Answered(
        seq,
        block.title or found.finding,
        found.finding,
        found.sentences,
        rows=encode(found.layer, "json"),
    )
