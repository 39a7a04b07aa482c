"""`lens-rx webhooks`: what could not be delivered is listed and tried again; a tenant's secret is told."""

from __future__ import annotations

import asyncio

import orjson
from calling import Call
from served import serve

from lens_rx.clients.endpoints import Route
from lens_rx.runs.async_requests import AsyncRequest, now_seconds
from lens_rx.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REASON = "The receiver answered 500."


async def test_dead_webhooks_are_listed_and_tried_again(lens_rx: Call):
    """`list` prints a line each, or JSON; `retry` makes the service try them all, or those that are named."""
    nobody = Route(".test", "127.0.0.1", 9)  # where nothing listens
    async with serve(Settings(webhook_secret=SECRET), route=nobody, delays=(3600.0,)) as served:
        for name in ("msg_a", "msg_b"):
            await served.webhooks.add(
                AsyncRequest(
                    name, 1, "http://hooks.test/", id=name, reason=REASON, dead=True, due_at=now_seconds()
                )
            )

        async def called(*arguments: str) -> str:
            done = await asyncio.to_thread(lens_rx, "webhooks", *arguments, "--server", served.url)
            assert done.returncode == 0, done.stderr
            return done.stdout

        assert f"0 attempts  http://hooks.test/  {REASON}\n" in await called("list")
        listed = [orjson.loads(line) for line in (await called("list", "--json")).splitlines()]
        assert {it["id"] for it in listed} == {"msg_a", "msg_b"}
        assert "tried again: msg_a\n" in await called("retry", "msg_a")
        assert "tried again: msg_b\n" in await called("retry")
        unknown = await asyncio.to_thread(lens_rx, "webhooks", "retry", "x", "--server", served.url)
        assert (unknown.returncode, unknown.stderr.strip()) == (1, "No such undelivered webhook.")


def test_a_tenants_secret_is_told(lens_rx: Call):
    """The default tenant's is the service's own, another one's is made from it."""
    own = lens_rx("webhooks", "secret", LENS_RX_WEBHOOK_SECRET=SECRET)
    other = lens_rx("webhooks", "secret", "berlin", LENS_RX_WEBHOOK_SECRET=SECRET)
    assert own.stdout.strip() == SECRET
    assert other.stdout.startswith("whsec_") and other.stdout != own.stdout
    assert "no secret" in lens_rx("webhooks", "secret").stderr
    assert "whsec_" in lens_rx("webhooks", "secret", LENS_RX_WEBHOOK_SECRET="weak").stderr
