"""Cloud Vision's web detection: pages that show the photo, in whole or in part, and names for it.

https://cloud.google.com/vision/docs/detecting-web
"""

from __future__ import annotations

import asyncio
import base64
import re
from html import unescape

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lens_rx.clients.http.api_client import ApiClient, ApiResponse, retry_after_seconds
from lens_rx.clients.protocols import ImageMatches, Usage
from lens_rx.facts import Match, MatchKind, Photo
from lens_rx.facts.errors import Blocked, KeyRefused, NoResults, ParseError, PolicyError, UpstreamError
from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.html.urls import host_of
from lens_rx.settings import Settings

ADDRESS = "https://vision.googleapis.com"
PATH = "/v1/images:annotate"
#: The name under which matches say that Vision found them.
NAME = "vision"
MAX_RESULTS = 50
#: Names that are kept: the best guesses, and the entities with the highest scores.
MAX_LABELS = 10
#: The API's own limit of a request is 10 MB, and base64 makes a photo a third larger.
MAX_PHOTO_BYTES = 7_000_000
#: List price of one web detection in US dollars, beyond the free ones of a month ($3.50 for 1,000).
#: https://cloud.google.com/vision/pricing
COST_USD = 0.0035
_MAX_BYTES = 4_000_000
_TAGS = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
#: google.rpc.Code of an error within an answer.
_RESOURCE_EXHAUSTED, _PERMISSION_DENIED, _UNAUTHENTICATED, _UNAVAILABLE, _INTERNAL = 8, 7, 16, 14, 13


class _ApiModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class _WebImage(_ApiModel):
    url: str = ""


class _WebPage(_ApiModel):
    url: str = ""
    page_title: str = ""
    full_matching_images: list[_WebImage] = Field(default_factory=list)
    partial_matching_images: list[_WebImage] = Field(default_factory=list)


class _WebEntity(_ApiModel):
    description: str = ""
    score: float = 0.0


class _WebLabel(_ApiModel):
    label: str = ""


class _WebDetection(_ApiModel):
    web_entities: list[_WebEntity] = Field(default_factory=list)
    best_guess_labels: list[_WebLabel] = Field(default_factory=list)
    pages_with_matching_images: list[_WebPage] = Field(default_factory=list)


class _Status(_ApiModel):
    code: int = 0
    message: str = ""


class _ImageResponse(_ApiModel):
    web_detection: _WebDetection = Field(default_factory=_WebDetection)
    error: _Status | None = None


class _AnnotateResponse(_ApiModel):
    responses: list[_ImageResponse] = Field(min_length=1)


class CloudVision:
    """Implements `protocols.ImageSearch`. Owns its connections: close it with `aclose()`. `is_free`: it costs nothing."""

    def __init__(self, settings: Settings, address: str = ADDRESS, *, is_free: bool = False) -> None:
        self._usage = Usage() if is_free else Usage(cost_usd=COST_USD)
        assert settings.google_vision_api_key is not None
        self._key = settings.google_vision_api_key
        self._url = address + PATH
        self._api = ApiClient("Cloud Vision", settings.page_deadline_seconds, _MAX_BYTES)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return the pages with the photo, those with the whole of it first, and names for what it shows.

        Raises `NoResults`, `Blocked`, `KeyRefused`, `PolicyError`, `StageTimeout`, `ParseError`, `UpstreamError`.
        """
        content = await asyncio.to_thread(photo.path.read_bytes)
        if len(content) > MAX_PHOTO_BYTES:
            raise PolicyError("The photo is too large for Cloud Vision.")
        question: dict[str, object] = {
            "image": {"content": base64.b64encode(content).decode()},
            "features": [{"type": "WEB_DETECTION", "maxResults": MAX_RESULTS}],
        }
        answer = (await self._annotate([question])).responses[0]
        if answer.error and answer.error.code:
            raise _error_of(answer.error)
        found = answer.web_detection
        matches, labels = _matches(found), _labels(found)
        if not matches and not labels:
            raise NoResults("Cloud Vision knows nothing that looks like this.")
        return ImageMatches(matches, labels, self._usage)

    async def check_key(self) -> None:
        """Raise `KeyRefused` where the key is not accepted; a request without images costs nothing."""
        response = await self._post([])
        if response.status not in (200, 400) or b"API_KEY" in response.body:
            _check_status(response)

    async def _annotate(self, questions: list[dict[str, object]]) -> _AnnotateResponse:
        response = await self._post(questions)
        _check_status(response)
        return self._api.parse(_AnnotateResponse, response.body)

    async def _post(self, questions: list[dict[str, object]]) -> ApiResponse:
        parameters = {"key": self._key.get_secret_value()}
        return await self._api.request("POST", self._url, params=parameters, json={"requests": questions})


def _matches(found: _WebDetection) -> list[Match]:
    """Return the pages that have a title, those with a full match before those with a partial one."""
    pages = [page for page in found.pages_with_matching_images if page.url and page.page_title]
    return [_match(page) for page in sorted(pages, key=lambda it: not it.full_matching_images)]


def _match(page: _WebPage) -> Match:
    is_full = bool(page.full_matching_images)
    images = [*page.full_matching_images, *page.partial_matching_images]
    return Match(
        title=_plain_text(page.page_title),
        link=page.url,
        source=host_of(page.url).removeprefix("www."),
        thumbnail=next((image.url for image in images if image.url), ""),
        exact=is_full,
        found_by=NAME,
        kind=MatchKind.FULL if is_full else MatchKind.PARTIAL,
    )


def _labels(found: _WebDetection) -> list[str]:
    """Return the best guesses, then the entities by their score."""
    entities = sorted(found.web_entities, key=lambda it: -it.score)
    names = [*(it.label for it in found.best_guess_labels), *(it.description for it in entities)]
    return list(dict.fromkeys(filter(None, map(_plain_text, names))))[:MAX_LABELS]


def _plain_text(markup: str) -> str:
    return normalize_space(unescape(_TAGS.sub("", markup)))


def _error_of(error: _Status) -> Blocked | KeyRefused | UpstreamError | ParseError:
    """Return the failure that an answer of status 200 carries."""
    if error.code == _RESOURCE_EXHAUSTED:
        return Blocked("The quota of Cloud Vision is used up.", "rate_limit")
    if error.code in (_PERMISSION_DENIED, _UNAUTHENTICATED):
        return KeyRefused("Cloud Vision refused the key.")
    transient = error.code in (_UNAVAILABLE, _INTERNAL)
    return UpstreamError(f"Cloud Vision could not read the photo (code {error.code}).", transient=transient)


def _check_status(response: ApiResponse) -> None:
    """Raise the error that a status means. The message is ours: that of the answer may repeat the key."""
    status = response.status
    if status == 200:
        return
    if status == 429:
        wait = retry_after_seconds(response.headers)
        raise Blocked("The quota of Cloud Vision is used up.", "rate_limit", wait)
    if status in (401, 403) or (status == 400 and b"API_KEY" in response.body):
        raise KeyRefused("Cloud Vision refused the key.")
    if status == 400:
        raise UpstreamError("Cloud Vision does not take the photo.")
    raise UpstreamError(f"Cloud Vision answered with status {status}.", transient=status >= 500)
