"""The servers that `replays.py` compares, each in a process of its own.

    python replay_servers.py memory|sqlite|aiohttp|flask DIRECTORY

They serve the photos of the directory (`*.photo`, with `KEY.answer` as what a peer writes for each), on a free port of
which they print the number.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from aiohttp import web

EVENT_STREAM = "text/event-stream"
MAX_BODY_BYTES = 30_000_000


async def serve_lens_rx(backend: str, photos: dict[str, bytes]) -> None:
    """Serve the whole application without a worker, over a storage in which every photo's run is finished."""
    # the peers load nothing of lens_rx
    from old_run import read_old_run  # noqa: PLC0415

    from lens_rx.cli.garbage import tune_garbage_collection  # noqa: PLC0415
    from lens_rx.cli.log_config import configure  # noqa: PLC0415
    from lens_rx.clients.endpoints import Endpoints  # noqa: PLC0415
    from lens_rx.facts import Options  # noqa: PLC0415
    from lens_rx.runs.keys import run_key  # noqa: PLC0415
    from lens_rx.runs.stages import PIPELINE_VERSION  # noqa: PLC0415
    from lens_rx.settings import Settings  # noqa: PLC0415
    from lens_rx.storage import storage_for  # noqa: PLC0415
    from lens_rx.web.http_server import CountingRunner  # noqa: PLC0415
    from lens_rx.web.routes import create_app  # noqa: PLC0415
    from lens_rx.wiring.node import node  # noqa: PLC0415

    settings = Settings()
    configure(settings)
    directory = Path(sys.argv[2])
    run = await read_old_run(settings, directory)
    async with AsyncExitStack() as stack:
        storage = storage_for(settings, directory / "new.db" if backend == "sqlite" else None)
        running = await stack.enter_async_context(node(settings, Endpoints(), storage, "", None))
        for number, photo in enumerate(photos.values()):
            key = run_key([sha256(photo).hexdigest()], Options(), f"live/{PIPELINE_VERSION}/")
            fresh = datetime.now(UTC) + timedelta(days=1)
            made = datetime.now(UTC) + timedelta(microseconds=number)
            await storage.import_run(
                replace(run.info, key=key, fresh_until=fresh, created_at=made), run.entries
            )
        runner = CountingRunner(create_app(running.context, Path(__file__).parents[2] / "static"))
        tune_garbage_collection()
        await _listen(runner)


async def serve_aiohttp(answers: dict[str, bytes]) -> None:
    """Serve handlers that read a photo, hash it and write what is known of it."""

    async def classify(request: web.Request) -> web.Response:
        digest = sha256()
        async for part in await request.multipart():
            while chunk := await part.read_chunk(65_536):
                digest.update(chunk)
        return web.Response(body=answers[digest.hexdigest()], content_type=EVENT_STREAM)

    async def hash_body(request: web.Request) -> web.Response:
        sha256(await request.read())
        return web.Response(body=first, content_type=EVENT_STREAM)

    async def events(request: web.Request) -> web.Response:
        return web.Response(body=answers[request.match_info["key"]], content_type=EVENT_STREAM)

    first = next(iter(answers.values()))
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.add_routes(
        [
            web.post("/classify", classify),
            web.post("/body", hash_body),
            web.get("/runs/{key}/events", events),
        ]
    )
    await _listen(web.AppRunner(app, access_log=None))


def serve_flask(answers: dict[str, bytes]) -> None:
    """Serve the shape of the system before: a thread a request, which fills a queue that the response empties."""
    import logging  # noqa: PLC0415

    import flask  # noqa: PLC0415
    from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = flask.Flask(__name__)

    @app.post("/classify")
    def classify() -> flask.Response:
        digest = sha256(flask.request.files["file"].read()).hexdigest()
        facts: queue.Queue[bytes | None] = queue.Queue()

        def replay() -> None:
            for event in answers[digest].split(b"\n\n")[:-1]:
                facts.put(event + b"\n\n")
            facts.put(None)

        def stream() -> Iterator[bytes]:
            threading.Thread(target=replay, daemon=True).start()
            while (event := facts.get()) is not None:
                yield event

        return flask.Response(stream(), mimetype=EVENT_STREAM)

    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.port, flush=True)
    server.serve_forever()


async def _listen(runner: web.AppRunner) -> None:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serve until the process is ended."""
    kind, directory = sys.argv[1], Path(sys.argv[2])
    if kind in ("memory", "sqlite"):
        photos = {path.stem: path.read_bytes() for path in sorted(directory.glob("*.photo"))}
        from lens_rx.cli.event_loop import run  # noqa: PLC0415
        from lens_rx.settings import Settings  # noqa: PLC0415

        run(serve_lens_rx(kind, photos), Settings())
        return
    answers = {path.stem: path.read_bytes() for path in directory.glob("*.answer")}
    if kind == "aiohttp":
        asyncio.run(serve_aiohttp(answers))
    else:
        serve_flask(answers)


if __name__ == "__main__":
    main()
