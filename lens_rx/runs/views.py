"""What subscribers of a run see: its entries, each encoded once for all who share a view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from lens_rx.storage.records import Entry, Position

#: An encoded entry and its position.
Chunk = tuple[Position, bytes]


class View(Protocol):
    """An encoding of entries. Equal names mean equal bytes."""

    @property
    def name(self) -> str:
        """Name of the encoding."""
        ...

    def encode(self, entry: Entry) -> bytes:
        """Return the entry as it is sent, b"" where the view leaves it out."""
        ...


class NothingView:
    """The view of who only waits for the end."""

    name = ""

    def encode(self, _: Entry) -> bytes:
        """Leave an entry out."""
        return b""


@dataclass(frozen=True, slots=True)
class EncodedReplay:
    """A finished run as it is written: the head, with places for what differs between requests, and the body, in pieces."""

    head: bytes
    body: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class EncodedRun:
    """A finished run in one view; `replay` is what was made of it for a kind of stream."""

    chunks: list[Chunk]
    _replays: dict[str, EncodedReplay] = field(default_factory=dict)

    def replay(self, stream: str, make: Callable[[], EncodedReplay]) -> EncodedReplay:
        """Return what `make` returned for this kind of stream when it was first asked for."""
        if stream not in self._replays:
            self._replays[stream] = make()
        return self._replays[stream]


def encode_all(view: View, entries: Iterable[Entry]) -> list[Chunk]:
    """Return the entries that a view has, encoded."""
    return [(entry.position, chunk) for entry in entries if (chunk := view.encode(entry))]


def chunks_after(chunks: list[Chunk], after: Position) -> list[Chunk]:
    """Return the chunks behind a position."""
    return [chunk for chunk in chunks if chunk[0] > after] if after.seq else chunks
