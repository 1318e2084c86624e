"""Columns of lists and objects in formats that keep them as text: which these are, lcrmap's own metadata tell."""

from __future__ import annotations

from typing import Any

__all__ = ["nested_types"]


def nested_types(carried: Any) -> dict[str, str]:
    """Return the types of the columns that by the metadata of a layer, not yet believed, hold lists or objects.

    Examples
    --------
    >>> nested_types({"schema": {"fields": [{"name": "tags", "type": "array"}, {"name": "id", "type": "string"}]}})
    {'tags': 'array'}
    """
    try:
        fields = carried["schema"]["fields"]
        return {
            str(each["name"]): str(each["type"])
            for each in fields
            if each.get("type") in ("array", "object")
        }
    except (TypeError, KeyError, AttributeError):  # somebody else's text
        return {}
