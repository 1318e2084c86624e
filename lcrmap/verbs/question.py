"""A question as a value: what a verb is asked, typed, frozen, and the same in each of its written forms.

A verb's fields are declared once, each with its type and an `Option`. Everything else is read off them: the options of
the command line, the keys of a recipe, the record of a page, and what Python's keywords may be.

    Near(start="freeport-sites", targets=("rail-stations",), within=Distance("800m"))
    lcrmap near freeport-sites rail-stations --within 800m
    {"ask": "near", "from": "freeport-sites", "to": ["rail-stations"], "within": "800m"}
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from inspect import get_annotations
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    Self,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from lcrmap.errors import UnknownNameError, UsageError, close_names

__all__ = [
    "DISTANCE",
    "METRES",
    "MOST_NAMES",
    "SOUTHERN",
    "Crosses",
    "Distance",
    "MissingValueError",
    "Mode",
    "Option",
    "Question",
    "QuestionField",
    "Reads",
    "RefusedValueError",
    "Rows",
    "Tabled",
    "Unit",
    "field_of",
    "fields_of",
    "scenario_of",
    "suggestion",
]

MOST_NAMES: Final = 500
"""How many layers or places one question may name, typed or in a recipe or record: its time grows with each."""

METRES: Final = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
"""Metres in a unit of distance; a mile is the international one."""

Unit = Literal["m", "km", "mi"]

Mode = Literal["walk", "cycle", "drive", "rail"]

SOUTHERN: Final = re.compile(r"-[0-9.]+\s*[,;\s]")
"""How a position begins that lies south of the equator: as an option does, though it is none."""

DISTANCE: Final = (
    r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(m|km|mi|met(?:re|er)s?|kilomet(?:re|er)s?|miles?)\s*"
)
"""How a distance is written, in lower case."""

_DISTANCE: Final = re.compile(DISTANCE)
# Metres: farther than anything on earth, and still a number that can be said.
_FARTHEST: Final = 1e9


def _unit_sign(unit: str) -> str:
    """Return the sign of a unit that may be spelled out.

    >>> [_unit_sign(each) for each in ("m", "meters", "km", "kilometre", "mi", "miles")]
    ['m', 'm', 'km', 'km', 'mi', 'mi']
    """
    return "km" if unit.startswith("k") else "mi" if unit.startswith("mi") else "m"


class Distance(float):
    """A distance in metres that remembers how it was written.

    Parameters
    ----------
    value
        A text with its unit, such as ``"800m"``, ``"5km"`` or ``"3mi"``, whose name may be spelled out; or a number of
        metres.

    Raises
    ------
    UsageError
        If it is none: without a unit, negative, or of more metres than the earth has.

    Examples
    --------
    >>> far = Distance("5km")
    >>> float(far), str(far), str(Distance(800))
    (5000.0, '5km', '800m')
    """

    text: str

    def __new__(cls, value: str | float) -> Self:
        """Read the text, or write the number."""
        if isinstance(value, Distance):
            text = value.text
        elif isinstance(value, str):
            text = value.casefold().strip()
        else:
            text = f"{value:.9f}".rstrip("0").rstrip(".") + "m"
        found = _DISTANCE.fullmatch(text)
        unit = _unit_sign(found[2]) if found else ""
        metres = float(found[1]) * METRES[unit] if found else -1.0
        if not 0 <= metres <= _FARTHEST:
            raise UsageError(
                f"'{value}' is not a distance: write a number and its unit, such as 500m, 5km or 3mi."
            )
        made = super().__new__(cls, metres)
        made.text = text if found is None or found[2] == unit else f"{found[1]}{unit}"
        return made

    def __str__(self) -> str:
        """Return what was written."""
        return self.text

    def __repr__(self) -> str:
        """Return the value as Python writes it."""
        return f"Distance('{self.text}')"

    def __reduce__(self) -> tuple[type[Distance], tuple[str]]:
        """Pickle the text, which holds the number."""
        return type(self), (self.text,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """How a field is written and told, besides its name and type.

    Attributes
    ----------
    help
        One line for ``--help``; empty for an argument, which the verb's text explains.
    kind
        What a text stands for: decides what a shell completes, and what of it a record may hold.
    key
        Its name in recipes and records; empty for its name in Python.
    argument
        The name of a positional argument; empty for an option.
    flag, letter
        How the command line spells the option; empty for two hyphens and the key, and for no letter.
    metavar
        What stands for the value in ``--help``.
    comma
        Whether several values stand behind one flag, with commas between them; else the flag is repeated.
    words
        How many words of a command line make up the text; a blank stands between them.
    least
        The smallest whole number.
    must
        What a value must be, in words; empty for what the type says.
    """

    help: str = ""
    kind: Literal["text", "layer", "place", "column", "expression", "scenario", "indicator"] = (
        "text"
    )
    key: str = ""
    argument: str = ""
    flag: str = ""
    letter: str = ""
    metavar: str = ""
    comma: bool = False
    words: int = 1
    least: int | None = None
    show_default: bool = False
    must: str = ""


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One field of a question.

    Attributes
    ----------
    name, key
        Its name in Python, and in recipes and records.
    type
        Its bare type: a text, truth, number, `Distance`, choice, or a tuple of one of these.
    optional
        Whether it may be None.
    default
        Its value if it is left out; ``dataclasses.MISSING`` if it must be given.
    """

    name: str
    key: str
    type: Any
    optional: bool
    default: Any
    option: Option

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING

    @property
    def many(self) -> bool:
        """Whether it holds several values."""
        return get_origin(self.type) is tuple

    @property
    def item(self) -> Any:
        """The type of one value."""
        return get_args(self.type)[0] if self.many else self.type

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that can be meant, if they are listed; else none."""
        return get_args(self.item) if get_origin(self.item) is Literal else ()

    @property
    def flag(self) -> str:
        """How the command line spells it."""
        return self.option.flag or f"--{self.key.replace('_', '-')}"

    @property
    def spelled(self) -> str:
        """What messages call it: the option, or the argument in capitals."""
        return self.option.argument.strip("[].") or self.flag

    @property
    def names_files(self) -> bool:
        """Whether a value may name a file."""
        return self.option.kind in ("layer", "place", "scenario")

    @property
    def must(self) -> str:
        """What a value must be, as the end of a sentence."""
        if self.option.must:
            return self.option.must
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.item is bool:
            return "true or false"
        if self.item is int:
            return f"a whole number from {self.option.least or 0}"
        if self.item is float:
            return "a number, such as 0 or 12.5"
        if self.item is Distance:
            one = 'a distance with its unit in quotes, such as "800m" or "5km"'
            return 'a list of distances, such as ["2km", "5km"]' if self.many else one
        if self.many:
            return 'a list of names, such as ["innovation-assets"]'
        if self.names_files:
            return 'a name in quotes, such as "boroughs"'
        return "a column name in quotes" if self.option.kind == "column" else "text in quotes"


class RefusedValueError(UsageError):
    """Raised when a field cannot hold the value that was given.

    Attributes
    ----------
    field, value
        The field and the value.
    must
        What the value must be; of a whole number that is too small, only how large.
    """

    def __init__(self, field: QuestionField, value: Any, told: str = "") -> None:
        self.field, self.value = field, value
        too_small = field.item is int and type(value) is int
        self.must = f"{field.option.least or 0} or more" if too_small else field.must
        super().__init__(told or f"{field.spelled} must be {self.must}, not {_short(value)}.")


def field_of(question: type[Question], name: str) -> QuestionField:
    """Return the field that is called so in Python."""
    return next(each for each in fields_of(question) if each.name == name)


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Question:
    """What is asked of the data.

    A value is the same however it was written, and pickles; every field is checked when it is made, so that no question
    exists that cannot be meant.

    Raises
    ------
    RefusedValueError
        If a field holds a value that it cannot.
    UsageError
        If two fields cannot be meant together.
    """

    ask: ClassVar[str] = ""
    """What the verb is called."""

    about: ClassVar[str] = ""
    """The text of ``--help``, examples included."""

    brief: ClassVar[str] = ""
    """The verb's line in ``lcrmap --help``, where the first line of `about` is too long for it."""

    of_data: ClassVar[bool] = True
    """Whether it asks anything of the data; the paragraphs of a report ask nothing."""

    pictured: ClassVar[bool] = True
    """Whether the answer can be a page or a picture."""

    beside: ClassVar[tuple[str, ...]] = ()
    """The option that writes a second table to a file of its own, and its help; empty for most verbs."""

    recipe_defaults: ClassVar[Mapping[str, Any]] = {}
    """What a recipe means where it leaves a key out, if that is not what the command line means."""

    def __init_subclass__(cls, *, frozen: bool = True, kw_only: bool = True) -> None:
        """Make each kind of question a frozen dataclass."""
        super().__init_subclass__()
        dataclass(frozen=frozen, kw_only=kw_only)(cls)

    def __post_init__(self) -> None:
        """Check each field, and bring what Python may pass to the one form that is kept."""
        for field in fields_of(type(self)):
            value = _converted(field, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
        self.check()
        for field in fields_of(type(self)):
            if field.required and getattr(self, field.name) == ():
                raise RefusedValueError(field, ())

    def check(self) -> None:
        """Refuse fields that cannot be meant together."""

    def given(self) -> Iterator[tuple[QuestionField, Any]]:
        """Yield the fields that are not at their default, in order."""
        for field in fields_of(type(self)):
            value = getattr(self, field.name)
            if value != field.default:
                yield field, value

    def to_plain(self) -> dict[str, Any]:
        """Return the question as texts, numbers, truths and lists, as JSON and TOML hold them.

        Examples
        --------
        >>> from lcrmap.verbs.gaps.question import Gaps
        >>> Gaps(layer="rail-stations", beyond="800m").to_plain()
        {'ask': 'gaps', 'layer': 'rail-stations', 'beyond': '800m'}
        """
        return {"ask": self.ask} | {field.key: _plain(value) for field, value in self.given()}

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Self:
        """Make the question of what `to_plain` returned, without its ``ask``.

        Raises
        ------
        UnknownNameError
            If there is no such key.
        RefusedValueError
            If a value is of another type than the field, or none is given for one that must be.
        """
        known = {each.key: each for each in fields_of(cls)}
        values = {}
        for key, value in raw.items():
            if key not in known:
                from lcrmap.verbs.other_names import fields_meant  # which only a mistake needs

                raise UnknownNameError("key", key, known, meant=fields_meant(key, known.values()))
            values[known[key].name] = _from_plain(known[key], value)
        for each in known.values():
            if each.required and each.name not in values:
                raise MissingValueError(each)
        return cls(**values)


class MissingValueError(RefusedValueError):
    """Raised when a field that must be given is not."""

    def __init__(self, field: QuestionField) -> None:
        super().__init__(field, None, f"{field.spelled} is missing: it is {field.must}.")


class Reads(Question, frozen=True, kw_only=True):
    """A question that reads layers, and says how the first of them is read where its file does not."""

    x: Annotated[
        str | None,
        Option(
            help="CSV column that holds the longitude or easting.", metavar="COLUMN", kind="column"
        ),
    ] = None
    y: Annotated[
        str | None,
        Option(
            help="CSV column that holds the latitude or northing.", metavar="COLUMN", kind="column"
        ),
    ] = None
    crs: Annotated[
        str | None,
        Option(help="CRS of a file that names none, such as EPSG:27700.", metavar="CODE"),
    ] = None
    match: Annotated[
        str | None,
        Option(
            help="Column of a table by which its rows are found among the areas of a LAYER of the pack.",
            metavar="COLUMN=LAYER",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        Option(
            help="Encoding of the text of a CSV or Shapefile, such as cp1250, where its bytes do not tell it.",
            metavar="NAME",
        ),
    ] = None
    strict: Annotated[
        bool,
        Option(
            help="Refuse a table in which a coordinate is no number, instead of listing its row."
        ),
    ] = False

    scenario: Annotated[
        str | None,
        Option(
            help="Ask about the region as a scenario has it; see 'lcrmap scenarios'.",
            metavar="SCENARIO",
            kind="scenario",
        ),
    ] = None

    @property
    def summed(self) -> tuple[str, ...]:
        """The columns that are summed where several rows of a table speak of one area."""
        return ()


class Rows(Question, frozen=True, kw_only=True):
    """A question that is answered by rows, of which some may be chosen and put in order."""

    where: Annotated[
        str | None,
        Option(
            help="Keep only the rows of the result that match this CQL2 expression.",
            letter="-w",
            metavar="EXPR",
            kind="expression",
        ),
    ] = None
    columns: Annotated[
        tuple[str, ...],
        Option(
            help="Keep only these columns, in this order.",
            letter="-c",
            metavar="A,B",
            kind="column",
            comma=True,
        ),
    ] = ()
    sort: Annotated[
        tuple[str, ...],
        Option(
            help="Sort by these columns; a minus sign sorts from high to low.",
            letter="-s",
            metavar="A,-B",
            kind="column",
            comma=True,
        ),
    ] = ()
    limit: Annotated[
        int | None, Option(help="Keep only the first N rows.", letter="-n", metavar="N", least=0)
    ] = None

    @property
    def where_rows(self) -> str | None:
        """The expression that chooses among the rows of the answer."""
        return self.where


class Tabled(Rows, Reads, frozen=True, kw_only=True):
    """A question that reads layers and is answered by rows."""


class Crosses(Question, frozen=True, kw_only=True):
    """A question of distances, which may go over the crossings of the pack's barrier, such as a river.

    Raises
    ------
    UsageError
        If crossings are assumed open, and none is crossed.
    """

    across: Annotated[
        Mode | None,
        Option(
            help="Measure from bank to bank by the pack's crossings that are open to this way of travelling "
            "(default: straight)."
        ),
    ] = None
    assume_open: Annotated[
        bool,
        Option(help="With --across: count crossings as open whose ways of travelling are unknown."),
    ] = False

    def check(self) -> None:
        """Refuse to assume crossings open that nobody crosses."""
        if self.assume_open and self.across is None:
            raise UsageError(
                "--assume-open says which crossings are open, and is for distances across them: "
                "add --across walk, or leave it out."
            )


def scenario_of(question: Question) -> str | None:
    """Return the scenario that a question is asked in; None for the region as it is."""
    return question.scenario if isinstance(question, Reads) else None


def fields_of(question: type[Question]) -> tuple[QuestionField, ...]:
    """Return the fields of a question: its own first, then those that others share.

    Examples
    --------
    >>> from lcrmap.verbs.gaps.question import Gaps
    >>> [each.key for each in fields_of(Gaps)][:3]
    ['layer', 'beyond', 'by']
    """
    kind: Any = question  # a class is hashable, whatever a dataclass says of its instances
    return _fields_of(kind)


@cache
def _fields_of(question: Any) -> tuple[QuestionField, ...]:
    shared = [each for each in (Crosses, Rows, Reads) if issubclass(question, each)]
    rank = {name: at for at, each in enumerate(shared, 1) for name in get_annotations(each)}
    hints = get_type_hints(question, include_extras=True)
    found = [_field(each, hints[each.name]) for each in fields(question)]
    return tuple(sorted(found, key=lambda each: rank.get(each.name, 0)))


def _field(info: Field[Any], annotated: Any) -> QuestionField:
    option = next(
        (each for each in getattr(annotated, "__metadata__", ()) if isinstance(each, Option)), None
    )
    if option is None:
        raise TypeError(f"The field {info.name} of a question has no Option.")
    kind = get_args(annotated)[0]
    parts = get_args(kind) if get_origin(kind) in (UnionType, Union) else (kind,)
    bare = [each for each in parts if each is not NoneType]
    return QuestionField(
        info.name, option.key or info.name, bare[0], len(bare) < len(parts), info.default, option
    )


def _converted(field: QuestionField, value: Any) -> Any:
    """Return a value in its one form: a list or a single value as a tuple, a number of metres as a distance."""
    if value is None and field.optional:
        return None
    if field.many and not isinstance(value, list | tuple):
        value = (value,)
    if field.many and field.option.kind in ("layer", "place") and len(value) > MOST_NAMES:
        raise UsageError(
            f"{field.spelled} names {len(value):,} layers or places, more than {MOST_NAMES:,}: "
            f"ask in several questions, or put them into one file."
        )
    if field.many:
        return tuple(_one(field, each, value) for each in value)
    return _one(field, value, value)


def _one(field: QuestionField, value: Any, whole: Any) -> Any:
    if isinstance(value, bool) and field.item is not bool:  # which Python takes for a number
        raise RefusedValueError(field, whole)
    if field.item is Distance:
        try:
            return Distance(value)
        except (UsageError, TypeError, ValueError, OverflowError):
            raise RefusedValueError(field, whole) from None
    if field.item is float:
        return _finite(field, value)
    fits = value in field.choices if field.choices else isinstance(value, field.item)
    if not fits:
        raise RefusedValueError(field, whole)
    made = value
    if isinstance(made, str) and "\x00" in made:
        raise RefusedValueError(field, whole)
    if field.option.least is not None and made < field.option.least:
        raise RefusedValueError(field, whole)
    return made


def _finite(field: QuestionField, value: Any) -> float:
    """Return a number; no infinite one, and none that is too large to be one."""
    try:
        number = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        number = math.nan
    if not math.isfinite(number):
        raise RefusedValueError(field, value)
    return number


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Distance) else value


def _from_plain(field: QuestionField, value: Any) -> Any:
    """Refuse what Python's looser forms would let pass: a written list is a list, a written distance has a unit."""
    values = value if isinstance(value, list) else [value]
    listed = isinstance(value, list) == field.many and (not field.many or bool(value))
    texts = all(isinstance(each, str) for each in values)
    if not listed or value is None or (field.item in (str, Distance) and not texts):
        raise RefusedValueError(field, value)
    return value


def suggestion(field: QuestionField, value: Any) -> str:
    """Return a question that names the choice which may have been meant; empty if there is none.

    Examples
    --------
    >>> from lcrmap.verbs.join.question import Join
    >>> how = next(each for each in fields_of(Join) if each.key == "how")
    >>> suggestion(how, "lef")
    " Did you mean 'left'?"
    """
    near = close_names(str(value), field.choices)
    return f" Did you mean '{near[0]}'?" if near else ""
