"""`GET /ws`: photos in as binary messages, facts out as text, one each; broken off, it resumes."""

from __future__ import annotations

import aiohttp
import orjson
import pytest
from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType
from served import Served, photo

from lens_rx.runs.require_complete import MESSAGE
from lens_rx.web.websocket import text_frame


async def receive_all(ws: ClientWebSocketResponse) -> list[dict]:
    """Return everything that comes until the socket is closed."""
    return [orjson.loads(message.data) async for message in ws if message.type is WSMsgType.TEXT]


async def test_a_photo_is_answered_with_its_key_and_then_its_facts(served: Served):
    """First comes which run it is, then a message a fact, then a normal end."""
    async with served.client.ws_connect("/ws?events=all") as ws:
        await ws.send_bytes(photo())
        first, *facts = await receive_all(ws)
        assert ws.close_code == 1000
    assert first["replayed"] is False
    assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))
    async with served.client.get(f"/runs/{first['key']}?events=all") as answer:
        assert (await answer.json())["facts"] == facts


async def test_a_broken_stream_resumes_behind_the_last_seq(served: Served):
    """A client that lost its line names the run and its last seq, and gets the rest."""
    async with served.client.ws_connect("/ws?events=all") as ws:
        await ws.send_bytes(photo())
        first, *facts = await receive_all(ws)
    async with served.client.ws_connect("/ws?events=all") as ws:
        await ws.send_str(orjson.dumps({"key": first["key"], "after": 3}).decode())
        again, *rest = await receive_all(ws)
    assert again["replayed"] is True
    assert rest == facts[3:]


async def test_a_socket_whose_run_is_deleted_is_told(served: Served):
    """A run that is deleted midway does not look complete: an error comes, and the close is no normal one."""
    served.world.gate.clear()
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        key = (await ws.receive_json())["key"]
        async with served.client.delete(f"/runs/{key}") as answer:
            assert answer.status == 204
        *_, last = await receive_all(ws)
        assert ws.close_code == WSCloseCode.SERVICE_RESTART
    assert last["data"] == {"stage": "transport", "outcome": "error", "message": MESSAGE}


async def test_several_photos_of_one_thing(served: Served):
    """With `photos=2` two messages are one item."""
    async with served.client.ws_connect("/ws?photos=2") as ws:
        await ws.send_bytes(photo())
        await ws.send_bytes(photo(side=210))
        await receive_all(ws)
    assert len(served.world.seen[0].item.photos) == 2


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("not json", 1007),
        ('{"no": "key"}', 1007),
        ('{"key": "unknown"}', 1008),
        ('["key"]', 1007),
        ('{"key": "' + "k" * 10_000 + '"}', 1009),
        (b"no photo", 1008),
        (b"\x89PNG" * 100_000, 1009),
    ],
)
async def test_bad_messages_are_refused_in_words(served: Served, message: str | bytes, code: int):
    """What is no photo and no key is an error in JSON and a close code, and starts no run."""
    async with served.client.ws_connect("/ws") as ws:
        await (ws.send_str(message) if isinstance(message, str) else ws.send_bytes(message))
        (said,) = await receive_all(ws)
        assert ws.close_code == code
    assert len(said["error"]) > 10
    assert await served.live() == 0


async def test_a_second_message_that_is_too_large_starts_no_run(served: Served):
    """The first photo alone starts nothing when the second is refused."""
    async with served.client.ws_connect("/ws?photos=2") as ws:
        await ws.send_bytes(photo())
        await ws.send_bytes(b"\x89PNG" * 100_000)
        (said,) = await receive_all(ws)
        assert ws.close_code == 1009
    assert "bytes at most" in said["error"]
    assert await served.live() == 0


@pytest.mark.parametrize("message", [b"x" * 5_000_000, "x" * 5_000_000], ids=["photo", "text"])
async def test_a_message_beyond_all_bounds_is_refused_in_words(served: Served, message: str | bytes):
    """A message far over the limit is not held, and its sender, who may still be at it, is told with 1009."""
    async with served.client.ws_connect("/ws") as ws:
        await (ws.send_str(message) if isinstance(message, str) else ws.send_bytes(message))
        (said,) = await receive_all(ws)
        assert (said["status"], ws.close_code) == (413, 1009)
    assert 'kind="TooLarge",where="ws"} 1.0' in served.metrics.render().decode()
    assert await served.live() == 0


async def test_a_client_that_stays_silent_is_let_go(served: Served):
    """Without a photo the socket is closed after the upload's deadline."""
    async with served.client.ws_connect("/ws") as ws:
        (said,) = await receive_all(ws)
        assert ws.close_code == 1008
    assert "too long" in said["error"]


async def test_a_bad_query_is_refused_before_the_handshake(served: Served):
    """A wrong number of photos is a plain 400."""
    with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
        await served.client.ws_connect("/ws?photos=9")


async def test_a_client_that_speaks_no_websocket_is_told_so(served: Served):
    """A plain request gets words that say what to do."""
    async with served.client.get("/ws") as answer:
        assert answer.status == 400
        assert "WebSocket" in (await answer.json())["error"]


@pytest.mark.parametrize(
    ("headers", "opened"),
    [
        ({"Origin": "http://localhost:3001"}, True),
        ({"Origin": "http://lens", "Host": "lens"}, True),
        ({"Origin": "https://lens.test", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null"}, False),
    ],
    ids=["the frontend", "our page", "our page behind a proxy", "another", "another with TLS", "a file"],
)
async def test_a_page_of_another_origin_opens_no_socket(served: Served, headers: dict, opened: bool):
    """What CORS keeps a page from reading, a WebSocket does not tell it either."""
    if opened:
        async with served.client.ws_connect("/ws", headers=headers) as ws:
            await ws.send_str("hello")
            assert len(await receive_all(ws)) == 1
    else:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await served.client.ws_connect("/ws", headers=headers)


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_text_frame_is_that_of_the_standard(size: int, head: bytes):
    """A fact of any length is one final text frame with the shortest length field, not masked."""
    assert text_frame(None, b"x" * size) == head + b"x" * size
