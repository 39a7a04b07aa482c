"""The peer of `startup.py`: a bare aiohttp application whose `/readyz` is 200 when pyppeteer's Chromium has a page."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from aiohttp import web
from pyppeteer import launch


async def serve(program: str) -> None:
    """Serve until the process is told to end; print the address."""
    ready = asyncio.Event()

    async def readyz(_: web.Request) -> web.Response:
        return web.json_response({"ready": ready.is_set()}, status=200 if ready.is_set() else 503)

    app = web.Application()
    app.router.add_get("/readyz", readyz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"peer is at http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    browser = await launch(executablePath=program, args=flags, handleSIGTERM=False)
    await browser.newPage()
    ready.set()
    await ended.wait()
    await browser.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
