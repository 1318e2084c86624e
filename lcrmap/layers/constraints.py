"""What the schema of a data package demands of the values of a layer, in the words of Frictionless."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lcrmap.errors import DataError
from lcrmap.layers.descriptor import read_descriptor
from lcrmap.layers.pack import Pack

__all__ = ["Constraints", "constraints_of", "read_constraints"]

_LONGEST: Final = 1000
"""Characters of a pattern; a longer one is refused."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What is demanded of the values of one field.

    Attributes
    ----------
    name
        The field.
    type
        Its Frictionless type; ``any`` if the schema names none.
    required, unique
        Whether every row must have a value, and each another.
    enum
        The values that are allowed; None for all.
    minimum, maximum
        The least and the greatest value; None if nothing is said.
    shortest, longest
        How many characters a text has at least and at most; None if nothing is said.
    pattern
        A regular expression that all of a text must match; empty if there is none.
    """

    name: str
    type: str = "any"
    required: bool = False
    unique: bool = False
    enum: tuple[Any, ...] | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str = ""


def constraints_of(pack: Pack, layer: str) -> tuple[Constraints, ...]:
    """Return what a pack demands of each field of one of its layers; none if it describes no fields.

    Raises
    ------
    FileError
        If the pack cannot be read.
    DataError
        If a demand is of the wrong kind.
    """
    raw, _ = read_descriptor(pack.folder / "datapackage.json")
    for resource in raw["resources"]:
        if resource.get("name") == layer:
            return read_constraints(resource.get("schema", {}), layer)
    return ()


def read_constraints(schema: dict[str, Any], layer: str) -> tuple[Constraints, ...]:
    """Read the fields of a Frictionless Table Schema; a key of one field is required and unique.

    Raises
    ------
    DataError
        If a demand is of the wrong kind, such as a minimum that is a list.

    Examples
    --------
    >>> schema = {"fields": [{"name": "code", "type": "string"}], "primaryKey": ["code"]}
    >>> [(each.name, each.required, each.unique) for each in read_constraints(schema, "wards")]
    [('code', True, True)]
    """
    try:
        keys = schema.get("primaryKey", [])
        keys = [keys] if isinstance(keys, str) else list(keys)
        key = keys[0] if len(keys) == 1 else None
        return tuple(_read(each, is_key=each["name"] == key) for each in schema.get("fields", []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(
            f"The schema of the layer {layer} cannot be read ({error!r:.120}): correct it in datapackage.json."
        ) from error


def _read(raw: dict[str, Any], *, is_key: bool) -> Constraints:
    demands = raw.get("constraints", {})
    enum = demands.get("enum")
    return Constraints(
        name=_of(str, raw["name"]),
        type=_of(str, raw.get("type", "any")),
        required=is_key or _of(bool, demands.get("required", False)),
        unique=is_key or _of(bool, demands.get("unique", False)),
        enum=None if enum is None else tuple(_of(list, enum)),
        minimum=_bound(demands.get("minimum")),
        maximum=_bound(demands.get("maximum")),
        shortest=_length(demands.get("minLength")),
        longest=_length(demands.get("maxLength")),
        pattern=_pattern(demands.get("pattern", "")),
    )


def _of(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} is no {kind.__name__}")
    return value


def _bound(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        raise TypeError(f"{value!r:.40} is no bound")
    return value


def _length(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise TypeError(f"{value!r:.40} is no length")
    return value


def _pattern(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise TypeError(f"{value!r:.40} is no pattern of at most {_LONGEST} characters")
    return value
