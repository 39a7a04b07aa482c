"""A session of the Model Context Protocol over stdin and stdout, from the command to the end of the process."""

from __future__ import annotations

import asyncio

from lens_rx.cli.environment import access_token
from lens_rx.cli.surroundings import ServiceOptions, open_surroundings
from lens_rx.facts.errors import LensRxError, UpstreamError


def run_mcp(options: ServiceOptions, server: str | None) -> None:
    """Serve the tools of the service that is named, or of one in this process; raise `UpstreamError` where there is none."""
    asyncio.run(_forward(options, server) if server else _serve(options))


async def _serve(options: ServiceOptions) -> None:
    async with open_surroundings(options) as surroundings:
        from lens_rx.cli.service import run_node
        from lens_rx.mcp.stdio import serve_stdio

        async with run_node(options, surroundings) as node:
            await serve_stdio(node.context, node.photo_reader)


async def _forward(options: ServiceOptions, server: str) -> None:
    from lens_rx.cli.service_client import split_address
    from lens_rx.mcp.stdio import forward_stdio

    address, linked_token = split_address(server)
    url = f"{address}/mcp"
    try:
        await forward_stdio(url, access_token(options.settings) or linked_token)
    except Exception as error:  # noqa: BLE001  # of the SDK, of its client, of the server: in words
        raise _cause(error, url) from None


def _cause(error: Exception, url: str) -> LensRxError:
    """Return why the service cannot be used, in words."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    message = f"{url} cannot be used: {error}. Is a service running there, with the extra [mcp], and is LENS_RX_TOKEN right?"
    return UpstreamError(message)
