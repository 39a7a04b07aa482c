"""The stream formats of `POST /classify`, by content type."""

from __future__ import annotations

from typing import Protocol

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

    content_type = "text/event-stream"

    def frame(self, fact: bytes) -> bytes:
        """Return one event."""
        return b"data: " + fact + b"\n\n"

    def heartbeat(self) -> bytes:
        """Return a blank event."""
        return HEARTBEAT


class NdjsonFormat:
    """One JSON object a line."""

    content_type = "application/x-ndjson"

    def frame(self, fact: bytes) -> bytes:
        """Return one line."""
        return fact + b"\n"

    def heartbeat(self) -> bytes:
        """Return an empty line, which NDJSON readers skip."""
        return b"\n"


FORMATS: dict[str, StreamFormat] = {
    "text/event-stream": SseFormat(),
    "application/x-ndjson": NdjsonFormat(),
}


def format_for(accept: str) -> StreamFormat:
    """Return the format for an `Accept` header: SSE unless NDJSON is named first."""
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    return next((FORMATS[kind] for kind in wanted if kind in FORMATS), FORMATS["text/event-stream"])
