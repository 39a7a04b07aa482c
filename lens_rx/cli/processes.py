"""Several processes that serve one port: each is a node of its own, and the kernel deals out the connections."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import typer

from lens_rx.cli.access import authenticator_for
from lens_rx.cli.options import SANDBOX_NOTICE, fail
from lens_rx.cli.shutdown import wait_for_signal
from lens_rx.cli.surroundings import ServiceOptions, open_endpoints
from lens_rx.facts.errors import UpstreamError
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.settings import variable

READY_LINE = "lens_rx is at "
#: Seconds that a process gets to end, beside those for its open runs.
END_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service listens; port 0 is a free one."""

    host: str
    port: int


def run_processes(options: ServiceOptions, number: int, at: Address, arguments: Sequence[str]) -> None:
    """Serve with so many processes until a signal ends it; `arguments` are those of `serve` that they get.

    Ends the command where they could not share storage or tokens, with status 1 where one of them ends by itself.
    """
    if not options.settings.redis:
        fail(f"Several processes need storage that they can share: say --redis, or {variable('redis')}.")
    authenticator = authenticator_for(options.settings, at.host)
    if authenticator and not authenticator.has_tokens():
        fail("Each process would make a token of its own. Make one first: lens-rx tokens add NAME")
    if not asyncio.run(_serve(options, number, at, arguments)):
        fail("A process has ended by itself, so the others were ended as well.", 1)


async def _serve(options: ServiceOptions, number: int, at: Address, arguments: Sequence[str]) -> bool:
    """Return whether it received a signal to end, rather than a process having ended by itself."""
    async with AsyncExitStack() as stack:
        port = stack.enter_context(_reserve_port(at)).getsockname()[1]
        _, sandbox = await stack.enter_async_context(open_endpoints(options))
        practice = ["--sandbox-at", f"http://127.0.0.1:{sandbox.port}"] if sandbox else []
        command = ["--host", at.host, "--port", str(port), "--shared-port", *practice, *arguments]
        # listened for before there is a process that it would leave behind
        stopping = create_task(wait_for_signal())
        stack.push_async_callback(cancel_and_wait, stopping)
        started = await stack.enter_async_context(_processes(options, command, number))
        ended = [create_task(it.wait()) for it in started]
        ready = create_task(_wait_ready(started))
        stack.push_async_callback(cancel_and_wait, ready)
        await asyncio.wait({stopping, ready, *ended}, return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and ready.result():
            typer.echo(f"{READY_LINE}http://{at.host}:{port} ({number} processes)")
            if sandbox:
                typer.echo(SANDBOX_NOTICE)
                typer.echo(f"Faults of the sandbox: {sandbox.faults_url}")
            await asyncio.wait({stopping, *ended}, return_when=asyncio.FIRST_COMPLETED)
        return stopping.done()


def _reserve_port(at: Address) -> socket.socket:
    """Return a socket that holds the port for the processes, and takes no connection itself."""
    family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((at.host, at.port))
    except OSError as error:
        held.close()
        raise UpstreamError(
            f"http://{at.host}:{at.port} cannot be taken: {error.strerror}. Name another --host or --port."
        ) from None
    return held


@asynccontextmanager
async def _processes(
    options: ServiceOptions, arguments: Sequence[str], number: int
) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """Run processes; at the end all get SIGTERM at once, and those are killed that do not end."""
    # the address may hold a password, which nobody is to read in the list of processes
    environment = os.environ | {variable("redis"): str(options.settings.redis)}
    started: list[asyncio.subprocess.Process] = []
    try:
        for _ in range(number):
            started.append(  # noqa: PERF401  # those that have started are ended where a later one does not
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "lens_rx", "serve", *arguments),
                    stdin=asyncio.subprocess.PIPE,  # never written: its end tells that this process has ended
                    stdout=asyncio.subprocess.PIPE,
                    env=environment,
                    start_new_session=True,  # Ctrl-C is for this process, which then ends the others
                )
            )
        yield started
    finally:
        await _end(started, options.settings.drain_seconds + END_SECONDS)


async def _end(processes: Sequence[asyncio.subprocess.Process], seconds: float) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(it.wait() for it in processes))
    except TimeoutError:
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
        await asyncio.gather(*(it.wait() for it in processes))


async def _wait_ready(processes: Sequence[asyncio.subprocess.Process]) -> bool:
    """Return whether all have said that they serve; what they say is not printed, since all say the same."""
    return all(await asyncio.gather(*map(_is_ready, processes)))


async def _is_ready(process: asyncio.subprocess.Process) -> bool:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(READY_LINE.encode()):
            return True
    return False
