"""Messages are compared whole: a fragment would not notice a sentence that lost its remedy."""

from __future__ import annotations

import re

__all__ = ["exactly"]


def exactly(message: str) -> str:
    """Return the pattern, for ``pytest.raises(..., match=)``, that only this whole message meets."""
    return rf"\A{re.escape(message)}\Z"
