"""Typed reading of the plain values that TOML holds: each key by its path, each fault in a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from lcrmap.errors import close_names, shortened

__all__ = ["KeyedTable", "is_text", "is_whole", "shown", "unknown_key"]

Fault = Callable[[str], None]

_NUMBER: Final = re.compile(r"\s*[+-]?[0-9][0-9_]*(?:\.[0-9]+)?\s*")


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

    Attributes
    ----------
    faulty
        The keys, or paths of keys, of which a fault was told.
    """

    def __init__(self, raw: Mapping[str, Any], path: str, fault: Fault) -> None:
        self.raw, self.path, self._fault = raw, path, fault
        self.faulty: set[str] = set()
        self._misspelt: set[str] = set()

    def at(self, key: str) -> str:
        """Return the key path of a value."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, told: str) -> None:
        """Tell of a fault of a value: its key path, and what is wrong with it."""
        self.faulty.add(key)
        self._fault(f"'{self.at(key)}' {told}")

    def fault_of_all(self, told: str) -> None:
        """Tell of a fault of the table as a whole."""
        self._fault(f"'{self.path}' {told}")

    def only(self, known: Iterable[str], *, choices: tuple[str, ...] = ()) -> None:
        """Tell of each key that is not among the known ones; one that it seems to be meant for is not missing.

        Parameters
        ----------
        choices
            What to choose from where no known key is similar; none for all of them.
        """
        names = tuple(known)
        for key in self.raw:
            if key not in names:
                self._misspelt.update(close_names(key, names, most=1))
                self._fault(unknown_key(self.at(key), key, names, choices))

    def text(self, key: str, *, required: bool = False, wanted: str = "") -> str:
        """Return a text; empty if it is left out or faulty.

        Parameters
        ----------
        wanted
            What to write, as the end of a sentence.
        """
        remedy = wanted or "it is text in quotes"
        if key not in self.raw:
            if required and key in self._misspelt:
                self.faulty.add(key)
            elif required:
                self.fault(key, f"is missing: {remedy}.")
            return ""
        value = self.raw[key]
        if is_text(value):
            return str(value)
        if isinstance(value, str) and not value.strip():
            self.fault(key, f"is empty: {remedy}.")
        else:
            more = f": {wanted}" if wanted else ""
            self.fault(key, f"must be text in quotes, not {shown(value)}{more}.")
        return ""

    def texts(self, key: str, *, wanted: str = "write text in quotes") -> tuple[str, ...]:
        """Return one text or a list of them; none if it is left out or faulty."""
        value = self.raw.get(key, [])
        values = value if isinstance(value, list) else [value]
        if all(map(is_text, values)) and (values or key not in self.raw):
            return tuple(map(str, values))
        if all(isinstance(each, str) and not each.strip() for each in values):
            self.fault(key, f"is empty: {wanted}.")
        else:
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
        span = f"from {least:,.15g}" + (f" to {most:,.15g}" if most is not None else "")
        quoted = isinstance(value, str) and _NUMBER.fullmatch(value) is not None
        remedy = ": take the quotes away" if quoted else ""
        self.fault(key, f"must be {kind} {span}, not {shown(value)}{remedy}.")
        return None

    def table(self, key: str) -> dict[str, Any]:
        """Return a table of columns and their values, without the faulty ones; empty if it is left out or faulty."""
        if key not in self.raw:
            return {}
        value = self.raw[key]
        if not isinstance(value, dict):
            self.fault(key, 'must be columns with their values, such as { status = "closed" }.')
            return {}
        if not value:
            self.fault(
                key, 'is empty: name columns with their values, such as { status = "closed" }.'
            )
        for column, each in value.items():
            if not _is_plain(each):
                told = f"must be a text, a number, true or false, not {shown(each)}."
                self.fault(f"{key}.{column}", told)
        return {column: each for column, each in value.items() if _is_plain(each)}


def unknown_key(path: str, key: str, known: tuple[str, ...], choices: tuple[str, ...] = ()) -> str:
    """Say that there is no such key, and which may have been meant.

    Examples
    --------
    >>> unknown_key("change[1].reson", "reson", ("reason", "source"))
    "there is no key 'change[1].reson': did you mean 'reason'?"
    """
    near = close_names(key, known)
    hint = f"did you mean '{near[0]}'?" if near else f"choose from {', '.join(choices or known)}."
    return f"there is no key '{path}': {hint}"


def is_text(value: Any) -> bool:
    """Tell whether a value is a text that says something."""
    return isinstance(value, str) and bool(value.strip()) and "\x00" not in value


def is_whole(value: Any) -> bool:
    """Tell whether a value is a whole number, and no truth, which Python takes for one."""
    return isinstance(value, int) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """Return a value as a message quotes it.

    Examples
    --------
    >>> shown("closed"), shown(True), shown(50.0)
    ("'closed'", 'true', '50')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    return shortened(repr(value), 80)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
