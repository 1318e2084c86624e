"""The interval that a parameter ``datetime`` means (OGC API Features, Part 1, 7.15.3): of days, or of moments."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lcrmap.live.asking import ProblemError
from lcrmap.live.measuring import instant, written_time
from lcrmap.live.store import Period

__all__ = ["days_from", "moments_from"]

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?")
_DAYS: Final = ("0000-00-00", "9999-99-99")
_MOMENTS: Final = ("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")
_OPEN: Final = ("", "..")


def days_from(text: str | None) -> tuple[str, str] | None:
    """Return the first and the last day; None if nothing is given."""
    return _interval(text, "a date", _day, _DAYS)


def moments_from(text: str | None) -> Period | None:
    """Return the first and the last moment, in UTC; None if nothing is given."""
    return _interval(text, "a day or a moment with its zone", _moment, _MOMENTS)


def _interval(
    text: str | None, what: str, read: Callable[[str, bool], str | None], outermost: tuple[str, str]
) -> tuple[str, str] | None:
    """Return both ends, which `read` makes of a text, told whether it is the last, or the outermost if one is open."""
    if text is None:
        return None
    ends = text.split("/")
    first, last = (
        outer if each in _OPEN else read(each, bool(number))
        for number, (each, outer) in enumerate(zip((ends[0], ends[-1]), outermost, strict=True))
    )
    if len(ends) > 2 or {ends[0], ends[-1]} <= {*_OPEN} or first is None or last is None:
        raise ProblemError(
            400,
            f"'datetime' must be {what}, or two with a slash between, of which one may be '..'.",
        )
    if first > last:
        raise ProblemError(400, "'datetime' ends before it begins.")
    return first, last


def _day(text: str, _: bool) -> str | None:
    """Return a day, also that of a moment; None if it is none."""
    return text[:10] if _DATE.fullmatch(text) else None


def _moment(text: str, last: bool) -> str | None:
    """Return a moment in UTC, of a day its beginning or its end; None if it is none."""
    if len(text) == 10:
        text = f"{text}T23:59:59.999Z" if last else f"{text}T00:00:00Z"
    when = instant(text)
    return None if when is None else written_time(when)
