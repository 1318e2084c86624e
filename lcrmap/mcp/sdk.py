"""The protocol's SDK is an extra: what is said where it is missing, without importing it."""

from __future__ import annotations

from importlib.util import find_spec

from lcrmap.errors import MissingPartError

__all__ = ["need_sdk"]


def need_sdk(what: str) -> None:
    """Raise MissingPartError, which has the line that installs it, where the SDK is missing.

    Parameters
    ----------
    what
        What needs it.
    """
    if find_spec("mcp") is None:
        raise MissingPartError(
            f"{what} needs the SDK of the Model Context Protocol: install it with pip install 'lcrmap[mcp]'."
        )
