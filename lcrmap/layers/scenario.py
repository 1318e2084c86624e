"""A scenario as it is written: changes to the layers of a pack, each with its reason, and what they are meant to do.

Plain values, without geometry libraries. What a change touches is found out in `lcrmap.verbs.changing`; here it is only
made sure that it can be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast, get_args

from lcrmap.errors import DataError
from lcrmap.layers.typed import KeyedTable, is_whole, shown

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
# What to write for a key that is missing or empty, as the end of a sentence.
_WANTED: Final[Mapping[str, str]] = {
    "title": "say in a few words what the scenario is",
    "reason": "say in a few words why the change comes",
    "to": "name the layer to which it is added",
    "at": 'say where, such as at = "53.4,-2.9", a grid reference, a postcode or a place',
    "with": "name a file beside this one that has the new layer",
    "measure": "write 'residents within 800m of LAYER', 'distance to LAYER', 'access to LAYER within 2km' or 'count of "
    "LAYER'",
    "should": 'write rise, fall, stay, or a bound such as ">= 550000" or ">= +20000"',
}
_AMOUNTS: Final = ("more", "fewer", "times")
_MOST_PEOPLE: Final = 1e9
_TARGET: Final = re.compile(r"(>=|<=)\s*([+-]?)\s*([0-9][0-9,_]*(?:\.[0-9]+)?)")


_BLOCK: Final = re.compile(r"'(change|aim)\[([0-9]+)\]")


class ScenarioError(DataError):
    """Raised when a scenario cannot be meant; each fault is a sentence with its key path, the first the message.

    Parameters
    ----------
    faults
        The faults, which are told in the order in which the blocks stand in the file.
    above
        What is wrong with the scenarios that build on it.
    """

    def __init__(
        self, name: str, faults: Iterable[str], above: Iterable[ScenarioError] = ()
    ) -> None:
        told = [f"{name}: {each}" for each in sorted(faults, key=_block)]
        super().__init__(told[0])
        self.more = (*told[1:], *(each for one in above for each in (str(one), *one.more)))


def _block(fault: str) -> tuple[str, int]:
    """Return by what the faults of a file are put in order: what stands above all blocks, the changes, the aims."""
    found = _BLOCK.search(fault)
    return ("", 0) if found is None else ({"change": "1", "aim": "2"}[found[1]], int(found[2]))


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
    faulty
        The keys that are read as if they were left out, as a fault was told of each.
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
    faulty: frozenset[str] = frozenset()

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
    faults
        What is wrong with the form of the file, each fault a sentence with its key path. What is faulty is read as if
        it was left out, so that what the rest means can be judged.
    based
        Whether it is known what it builds on.
    """

    title: str
    about: str = ""
    base: str = BASELINE
    changes: tuple[Change, ...] = ()
    aims: tuple[Aim, ...] = ()
    faults: tuple[str, ...] = ()
    based: bool = True


def scenario_from(raw: Mapping[str, Any]) -> Scenario:
    """Return the scenario that the values of a TOML file describe, and every fault of its form.

    Examples
    --------
    >>> scenario_from({"title": "Nothing happens"}).changes
    ()
    >>> scenario_from({"titel": "Nothing happens"}).faults
    ("there is no key 'titel': did you mean 'title'?",)
    """
    faults: list[str] = []
    head = KeyedTable(raw, "", faults.append)
    head.only(("title", "about", "base", "change", "aim"))
    title, about = head.text("title", required=True, wanted=_WANTED["title"]), head.text("about")
    base = head.text("base") or BASELINE
    changes = [_change(each) for each in _blocks(head, "change", MOST_CHANGES, faults.append)]
    aims = [_aim(each) for each in _blocks(head, "aim", MOST_AIMS, faults.append)]
    faults += _same_ids([each for each in changes if each is not None])
    return Scenario(
        title,
        about,
        base,
        tuple(each for each in changes if each is not None),
        tuple(aims),
        tuple(faults),
        based="base" not in head.faulty,
    )


def _same_ids(changes: Iterable[Change]) -> Iterator[str]:
    """Yield a fault for each change whose id another has before it."""
    first: dict[str, str] = {}
    for each in changes:
        other = first.setdefault(each.id, each.path)
        if each.id and other != each.path:
            yield f"'{each.path}.id' is that of '{other}' too, '{each.id}': give each its own."


def _blocks(
    head: KeyedTable, key: str, most: int, fault: Callable[[str], None]
) -> list[KeyedTable]:
    """Return the ``[[key]]`` blocks of a file."""
    raw = head.raw.get(key, [])
    if isinstance(raw, dict):
        head.fault(key, f"begins with [{key}]: write [[{key}]], in two brackets, above each one.")
        return [KeyedTable(raw, f"{key}[1]", fault)]
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        told = f"must be blocks, each below a line [[{key}]], not {shown(raw)}."
        head.fault(key, told)
        return []
    if len(raw) > most:
        head.fault(key, f"stands {len(raw):,} times, more than {most:,}: split the scenario.")
        return []
    return [KeyedTable(each, f"{key}[{n}]", fault) for n, each in enumerate(raw, 1)]


def _change(table: KeyedTable) -> Change | None:
    """Return what a block says; None, and a fault, if it does nothing or several things."""
    named = [each for each in _VERBS if each in table.raw]
    verb: Verb | None = cast(Verb, named[0]) if len(named) == 1 else None
    all_keys = dict.fromkeys(each for keys in _KEYS.values() for each in keys)
    if verb is None:
        table.only((*_VERBS, *_EVERY, *all_keys), choices=_VERBS)
    else:
        table.only((verb, *_KEYS[verb], *_EVERY))
    reason = table.text("reason", required=True, wanted=_WANTED["reason"])
    source, own_id = table.text("source"), table.text("id")
    chance = table.number("chance", least=0, most=1)
    if verb is None:
        _refuse_verbs(table, named, {*_EVERY, *all_keys})
        return None
    return Change(
        number=int(table.path[7:-1]),
        verb=verb,
        what=table.texts(verb, wanted="name what it speaks of"),
        reason=reason,
        source=source,
        id=own_id,
        chance=1.0 if chance is None else chance,
        **_particulars(table, verb),
        faulty=frozenset(table.faulty),
    )


def _particulars(table: KeyedTable, verb: Verb) -> dict[str, Any]:
    """Return what a change of a verb says besides what each of them does."""
    texts = {
        key: table.text(key, required=key in _REQUIRED.get(verb, ()), wanted=_WANTED[key])
        for key in ("to", "at", "with")
    }
    values, was = table.table("values"), table.table("was")
    if verb == "set" and "values" not in table.raw:
        table.fault("values", 'is missing: say what is set, such as { status = "closed" }.')
    if "error" in table.raw and verb == "add" and "at" not in table.raw:
        table.fault("error", "says how far off 'at' may be, and there is no 'at': give one.")
    what = table.raw[verb]
    if verb == "add" and "at" in table.raw and isinstance(what, list) and len(what) > 1:
        table.fault(verb, "names several places for one position: give each a block of its own.")
    return {
        "to": texts["to"],
        "at": texts["at"],
        "with_": texts["with"],
        "error": _error(table),
        "values": values,
        "was": was,
        "amount": _amount(table) if verb == "people" else None,
    }


def _error(table: KeyedTable) -> str:
    """Return how far off a place may be, in which the unit is forgotten most."""
    value = table.raw.get("error")
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = shown(value)
        told = f'must be a distance with its unit, in quotes: write error = "{number}m".'
        table.fault("error", told)
        return ""
    return table.text("error", wanted="leave it out where it is not known how far off 'at' may be")


def _refuse_verbs(table: KeyedTable, named: list[str], others: Collection[str]) -> None:
    """Tell of a block that does nothing or several things; of a misspelt verb it was told."""
    if named:
        several = f"{', '.join(named[:-1])} and {named[-1]}"
        told = f"does {len(named)} things, {several}: give each a block of its own."
        table.fault(named[0], told)
    elif all(each in others for each in table.raw):
        told = f"does nothing: add one of {', '.join(_VERBS)}."
        table.fault_of_all(told)


def _amount(table: KeyedTable) -> tuple[Literal["more", "fewer", "times"], float] | None:
    given = [each for each in _AMOUNTS if each in table.raw]
    if not given:
        table.fault("people", "does not say how many: add more = 2500, fewer = 300 or times = 1.1.")
        return None
    if len(given) > 1:
        table.fault(given[1], f"says again how many, after '{given[0]}': keep one of them.")
        return None
    kind = cast(Literal["more", "fewer", "times"], given[0])
    value = table.raw[kind]
    other = {"more": "fewer", "fewer": "more"}.get(kind)
    if other and is_whole(value) and value < 0:
        table.fault(kind, f"is negative: write {other} = {-value}.")
        return None
    number = table.number(kind, least=0, most=_MOST_PEOPLE, whole=kind != "times")
    return None if number is None else (kind, number)


def _aim(table: KeyedTable) -> Aim:
    table.only(("measure", "should", "among"))
    measure = table.text("measure", required=True, wanted=_WANTED["measure"])
    text = table.text("should", required=True, wanted=_WANTED["should"])
    should = Target.read(text)
    if text and should is None:
        must = 'rise, fall, stay, or a bound such as ">= 550000" or ">= +20000"'
        table.fault("should", f"must be {must}, not {shown(text)}.")
    among = table.text("among", wanted="name a group, or leave it out for all residents")
    return Aim(int(table.path[4:-1]), measure, should or Target("stay"), text, among)
