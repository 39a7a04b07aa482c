"""A bare aiohttp application with one live stream, which a queue for each subscriber feeds.

    python live_peer.py DIRECTORY

Takes the same commands as `live_server.py`, and writes the same number of facts of the same size.
"""

from __future__ import annotations

import asyncio
import gc
import sys

import psutil
from aiohttp import web
from live_server import LoopWatch

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

    async def publish(self, seconds: float) -> float:
        """Publish all facts; return the longest time for which the loop was held up."""
        watch = LoopWatch()
        watching = asyncio.create_task(watch.watch())
        for fact in [b"data: " + b"x" * FACT_BYTES + b"\n\n"] * FACTS + [b""]:
            for queue in self._queues:
                queue.put_nowait(fact)
            await asyncio.sleep(seconds)
        await asyncio.sleep(1)
        watching.cancel()
        return watch.longest_seconds


async def serve() -> None:
    """Serve until the standard input ends."""
    stream, app = Stream(), web.Application()
    app.add_routes([web.get("/runs/{key}/events", stream.events)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    print(runner.addresses[0][1], KEY, flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while command := (await lines.readline()).decode().split():
        if command[0] == "memory":
            gc.collect()
            print(psutil.Process().memory_info().rss, flush=True)
        else:
            print(await stream.publish(float(command[1])), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
