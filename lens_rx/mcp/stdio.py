"""The protocol over stdin and stdout: of a service in this process, or of one that runs elsewhere."""

from __future__ import annotations

from typing import Any

import httpx2
import mcp_types
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from lens_rx.clients.protocols import PhotoReader
from lens_rx.mcp.tool_server import ToolServer, make_server
from lens_rx.runs.keys import DEFAULT_TENANT
from lens_rx.web.context import AppContext, Requester
from lens_rx.web.middleware import make_request_id

#: Seconds to connect, and those in which something has to arrive: a run tells its progress far more often.
CONNECT_SECONDS, READ_SECONDS = 30.0, 300.0


async def serve_stdio(context: AppContext, photo_reader: PhotoReader) -> None:
    """Serve the tools of a service in this process until stdin ends."""
    await _run(ToolServer(context, photo_reader, _local_requester).build())


async def forward_stdio(url: str, token: str | None) -> None:
    """Serve the tools of the service at `url` until stdin ends, with its token; raise what connecting raises."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = httpx2.Timeout(CONNECT_SECONDS, read=READ_SECONDS)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        await _run(_forwarding_server(client))


def _forwarding_server(client: Client) -> Server[Any]:
    """Return a server that lists and calls the tools of another one."""

    async def list_tools(
        _: ServerRequestContext[Any], params: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        return await client.list_tools(cursor=params.cursor if params else None)

    async def call_tool(
        request: ServerRequestContext[Any], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        return await client.call_tool(
            params.name, params.arguments, progress_callback=request.session.report_progress
        )

    return make_server(client.instructions, list_tools, call_tool)


async def _run(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _local_requester(_: object) -> Requester:
    """Return the user of this process."""
    return Requester("", DEFAULT_TENANT, make_request_id())
