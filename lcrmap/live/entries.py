"""The log of a live map: each change is one entry, and each entry holds the hash of the one before.

Whoever changes an entry, or takes one out, breaks the chain there: its hash is no longer what it was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

from lcrmap.io.json_rows import dump

__all__ = [
    "FIRST",
    "Entry",
    "Held",
    "broken_links",
    "digest_of",
    "made_entry",
    "told_of",
    "version_of",
]

FIRST: Final = "features"
"""What the digest of the features begins with that were there before the first entry."""


@dataclass(frozen=True, slots=True)
class Held:
    """A feature as the store holds it: the number of its last change (0 for none), and its text."""

    id: str
    seq: int
    body: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one feature.

    Attributes
    ----------
    seq
        Its number; the first is 1.
    time
        When the server took it, in UTC. The order is by number, whatever the clock said.
    who
        The key of a user, never a name.
    kind
        ``create``, ``replace``, ``update`` or ``delete``.
    before, after
        The feature's text; None where there is none.
    remark
        ``unconditional``, or ``undo 12``.
    previous, hash
        The hash of the entry before, and its own.
    """

    seq: int
    time: str
    who: str
    layer: str
    feature: str
    kind: str
    before: str | None
    after: str | None
    remark: str
    previous: str
    hash: str


_HASHED: Final = tuple(each.name for each in fields(Entry) if each.name != "hash")


def made_entry(**values: Any) -> Entry:
    """Return an entry with its hash."""
    return Entry(**values, hash=_hash(values))


def _hash(values: dict[str, Any]) -> str:
    return hashlib.sha256(dump([values[name] for name in _HASHED]).encode()).hexdigest()


def digest_of(features: Iterable[tuple[str, str, str]]) -> str:
    """Return the hash before the first entry: that of all layers, ids and texts, in their order."""
    digest = hashlib.sha256(FIRST.encode())
    for each in features:
        digest.update(dump(each).encode() + b"\n")
    return digest.hexdigest()


def broken_links(entries: Iterable[Entry], first: str) -> Iterator[str]:
    """Give a sentence for each entry that is not what was written, or that does not follow the one before."""
    previous, number = first, 0
    for each in entries:
        number += 1
        if each.seq != number:
            yield f"Entry {number} of the log is missing: the next one is {each.seq}."
            number = each.seq
        elif each.previous != previous:
            yield f"Entry {each.seq} of the log does not follow the entry before it: one of them was changed."
        if _hash({name: getattr(each, name) for name in _HASHED}) != each.hash:
            yield f"Entry {each.seq} of the log is not as it was written: its hash is another."
        previous = each.hash


def told_of(entry: Entry, name: str) -> dict[str, Any]:
    """Return what everybody is told of an entry, whose user is called `name`."""
    held = None if entry.after is None else Held(entry.feature, entry.seq, entry.after)
    return {
        "seq": entry.seq,
        "time": entry.time,
        "who": name,
        "collection": entry.layer,
        "id": entry.feature,
        "kind": entry.kind,
        "remark": entry.remark,
        "etag": None if held is None else version_of(held),
    }


def version_of(held: Held) -> str:
    """Return the strong ETag of a feature.

    Examples
    --------
    >>> version_of(Held("a", 3, "{}"))
    '"3-44136fa355b3"'
    """
    return f'"{held.seq}-{hashlib.sha256(held.body.encode()).hexdigest()[:12]}"'
