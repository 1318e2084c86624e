"""The server: what the protocol asks for, by its own SDK; questions go to `workers.py`."""

from __future__ import annotations

from collections.abc import Iterable

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

import lcrmap
from lcrmap.errors import UnknownNameError
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import ToolAbout, tools_of
from lcrmap.mcp.words import INSTRUCTIONS
from lcrmap.mcp.workers import Workers

__all__ = ["serve"]


def serve(settings: Settings) -> None:
    """Answer on standard input and output until the client is gone."""
    anyio.run(_serve, settings)


async def _serve(settings: Settings) -> None:
    async with stdio_server() as (reading, writing):
        workers = Workers(settings)
        await workers.start()
        server = server_of(settings, workers)
        await server.run(reading, writing, server.create_initialization_options())


def server_of(settings: Settings, workers: Workers) -> Server[object]:
    """Return the server, without the pipes on which it is asked."""
    tools = {each.name: each for each in tools_of(settings)}

    async def listed(ctx: object, params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(each) for each in tools.values()])

    async def called(ctx: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in tools:
            return _failed(f"Error: {UnknownNameError('tool', params.name, tools)}")
        try:
            done = await workers.run(params.name, params.arguments or {})
        except TimeoutError:
            return _failed(_TOO_LONG.format(settings.seconds))
        except EOFError:
            return _failed(_ENDED)
        if done.failed:
            return _failed(*done.texts)
        return types.CallToolResult(
            content=_texts(done.texts),
            structured_content=done.result,
        )

    return Server(
        "lcrmap",
        version=lcrmap.__version__,
        title="lcrmap",
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


_TOO_LONG = (
    "Error: The call took longer than {} s and was stopped: ask about fewer places, or one area."
)
_ENDED = "Error: The call needed more memory than it may have and was stopped: ask about fewer places, or one area."


def _failed(*sentences: str) -> types.CallToolResult:
    return types.CallToolResult(content=_texts(sentences), is_error=True)


def _texts(told: Iterable[str]) -> list[types.ContentBlock]:
    return [types.TextContent(text=each) for each in told]


def _tool(about: ToolAbout) -> types.Tool:
    return types.Tool(
        name=about.name,
        title=about.title,
        description=about.description,
        input_schema=about.arguments,
        output_schema=about.result,
        annotations=types.ToolAnnotations(
            title=about.title,
            read_only_hint=about.reads_only,
            destructive_hint=False,
            idempotent_hint=about.reads_only,
            open_world_hint=False,
        ),
    )
