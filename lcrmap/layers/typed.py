"""Typed reading of the plain values that TOML holds: each key by its path, each fault in a sentence of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lcrmap.errors import close_names, shortened

__all__ = ["KeyedTable", "is_text", "is_whole", "unknown_key"]

Fault = Callable[[str], None]


class KeyedTable:
    """A table of keys and values.

    Parameters
    ----------
    raw
        Its values.
    path
        The key path of the table, such as ``change[3]``; empty for the file as a whole.
    fault
        Told of each fault; it may raise an error or gather them. A faulty value is read as if it was left out.
    """

    def __init__(self, raw: Mapping[str, Any], path: str, fault: Fault) -> None:
        self.raw, self.path, self._fault = raw, path, fault

    def at(self, key: str) -> str:
        """Return the key path of a value."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, told: str) -> None:
        """Tell of a fault of a value: its key path, and what is wrong with it."""
        self._fault(f"'{self.at(key)}' {told}")

    def only(self, known: Iterable[str]) -> None:
        """Tell of each key that is not among the known ones."""
        names = tuple(known)
        for key in self.raw:
            if key not in names:
                self._fault(unknown_key(self.at(key), key, names))

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a text; empty if it is left out or faulty."""
        if key not in self.raw:
            if required:
                self.fault(key, "is missing: it is text in quotes.")
            return ""
        value = self.raw[key]
        if is_text(value):
            return str(value)
        self.fault(key, f"must be text in quotes, not {shown(value)}.")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one text or a list of them; none if it is left out or faulty."""
        value = self.raw.get(key, [])
        values = value if isinstance(value, list) else [value]
        if all(map(is_text, values)) and (values or key not in self.raw):
            return tuple(map(str, values))
        self.fault(key, f"must be text in quotes, or a list of texts, not {shown(value)}.")
        return ()

    def number(
        self, key: str, *, least: float, most: float | None = None, whole: bool = False
    ) -> float | None:
        """Return a number; None if it is left out or faulty."""
        value = self.raw.get(key)
        if value is None:
            return None
        known = is_whole(value) if whole else isinstance(value, int | float) and value is not True
        if known and value is not False and value >= least and (most is None or value <= most):
            return float(value)
        kind = "a whole number" if whole else "a number"
        span = f"from {least:g}" + (f" to {most:g}" if most is not None else "")
        self.fault(key, f"must be {kind} {span}, not {shown(value)}.")
        return None

    def table(self, key: str) -> dict[str, Any]:
        """Return a table of columns and their values; empty if it is left out or faulty."""
        value = self.raw.get(key, {})
        if isinstance(value, dict) and all(_is_plain(each) for each in value.values()):
            return value
        self.fault(key, 'must be columns with their values, such as { status = "closed" }.')
        return {}


def unknown_key(path: str, key: str, known: tuple[str, ...]) -> str:
    """Say that there is no such key, and which may have been meant.

    Examples
    --------
    >>> unknown_key("change[1].reson", "reson", ("reason", "source"))
    "there is no key 'change[1].reson': did you mean 'reason'?"
    """
    near = close_names(key, known)
    hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(known)}."
    return f"there is no key '{path}': {hint}"


def is_text(value: Any) -> bool:
    """Tell whether a value is a text that says something."""
    return isinstance(value, str) and bool(value.strip()) and "\x00" not in value


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number, and no truth, which Python takes for one."""
    return isinstance(value, int) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return a value as a message quotes it."""
    return shortened(repr(value), 80)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
