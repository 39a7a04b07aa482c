"""Chunked encoding by whoever writes a response, so that all who get the same frames share the encoded bytes."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import HttpVersion11, web
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import SERVER_SOFTWARE

from lens_rx.web.middleware import REQUEST_ID, SECURITY_HEADERS

#: What ends a chunked body.
LAST_CHUNK = b"0\r\n\r\n"


class _ChunkedResponse(web.StreamResponse):
    """A response to which encoded chunks are written."""

    _length_check = False

    def __init__(self, headers: Mapping[str, str], *, head_at_once: bool) -> None:
        super().__init__(headers={**headers, "Transfer-Encoding": "chunked"})
        self._send_headers_immediately = head_at_once


def open_response(
    request: web.Request, headers: Mapping[str, str], *, head_at_once: bool = True
) -> web.StreamResponse:
    """Return a response to which chunks are written, or to HTTP/1.0, which has none, the frames themselves.

    `head_at_once`: the head does not wait for the first write.
    """
    if not has_chunks(request):
        return web.StreamResponse(headers=headers)
    return _ChunkedResponse(headers, head_at_once=head_at_once)


def has_chunks(request: web.Request) -> bool:
    """Return whether the body of a response is written in chunks."""
    return request.version >= HttpVersion11


def encode_chunk(data: bytes) -> bytes:
    """Return data as one chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def encode_head(headers: Mapping[str, str]) -> bytes:
    """Return the head of a response in chunks on a connection that stays open, with places for what `fill_head` knows."""
    known = {name: value.replace("%", "%%") for name, value in headers.items()}
    known |= {"Transfer-Encoding": "chunked", "Date": "%b", "Server": SERVER_SOFTWARE, "X-Request-Id": "%b"}
    lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in (known | SECURITY_HEADERS).items())]
    return "\r\n".join([*lines, "", ""]).encode()


def fill_head(head: bytes, request: web.Request) -> bytes:
    """Return the head of the response to a request."""
    return head % (rfc822_formatted_time().encode(), request[REQUEST_ID].encode())
