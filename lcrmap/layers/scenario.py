"""A scenario as it is written: changes to the layers of a pack, each with its reason, and what they are meant to do.

Plain values, without geometry libraries. What a change touches is found out in `lcrmap.verbs.changing`; here it is only
made sure that it can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast, get_args

from lcrmap.errors import DataError
from lcrmap.layers.typed import KeyedTable, shown

__all__ = [
    "BASELINE",
    "Aim",
    "Change",
    "Scenario",
    "ScenarioError",
    "Target",
    "Verb",
    "scenario_from",
]

BASELINE: Final = "baseline"
"""What the pack as it is is called."""

MOST_CHANGES: Final = 1000
MOST_AIMS: Final = 100

Verb = Literal["add", "remove", "move", "set", "people", "replace"]

_VERBS: Final = get_args(Verb)
_EVERY: Final = ("reason", "source", "id", "chance")
# The keys of each verb besides those that all have, the required ones first.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "add": ("to", "at", "error", "values"),
    "remove": ("was",),
    "move": ("at", "error", "was"),
    "set": ("values", "was"),
    "people": ("more", "fewer", "times"),
    "replace": ("with",),
}
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "add": ("to",),
    "move": ("at",),
    "replace": ("with",),
}
_AMOUNTS: Final = ("more", "fewer", "times")
_MOST_PEOPLE: Final = 1e9
_TARGET: Final = re.compile(r"(>=|<=)\s*([+-]?)\s*([0-9][0-9,_]*(?:\.[0-9]+)?)")


class ScenarioError(DataError):
    """Raised when a scenario cannot be meant; each fault is a sentence with its key path, the first the message."""

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        super().__init__(f"{name}: {faults[0]}")
        self.more = tuple(f"{name}: {each}" for each in faults[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to a layer.

    Attributes
    ----------
    number
        Which change of its file it is, from 1.
    what
        The layers or features that it speaks of; of one that adds a new place, the id of the place.
    to
        The layer that is added to.
    at, error
        Where a place is put, and how far off that may be; an empty error is unknown.
    values, was
        By column what is set, and what must have stood there before.
    amount
        Of residents: how many more come, how many fewer stay, or by what their number is multiplied; None otherwise.
    with_
        The file that replaces a layer.
    chance
        How likely it comes, from 0 to 1.
    """

    number: int
    verb: Verb
    what: tuple[str, ...]
    reason: str
    source: str = ""
    id: str = ""
    chance: float = 1.0
    to: str = ""
    at: str = ""
    error: str = ""
    values: Mapping[str, Any]
    was: Mapping[str, Any]
    amount: tuple[Literal["more", "fewer", "times"], float] | None = None
    with_: str = ""

    @property
    def path(self) -> str:
        """Its key path."""
        return f"change[{self.number}]"


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure should do.

    Attributes
    ----------
    kind
        ``rise``, ``fall`` or ``stay``; else how it compares with `value`.
    value
        The number that is named.
    of_change
        Whether the number is one of the change and not of the state.
    """

    kind: Literal["rise", "fall", "stay", ">=", "<="]
    value: float = 0.0
    of_change: bool = False

    @classmethod
    def read(cls, text: str) -> Target | None:
        """Return what a text means; None if it means nothing.

        Examples
        --------
        >>> Target.read(">= +20,000")
        Target(kind='>=', value=20000.0, of_change=True)
        """
        if text in ("rise", "fall", "stay"):
            return cls(cast(Literal["rise", "fall", "stay"], text))
        found = _TARGET.fullmatch(text.strip())
        if found is None:
            return None
        number = float(found[3].replace(",", "").replace("_", ""))
        kind = cast(Literal[">=", "<="], found[1])
        return cls(kind, -number if found[2] == "-" else number, bool(found[2]))


@dataclass(frozen=True, slots=True)
class Aim:
    """What a scenario is meant to do: a measure, what it should do, and among whom; empty for all."""

    number: int
    measure: str
    should: Target
    text: str
    among: str = ""

    @property
    def path(self) -> str:
        """Its key path."""
        return f"aim[{self.number}]"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as its file has it.

    Attributes
    ----------
    base
        What it builds on: `BASELINE`, a scenario of the pack, or a file beside this one.
    """

    title: str
    about: str = ""
    base: str = BASELINE
    changes: tuple[Change, ...] = ()
    aims: tuple[Aim, ...] = ()


def scenario_from(raw: Mapping[str, Any], name: str) -> Scenario:
    """Return the scenario that the values of a TOML file describe.

    Parameters
    ----------
    name
        What the file is called in messages.

    Raises
    ------
    ScenarioError
        If a key or value is invalid; it holds every fault.

    Examples
    --------
    >>> scenario_from({"title": "Nothing happens"}, "nothing.toml").changes
    ()
    """
    faults: list[str] = []
    head = KeyedTable(raw, "", faults.append)
    head.only(("title", "about", "base", "change", "aim"))
    title, about = head.text("title", required=True), head.text("about")
    base = head.text("base") or BASELINE
    changes = [_change(each) for each in _blocks(head, "change", MOST_CHANGES, faults.append)]
    aims = [_aim(each) for each in _blocks(head, "aim", MOST_AIMS, faults.append)]
    if faults:
        raise ScenarioError(name, tuple(faults))
    return Scenario(
        title,
        about,
        base,
        tuple(each for each in changes if each is not None),
        tuple(each for each in aims if each is not None),
    )


def _blocks(
    head: KeyedTable, key: str, most: int, fault: Callable[[str], None]
) -> list[KeyedTable]:
    """Return the ``[[key]]`` blocks of a file."""
    raw = head.raw.get(key, [])
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        head.fault(key, f"must be [[{key}]] blocks of keys and values, not {shown(raw)}.")
        return []
    if len(raw) > most:
        head.fault(key, f"stands {len(raw):,} times, more than {most:,}: split the scenario.")
        return []
    return [KeyedTable(each, f"{key}[{n}]", fault) for n, each in enumerate(raw, 1)]


def _change(table: KeyedTable) -> Change | None:
    verb = _verb(table)
    if verb is None:
        return None
    table.only((verb, *_KEYS[verb], *_EVERY))
    for key in _REQUIRED.get(verb, ()):
        table.text(key, required=True)
    values, was = table.table("values"), table.table("was")
    if verb == "set" and not values:
        table.fault("values", 'is missing: say what is set, such as { status = "closed" }.')
    if "error" in table.raw and "at" not in table.raw:
        table.fault("error", "says how far off 'at' may be, and there is no 'at'.")
    chance = table.number("chance", least=0, most=1)
    what = table.texts(verb)
    if verb == "add" and "at" in table.raw and len(what) > 1:
        table.fault(verb, "names several places for one position: give each a block of its own.")
    return Change(
        number=int(table.path[7:-1]),
        verb=verb,
        what=what,
        reason=table.text("reason", required=True),
        source=table.text("source"),
        id=table.text("id"),
        chance=1.0 if chance is None else chance,
        to=table.text("to"),
        at=table.text("at"),
        error=table.text("error"),
        values=values,
        was=was,
        amount=_amount(table) if verb == "people" else None,
        with_=table.text("with"),
    )


def _verb(table: KeyedTable) -> Verb | None:
    """Return what a block does; None, and a fault, if it does nothing or two things."""
    named = [each for each in _VERBS if each in table.raw]
    if len(named) == 1:
        if not table.texts(named[0]):
            return None
        return cast(Verb, named[0])
    if named:
        told = f"does two things, {' and '.join(named)}: give each a block of its own."
        table.fault(named[0], told)
        return None
    table.only((*_VERBS, *_EVERY, "to", "at", "error", "values", "was", *_AMOUNTS, "with"))
    table.fault(_VERBS[0], f"is missing: a change is one of {', '.join(_VERBS)}.")
    return None


def _amount(table: KeyedTable) -> tuple[Literal["more", "fewer", "times"], float] | None:
    given = [each for each in _AMOUNTS if each in table.raw]
    if len(given) != 1:
        table.fault("people", f"needs one of {', '.join(_AMOUNTS)}, not {len(given)} of them.")
        return None
    kind = cast(Literal["more", "fewer", "times"], given[0])
    number = table.number(kind, least=0, most=_MOST_PEOPLE, whole=kind != "times")
    return None if number is None else (kind, number)


def _aim(table: KeyedTable) -> Aim | None:
    table.only(("measure", "should", "among"))
    measure = table.text("measure", required=True)
    text = table.text("should", required=True)
    should = Target.read(text)
    if text and should is None:
        must = 'rise, fall, stay, or a bound such as ">= 550000" or ">= +20000"'
        table.fault("should", f"must be {must}, not {shown(text)}.")
    if should is None or not measure:
        return None
    return Aim(int(table.path[4:-1]), measure, should, text, table.text("among"))
