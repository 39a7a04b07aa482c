"""Many photos sent to one service, several at a time, and their facts reported as they come."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lens_rx.cli.environment import access_token
from lens_rx.cli.output import Ending, Report
from lens_rx.cli.service_client import Client, ServerError
from lens_rx.cli.surroundings import ServiceOptions, import_in_thread, open_surroundings
from lens_rx.web.auth import Authenticator

ALL, NONE, SOME = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Batch:
    """The photos of each thing, the query of all requests, where facts go, and how many requests run at a time."""

    things: Sequence[Sequence[Path]]
    query: dict[str, str]
    report: Report
    concurrency: int


def run_batch(batch: Batch, options: ServiceOptions, server: str | None) -> int:
    """Classify a batch and return the exit status: were all, some or none of the things identified and priced without a failure."""
    return asyncio.run(_run(batch, options, server))


@asynccontextmanager
async def open_service(
    options: ServiceOptions, server: str | None, authenticator: Authenticator | None = None
) -> AsyncIterator[str]:
    """Yield the address of a service: the one named, or one that lives as long as the context."""
    if server:
        yield server
        return
    async with open_surroundings(options) as surroundings:
        await import_in_thread("lens_rx.cli.service")
        from lens_rx.cli.service import listen, run_node

        async with (
            run_node(options, surroundings) as node,
            listen(node, "127.0.0.1", 0, authenticator) as port,
        ):
            yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def open_client(options: ServiceOptions, server: str | None) -> AsyncIterator[Client]:
    """Yield a client of the service that is named, or of one that nobody else can use."""
    authenticator = Authenticator()
    token = access_token(options.settings) if server else authenticator.generate()
    async with open_service(options, server, authenticator) as url, aclosing(Client(url, token)) as client:
        yield client


async def _run(batch: Batch, options: ServiceOptions, server: str | None) -> int:
    async with open_client(options, server) as client:
        return _exit_status(await _classify_all(client, batch))


async def _classify_all(client: Client, batch: Batch) -> list[bool]:
    slots = asyncio.Semaphore(batch.concurrency)

    async def classify(photos: Sequence[Path]) -> bool:
        async with slots:
            return await _classify(client, photos, batch)

    return await asyncio.gather(*(classify(photos) for photos in batch.things))


async def _classify(client: Client, photos: Sequence[Path], batch: Batch) -> bool:
    """Report one thing's facts; return whether it was identified and priced, and no stage failed."""
    name = os.fsencode(photos[0]).decode(errors="replace")
    events = batch.query.get("events", "")
    ending = Ending()
    try:
        async for fact in client.facts(photos, batch.query | {"events": "all"}):
            ending.add(fact)
            batch.report.fact(name, fact, events)
    except ServerError as error:
        batch.report.refused(name, str(error), error.code)
    except OSError as error:
        batch.report.refused(name, f"The photo cannot be read: {error.strerror}.")
    return ending.succeeded


def _exit_status(succeeded: Sequence[bool]) -> int:
    if all(succeeded):
        return ALL
    return SOME if any(succeeded) else NONE
