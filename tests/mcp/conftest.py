"""A server as a client has it: started as a process, and asked by the protocol's own client over its pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import mcp_types as types
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


class Served:
    """A running server, and its client."""

    def __init__(self, client: Client, portal: BlockingPortal) -> None:
        self.client, self._portal = client, portal

    def run(self, asked: Callable[..., Any], *arguments: Any) -> Any:
        """Run something of the client's."""
        return self._portal.call(asked, *arguments)

    def call(self, name: str, **arguments: Any) -> types.CallToolResult:
        """Call a tool."""
        return self.run(self.client.call_tool, name, arguments)

    def told(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool that answers, and return what it says in plain values."""
        found = self.call(name, **arguments)
        assert not found.is_error, found.content
        return found.structured_content

    def refused(self, name: str, **arguments: Any) -> str:
        """Call a tool that cannot answer, and return what it says."""
        found = self.call(name, **arguments)
        assert found.is_error
        assert found.structured_content is None
        return texts(found)[0]


def texts(found: types.CallToolResult) -> list[str]:
    """Return the texts of a result."""
    return [each.text for each in found.content if isinstance(each, types.TextContent)]


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start a server with some options, in a folder of its own."""
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())

        def start(*options: str, **client: Any) -> Served:
            words = ["-m", "lcrmap", "mcp", *options]
            folder = tmp_path_factory.mktemp("served")
            started = StdioServerParameters(command=sys.executable, args=words, cwd=folder)
            made = Client(stdio_client(started), **client)
            return Served(stack.enter_context(portal.wrap_async_context_manager(made)), portal)

        yield start


@pytest.fixture(scope="session")
def served(serving: Callable[..., Served]) -> Served:
    """A server without options."""
    return serving()
