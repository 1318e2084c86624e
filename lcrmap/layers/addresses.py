"""Which texts may become addresses in markup: ``http`` and ``https``, and paths to what lies beside a page."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import quote_from_bytes

__all__ = ["address_of", "is_link", "is_relative"]

_LINK: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"\\^`{|}]+")
_RELATIVE: Final = re.compile(r"(?![^/?#]*:)[^\s\x00-\x1f\x7f<>\"\\^`{|}]+")


def is_link(text: str) -> bool:
    """Tell whether the text is an address that a page may link: http or https, without blanks.

    Examples
    --------
    >>> is_link("https://example.org/a?b=c#d"), is_link("javascript:alert(1)"), is_link("https://a b")
    (True, False, False)
    """
    return _LINK.fullmatch(text) is not None


def is_relative(text: str) -> bool:
    """Tell whether the text is an address of what lies beside a page, so that no scheme begins it.

    Examples
    --------
    >>> is_relative("maps/a.html?x:y"), is_relative("javascript:alert(1)"), is_relative("a b.html")
    (True, False, False)
    """
    return _RELATIVE.fullmatch(text) is not None


def address_of(name: str) -> str:
    """Return the relative address of a file of this name, as a browser reads it.

    Examples
    --------
    >>> address_of("100%.html"), address_of("a#b?.html"), address_of("a:b c.html")
    ('100%25.html', 'a%23b%3F.html', 'a%3Ab%20c.html')
    """
    return quote_from_bytes(os.fsencode(name), safe="")
