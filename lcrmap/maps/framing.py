"""A page put whole into a frame: links that stay inside, and the markup by which a notebook shows it."""

from __future__ import annotations

import re
from html import escape
from typing import Final

__all__ = ["notebook_markup", "srcdoc"]

_SKIP: Final = re.compile(r'(<a class="skip"[^>]* href=")(?=#)')
_NOTEBOOK: Final = """\
<style>iframe.lcrmap + .lcrmap-untrusted {{ display: none }}</style>
<iframe class="lcrmap" title="{title}" sandbox="allow-scripts allow-downloads allow-popups" width="100%" height="720" \
style="border:0" srcdoc="{page}"></iframe>
<p class="lcrmap-untrusted">The map “{title}” is left out because this notebook is not trusted: choose Trust Notebook, \
or run its cells again.</p>"""
"""The line is hidden by the frame before it: whatever is stripped from an untrusted notebook, it shows."""


def srcdoc(html: str) -> str:
    """Return a page as the value of ``srcdoc``.

    Such a page has the base address of its host, to which ``#tables`` would lead: its skip links name the page itself.

    Examples
    --------
    >>> srcdoc('<a class="skip" href="#tables">Skip</a>')
    '&lt;a class=&quot;skip&quot; href=&quot;about:srcdoc#tables&quot;&gt;Skip&lt;/a&gt;'
    """
    return escape(_SKIP.sub(r"\1about:srcdoc", html))


def notebook_markup(html: str, title: str) -> str:
    """Return the markup by which a notebook shows a page, and one line for a notebook that is not trusted."""
    return _NOTEBOOK.format(title=escape(title), page=srcdoc(html))
