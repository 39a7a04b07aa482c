"""The stand-in for Cloud Vision's web detection: checks the request field by field, recognises the practice photos.

https://cloud.google.com/vision/docs/reference/rest/v1/images/annotate
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any, Literal

from aiohttp import web
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from lens_rx.sandbox.apis.custom_search_api import google_error, refuse_google_key
from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.faults import ApiFault
from lens_rx.sandbox.responses import json_response
from lens_rx.sandbox.sites.similar_images import SimilarImage, similar_images

KEY = "AIzaSandboxCloudVisionKey00000000000000"
PATH = "/v1/images:annotate"
MAX_REQUEST_BYTES, MAX_IMAGE_BYTES = 10_485_760, 20_000_000
MAX_IMAGES = 16
FEATURES = Literal[
    "CROP_HINTS",
    "DOCUMENT_TEXT_DETECTION",
    "FACE_DETECTION",
    "IMAGE_PROPERTIES",
    "LABEL_DETECTION",
    "LANDMARK_DETECTION",
    "LOGO_DETECTION",
    "OBJECT_LOCALIZATION",
    "PRODUCT_SEARCH",
    "SAFE_SEARCH_DETECTION",
    "TEXT_DETECTION",
    "WEB_DETECTION",
]

Find = Callable[[bytes], Sequence[Thing]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class _Source(_Strict):
    gcs_image_uri: str = ""
    image_uri: str = ""


class _Image(_Strict):
    content: str | None = None
    source: _Source | None = None


class _Feature(_Strict):
    type: FEATURES
    max_results: int | None = Field(default=None, ge=0)
    model: str = ""


class _ImageRequest(_Strict):
    image: _Image
    features: list[_Feature] = Field(min_length=1)
    image_context: dict[str, Any] = Field(default_factory=dict)


class _Batch(_Strict):
    requests: list[_ImageRequest] = Field(max_length=MAX_IMAGES)
    parent: str = ""
    labels: dict[str, str] = Field(default_factory=dict)


class VisionApi:
    """Answers annotations; `find` names the things that a photo shows, `fault` returns the current faults."""

    def __init__(self, catalogue: Catalogue, find: Find, fault: Callable[[], ApiFault]) -> None:
        self._catalogue = catalogue
        self._find = find
        self._fault = fault

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the routes below `prefix`."""
        return [web.post(prefix + PATH, self._annotate)]

    async def _annotate(self, request: web.Request) -> web.Response:
        if refusal := self._refuse_access(request):
            return refusal
        try:
            batch = _parse(request, await request.read())
        except ValueError as error:
            return google_error(400, "INVALID_ARGUMENT", str(error))
        if self._fault().quota and batch.requests:
            return google_error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Requests'.")
        answers = [await asyncio.to_thread(self._answer, it) for it in batch.requests]
        return json_response({"responses": answers} if answers else {}, result=bool(answers))

    def _refuse_access(self, request: web.Request) -> web.Response | None:
        """Return the error for a key that is missing or refused, None for a right one."""
        key = request.query.get("key") or request.headers.get("X-Goog-Api-Key")
        if not key:
            return google_error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        if self._fault().ended:
            return google_error(404, "NOT_FOUND", "Method not found.")
        return refuse_google_key(key, KEY, self._fault())

    def _answer(self, asked: _ImageRequest) -> dict[str, Any]:
        """Return the annotation of one image, or its error, which comes with status 200."""
        try:
            photo = base64.b64decode(asked.image.content or "", validate=True)
            with Image.open(BytesIO(photo)) as image:
                image.verify()
        except (binascii.Error, UnidentifiedImageError, OSError, ValueError):
            return {"error": {"code": 3, "message": "Bad image data."}}
        if len(photo) > MAX_IMAGE_BYTES:
            return {"error": {"code": 3, "message": "Image size limit exceeded."}}
        limits = [it.max_results for it in asked.features if it.type == "WEB_DETECTION"]
        if not limits:
            return {}
        return {"webDetection": self._detection(self._find(photo), limits[0] or 10)}

    def _detection(self, things: Sequence[Thing], limit: int) -> dict[str, Any]:
        """Return what is known of a photo; without a thing only a guess of what it is."""
        if not things:
            return {"bestGuessLabels": [{"label": "pattern", "languageCode": "en"}]}
        thing = things[0]
        cards = similar_images(things, self._catalogue)[:limit]
        names = (
            thing.producer,
            thing.kind.capitalize(),
            f"{thing.producer} {thing.model}",
            "Second-hand shop",
        )
        images = [{"url": _image_url(card)} for card in cards]
        return {
            "webEntities": [
                {"entityId": f"/g/{number}", "score": round(1.4 - 0.3 * number, 4), "description": name}
                for number, name in enumerate(names)
            ],
            "bestGuessLabels": [{"label": f"{thing.producer} {thing.kind}".lower(), "languageCode": "en"}],
            "pagesWithMatchingImages": [_page(card) for card in cards],
            "fullMatchingImages": images[:2],
            "partialMatchingImages": images[2:],
            "visuallySimilarImages": images,
        }


def _parse(request: web.Request, body: bytes) -> _Batch:
    """Return the requests of a call; raise `ValueError` with the API's message for one that it does not take."""
    if set(request.query) - {"key", "alt", "fields", "prettyPrint"}:
        raise ValueError("Cannot bind query parameter.")
    if request.content_type != "application/json":
        raise ValueError("The request must be JSON.")
    if len(body) > MAX_REQUEST_BYTES:
        raise ValueError(f"Request payload size exceeds the limit: {MAX_REQUEST_BYTES} bytes.")
    try:
        return _Batch.model_validate_json(body)
    except ValidationError as error:
        raise ValueError(f"Invalid JSON payload received. {error.errors()[0]['msg']}") from None


def _page(card: SimilarImage) -> dict[str, Any]:
    """Return a page, its title in markup as the API writes it."""
    first, _, rest = card.document.title.partition(" ")
    kind = "fullMatchingImages" if card.exact else "partialMatchingImages"
    return {
        "url": card.document.link,
        "pageTitle": f"<b>{_escaped(first)}</b> {_escaped(rest)}",
        kind: [{"url": _image_url(card)}],
    }


def _image_url(card: SimilarImage) -> str:
    return f"{card.document.link.rstrip('/')}/photo.jpg"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
