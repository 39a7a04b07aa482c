"""What subscribers of a run see: its entries, each encoded once for all who share a view."""

from __future__ import annotations

from collections.abc import Iterable
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


def encode_all(view: View, entries: Iterable[Entry]) -> list[Chunk]:
    """Return the entries that a view has, encoded."""
    return [(entry.position, chunk) for entry in entries if (chunk := view.encode(entry))]


def chunks_after(chunks: list[Chunk], after: Position) -> list[Chunk]:
    """Return the chunks behind a position."""
    return [chunk for chunk in chunks if chunk[0] > after] if after.seq else chunks
