"""Undo: another entry that puts back what was there before."""

from __future__ import annotations

import json
from typing import Final

import shapely

from lcrmap.errors import UsageError
from lcrmap.live.entries import Entry
from lcrmap.live.rules import box_of
from lcrmap.live.store import Change, StaleError, Store

__all__ = ["OPERATOR", "UndoneError", "undo"]

OPERATOR: Final = "operator"
"""Who changed something on the command line of the server."""


class UndoneError(UsageError):
    """Raised where an entry cannot be undone; the message says why."""


async def undo(store: Store, seq: int, who: str) -> Entry:
    """Undo an entry by another one.

    Raises
    ------
    UndoneError
        If there is no such entry, or the feature was changed since.
    """
    found = await store.entries(since=seq - 1, limit=1)
    if seq < 1 or not found or found[0].seq != seq:
        raise UndoneError(f"The log has no entry {seq}.")
    entry = found[0]
    held = await store.held(entry.layer, entry.feature)
    current = entry.after is None if held is None else held.seq == seq
    later = await store.entries(since=seq, limit=1, layer=entry.layer, feature=entry.feature)
    if not current or later:
        by = f" by entry {later[0].seq}" if later else ""
        raise UndoneError(
            f"The feature {entry.layer}:{entry.feature} was changed since{by}: undo that first."
        )
    kind = "delete" if entry.before is None else "create" if entry.after is None else "replace"
    shape = None if entry.before is None else json.loads(entry.before)["geometry"]
    change = Change(
        entry.layer,
        entry.feature,
        kind,
        entry.before,
        who,
        None if held is None else seq,
        None if shape is None else box_of(shapely.from_geojson(json.dumps(shape))),
        f"undo {seq}",
    )
    try:
        return await store.change(change)
    except StaleError:
        raise UndoneError(
            f"The feature {entry.layer}:{entry.feature} was changed just now."
        ) from None
