"""`Prefer: respond-async` answers at once; the run goes on, and a signed webhook tells of its end."""

from __future__ import annotations

import asyncio
import hmac
import socket
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from eventually import eventually, eventually_async
from served import Served, serve
from token_holders import Tokens, bearer

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.clients.http.webhook_client import HttpWebhookClient
from lens_rx.facts.errors import PolicyError
from lens_rx.runs.webhook_signature import format_secret, parse_secrets, signature_headers, tenant_secret
from lens_rx.settings import Settings
from lens_rx.storage.records import RunState
from lens_rx.web.auth import Authenticator

ASYNC = {"Prefer": "respond-async"}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOOK = "http://hooks.test/run?for=me"


@dataclass
class Receiver:
    """What came to the address of a callback, and what it answers, the last answer again and again."""

    answers: list[web.Response] = field(default_factory=lambda: [web.Response()])
    came: list[tuple[dict[str, str], bytes, str]] = field(default_factory=list)
    route: Route | None = None

    async def take(self, request: web.Request) -> web.Response:
        """Take a webhook."""
        self.came.append((dict(request.headers), await request.read(), request.path_qs))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=answer.status, headers=answer.headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Listen as the host `hooks.test`."""
    made = Receiver()
    app = web.Application()
    app.router.add_post("/{any:.*}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.route = Route(".test", "127.0.0.1", runner.addresses[0][1])
    yield made
    await runner.cleanup()


@pytest.fixture
def signing(settings: Settings) -> Settings:
    """Return settings with a secret."""
    return Settings(**settings.model_dump(exclude={"webhook_secret"}), webhook_secret=SECRET)


@pytest.fixture
async def hooked(signing: Settings, receiver: Receiver) -> AsyncIterator[Served]:
    """Run a service whose webhooks reach the receiver, and are tried again at once, twice."""
    async with serve(signing, route=receiver.route, delays=(0.0, 0.0)) as running:
        yield running


async def ask(served: Served, status: int = 202, **query: str) -> dict[str, str]:
    """Upload a photo without waiting for its run; return the JSON of the answer."""
    path = "/classify"
    async with served.client.post(path, data=served.form(), headers=ASYNC, params=query) as answer:
        assert answer.status == status
        return await answer.json()


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify a webhook as the specification tells a receiver to, by means of its own."""
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    key = b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + b64encode(hmac.new(key, signed, "sha256").digest()).decode()
    return expected in headers["Webhook-Signature"].split(" ")


async def test_the_answer_comes_before_the_end(settings: Settings):
    """202 with the address of the run, which goes on though nobody listens and the grace is over."""
    async with serve(settings.model_copy(update={"grace_seconds": 0.1})) as served:
        served.world.gate.clear()
        headers = {"Prefer": "wait=10, Respond-Async"}
        async with served.client.post("/classify", data=served.form(), headers=headers) as answer:
            assert answer.status == 202
            key = (await answer.json())["key"]
            assert answer.headers["Location"] == f"/runs/{key}"
            assert (answer.headers["Preference-Applied"], answer.headers["Retry-After"]) == (
                "respond-async",
                "3",
            )
            assert (await answer.json())["state"] in ("queued", "running")
        await asyncio.sleep(0.4)
        served.world.gate.set()

        async def is_ended() -> bool:
            return not (await served.storage.list_runs(1))[0].is_live

        await eventually_async(is_ended, 10)
        assert (await served.storage.list_runs(1))[0].state is RunState.COMPLETE
        async with served.client.get(f"/runs/{key}") as answer:
            assert len((await answer.json())["facts"]) == 5
        again = await ask(served)
        assert (again["state"], again["key"]) == ("complete", key)


async def test_the_callback_gets_the_run_signed(hooked: Served, receiver: Receiver):
    """The webhook is the run in the caller's view, with an id, a time and a signature that a receiver can check."""
    accepted = await ask(hooked, events="all", currency="USD", callback=HOOK)
    await eventually(lambda: bool(receiver.came))
    headers, body, path = receiver.came[0]
    assert (path, headers["Content-Type"]) == ("/run?for=me", "application/json")
    assert headers["Webhook-Id"] == accepted["webhook"]
    assert verified(SECRET, headers, body)
    assert not verified(SECRET, headers, body + b" ")
    async with hooked.client.get(f"/runs/{accepted['key']}?events=all&currency=USD") as answer:
        assert await answer.read() == body
    await eventually(
        lambda: 'lens_rx_webhooks_total{outcome="delivered"} 1.0' in hooked.metrics.render().decode()
    )


async def test_a_failed_delivery_is_tried_again_under_the_same_id(hooked: Served, receiver: Receiver):
    """Whatever is no 2xx is a failure, a redirect too, which is not followed."""
    receiver.answers = [web.Response(status=302, headers={"Location": "/other"}), web.Response(status=204)]
    await ask(hooked, callback=HOOK)
    await eventually(lambda: len(receiver.came) == 2)
    assert len({headers["Webhook-Id"] for headers, _, _ in receiver.came}) == 1
    assert {path for _, _, path in receiver.came} == {"/run?for=me"}


async def test_what_cannot_be_delivered_is_listed_and_tried_again(hooked: Served, receiver: Receiver):
    """After the last attempt it is a dead letter, which is told with its reason, and sent when it is asked for."""
    receiver.answers = [web.Response(status=500)]
    accepted = await ask(hooked, callback=HOOK)
    (dead,) = await dead_letters(hooked, count=1)
    assert (dead["id"], dead["key"], dead["callback"]) == (accepted["webhook"], accepted["key"], HOOK)
    assert (dead["attempts"], dead["reason"]) == (3, "The receiver answered 500.")
    assert len(receiver.came) == 3
    receiver.answers = [web.Response()]
    async with hooked.client.post(f"/webhooks/dead/{dead['id']}/retry") as answer:
        assert answer.status == 202
    await eventually(lambda: len(receiver.came) == 4)
    await dead_letters(hooked, count=0)
    async with hooked.client.post(f"/webhooks/dead/{dead['id']}/retry") as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "webhook_not_found")
    async with hooked.client.get("/webhooks/dead?limit=1") as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "unknown_parameter")


async def dead_letters(served: Served, count: int, **headers: str) -> list[dict[str, str]]:
    """Return the dead letters as soon as there are so many."""
    async with asyncio.timeout(10):
        while True:
            async with served.client.get("/webhooks/dead", headers=headers) as answer:
                found = (await answer.json())["webhooks"]
            if len(found) == count:
                return found
            await asyncio.sleep(0.02)


async def test_a_receiver_that_is_gone_is_asked_no_more(hooked: Served, receiver: Receiver):
    """410 ends the attempts at once."""
    receiver.answers = [web.Response(status=410)]
    await ask(hooked, callback=HOOK)
    assert (await dead_letters(hooked, count=1))[0]["attempts"] == 1


@pytest.mark.parametrize(
    "callback",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://localhost/hook",
        "http://printer.lan/",
        "https://example.com:8443/",
        "ftp://example.com/",
        "https://user@example.com/",
        "hook",
        "https://example.com/" + "x" * 1000,
    ],
)
async def test_a_callback_that_is_not_public_is_refused(hooked: Served, callback: str):
    """It is refused with the request, which starts no run."""
    assert (await ask(hooked, 400, callback=callback))["code"] == "invalid_callback"
    assert await hooked.live() == 0


async def test_a_callback_needs_a_secret(served: Served):
    """Without one nothing can be signed."""
    assert (await ask(served, 400, callback=HOOK))["code"] == "webhooks_disabled"


async def test_a_callback_needs_the_preference(hooked: Served):
    """Without it the answer itself has the facts."""
    async with hooked.client.post("/classify", data=hooked.form(), params={"callback": HOOK}) as answer:
        assert (await answer.json())["code"] == "invalid_callback"


class LoopbackResolver(AbstractResolver):
    """Resolves every name to this machine, as a name may that somebody registered for that."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def test_a_name_that_leads_to_this_machine_is_not_called(settings: Settings):
    """The address policy holds for what a name resolves to as well, and no address is told."""
    client = HttpWebhookClient(settings, Endpoints(), LoopbackResolver())
    client.check("http://hooks.example.com/")
    with pytest.raises(PolicyError, match=r"^The address is not public\.$"):
        await client.post("http://hooks.example.com/", {}, b"{}")
    await client.aclose()


async def test_a_tenant_sees_its_own_dead_letters_alone(
    signing: Settings, tokens: Tokens, receiver: Receiver
):
    """Another tenant neither lists nor retries them, and its webhooks are signed with another secret."""
    receiver.answers = [web.Response(status=410)]
    async with serve(signing, Authenticator(tokens.file), receiver.route) as served:
        headers = ASYNC | bearer(tokens.ann)
        async with served.client.post(f"/?callback={HOOK}", data=served.form(), headers=headers) as answer:
            assert answer.status == 202
        (dead,) = await dead_letters(served, count=1, **bearer(tokens.bo))
        await dead_letters(served, count=0, **bearer(tokens.cy))
        path = f"/webhooks/dead/{dead['id']}/retry"
        async with served.client.post(path, headers=bearer(tokens.cy)) as answer:
            assert answer.status == 404
    head, body, _ = receiver.came[0]
    assert not verified(SECRET, head, body)
    north = format_secret(tenant_secret(parse_secrets(SECRET)[0], "north"))
    assert verified(north, head, body)


async def test_requests_without_a_listener_are_bounded(settings: Settings):
    """One client has a quarter of all; the next request is refused before its photo is read."""
    async with serve(settings.model_copy(update={"async_requests": 4})) as served:
        served.world.gate.clear()
        await ask(served)
        assert (await ask(served, 429, hint="another"))["code"] == "busy"
        assert await served.live() == 1
        served.world.gate.set()
        await eventually(lambda: served.metrics.runs_live._value.get() == 0)


def test_the_signature_is_that_of_the_specification():
    """The example of its libraries, id, time and body, gives their signature."""
    headers = signature_headers(
        parse_secrets(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers["Webhook-Signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    both = signature_headers(parse_secrets(f"{SECRET} whsec_{'A' * 32}"), "a", 1, b"")["Webhook-Signature"]
    assert len(both.split(" ")) == 2


@pytest.mark.parametrize("secret", ["", "secret", "whsec_c2hvcnQ=", "whsec_***", "A" * 40])
def test_a_weak_secret_is_refused_at_the_start(secret: str):
    """A secret has at least 24 random bytes in base64."""
    with pytest.raises(ValueError, match="whsec_"):
        parse_secrets(secret)
