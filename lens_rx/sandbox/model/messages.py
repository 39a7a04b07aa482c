"""Messages of a chat completion request, and the images in them."""

from __future__ import annotations

import base64
import binascii
import re
from io import BytesIO
from typing import Annotated, Literal, TypeAlias

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from lens_rx.sandbox.model.api_error import ApiError

IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
MAX_IMAGE_BYTES = 20_000_000
_DATA_URL = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", re.DOTALL)


class StrictModel(BaseModel):
    """A part of a request, in which unknown fields and values of other types are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextPart(StrictModel):
    """Text in a message."""

    type: Literal["text"]
    text: str


class ImageUrl(StrictModel):
    """The address of an image; this server accepts data URLs alone."""

    url: str
    detail: Literal["auto", "low", "high", "original"] = "auto"


class ImagePart(StrictModel):
    """An image in a message."""

    type: Literal["image_url"]
    image_url: ImageUrl

    def decode(self) -> bytes:
        """Return the image's bytes; raise `ApiError` for one that cannot be read."""
        return decode_data_url(self.image_url.url)


Part: TypeAlias = Annotated[TextPart | ImagePart, Field(discriminator="type")]


class SystemMessage(StrictModel):
    """A message of the application."""

    role: Literal["system", "developer"]
    content: str | list[TextPart] = Field(min_length=1)
    name: str | None = None


class UserMessage(StrictModel):
    """A message of the user."""

    role: Literal["user"]
    content: str | list[Part] = Field(min_length=1)
    name: str | None = None


class AssistantMessage(StrictModel):
    """An earlier answer of the model."""

    role: Literal["assistant"]
    content: str | list[TextPart] | None = None
    name: str | None = None
    refusal: str | None = None


Message: TypeAlias = Annotated[SystemMessage | UserMessage | AssistantMessage, Field(discriminator="role")]


def text_of(content: str | list[TextPart] | list[Part] | None) -> str:
    """Return the text of a message's content."""
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(part.text for part in content if isinstance(part, TextPart))


def decode_data_url(url: str) -> bytes:
    """Return the bytes of an image in a data URL; raise `ApiError` for one that cannot be read."""
    found = _DATA_URL.fullmatch(url)
    if found is None:
        raise ApiError(f"Failed to download image from {url[:80]}.", "messages", "invalid_image_url")
    if found[1] not in IMAGE_TYPES:
        raise ApiError(f"You uploaded an unsupported image. {found[1]}", "messages", "invalid_image_format")
    try:
        raw = base64.b64decode(found[2], validate=True)
    except binascii.Error:
        raise ApiError("Invalid base64 image_url.", "messages", "invalid_base64") from None
    return _check_image(raw)


def _check_image(raw: bytes) -> bytes:
    if len(raw) > MAX_IMAGE_BYTES:
        raise ApiError("Image is too large.", "messages", "image_too_large")
    try:
        with Image.open(BytesIO(raw)) as image:
            image.load()
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ApiError(
            "The image data you provided does not represent a valid image.", "messages", "image_parse_error"
        ) from None
    return raw
