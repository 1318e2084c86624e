"""What a store of a live map can do, and what goes wrong there. One test suite runs on every store.

A store holds the log and the features. The features follow from the log, and are changed in the same transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from lcrmap.errors import FileError, OutputError
from lcrmap.live.entries import Entry, Held
from lcrmap.live.measuring import Reading, Recorded, Station

__all__ = [
    "ANY",
    "AwayError",
    "Box",
    "Change",
    "FullError",
    "Here",
    "Known",
    "Measured",
    "Period",
    "Shelf",
    "StaleError",
    "Store",
    "TakenError",
    "Whole",
]

Box = tuple[float, float, float, float]
Period = tuple[str, str]
"""The first and the last moment of readings, as they are written."""

ANY: Final = -1
"""The number of a change that wants no particular version."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a feature.

    Attributes
    ----------
    expected
        The number of the feature's last change, on which this one builds; None where there must be no feature, `ANY`
        for any.
    unique
        Fields of which no other feature of the layer may have the same value, with the new values.
    token
        What a client calls this request, so that it is done once; empty for nothing.
    """

    layer: str
    feature: str
    kind: str
    after: str | None
    who: str
    expected: int | None
    box: Box | None = None
    remark: str = ""
    unique: tuple[tuple[str, str | int | float], ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a live map that has to agree, as it was at one moment.

    Attributes
    ----------
    first
        The digest of the features with which the map began.
    features
        Those that are there, by layer and id.
    entries
        The log.
    """

    first: str
    features: dict[tuple[str, str], Held]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Known:
    """A user: a key that stands in the log, and what may change or be forgotten.

    Attributes
    ----------
    layers
        The layers that may be edited; none for all that are open to edits.
    expires
        Seconds since 1970; 0 for never.
    unconditional
        Whether changes are taken without ``If-Match``.
    """

    key: str
    name: str
    role: str
    digest: str
    layers: tuple[str, ...] = ()
    expires: float = 0
    revoked: bool = False
    unconditional: bool = False


class StaleError(Exception):
    """Raised where a feature is not in the version that a change builds on; `held` is None if there is no feature."""

    def __init__(self, held: Held | None) -> None:
        super().__init__()
        self.held = held


class TakenError(Exception):
    """Raised where another feature has the value of a field that is unique."""


class FullError(OutputError):
    """Raised where the disk is full; nothing was changed."""


class AwayError(FileError):
    """Raised where the database cannot be reached; whoever asks again later may be answered."""


class Measured(Protocol):
    """What stations measure: a record of its own, in which what was replaced stays."""

    async def put_stations(self, stations: Iterable[Station]) -> None:
        """Write stations, new or changed; the others stay."""

    async def stations(self) -> list[Station]:
        """Return all stations that were written."""

    async def record(self, readings: Sequence[Reading], who: str) -> int:
        """Write readings, all or none, and return how many of them are new.

        One of the same station, property and time as another takes its place, and both stay in the record. One that
        says the same as the one that is there is not written again.
        """

    async def last(self) -> int:
        """Return the number of the last reading; 0 if there is none."""

    async def stations_since(self, number: int) -> list[str]:
        """Return the stations of the readings behind a number."""

    async def latest(self) -> list[Recorded]:
        """Return the latest reading of each station and property, by the time at which it was measured."""

    async def one(self, number: int) -> Recorded | None:
        """Return a reading by its number, also one that was replaced."""

    async def page(
        self,
        *,
        after: int = 0,
        limit: int,
        station: str | None = None,
        property_: str | None = None,
        period: Period | None = None,
    ) -> list[Recorded]:
        """Return readings behind a number, in the order of their numbers, without those that were replaced."""

    async def count(
        self,
        *,
        station: str | None = None,
        property_: str | None = None,
        period: Period | None = None,
    ) -> int:
        """Return how many there are of them."""

    async def thin(self, before: str, told: str) -> int:
        """Keep of each day before a moment the lowest and the highest reading of each station and property.

        The latest of all is always kept. What was done is told from now on; see `thinned`.

        Returns
        -------
        int
            How many readings went.
        """

    async def thinned(self) -> str:
        """Return what was told of thinning; empty if there was none."""


class Here(Protocol):
    """Who is here: nothing of it is kept, and all processes of a server share it. Times are seconds since 1970."""

    async def put(self, name: str, at: float, text: str) -> None:
        """Note where somebody looks."""

    async def leave(self, name: str, at: float) -> None:
        """Note that somebody left."""

    async def since(self, at: float) -> list[tuple[str, float, str | None]]:
        """Return who changed since then; a text of None is one who left."""

    async def crowd(self, process: str, count: int, at: float) -> int:
        """Note how many listen to a process, and return how many listen to all."""

    async def sweep(self, at: float, gone: float) -> None:
        """Let those go of whom nothing was heard since `gone`, and forget those who left before."""

    async def empty(self) -> None:
        """Forget all, as a server starts."""


class Shelf(Protocol):
    """What a collection is read from."""

    async def held(self, layer: str, feature: str, at: int | None = None) -> Held | None:
        """Return a feature as it is, or as it was after entry `at`."""

    async def page(
        self,
        layer: str,
        *,
        after: str = "",
        limit: int,
        box: Box | None = None,
        at: int | None = None,
    ) -> list[Held]:
        """Return features in the order of their ids, from the first one behind `after`, whose boxes meet `box`."""

    async def count(self, layer: str, at: int | None = None) -> int:
        """Return how many features a layer has."""


class Store(Shelf, Protocol):
    """The log, the features, and the users of a live map."""

    @property
    def measured(self) -> Measured:
        """What stations measure."""

    @property
    def here(self) -> Here:
        """Who is here."""

    async def load(self, layer: str, features: Iterable[tuple[str, str, Box | None]]) -> None:
        """Take features before there is a log: ids, texts and boxes."""

    async def seal(self) -> None:
        """Note the digest of all features that were loaded, from which the chain begins."""

    async def first(self) -> str:
        """Return that digest."""

    async def head(self) -> int:
        """Return the number of the last entry; 0 if there is none."""

    async def change(self, change: Change) -> Entry:
        """Write an entry and change the feature, both or neither; when it returns, both are on disk.

        A request whose token was there before changes nothing: the entry that it made then is returned.

        Raises
        ------
        StaleError, TakenError, FullError, AwayError
        """

    async def extent(self, layer: str) -> Box | None:
        """Return the box around a layer; None if nothing in it has a position."""

    async def changed_since(self, layer: str, seq: int) -> int:
        """Return the number of a layer's last entry that is not behind `seq`; 0 if it has none."""

    async def entries(
        self, *, since: int = 0, limit: int, layer: str = "", feature: str | None = None
    ) -> list[Entry]:
        """Return entries behind `since`, in their order."""

    async def whole(self) -> Whole:
        """Return log and features as they are at one moment, whoever writes meanwhile."""

    def follow(self) -> AsyncIterator[None]:
        """Give None whenever another process or this one may have written."""

    async def users(self) -> Sequence[Known]:
        """Return all users."""

    async def put_user(self, user: Known) -> None:
        """Write a user, new or changed."""

    async def backup(self, target: str) -> int:
        """Write a copy that is one state of the store, while it is used; return the number of its last entry."""

    async def close(self) -> None:
        """Let go of the database."""
