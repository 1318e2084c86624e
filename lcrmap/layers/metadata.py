"""What is known about a layer besides its features: title, fields, source, licence, date.

These are plain values without geometry libraries, so that the command line can list and complete
names without loading any. `from_resource` and `to_dict` are the two ends of the one written form,
which stands in ``data/datapackage.json`` and travels inside every GeoJSON, GeoPackage and GeoParquet
file that lcrmap writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final, Literal, get_args

from lcrmap.errors import DataError, UnknownNameError

__all__ = ["Category", "Field", "GeometryKind", "Licence", "Metadata", "Source"]

GeometryKind = Literal["point", "line", "area", "mixed", "none"]


# By annotation; all else is text.
_OTHER_KINDS: Final[Mapping[Any, type]] = {
    "int": int,
    "bool": bool,
}


_SENTENCE: Final = re.compile(r"(?<=\.) (?=[A-Z])")
"""What parts the sentences of a credit line."""


@dataclass(frozen=True, slots=True)
class Category:
    """One allowed value of a field, with the words and the symbol that show it."""

    value: str
    label: str
    plural: str = ""
    description: str = ""
    colour: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, readable title, Frictionless type, unit and allowed values.

    Attributes
    ----------
    unit_in
        The column that says the unit of each row, where not all have the same: counts are whole numbers there, and
        measurements are not.
    """

    name: str
    title: str
    type: str = "string"
    description: str = ""
    unit: str = ""
    categories: tuple[Category, ...] = ()
    required: bool = False
    unit_in: str = ""

    def category(self, value: object) -> Category | None:
        """Return the category that `value` stands for, or None if the value is not one."""
        return next((each for each in self.categories if each.value == value), None)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its short name, full title and address."""

    name: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts come from."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything said about a layer as a whole.

    Attributes
    ----------
    key
        The field whose values name the features; empty if the layer has none.
    label
        The field that is shown as a feature's name.
    category
        The field that decides a feature's symbol; may be empty.
    breakdown
        The field by which a total of this layer must be broken down when it is put into words, because the
        bare total would mislead; may be empty.
    row
        The field that tells a feature's row (``area``) from those that stand for no feature: ``outside``,
        ``no-position``, ``total``; empty if every row is a feature.
    there
        The values of the column ``status`` of a feature that is there; empty if all are. A feature without a status is
        there.
    selection
        The filter by which the rows were chosen from a larger layer; empty if they are all there.
    selected_from
        How many rows that larger layer had; 0 if the rows are all there.
    found_by
        The column by which the rows of a table were looked for among areas; those that name none have no shape, and are
        none of what the noun says. Empty if every row is.
    as_of
        The date of the facts, as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
    credit
        The credit line, verbatim as the licence demands.
    """

    name: str
    title: str
    description: str = ""
    geometry: GeometryKind = "mixed"
    key: str = ""
    label: str = ""
    category: str = ""
    breakdown: str = ""
    row: str = ""
    there: tuple[str, ...] = ()
    selection: str = ""
    selected_from: int = 0
    found_by: str = ""
    noun_one: str = "feature"
    noun_many: str = "features"
    colour: str = ""
    symbol: str = ""
    fields: tuple[Field, ...] = ()
    licences: tuple[Licence, ...] = ()
    sources: tuple[Source, ...] = ()
    credit: str = ""
    method: str = ""
    as_of: str = ""
    path: str = ""
    crs: str = ""
    x: str = ""
    y: str = ""

    def field(self, name: str) -> Field:
        """Return the field called `name`.

        Raises
        ------
        UnknownNameError
            If the layer describes no such field.
        """
        for each in self.fields:
            if each.name == name:
                return each
        raise UnknownNameError("field", name, [each.name for each in self.fields], where=self.name)

    def has_field(self, name: str) -> bool:
        """Tell whether the layer describes a field called `name`."""
        return any(each.name == name for each in self.fields)

    def noun(self, count: int) -> str:
        """Return the word for `count` features of this layer, without the number."""
        return self.noun_one if count == 1 else self.noun_many

    def unplaced_noun(self, count: int) -> str:
        """Return the word for `count` features without a position: a row that names no known area is just a row."""
        if not self.found_by:
            return self.noun(count)
        return "row" if count == 1 else "rows"

    @property
    def credit_once(self) -> str:
        """The credit line with each of its sentences once: what rests on several layers may owe the same to each."""
        return " ".join(dict.fromkeys(_SENTENCE.split(self.credit)))

    def replaced(self, **changes: Any) -> Metadata:
        """Return a copy with some attributes changed."""
        return replace(self, **changes)

    @classmethod
    def from_resource(cls, resource: dict[str, Any]) -> Metadata:
        """Read one resource of a Frictionless Data Package.

        Raises
        ------
        DataError
            If a part that must be there is missing or of the wrong type.
        """
        try:
            own = resource.get("lcrmap", {})
            schema = resource.get("schema", {})
            noun = own.get("noun", {})
            made = cls(
                name=resource["name"],
                title=resource.get("title", resource["name"]),
                description=resource.get("description", ""),
                geometry=own.get("geometry", "mixed"),
                key=next(iter(_as_list(schema.get("primaryKey", []))), ""),
                label=own.get("label", ""),
                category=own.get("category", ""),
                breakdown=own.get("breakdown", ""),
                row=own.get("row", ""),
                there=tuple(_as_list(own.get("there", []))),
                selection=own.get("selection", ""),
                selected_from=int(own.get("selected_from", 0)),
                found_by=own.get("found_by", ""),
                noun_one=noun.get("one", "feature"),
                noun_many=noun.get("many", "features"),
                colour=own.get("colour", ""),
                symbol=own.get("symbol", ""),
                fields=tuple(_read_field(each) for each in schema.get("fields", [])),
                licences=tuple(
                    Licence(each["name"], each.get("title", each["name"]), each.get("path", ""))
                    for each in resource.get("licenses", [])
                ),
                sources=tuple(
                    Source(each["title"], each.get("path", ""))
                    for each in resource.get("sources", [])
                ),
                credit=own.get("credit", ""),
                method=own.get("method", ""),
                as_of=str(own.get("as_of", "")),
                path=resource.get("path", ""),
                crs=own.get("crs", ""),
                x=own.get("x", ""),
                y=own.get("y", ""),
            )
            _check_kinds(made)
            if made.geometry not in get_args(GeometryKind):
                raise ValueError(f"the geometry {made.geometry!r:.40} is none")
            return made
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            name = resource.get("name", "without a name")
            raise DataError(
                f"The resource {name} cannot be read ({error!r}): "
                f"compare it with data/datapackage.json."
            ) from error

    def to_resource(self) -> dict[str, Any]:
        """Return the written form that `from_resource` reads, without empty parts."""
        own = {
            "geometry": self.geometry,
            "label": self.label,
            "category": self.category,
            "breakdown": self.breakdown,
            "row": self.row,
            "there": list(self.there),
            "selection": self.selection,
            "selected_from": self.selected_from,
            "found_by": self.found_by,
            "noun": {"one": self.noun_one, "many": self.noun_many},
            "colour": self.colour,
            "symbol": self.symbol,
            "credit": self.credit,
            "method": self.method,
            "as_of": self.as_of,
            "crs": self.crs,
            "x": self.x,
            "y": self.y,
        }
        schema: dict[str, Any] = {"fields": [_write_field(each) for each in self.fields]}
        if self.key:
            schema["primaryKey"] = [self.key]
        whole = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "path": self.path,
            "licenses": [
                _filled({"name": each.name, "title": each.title, "path": each.url})
                for each in self.licences
            ],
            "sources": [_filled({"title": each.title, "path": each.url}) for each in self.sources],
            "schema": schema,
            "lcrmap": _filled(own),
        }
        return _filled(whole)


def _check_kinds(part: Any) -> None:
    """Refuse a dataclass of this module in which a text, number or truth is something else, however deep."""
    for attribute in fields(part):
        value = getattr(part, attribute.name)
        if isinstance(value, tuple):
            for each in value:
                if is_dataclass(each):
                    _check_kinds(each)
                elif not isinstance(each, str):
                    raise TypeError(f"the {attribute.name} {each!r:.40} is no text")
        elif not isinstance(value, _OTHER_KINDS.get(attribute.type, str)):
            raise TypeError(f"the {attribute.name} {value!r:.40} is no text")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], {}, None, 0)}


def _read_field(raw: dict[str, Any]) -> Field:
    constraints = raw.get("constraints", {})
    described = [_read_category(each) for each in raw.get("categories", [])]
    values = {each.value for each in described}
    bare = [Category(str(v), str(v)) for v in constraints.get("enum", []) if str(v) not in values]
    return Field(
        name=raw["name"],
        title=raw.get("title", raw["name"]),
        type=raw.get("type", "string"),
        description=raw.get("description", ""),
        unit=raw.get("unit", ""),
        categories=tuple(described + bare),
        required=bool(constraints.get("required", False)),
    )


def _read_category(raw: Any) -> Category:
    if not isinstance(raw, dict):
        return Category(str(raw), str(raw))
    label = raw.get("label", str(raw["value"]))
    return Category(
        value=str(raw["value"]),
        label=label,
        plural=raw.get("plural", ""),
        description=raw.get("description", ""),
        colour=raw.get("colour", ""),
        symbol=raw.get("symbol", ""),
    )


def _write_field(one: Field) -> dict[str, Any]:
    categories = [
        _filled(
            {
                "value": each.value,
                "label": each.label,
                "plural": each.plural,
                "description": each.description,
                "colour": each.colour,
                "symbol": each.symbol,
            }
        )
        for each in one.categories
    ]
    return _filled(
        {
            "name": one.name,
            "title": one.title,
            "type": one.type,
            "description": one.description,
            "unit": one.unit,
            "categories": categories,
            "constraints": {"required": True} if one.required else {},
        }
    )
