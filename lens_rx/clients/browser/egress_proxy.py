"""Chromium's only access to the network: a SOCKS proxy on loopback (RFC 1928) that connects to public addresses only.

A page may redirect to, embed or fetch any address, and a name may resolve to another address a moment later
(DNS rebinding). So Chromium resolves no names: the proxy does, and connects to the very address that it checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress

from aiohttp.abc import AbstractResolver

from lens_rx.clients.browser.health_page import HealthPage
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.url_policy import check_url
from lens_rx.facts.errors import PolicyError

CONNECT_SECONDS = 10.0
#: After which an idle connection is closed; no page is waited for that long.
IDLE_SECONDS = 60.0
_CHUNK = 65_536

_VERSION, _COMMAND_CONNECT, _NO_AUTHENTICATION = 5, 1, b"\x05\x00"
_V4, _NAME, _V6 = 1, 3, 4
_SUCCEEDED, _NOT_ALLOWED = 0, 2
_SCHEMES = {80: "http", 443: "https"}

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class EgressProxy:
    """The proxy; it owns its port and its connections from `start` to `aclose`.

    The only place on this machine that it leads to is the `health` page.
    """

    def __init__(self, resolver: AbstractResolver | None = None, health: HealthPage | None = None) -> None:
        self._resolver = resolver
        self._health = health
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._resolver = self._resolver or PublicResolver()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    @property
    def address(self) -> str:
        """The proxy's address as Chromium takes it."""
        assert self._server is not None
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def aclose(self) -> None:
        """Stop listening and close every connection."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._resolver:
            await self._resolver.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._tunnel(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass  # the connection is closed below, whichever side closed it first
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            host, port = await _read_request(reader, writer)
            try:
                upstream = await self._connect(host, port)
            except PolicyError:
                return await _reply(writer, _NOT_ALLOWED)
            except OSError:
                # success, then a closed connection: Chromium reports every failure of a proxy alike
                return await _reply(writer, _SUCCEEDED)
        try:
            await _reply(writer, _SUCCEEDED)
            await _relay((reader, writer), upstream)
        finally:
            upstream[1].transport.abort()

    async def _connect(self, host: str, port: int) -> _Streams:
        """Connect to a public host; raise `PolicyError` for any other, `OSError` where it cannot be reached."""
        assert self._resolver is not None
        if self._health and (host, port) == (self._health.host, 80):
            return await asyncio.open_connection("127.0.0.1", self._health.port)
        if port not in _SCHEMES:
            raise PolicyError("Only the ports 80 and 443 are read.")
        check_url(f"{_SCHEMES[port]}://{f'[{host}]' if ':' in host else host}/")
        found = await self._resolver.resolve(host, port)
        return await asyncio.open_connection(found[0]["host"], found[0]["port"])


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Return the host and the port that Chromium asks for."""
    version, methods = await reader.readexactly(2)
    if version != _VERSION:
        raise EOFError
    await reader.readexactly(methods)
    writer.write(_NO_AUTHENTICATION)
    _, command, _, kind = await reader.readexactly(4)
    if kind == _NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii", "replace")
    else:
        host = str(ipaddress.ip_address(await reader.readexactly(4 if kind == _V4 else 16)))
    port = int.from_bytes(await reader.readexactly(2))
    if command != _COMMAND_CONNECT:
        raise EOFError
    return host, port


async def _reply(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(bytes((_VERSION, code, 0, _V4, 0, 0, 0, 0, 0, 0)))
    await writer.drain()


async def _relay(client: _Streams, upstream: _Streams) -> None:
    """Copy bytes both ways until both sides have ended, or were idle for too long."""
    await asyncio.gather(_pipe(client[0], upstream[1]), _pipe(upstream[0], client[1]))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        while chunk := await asyncio.wait_for(reader.read(_CHUNK), IDLE_SECONDS):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
