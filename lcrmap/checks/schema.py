"""Rules of a data package's own schema, which `lcrmap check` alone looks at, in files of the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lcrmap.checks.demands import broken, is_known, is_unsupported
from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import DataError, shortened

__all__: list[str] = []

_SHOWN: Final = 8  # names that a message lists


@rule("schema-fields", "fault", DataError, opens=False)
def _fields(subject: Subject) -> Finding | None:
    """Find columns that the schema of the data package does not describe, and those that it describes in vain.

    Looked at in a file of the data package that --pack names, or of lcrmap's own; so are the other rules of a schema.
    """
    if not subject.schema:
        return None
    described = [each.name for each in subject.schema]
    missing = [each for each in described if each not in subject.values]
    others = [each for each in subject.values if each not in (*described, "id")]
    if not (missing or others):
        return None
    parts = []
    if missing:
        parts.append(f"lacks the columns {_names(missing)}")
    if others:
        parts.append(f"has the columns {_names(others)}, which its schema does not describe")
    return Finding(" and ".join(parts), "correct the file or datapackage.json")


@rule("schema-required", "fault", DataError, opens=False)
def _rule_required(subject: Subject) -> Finding | None:
    """Find empty cells in columns that the schema of the data package requires to be filled.

    A key is required without a word. An empty text counts as no value.
    """
    return _found(subject, "schema-required", "give a value, or take the demand out of the schema")


@rule("schema-type", "fault", DataError, opens=False)
def _rule_type(subject: Subject) -> Finding | None:
    """Find values of another type than the schema of the data package tells.

    In tables a cell is a text, and has the type that it can be read as.
    """
    return _found(subject, "schema-type", "correct the value or the type")


@rule("schema-unique", "fault", DataError, opens=False)
def _rule_unique(subject: Subject) -> Finding | None:
    """Find values that stand twice in columns of which the schema of the data package says that they are unique.

    A key of one field is unique without a word.
    """
    return _found(subject, "schema-unique", "give each row a value of its own")


@rule("schema-enum", "fault", DataError, opens=False)
def _rule_enum(subject: Subject) -> Finding | None:
    """Find values that are none of those that the schema of the data package lists.

    Capitals count, and so do spaces at the ends.
    """
    return _found(subject, "schema-enum", "use one of them, or add it to the schema")


@rule("schema-range", "fault", DataError, opens=False)
def _rule_range(subject: Subject) -> Finding | None:
    """Find values below the minimum or above the maximum that the schema of the data package gives.

    Values of another type than the bound are left to schema-type.
    """
    return _found(subject, "schema-range", "correct the value or the bound")


@rule("schema-length", "fault", DataError, opens=False)
def _rule_length(subject: Subject) -> Finding | None:
    """Find texts that are shorter or longer than the schema of the data package allows.

    Characters are counted, not bytes.
    """
    return _found(subject, "schema-length", "correct the text or the bound")


@rule("schema-pattern", "fault", DataError, opens=False)
def _rule_pattern(subject: Subject) -> Finding | None:
    """Find texts that do not match the pattern that the schema of the data package gives for them.

    All of the text must match. The expression is one of RE2, whose time grows with the text alone; one that RE2 does
    not know is told as schema-unchecked.
    """
    return _found(subject, "schema-pattern", "correct the text or the pattern")


@rule("schema-unchecked", "notice", DataError, opens=False)
def _unchecked(subject: Subject) -> Finding | None:
    """Find demands of a schema that are not looked at.

    Patterns that look ahead or behind or refer to what they found, which RE2 does not know, and types of which lcrmap
    knows no rule.
    """
    said = [
        f"the pattern of '{each.name}'" for each in subject.schema if is_unsupported(each.pattern)
    ]
    said += [
        f"the type {shortened(each.type)} of '{each.name}'"
        for each in subject.schema
        if not is_known(each.type)
    ]
    if not said:
        return None
    what = f"has a schema of which is not looked at: {', '.join(said[:_SHOWN])}"
    return Finding(what, "write patterns that RE2 knows, and types of Frictionless")


def _found(subject: Subject, demand: str, remedy: str) -> Finding | None:
    """Return what breaks a demand in all columns that the schema describes, each with its column and value."""
    rows, details = [], []
    for field in subject.schema:
        values = subject.cells.get(field.name, ())
        for row, what in broken(demand, field, values):
            value = "" if values[row] is None else f"'{shortened(str(values[row]))}' in "
            rows.append(row)
            details.append(f"{value}the column '{field.name}' {what}")
    what = "breaks the schema of its data package"
    return Finding(what, remedy, tuple(rows), tuple(details)) if rows else None


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"'{shortened(each)}'" for each in names[:_SHOWN]) + more
