"""What questions about a live map read: its layers as of an entry of the log."""

from __future__ import annotations

from lcrmap.layers import Layer
from lcrmap.live.comments import COMMENTS
from lcrmap.live.folder import Live, file_at, layer_at
from lcrmap.live.users import Users
from lcrmap.verbs.sources import Sources

__all__ = ["Sourced"]


class Sourced:
    """The layers of a live map as of an entry of the log; those that did not change are not read again."""

    def __init__(self, live: Live, users: Users) -> None:
        self._live, self._users = live, users
        self._read: dict[str, Layer] = {}
        self._changed: dict[str, tuple[tuple[int, int], Layer]] = {}
        self._files: dict[str, tuple[tuple[int, int], bytes]] = {}

    async def at(self, seq: int) -> Sources:
        """Return the sources of that moment."""
        given: dict[str, Layer] = {}
        for name in self._live.collections:
            last = await self._last(name, seq)
            if last is None:
                continue
            if self._changed.get(name, (None,))[0] != last:
                layer = await layer_at(self._live, name, seq, self._users)
                assert layer is not None  # noqa: S101 (it was changed)
                self._changed[name] = (last, layer)
            given[name] = self._changed[name][1]
        return Sources(self._live.pack, given=given, read=self._read, closed=True)

    async def files(self) -> dict[str, bytes]:
        """Return the layers that were changed until now, as files of GeoJSON, for another process to read."""
        seq, found = await self._live.store.head(), {}
        for name in self._live.collections:
            last = await self._last(name, seq)
            if last and self._files.get(name, (None,))[0] != last:
                data = await file_at(self._live, name, seq, self._users)
                assert data is not None  # noqa: S101 (it was changed)
                self._files[name] = (last, data)
            if last:
                found[name] = self._files[name][1]
        return found

    async def _last(self, name: str, seq: int) -> tuple[int, int] | None:
        """Return what tells whether a layer is still as it was read: its last entry, and who is called how."""
        last = await self._live.store.changed_since(name, seq)
        return (last, self._users.turn if name == COMMENTS else 0) if last else None
