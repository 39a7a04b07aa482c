"""The wire formats of `POST /classify`: one class each, and the dict that names them."""

from __future__ import annotations

from typing import Protocol

#: A lone blank line: old clients skip it, and it keeps the line alive.
HEARTBEAT = b"\n\n"


class Format(Protocol):
    """How a fact that is already encoded is framed, and what keeps a quiet line alive."""

    content_type: str

    def frame(self, fact: bytes) -> bytes:
        """Return the fact as it goes over the wire."""
        ...

    def heartbeat(self) -> bytes:
        """Return what is sent when nothing was for a while."""
        ...


class ServerSentData:
    """`data: {json}`, a blank line, and nothing else: old clients know no other field."""

    content_type = "text/event-stream"

    def frame(self, fact: bytes) -> bytes:
        """Return one event that has data alone."""
        return b"data: " + fact + b"\n\n"

    def heartbeat(self) -> bytes:
        """Return a blank event."""
        return HEARTBEAT


class Lines:
    """One JSON object a line."""

    content_type = "application/x-ndjson"

    def frame(self, fact: bytes) -> bytes:
        """Return one line."""
        return fact + b"\n"

    def heartbeat(self) -> bytes:
        """Return an empty line, which readers of lines skip."""
        return b"\n"


FORMATS: dict[str, Format] = {
    "text/event-stream": ServerSentData(),
    "application/x-ndjson": Lines(),
}


def format_for(accept: str) -> Format:
    """Return the format for an `Accept` header: events, unless lines are asked for by name."""
    wanted = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    return next((FORMATS[kind] for kind in wanted if kind in FORMATS), FORMATS["text/event-stream"])
