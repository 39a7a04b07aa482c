"""Requests that no client library would send: each is refused in JSON, starts nothing, and is counted."""

from __future__ import annotations

import asyncio
import re

import orjson
import pytest
from served import Served, photo

FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def get(line: bytes, headers: bytes = b"") -> bytes:
    """Return a request without a body."""
    return line + b" HTTP/1.1\r\nHost: lens\r\nConnection: close\r\n" + headers + b"\r\n"


def post(body: bytes, headers: bytes = FORM, length: bool = True) -> bytes:
    """Return an upload."""
    measured = b"Content-Length: %d\r\n" % len(body) if length else b""
    return get(b"POST /classify", headers + measured) + body


async def asked(served: Served, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are, and return the status, the headers and the body of what comes back."""
    host, port = re.findall(r"//(.+):(\d+)", served.url)[0]
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    first, *rest = head.decode().strip().split("\r\n")
    status, headers = int(first.split()[1]), dict(line.split(": ", 1) for line in rest)
    # after a refusal the server waits some seconds for what was announced before it closes
    body = await (reader.readexactly(int(headers["Content-Length"])) if status == 413 else reader.read())
    writer.close()
    return status, headers, body


BROKEN = {
    "no HTTP": (b"hello, is anybody there?\r\n\r\n", 400),
    "an unknown method": (get(b"FOO /classify"), 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "an endless address": (get(b"GET /" + b"a" * 20_000), 400),
    "an endless header": (get(b"GET /healthz", b"X: " + b"a" * 20_000 + b"\r\n"), 400),
    "a header that is none": (get(b"GET /healthz", b"X Y: 1\r\n"), 400),
    "two lengths": (post(b"0\r\n\r\n", FORM + CHUNKED), 400),
    "a negative length": (get(b"POST /classify", FORM + b"Content-Length: -1\r\n"), 400),
    "a length beyond all bounds": (get(b"POST /classify", FORM + b"Content-Length: 999999999999\r\n"), 413),
    "chunks that are none": (post(b"zz\r\nabc\r\n", FORM + CHUNKED, length=False), 400),
    "chunks that break off": (post(b"3\r\n--x\r\nzz\r\n", FORM + CHUNKED, length=False), 400),
    "another expectation": (post(b"", FORM + b"Expect: miracles\r\n"), 417),
    "a brotli body": (post(b"\x8b", FORM + b"Content-Encoding: br\r\n"), 415),
    "a gzip body": (post(b"\x1f\x8b", FORM + b"Content-Encoding: GZIP\r\n"), 415),
    "no boundary": (post(b"--x", b"Content-Type: multipart/form-data\r\n"), 400),
    "an empty boundary": (post(b"--\r\n", b"Content-Type: multipart/form-data; boundary=\r\n"), 400),
    "an endless boundary": (post(b"--", b"Content-Type: multipart/form-data; boundary=%b\r\n" % (b"x" * 99)), 400),
    "another boundary": (post(b"--y\r\n\r\nabc\r\n--y--\r\n"), 400),
    "no form at all": (post(b"{}", b"Content-Type: application/json\r\n"), 400),
    "a part without a name": (post(b"--x\r\n\r\nabc\r\n--x--\r\n"), 400),
    "a part's header that is none": (post(b"--x\r\nfoo\r\n\r\nabc\r\n--x--\r\n"), 400),
    "a part's endless header": (post(b"--x\r\nA: " + b"a" * 50_000 + b"\r\n\r\nabc\r\n--x--\r\n"), 400),
    "a part of endless headers": (post(b"--x\r\n" + b"A: b\r\n" * 5_000 + b"\r\nabc\r\n--x--\r\n"), 400),
    "an endless line before it": (post(b"a" * 500_000 + PART + b"abc\r\n--x--\r\n"), 400),
    "a part of parts": (post(b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n"), 400),
    "an encoded part": (post(PART[:-2] + b"Content-Encoding: gzip\r\n\r\nabc\r\n--x--\r\n"), 415),
    "a part in base64": (post(PART[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--x--\r\n"), 415),
    "one bad photo of two": (post(PART + photo() + b"\r\n" + PART + b"abc\r\n--x--\r\n"), 415),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
async def test_what_no_client_library_would_send_is_refused(served: Served, case: str):
    """Each gets its status, words that help, a request's id, and a place in the metrics; nothing runs."""
    request, wanted = BROKEN[case]
    status, headers, body = await asked(served, request)
    assert status == wanted
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert len(headers["X-Request-Id"]) == 32
    assert len(orjson.loads(body)["error"]) > 10
    assert "Traceback" not in body.decode()
    assert 'lens_rx_errors_total{kind="' in (told := served.metrics.render().decode())
    assert "InternalError" not in told
    assert await served.live() == 0


async def test_an_old_protocol_is_spoken(served: Served):
    """HTTP/1.0 gets its facts unchunked, up to the end of the connection."""
    body = PART + photo() + b"\r\n--x--\r\n"
    request = b"POST / HTTP/1.0\r\n" + FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body
    status, headers, told = await asked(served, request)
    assert status == 200
    assert "Transfer-Encoding" not in headers
    assert told.lstrip(b"\n").startswith(b"data: {")  # a heartbeat comes first where the run takes long


async def test_a_client_that_asks_before_it_sends_is_told_to_go_on(served: Served):
    """Curl asks so for large photos."""
    body = PART + photo() + b"\r\n--x--\r\n"
    status, _, told = await asked(served, post(body, FORM + b"Expect: 100-continue\r\n"))
    assert status == 100
    assert told.startswith(b"HTTP/1.1 200 OK")


async def test_the_case_of_a_parts_encoding_does_not_matter(served: Served):
    """`BINARY` is as good as `binary`."""
    encoded = PART[:-2] + b"Content-Transfer-Encoding: BINARY\r\n\r\n"
    status, _, _ = await asked(served, post(encoded + photo() + b"\r\n--x--\r\n"))
    assert status == 200


async def test_a_head_is_answered_without_a_body(served: Served):
    """HEAD tells what GET would, and where only POST is spoken it says so."""
    status, headers, body = await asked(served, get(b"HEAD /"))
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 1000
    status, headers, body = await asked(served, get(b"HEAD /classify"))
    assert (status, headers["Allow"], body) == (405, "POST", b"")


async def test_a_browser_that_asks_first_gets_its_origin_back(served: Served):
    """A preflight of the frontend's origin may go on; another origin is told nothing."""
    ask = b"Access-Control-Request-Method: DELETE\r\nOrigin: "
    _, ours, _ = await asked(served, get(b"OPTIONS /runs/1", ask + b"http://localhost:3001\r\n"))
    assert ours["Access-Control-Allow-Origin"] == "http://localhost:3001"
    assert "DELETE" in ours["Access-Control-Allow-Methods"]
    _, others, _ = await asked(served, get(b"OPTIONS /runs/1", ask + b"http://evil.test\r\n"))
    assert "Access-Control-Allow-Origin" not in others
