"""What the operators ask of the outside services, one protocol each.

Only the wiring knows the classes that implement them. Every call ends within a deadline of its own, and fails
only with a `StageError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from lens_rx.facts import Identity, Match, Offer, Page, Photo, SearchResult

T = TypeVar("T", bound=BaseModel)

#: From so long before its end on, operators are warned of a supplier.
END_WARNING = timedelta(days=60)
#: Time between two checks of a supplier.
CHECK_INTERVAL_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took; `cost_usd` is 0 where nothing is charged or the price is not known.

    `cached_tokens` are a part of the prompt's, `reasoning_tokens` one of the completion's.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Return what two calls took together."""
        return Usage(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


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
    """The answer, validated against the question's type, and the name of the `model` that gave it."""

    value: T
    usage: Usage
    model: str = ""


class FailedCallUsage(Exception):
    """The usage of a model call that failed but is paid for: the cause of its `StageError`."""

    def __init__(self, usage: Usage) -> None:
        super().__init__("the model's answer cannot be used")
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Supplier:
    """An outside service that is configured, and the day on which it is known to end.

    `available` is False for one that is gone already, `in_use` True for the one that is asked now.
    """

    name: str
    used_for: str
    ends: date | None = None
    available: bool = True
    in_use: bool = True

    def ends_soon(self, today: date | None = None) -> bool:
        """Tell whether the end is near enough to warn of it, or over."""
        return self.ends is not None and days_left(self.ends, today) <= END_WARNING.days


def current_day() -> date:
    """Return the day that it is (UTC)."""
    return datetime.now(UTC).date()


def days_left(ends: date, today: date | None = None) -> int:
    """Return the days until `ends`, negative after it; `today` is the current day (UTC)."""
    return (ends - (today or current_day())).days


def end_notice(supplier: Supplier) -> str:
    """Return when a supplier ends, "" where no end is known: "ends on 2027-01-14, in 47 days"."""
    if supplier.ends is None:
        return ""
    left = days_left(supplier.ends)
    return f"ends on {supplier.ends}, in {left} days" if left > 0 else f"ended on {supplier.ends}"


@dataclass(frozen=True, slots=True)
class ImageMatches:
    """What a photo search found, best first; `labels` are its names for what the photo shows."""

    matches: Sequence[Match]
    labels: Sequence[str] = ()
    usage: Usage = Usage()


class ImageSearch(Protocol):
    """A photo search: Google Lens in Chromium, Cloud Vision, eBay, or several of them."""

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return the pages and listings that show what the photo does; raise `NoResults` where it says none."""
        ...


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The organic results of a web search, best first."""

    results: Sequence[SearchResult]
    usage: Usage = Usage()


class WebSearch(Protocol):
    """A web search: an API, Google in Chromium, the model's own, or several of them."""

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the organic results; `country` is ISO 3166 alpha-2 or "". Raise `NoResults` where there are none."""
        ...


class Reader(Protocol):
    """Reads one public page, by plain HTTP or in Chromium."""

    async def read(self, url: str) -> Page:
        """Return the page; raise `PolicyError` for an address that is not public, `Blocked` for a block page."""
        ...


class PhotoReader(Protocol):
    """Reads a photo at a public web address."""

    async def read_photo(self, url: str) -> bytes:
        """Return its bytes, unlooked at; raise `PolicyError` for an address that is not public, or too many bytes."""
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


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What the receiver of a webhook answered: its status, and the seconds that it asks to wait, 0 for none."""

    status: int
    retry_after: float = 0.0


class WebhookClient(Protocol):
    """Posts webhooks."""

    def check(self, url: str) -> None:
        """Raise `PolicyError` for an address that is not posted to."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Post JSON and return the answer; raise a `StageError` where there is none."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...
