"""The stream formats of a run, by content type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lens_rx.web.accept_header import covers

SSE_TYPE, NDJSON_TYPE = "text/event-stream", "application/x-ndjson"
#: The type of an answer that is no stream.
JSON_TYPE = "application/json"
#: A lone blank line: existing clients skip it, and it keeps the connection open.
HEARTBEAT = b"\n\n"


class StreamFormat(Protocol):
    """Frames encoded facts."""

    content_type: str

    def frame(self, fact: bytes) -> bytes:
        """Return the bytes of one fact's frame."""
        ...

    def heartbeat(self) -> bytes:
        """Return the bytes that keep a quiet connection open."""
        ...


class SseFormat:
    """Server-sent events with `data` alone: existing clients accept no other field."""

    content_type = SSE_TYPE

    def frame(self, fact: bytes) -> bytes:
        """Return one event."""
        return b"data: " + fact + b"\n\n"

    def heartbeat(self) -> bytes:
        """Return a blank event."""
        return HEARTBEAT


class NdjsonFormat:
    """One JSON object a line."""

    content_type = NDJSON_TYPE

    def frame(self, fact: bytes) -> bytes:
        """Return one line."""
        return fact + b"\n"

    def heartbeat(self) -> bytes:
        """Return an empty line, which NDJSON readers skip."""
        return b"\n"


FORMATS: dict[str, StreamFormat] = {SSE_TYPE: SseFormat(), NDJSON_TYPE: NdjsonFormat()}


def run_headers(key: str, content_type: str) -> dict[str, str]:
    """Return the headers of an answer with the facts of a run."""
    return {
        "Content-Type": content_type,
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",  # else nginx holds facts back
        "X-Run-Key": key,
    }


def format_for(accepted: Sequence[str]) -> StreamFormat:
    """Return the format for the media ranges that a client accepts: SSE unless NDJSON is preferred."""
    return next((FORMATS[it] for it in accepted if it in FORMATS), FORMATS[SSE_TYPE])


def is_json_alone(accepted: Sequence[str]) -> bool:
    """Return whether a client accepts JSON and no stream: one that takes anything gets a stream."""
    return JSON_TYPE in accepted and not any(covers(it, kind) for it in accepted for kind in FORMATS)
