"""What stands in the markup of a page: found from front to back in one pass, for the page may be a stranger's."""

from __future__ import annotations

from html import unescape
from typing import Final

__all__ = ["between", "plain_text", "visible_lines"]

_UNSEEN: Final = ("script", "style")


def between(html: str, start: str, end: str) -> str | None:
    """Return what stands between the first `start` and the `end` that follows it; None without either.

    Examples
    --------
    >>> between("<title>Sites</title>", "<title>", "</title>")
    'Sites'
    """
    at = html.find(start)
    if at < 0:
        return None
    at += len(start)
    stop = html.find(end, at)
    return None if stop < 0 else html[at:stop]


def plain_text(markup: str) -> str:
    """Return the text of a piece of markup as one line.

    Examples
    --------
    >>> plain_text("Sites <b>&amp;</b>  more")
    'Sites & more'
    """
    return " ".join(_unescaped("".join(_outside_tags(markup))).split())


def visible_lines(html: str) -> list[str]:
    """Return the texts of a page, without scripts and styles, each on a line of its own.

    Examples
    --------
    >>> visible_lines("<style>p {}</style><p>Sites &amp; <b>more</b>")
    ['Sites &', 'more']
    """
    lines = (_unescaped(each).strip() for part in _outside_tags(html) for each in part.splitlines())
    return [each for each in lines if each]


def _outside_tags(html: str) -> list[str]:
    parts, at = [], 0
    while (start := html.find("<", at)) >= 0:
        parts.append(html[at:start])
        at = _after(html, start)
        if not at:  # what begins here never ends
            return parts
    return [*parts, html[at:]]


def _after(html: str, start: int) -> int:
    """Return where a tag ends, or the element of which nothing is seen; 0 if it never does."""
    for name in _UNSEEN:
        if html.startswith((f"<{name}>", f"<{name} "), start):
            end = html.find(f"</{name}>", start)
            return end + len(f"</{name}>") if end >= 0 else 0
    return html.find(">", start) + 1


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # the number of a character, of thousands of digits
        return text
