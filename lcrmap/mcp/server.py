"""The server: what the protocol asks for, by its own SDK; questions go to `workers.py`."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.types import ASGIApp

import lcrmap
from lcrmap.cli.door import one_line
from lcrmap.errors import LcrmapError, UnknownNameError
from lcrmap.mcp.outcome import Done
from lcrmap.mcp.prompts import PROMPTS, PromptAbout, prompt_text
from lcrmap.mcp.resources import ResourceAbout, method_notes, resources_of
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import ToolAbout, tools_of
from lcrmap.mcp.words import INSTRUCTIONS
from lcrmap.mcp.workers import Workers

__all__ = ["over_http", "serve", "server_of"]

_QUIET: Final = 2  # seconds of a call of which nothing is told
_BEAT: Final = 1  # seconds between two reports of its progress

Context = ServerRequestContext[Any, Any]


def serve(settings: Settings) -> None:
    """Answer on standard input and output until the client is gone."""
    workers = Workers(settings)
    anyio.run(_serve, server_of(settings, workers), workers)


async def _serve(server: Server[Any], workers: Workers) -> None:
    async with stdio_server() as (reading, writing):
        await workers.start()
        await server.run(reading, writing, server.create_initialization_options())


@asynccontextmanager
async def over_http(server: Server[Any]) -> AsyncIterator[ASGIApp]:
    """Give what answers requests over HTTP; each says all that it needs, so that any process can answer it."""
    manager = StreamableHTTPSessionManager(server, stateless=True)
    async with manager.run():
        yield manager.handle_request


def server_of(settings: Settings, workers: Workers) -> Server[Any]:
    """Return the server, without the pipes on which it is asked."""
    asked = _Asked(settings, workers)
    return Server(
        "lcrmap",
        version=lcrmap.__version__,
        title="lcrmap",
        instructions=INSTRUCTIONS,
        on_list_tools=asked.tools,
        on_call_tool=asked.call,
        on_list_resources=asked.resources,
        on_read_resource=asked.read,
        on_list_prompts=asked.prompts,
        on_get_prompt=asked.prompt,
    )


class _Asked:
    """Answers the requests of a client."""

    def __init__(self, settings: Settings, workers: Workers) -> None:
        self._settings, self._workers = settings, workers
        self._pack = settings.open_pack()
        self._tools = {each.name: each for each in tools_of(settings)}
        self._resources = {each.uri: each for each in resources_of(self._pack)}

    async def tools(self, ctx: Context, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(each) for each in self._tools.values()])

    async def call(self, ctx: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in self._tools:
            error = UnknownNameError("tool", params.name, self._tools)
            return types.CallToolResult(content=_texts([f"Error: {error}"]), is_error=True)
        async with _told_progress(ctx, params.name, self._settings.seconds):
            done = await self._workers.run(params.name, params.arguments or {})
        return _result(done)

    async def resources(self, ctx: Context, params: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[_resource(each) for each in self._resources.values()]
        )

    async def read(
        self, ctx: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        about = self._resources.get(str(params.uri))
        if about is None:
            raise _invalid(UnknownNameError("resource", str(params.uri), self._resources))
        text = method_notes(self._pack)
        if about.tool:
            done = await self._workers.run(about.tool, about.arguments)
            text = "\n".join(done.texts)
        contents = types.TextResourceContents(uri=about.uri, mime_type="text/plain", text=text)
        return types.ReadResourceResult(contents=[contents])

    async def prompts(self, ctx: Context, params: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[_prompt(*each) for each in PROMPTS.items()])

    async def prompt(
        self, ctx: Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        try:
            text = prompt_text(params.name, params.arguments or {})
        except LcrmapError as error:
            raise _invalid(error) from None
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(
            description=PROMPTS[params.name].description, messages=[message]
        )


@asynccontextmanager
async def _told_progress(ctx: Context, name: str, most: int) -> AsyncIterator[None]:
    """Tell the client of a call that takes long how long it has taken, of how many seconds it may take."""

    async def tell() -> None:
        await anyio.sleep(_QUIET)
        for seconds in range(_QUIET, most, _BEAT):
            await ctx.session.report_progress(seconds, most, f"{name}: {seconds} s")
            await anyio.sleep(_BEAT)

    async with anyio.create_task_group() as group:
        group.start_soon(tell)
        yield
        group.cancel_scope.cancel()


def _invalid(error: LcrmapError) -> MCPError:
    return MCPError(code=types.INVALID_PARAMS, message=one_line(str(error)))


def _texts(told: Iterable[str]) -> list[types.ContentBlock]:
    return [types.TextContent(text=each) for each in told]


def _result(done: Done) -> types.CallToolResult:
    content = _texts(done.texts)
    if done.failed:
        return types.CallToolResult(content=content, is_error=True)
    if done.picture:
        data = base64.b64encode(done.picture).decode()
        content.append(types.ImageContent(data=data, mime_type="image/png"))
    content += [_link(each) for each in done.result["files"]]
    return types.CallToolResult(content=content, structured_content=done.result)


def _link(file: Mapping[str, str]) -> types.ResourceLink:
    return types.ResourceLink(name=file["name"], uri=file["uri"], mime_type=file["type"])


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


def _resource(about: ResourceAbout) -> types.Resource:
    return types.Resource(
        uri=about.uri,
        name=about.name,
        title=about.title,
        description=about.description,
        mime_type="text/plain",
    )


def _prompt(name: str, about: PromptAbout) -> types.Prompt:
    argument = types.PromptArgument(name=about.argument, description=about.told, required=True)
    return types.Prompt(
        name=name, title=about.title, description=about.description, arguments=[argument]
    )
