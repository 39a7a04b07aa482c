"""The only way out of Chromium: a SOCKS proxy on loopback (RFC 1928) that leads to public addresses alone.

A page may redirect, embed or fetch whatever it likes, and a name may answer otherwise a moment later. So
Chromium looks no name up itself: here it is looked up, and connected to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress

from aiohttp.abc import AbstractResolver

from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.url_policy import check_url
from lens_rx.facts.errors import PolicyError

CONNECT_SECONDS = 10.0
#: After which a silent connection is cut; a page is long given up by then.
SILENT_SECONDS = 60.0
_CHUNK = 65_536

_VERSION, _CONNECT, _NO_SECRET = 5, 1, b"\x05\x00"
_V4, _NAME, _V6 = 1, 3, 4
_DONE, _NOT_ALLOWED = 0, 2
_SCHEMES = {80: "http", 443: "https"}

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class EgressProxy:
    """The proxy. It owns its port and its connections from `start` to `aclose`."""

    def __init__(self, names: AbstractResolver | None = None) -> None:
        self._names = names
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._names = self._names or PublicResolver()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    @property
    def address(self) -> str:
        """The proxy's address as Chromium takes it."""
        assert self._server is not None
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def aclose(self) -> None:
        """Stop listening and cut every connection."""
        if self._server:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        if self._names:
            await self._names.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._lead(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.CancelledError):
            pass  # the line is cut below, whoever cut it first
        finally:
            writer.transport.abort()
            self._open.discard(task)

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            host, port = await _asked(reader, writer)
            try:
                outside = await self._connected(host, port)
            except PolicyError:
                return await _answer(writer, _NOT_ALLOWED)
            except OSError:
                # a line that is cut at once: Chromium has one word for all that a proxy answers
                return await _answer(writer, _DONE)
        try:
            await _answer(writer, _DONE)
            await _both_ways((reader, writer), outside)
        finally:
            outside[1].transport.abort()

    async def _connected(self, host: str, port: int) -> _Streams:
        """Return the line to a public host; raise `PolicyError` for any other, `OSError` where it is not there."""
        assert self._names is not None
        if port not in _SCHEMES:
            raise PolicyError("Only the ports 80 and 443 are read.")
        check_url(f"{_SCHEMES[port]}://{f'[{host}]' if ':' in host else host}/")
        found = await self._names.resolve(host, port)
        return await asyncio.open_connection(found[0]["host"], found[0]["port"])


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Return the host and the port that Chromium wants to be led to."""
    version, methods = await reader.readexactly(2)
    if version != _VERSION:
        raise EOFError
    await reader.readexactly(methods)
    writer.write(_NO_SECRET)
    _, command, _, kind = await reader.readexactly(4)
    if kind == _NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii", "replace")
    else:
        host = str(ipaddress.ip_address(await reader.readexactly(4 if kind == _V4 else 16)))
    port = int.from_bytes(await reader.readexactly(2))
    if command != _CONNECT:
        raise EOFError
    return host, port


async def _answer(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(bytes((_VERSION, code, 0, _V4, 0, 0, 0, 0, 0, 0)))
    await writer.drain()


async def _both_ways(inside: _Streams, outside: _Streams) -> None:
    """Carry bytes until both sides have ended, or were silent for too long."""
    await asyncio.gather(_carry(inside[0], outside[1]), _carry(outside[0], inside[1]))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, TimeoutError):
        while some := await asyncio.wait_for(reader.read(_CHUNK), SILENT_SECONDS):
            writer.write(some)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
