"""A bare aiohttp application with one live stream, which a queue for each subscriber feeds.

    python live_peer.py DIRECTORY

Takes the same commands as `live_server.py`, and writes the same number of facts of the same size.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from live_commands import answer_commands

FACTS, FACT_BYTES, KEY = 24, 4000, "peer"


class Stream:
    """The subscribers, each with its queue."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes]] = set()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Write each fact until an empty one comes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._queues.add(queue)
        while fact := await queue.get():
            await response.write(fact)
        self._queues.discard(queue)
        return response

    async def publish(self, seconds: float) -> None:
        """Publish all facts."""
        for fact in [b"data: " + b"x" * FACT_BYTES + b"\n\n"] * FACTS + [b""]:
            for queue in self._queues:
                queue.put_nowait(fact)
            await asyncio.sleep(seconds)


async def serve() -> None:
    """Serve until the standard input ends."""
    stream, app = Stream(), web.Application()
    app.add_routes([web.get("/runs/{key}/events", stream.events)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    print(runner.addresses[0][1], KEY, flush=True)
    await answer_commands(stream.publish)


if __name__ == "__main__":
    asyncio.run(serve())
