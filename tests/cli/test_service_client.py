"""The command line's client: it waits where it is asked to, and says what is wrong with a server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from lens_rx.cli import service_client as module
from lens_rx.cli.service_client import Client, ServerError


class Server:
    """Answers what it is told to, one answer a call."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.bodies: list[bytes] = []
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        return self.answers.pop(0)

    async def upload(self, *photos: Path) -> list[dict]:
        """Return the facts of photos, by an address as people write it."""
        client = Client(f"127.0.0.1:{self.port}")
        try:
            return [fact async for fact in client.facts(photos, {})]
        finally:
            await client.aclose()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_post("/classify", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    yield server
    await runner.cleanup()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "secret name.png"
    path.write_bytes(b"a photo")
    return path


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))
    path.write_bytes(b"a photo")
    return path


def busy(seconds: int = 0) -> web.Response:
    return web.json_response({"error": "Full."}, status=429, headers={"Retry-After": str(seconds)})


def fact() -> web.Response:
    return web.Response(body=b'{"data":{}}\n\n', content_type="application/x-ndjson")


async def test_a_full_service_is_asked_again(server: Server, photo: Path):
    """A batch is not lost to a queue: the photo is sent again when the service says so."""
    server.answers = [busy(), busy(), fact()]
    assert await server.upload(photo) == [{"data": {}}]
    assert [body.count(b"a photo") for body in server.bodies] == [1, 1, 1]


async def test_a_service_that_stays_full_is_reported(
    server: Server, photo: Path, monkeypatch: pytest.MonkeyPatch
):
    """After so many waits its words are the end."""
    monkeypatch.setattr(module, "MAX_RETRIES", 1)
    server.answers = [busy(), busy()]
    with pytest.raises(ServerError, match="Full"):
        await server.upload(photo)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.json_response({"error": {"message": "sk-1"}}, status=401), "answered 401"),
        (web.Response(text="<p>no"), "is no lens_rx"),
    ],
    ids=["another error", "another service"],
)
async def test_another_service_is_recognised(server: Server, photo: Path, answer: web.Response, words: str):
    """Who names another service's address is told so, without its data."""
    server.answers = [answer]
    with pytest.raises(ServerError, match=words) as error:
        await server.upload(photo)
    assert "sk-1" not in str(error.value)


async def test_no_name_of_a_file_is_sent(server: Server, photo: Path, odd: Path):
    """The name of a photo stays here, and may be no text at all."""
    server.answers = [fact()]
    assert await server.upload(photo, odd)
    assert server.bodies[0].count(b"a photo") == 2
    assert b"secret" not in server.bodies[0]
