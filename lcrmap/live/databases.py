"""Which database a live map is in: an address that holds no password, and a schema of its own."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Database", "fault_of_address", "fault_of_schema", "new_schema"]

_SCHEMES: Final = ("postgresql", "postgres")
_SECRET: Final = ("password", "sslpassword", "passfile")
_KEYS: Final = (
    "host",
    "port",
    "user",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "target_session_attrs",
)
_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_WANTED: Final = "is an address such as postgresql://HOST/NAME"


@dataclass(frozen=True, slots=True)
class Database:
    """Where the log and the features are, if not in a file beside ``live.toml``."""

    address: str
    schema: str


def fault_of_address(text: str) -> str:
    """Return what is wrong with an address, which is not repeated, for it may hold a secret; empty for nothing.

    Examples
    --------
    >>> fault_of_address("postgresql://db.example.org/maps")
    ''
    >>> fault_of_address("postgresql://ann:secret@db.example.org/maps")[:34]
    'holds a password: leave it out and'
    """
    try:
        parts = urlsplit(text)
        keys = [key for key, _ in parse_qsl(parts.query, strict_parsing=bool(parts.query))]
        password = parts.password
        good = (parts.port or 1) > 0 and text.isprintable() and " " not in text
    except ValueError:
        return _WANTED
    if password is not None or set(keys) & set(_SECRET):
        return (
            "holds a password: leave it out and change it, for it may have been seen; give the new one by the "
            "variable PGPASSWORD, or by a line in the file ~/.pgpass"
        )
    if parts.scheme not in _SCHEMES or len(parts.path) < 2 or parts.fragment or not good:
        return _WANTED
    unknown = [key for key in keys if key not in _KEYS]
    return f"may say {', '.join(_KEYS)} behind '?', and nothing else" if unknown else ""


def fault_of_schema(text: str) -> str:
    """Return what is wrong with the name of a schema; empty for nothing."""
    good = _SCHEMA.fullmatch(text) and not text.startswith("pg_")
    return "" if good else "is a name of small letters, digits and underscores"


def new_schema(name: str) -> str:
    """Return a name for the schema of a new live map: it holds that of its folder, and no other map has it."""
    told = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    return "_".join(filter(None, ("lcrmap", told, secrets.token_hex(4))))
