"""What the operators ask of the outside services, one protocol each.

Only `wiring.py` knows the classes that implement them. Every call ends within a deadline of its own, and fails
only with a `StageError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from lens_rx.facts import Identity, Offer, Page, Photo, SearchResult

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens and the price of one model call; `cost_usd` is 0 where the model's price is not known."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """One typed question to the model.

    `task` holds the trusted instructions; `evidence` is text from the outside, which the client fences and cuts
    and the model is told not to obey; `photos` are local JPEG files, sent as data URLs.
    """

    task: str
    answer: type[T]
    evidence: str = ""
    photos: Sequence[Path] = ()
    max_tokens: int = 700


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The model's answer, validated against the question's type."""

    value: T
    usage: Usage


class FailedCallUsage(Exception):
    """The usage of a model call that failed but is paid for: the cause of its `StageError`."""

    def __init__(self, usage: Usage) -> None:
        super().__init__("the model's answer cannot be used")
        self.usage = usage


class Lens(Protocol):
    """Google Lens, driven in Chromium."""

    async def search_image(self, photo: Photo) -> Page:
        """Upload the photo to Lens and return the rendered page of its matches."""
        ...


class WebSearch(Protocol):
    """A web search: Google in Chromium, or its official API where that is configured."""

    async def search(self, query: str, country: str) -> Sequence[SearchResult]:
        """Return the organic results, best first; raise `NoResults` where the engine finds none."""
        ...


class Reader(Protocol):
    """Reads one public page, by plain HTTP or in Chromium."""

    async def read(self, url: str) -> Page:
        """Return the page; raise `PolicyError` for an address that is not public, `Blocked` for a block page."""
        ...


class Model(Protocol):
    """A language model that answers typed questions."""

    async def complete(self, question: Question[T]) -> Answer[T]:
        """Return a validated answer; raise `PolicyError` for a refusal, `UpstreamError` for anything else."""
        ...


class OfferSource(Protocol):
    """One place where second-hand offers are found: a marketplace's pages, or its official API."""

    @property
    def name(self) -> str:
        """The marketplace's name on the wire, lower case."""
        ...

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return what the marketplace lists for the thing, unscreened; raise `NoResults` where it lists nothing."""
        ...
