"""The Model Context Protocol at `/mcp`, by the SDK's own client: prices, changes, refusals, sessions."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from aiohttp import web
from eventually import eventually, eventually_async
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from served import Served, photo, serve
from test_change_endpoints import CANDIDATES, IDENTITY, MATCHES, READ, market
from token_holders import Tokens, bearer

from lens_rx.clients.endpoints import Route
from lens_rx.facts import AnalysisState, Caption, Condition, Fact, Offers
from lens_rx.mcp import mcp_endpoint
from lens_rx.operators.estimate import estimate
from lens_rx.reactive.stage import several_facts
from lens_rx.settings import Settings
from lens_rx.storage.records import RunState
from lens_rx.web.auth import Authenticator

PICTURE = f"data:image/jpeg;base64,{'A' * 4000}"
PHOTO = b64encode(photo()).decode()
ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
#: All that is told of a tool stands in the context of each conversation.
MAX_TOOL_BYTES = 10_000
BOTH_ERAS = pytest.mark.parametrize("mode", ["auto", "legacy"])


async def _identify(_: AnalysisState) -> list[Fact]:
    return [IDENTITY, CANDIDATES]


@asynccontextmanager
async def priced_world(settings: Settings, **options: Any) -> AsyncIterator[Served]:
    async with serve(settings, **options) as served:
        served.world.facts |= {
            "lens": replace(MATCHES, matches=(replace(MATCHES.matches[0], thumbnail=PICTURE),)),
            "describe": Caption("boot", condition=Condition.GOOD, observed_at=READ),
            "offers": market(),
        }
        served.world.operators["identify"] = several_facts(_identify)
        served.world.operators["estimate"] = estimate("EUR")
        yield served


@pytest.fixture
async def priced(settings: Settings) -> AsyncIterator[Served]:
    async with priced_world(settings) as served:
        yield served


@asynccontextmanager
async def agent(served: Served, mode: str = "auto", token: str = "") -> AsyncIterator[Client]:
    """Connect the SDK's client to the service."""
    headers = bearer(token) if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, verify=False) as http,
        Client(streamable_http_client(f"{served.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool; return its structured answer, which the client has checked against the output schema."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: Any) -> tuple[str, str]:
    """Call a tool that refuses; return the code and the text."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert result.structured_content
    return result.structured_content["code"], result.content[0].text


@BOTH_ERAS
async def test_a_thing_is_priced_changed_and_decided(priced: Served, mode: str):
    """A photo is priced with its progress, a comparable left out, the thing corrected, taken back and decided."""
    progress: list[tuple[float, float | None, str | None]] = []

    async def note(ended: float, total: float | None, message: str | None) -> None:
        progress.append((ended, total, message))

    async with agent(priced, mode) as client:
        tools = {it.name: it for it in (await client.list_tools()).tools}
        assert set(tools) == {"price_item", "get_run", "correct_item", "dismiss_comparable", "decide"}
        assert all(it.output_schema and it.description for it in tools.values())
        assert all(len(it.model_dump_json()) < MAX_TOOL_BYTES for it in tools.values())
        first = await client.call_tool("price_item", {"photos": [PHOTO]}, progress_callback=note)
        run = first.structured_content
        assert run and (run["producer"], run["state"], run["price"]["currency"]) == (
            "Acme",
            "complete",
            "EUR",
        )
        assert run["certainty"]["level"] in ("high", "medium", "low")
        assert first.content[0].text.startswith("SANDBOX: ")
        assert f"Key: {run['key']}" in first.content[0].text
        assert (len(run["comparables"]), run["comparables_more"], run["left_out"]) == (8, 12, 1)
        assert progress[-1][:2] == (7, 7)
        assert "estimate: ok" in {message for _, _, message in progress}

        key, dearest = run["key"], max(run["comparables"], key=lambda it: it["price"])
        less = await answer(client, "dismiss_comparable", key=key, dismiss=[dearest["id"]], currency="USD")
        assert (less["generation"], less["price"]["currency"]) == (2, "USD")
        assert less["price"]["comparables"] == run["price"]["comparables"] - 1
        out = await answer(client, "get_run", key=key, offers="left_out", kinds=["run-history"])
        assert dearest["id"] in {it["id"] for it in out["comparables"]}
        assert [it["change"] for it in out["facts"][0]["data"]] == ["decision", "dismissal"]
        found = await answer(client, "get_run", key=key, kinds=["visual-matches"])
        assert found["facts"][0]["data"][0]["link"] == "https://s0.test/"
        assert "thumbnail" not in found["facts"][0]["data"][0]
        undone = await answer(client, "correct_item", key=key, undo=True)
        assert undone["price"] == run["price"]
        other = await answer(client, "correct_item", key=key, model="Hike 3")
        assert (other["model"], other["decided_by"]) == ("Hike 3", "user")
        asked_before = priced.world.ran.count("offers")
        looked = await answer(client, "correct_item", key=key, refresh="offers")
        assert (looked["model"], looked["generation"]) == ("Hike 3", other["generation"] + 1)
        assert priced.world.ran.count("offers") == asked_before + 1
        everything = await answer(client, "correct_item", key=key, refresh="all")
        assert everything["generation"] == looked["generation"] + 1
        code, _ = await refusal(client, "correct_item", key=key, refresh="all", undo=True)
        assert code == "invalid_parameter"
        decided = await answer(client, "decide", key=key, cost=20, margin=30, country="DE")
        assert (decided["decision"]["verdict"], decided["decision"]["cost"]) == ("buy", 20)
        assert "verdict" not in (await answer(client, "get_run", key=key))["decision"]
    assert priced.metrics.mcp_calls.labels("price_item", "ok")._value.get() == 1


async def test_words_alone_are_priced(priced: Served):
    """Producer and model need no photo; the same words again are the same run; nothing at all is refused."""
    async with agent(priced) as client:
        run = await answer(client, "price_item", producer="Acme", model="Hike 2", condition="good")
        assert run["price"]["comparables"] == 20
        assert {"lens", "describe"}.isdisjoint(priced.world.ran)
        again = await answer(client, "price_item", producer="Acme", model="Hike 2", condition="good")
        assert again == run
        assert (await refusal(client, "price_item", producer="Acme"))[0] == "no_photo"


async def test_a_photo_is_read_at_its_address(settings: Settings):
    """A public address is read within the limits; a private one, one without a photo and a large one are refused in words."""

    async def send(request: web.Request) -> web.Response:
        if request.path == "/moved":
            raise web.HTTPFound("/photo")
        redirects = {"/inside": "http://127.0.0.1/photo", "/circle": "/circle", "/odd": "http://[/"}
        if request.path in redirects:
            return web.Response(status=302, headers={"Location": redirects[request.path]})
        bodies = {"/photo": photo(), "/large": b"x" * (settings.max_photo_bytes + 1)}
        return web.Response(body=bodies.get(request.path), status=200 if request.path in bodies else 404)

    server = web.ServerRunner(web.Server(send))  # type: ignore[arg-type]
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    route = Route(".photos.test", "127.0.0.1", server.addresses[0][1])
    async with priced_world(settings, route=route) as served, agent(served) as client:
        run = await answer(client, "price_item", photo_urls=["http://a.photos.test/moved"])
        for text in (PHOTO, f"data:image/png;base64,{PHOTO}"):
            assert run["key"] == (await answer(client, "price_item", photos=[text]))["key"]
        for path, code, words in (
            ("http://a.photos.test/inside", "invalid_parameter", "not public"),
            ("http://169.254.169.254/latest", "invalid_parameter", "not public"),
            ("file:///etc/passwd", "invalid_parameter", "Only http"),
            ("http://a.photos.test/large", "invalid_parameter", "bytes"),
            ("http://a.photos.test/none", "unprocessable", "answered 404"),
            ("http://a.photos.test/circle", "unprocessable", "too often"),
            ("http://a.photos.test/odd", "invalid_parameter", "malformed"),
        ):
            told, text = await refusal(client, "price_item", photo_urls=[path])
            assert told == code
            assert words in text
            assert "photos" in text
    await server.cleanup()


async def test_refusals_say_what_to_do(priced: Served):
    """Each is an error of the tool, in words, with the code that the same has over HTTP."""
    async with agent(priced) as client:
        code, text = await refusal(client, "get_run", key="nope")
        assert code == "run_not_found"
        assert "call price_item" in text
        assert (await refusal(client, "price_item", photos=["no base64!"]))[0] == "invalid_parameter"
        assert (await refusal(client, "price_item", photos=["AAAA"]))[0] == "unsupported_media"
        assert (await refusal(client, "price_item", photos=[PHOTO] * 5, photo_urls=["http://a.test"] * 4))[
            0
        ] == "too_large"
        assert (await refusal(client, "get_run", key="x", kind="y"))[0] == "unknown_field"
        assert (await refusal(client, "decide", key="x", cost=-1))[0] == "invalid_parameter"
        assert (await refusal(client, "price_item", hint="x", currency="XXQ"))[0] == "unknown_currency"
        assert (await refusal(client, "price_item", hint="x", country="UK"))[0] == "unknown_country"
        key = (await answer(client, "price_item", photos=[PHOTO]))["key"]
        assert (await refusal(client, "correct_item", key=key))[0] == "invalid_parameter"
        assert (await refusal(client, "correct_item", key=key, undo=True))[0] == "unprocessable"
        code, text = await refusal(client, "dismiss_comparable", key=key, dismiss=["0" * 12])
        assert code == "comparable_not_found"
        assert "offers=all" in text
        code, text = await refusal(client, "get_run", key=key, kinds=["run-history", "bogus"])
        assert code == "unknown_events"
        assert "kinds does not know bogus; known: " in text
        priced.world.facts["offers"] = Offers(())
        del priced.world.facts["retail"]
        unpriced = await answer(client, "price_item", photos=[PHOTO], hint="nothing is offered")
        code, text = await refusal(client, "decide", key=unpriced["key"])
        assert code == "conflict"
        assert "no price to decide on. There are too few offers" in text and "refresh=offers" in text
        with pytest.raises(MCPError, match="known: price_item"):
            await client.call_tool("sell_item", {})


async def test_a_tool_that_breaks_tells_nothing_of_it(priced: Served, monkeypatch: pytest.MonkeyPatch):
    """A fault of ours is logged and counted; the client gets a sentence and the code of HTTP's 500."""

    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("lens_rx.mcp.get_run.read", broken)
    async with agent(priced) as client:
        code, text = await refusal(client, "get_run", key="x")
    assert code == "internal_error"
    assert "secret" not in text


@BOTH_ERAS
async def test_a_call_that_is_cancelled_stops_watching(priced: Served, mode: str):
    """Nobody watches the run then, and it is given up as one whose clients have gone."""
    priced.world.gate.clear()
    async with agent(priced, mode) as client:
        calling = asyncio.ensure_future(client.call_tool("price_item", {"photos": [PHOTO]}))
        await eventually(lambda: "lens" in priced.world.ran)
        assert priced.metrics.subscribers._value.get() == 1
        calling.cancel()
        await eventually(lambda: priced.metrics.subscribers._value.get() == 0)


async def test_a_call_that_does_not_wait_leaves_the_run_going_on(priced: Served):
    """It gives the key at once; the run goes on though nobody watches, and is asked for later."""
    priced.world.gate.clear()
    async with agent(priced) as client:
        run = await answer(client, "price_item", photos=[PHOTO], wait_seconds=0)
        assert run["state"] in ("queued", "running")
        assert "get_run" in run["next"]
        said = await client.call_tool("get_run", {"key": run["key"]})
        assert "It is not named yet. The run goes on" in said.content[0].text
        assert (await refusal(client, "decide", key=run["key"]))[0] == "conflict"
        await eventually(lambda: "lens" in priced.world.ran)
        priced.world.gate.set()

        async def is_complete() -> bool:
            return (await answer(client, "get_run", key=run["key"]))["state"] == RunState.COMPLETE

        await eventually_async(is_complete)
        again = await answer(client, "price_item", photos=[PHOTO], wait_seconds=0)
        assert (again["state"], again["price"]["comparables"]) == ("complete", 20)


async def test_tokens_and_tenants_are_those_of_http(settings: Settings, tokens: Tokens):
    """Without a token 401; another tenant's run is not found; a session serves its own token alone."""
    async with priced_world(settings, authenticator=Authenticator(tokens.file)) as served:
        for headers in ({}, bearer("wrong")):
            async with served.client.post("/mcp", json={}, headers=ACCEPT | headers) as response:
                assert response.status == 401
                assert (await response.json())["code"].startswith("token_")
        async with agent(served, token=tokens.ann) as ann, agent(served, token=tokens.cy) as cy:
            key = (await answer(ann, "price_item", photos=[PHOTO]))["key"]
            assert key.startswith("north.")
            changed = await answer(ann, "correct_item", key=key, condition="new")
            assert (await answer(ann, "get_run", key=key, kinds=["run-history"]))["facts"][0]["data"][1][
                "author"
            ] == "ann"
            assert changed["generation"] == 2
            for tool in ("get_run", "decide"):
                assert (await refusal(cy, tool, key=key))[0] == "run_not_found"
            assert (await refusal(cy, "correct_item", key=key, size="M"))[0] == "run_not_found"
        session = await opened_session(served, bearer(tokens.ann))
        async with served.client.delete(
            "/mcp", headers=ACCEPT | bearer(tokens.bo) | {"Mcp-Session-Id": session}
        ) as response:
            assert response.status == 404


async def opened_session(served: Served, headers: dict[str, str] | None = None) -> str:
    """Open a session as clients of the protocol's earlier versions do, and return its id."""
    params = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    async with served.client.post("/mcp", json=message, headers=ACCEPT | (headers or {})) as response:
        assert response.status == 200, await response.text()
        assert "X-Request-Id" in response.headers
        assert '"serverInfo"' in await response.text()
        return response.headers["Mcp-Session-Id"]


async def test_a_session_has_a_stream_and_ends(served: Served):
    """GET opens the server's stream, DELETE ends the session and the stream; then its id is not known any more."""
    session = {"Mcp-Session-Id": await opened_session(served)}
    async with served.client.get("/mcp", headers=ACCEPT | session) as stream:
        assert (stream.status, stream.content_type) == (200, "text/event-stream")
        async with served.client.delete("/mcp", headers=ACCEPT | session) as response:
            assert response.status == 200
        assert await asyncio.wait_for(stream.content.read(), 5) == b""
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    async with served.client.post("/mcp", json=ping, headers=ACCEPT | session) as response:
        assert response.status == 404


async def test_an_open_stream_does_not_hold_the_service_up(settings: Settings):
    """The service ends with a session and its stream open."""
    async with serve(settings) as served:
        session = {"Mcp-Session-Id": await opened_session(served)}
        stream = await served.client.get("/mcp", headers=ACCEPT | session)
        assert stream.status == 200
    stream.close()


async def test_requests_are_refused_as_elsewhere(served: Served, settings: Settings):
    """A foreign page, a foreign host and a body that is too large get the errors of all addresses; others 405."""
    foreign = ACCEPT | {"Origin": "http://evil.example"}
    for method in ("POST", "GET", "DELETE"):
        async with served.client.request(method, "/mcp", headers=foreign) as response:
            assert (response.status, (await response.json())["code"]) == (403, "forbidden_origin")
    async with served.client.post("/mcp", headers=ACCEPT | {"Host": "evil.example"}) as response:
        assert (response.status, (await response.json())["code"]) == (421, "unknown_host")
    async with served.client.post(
        "/mcp", data=b" " * (2 * settings.max_photo_bytes), headers=ACCEPT
    ) as response:
        assert (response.status, (await response.json())["code"]) == (413, "too_large")
    async with served.client.put("/mcp", headers=ACCEPT) as response:
        assert response.status == 405
    async with served.client.post("/mcp", data=b"{", headers=ACCEPT) as response:
        assert response.status == 400
    await eventually(lambda: served.room.reserved_bytes == 0)


async def test_without_the_extra_the_address_says_so(served: Served, monkeypatch: pytest.MonkeyPatch):
    """The service runs, and `/mcp` is not found, with the command that installs it."""
    monkeypatch.setattr(mcp_endpoint, "is_installed", lambda: False)
    async with served.client.post("/mcp", json={}, headers=ACCEPT) as response:
        assert response.status == 404
        assert "pip install 'lens-rx[mcp]'" in (await response.json())["error"]
