"""Read and check a pack's ``datapackage.json``, which may be a stranger's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from lcrmap.errors import FileError, MissingFileError
from lcrmap.layers.names import is_plain_name, is_relative_path
from lcrmap.layers.plain import json_values

__all__ = ["check_descriptor", "read_descriptor"]

_LISTS_OF_NAMES: Final = ("layers", "off")  # of a role's settings
_LARGEST: Final = 64_000_000  # bytes


def read_descriptor(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return what a descriptor says, checked, and its bytes.

    Raises
    ------
    FileError
        If there is none (also a FileNotFoundError), or it cannot be read, or a part of it is of the wrong kind.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FileError(f"'{path}' is larger than {_LARGEST:,} bytes: it is not read.")
        data = path.read_bytes()
        raw = json_values(data.decode("utf-8"), f"'{path}'")
    except FileNotFoundError:
        raise MissingFileError(
            f"No data pack in '{path.parent}': a pack is a folder with a file datapackage.json."
        ) from None
    except UnicodeDecodeError as error:
        raise FileError(
            f"'{path}' is not valid JSON ({error}): correct it and try again."
        ) from None
    except OSError as error:
        raise FileError(f"'{path}' cannot be read: {error.strerror}.") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("resources"), list):
        raise FileError(f"'{path}' is not a data package: it has no list of resources.")
    check_descriptor(raw, path)
    return raw, data


def check_descriptor(raw: dict[str, Any], path: Path) -> None:
    """Refuse a descriptor whose parts are of the wrong kind, or whose names could lead out of a folder."""
    settings = raw.get("lcrmap", {})
    if not isinstance(settings, dict):
        raise FileError(f"'{path}': lcrmap must be an object of settings.")
    roles = settings.get("roles", {})
    if not isinstance(roles, dict):
        raise FileError(
            f"'{path}': lcrmap.roles must be an object that names a layer for each role."
        )
    for number, assigned in enumerate(roles.values(), 1):
        fault = _fault_of_role(assigned)
        if fault:
            raise FileError(f"'{path}': the role number {number} in lcrmap.roles {fault}.")
    _check_name(settings.get("short_name", "x"), "lcrmap.short_name", path)
    if "short_name" not in settings:
        _check_name(raw.get("name", "x"), "name", path)
    for number, resource in enumerate(raw["resources"]):
        key = f"resources[{number}]"
        if not isinstance(resource, dict):
            raise FileError(f"'{path}': {key} must be an object.")
        own = resource.get("path", "")
        if not isinstance(own, str) or (own and not is_relative_path(own)):
            raise FileError(f"'{path}': {key}.path must be the path of one file in the pack.")
        if "name" in resource:
            _check_name(resource["name"], f"{key}.name", path)


def _fault_of_role(assigned: Any) -> str:
    """Return what is wrong with a role, as the rest of a sentence; empty if nothing is."""
    if not isinstance(assigned, dict):
        return "" if isinstance(assigned, str | None) else "must name a layer"
    for key, value in assigned.items():
        if key == "layer" and not isinstance(value, str):
            return "must name a layer"
        if key == "field" and not isinstance(value, str):
            return "must name its field by a text"
        if key in _LISTS_OF_NAMES and not _is_list_of(value, str):
            return f"has '{key}', which must be a list of names of layers"
        if key == "labels" and not (_is_list_of(value, dict) and all(map(_is_label, value))):
            return "has 'labels', each of which must have a name and numbers for lon and lat"
        if key.startswith("most_") and not _is_number(value):
            return f"has '{key:.40}', which must be a number"
    return ""


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def _is_label(value: dict[str, Any]) -> bool:
    placed = _is_number(value.get("lon")) and _is_number(value.get("lat"))
    return placed and isinstance(value.get("name"), str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_name(name: object, key: str, path: Path) -> None:
    if not is_plain_name(name):
        raise FileError(
            f"'{path}': {key} must be at most 100 letters, digits, '-', '_' and '.', and not begin with a dot, "
            f"since files are named after it."
        )
