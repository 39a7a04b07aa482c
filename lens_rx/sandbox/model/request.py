"""A chat completion request as strictly as OpenAI's API takes it; what it does not take is a 400."""

from __future__ import annotations

import base64
import binascii
import re
from io import BytesIO
from typing import Annotated, Any, Literal, TypeAlias

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.schema import check_schema

IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
MAX_IMAGE_BYTES = 20_000_000
#: Parameters that the real API knows and this model does not.
UNSUPPORTED_PARAMETERS = frozenset(
    """
    audio function_call functions logit_bias logprobs modalities parallel_tool_calls prediction reasoning_effort
    stream_options tool_choice tools top_logprobs verbosity web_search_options
    """.split()
)
_DATA_URL = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.*)", re.DOTALL)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextPart(_Strict):
    """A part of a message in words."""

    type: Literal["text"]
    text: str


class ImageUrl(_Strict):
    """Where a picture is: here always a `data:` address."""

    url: str
    detail: Literal["auto", "low", "high"] = "auto"


class ImagePart(_Strict):
    """A part of a message that is a picture."""

    type: Literal["image_url"]
    image_url: ImageUrl

    def decode(self) -> bytes:
        """Return the picture's bytes, after they were opened as a picture."""
        found = _DATA_URL.fullmatch(self.image_url.url)
        if found is None:
            raise ApiError(
                f"Failed to download image from {self.image_url.url[:80]}.", "messages", "invalid_image_url"
            )
        if found[1] not in IMAGE_TYPES:
            raise ApiError(
                f"You uploaded an unsupported image. {found[1]}", "messages", "invalid_image_format"
            )
        try:
            raw = base64.b64decode(found[2], validate=True)
        except binascii.Error:
            raise ApiError("Invalid base64 image_url.", "messages", "invalid_base64") from None
        return _check_image(raw)


Part: TypeAlias = Annotated[TextPart | ImagePart, Field(discriminator="type")]


class SystemMessage(_Strict):
    """What the application says."""

    role: Literal["system", "developer"]
    content: str | list[TextPart] = Field(min_length=1)
    name: str | None = None


class UserMessage(_Strict):
    """What the user says and shows."""

    role: Literal["user"]
    content: str | list[Part] = Field(min_length=1)
    name: str | None = None


class AssistantMessage(_Strict):
    """What the model has said before."""

    role: Literal["assistant"]
    content: str | None = None
    refusal: str | None = None
    name: str | None = None


class JsonSchema(_Strict):
    """The schema of an answer."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str | None = None
    # the API's own word, which pydantic keeps for a method of its own
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None


class TextFormat(_Strict):
    """Answer in any words."""

    type: Literal["text"]


class JsonObjectFormat(_Strict):
    """Answer with some JSON object."""

    type: Literal["json_object"]


class JsonSchemaFormat(_Strict):
    """Answer with a JSON object of a schema."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class CompletionRequest(_Strict):
    """The body of `POST /v1/chat/completions`, as far as this model goes."""

    model: str
    messages: list[Annotated[SystemMessage | UserMessage | AssistantMessage, Field(discriminator="role")]] = (
        Field(min_length=1)
    )
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    max_completion_tokens: int | None = Field(None, ge=1, le=16_384)
    max_tokens: int | None = Field(None, ge=1, le=16_384)
    metadata: dict[str, str] | None = None
    n: Literal[1] | None = None
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    prompt_cache_key: str | None = None
    response_format: (
        Annotated[TextFormat | JsonObjectFormat | JsonSchemaFormat, Field(discriminator="type")] | None
    ) = None
    safety_identifier: str | None = None
    seed: int | None = None
    service_tier: str | None = None
    stop: str | list[str] | None = None
    store: bool | None = None
    stream: Literal[False] | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    user: str | None = None

    @property
    def max_output_tokens(self) -> int:
        """Tokens that the answer may have."""
        return self.max_completion_tokens or self.max_tokens or 16_384

    def text_of(self, *roles: str) -> str:
        """Return all text that messages of these roles hold."""
        return "\n".join(_text_of(message.content) for message in self.messages if message.role in roles)

    def images(self) -> list[ImagePart]:
        """Return all pictures, in order."""
        contents = [message.content for message in self.messages if isinstance(message, UserMessage)]
        return [part for content in contents for part in content if isinstance(part, ImagePart)]


def parse_request(body: bytes) -> CompletionRequest:
    """Return the request that a body holds; raise `ApiError` as the real API would complain."""
    try:
        request = CompletionRequest.model_validate_json(body)
    except ValidationError as error:
        raise _to_api_error(error) from None
    if request.max_tokens and request.max_completion_tokens:
        raise ApiError("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    _check_response_format(request)
    return request


def _check_response_format(request: CompletionRequest) -> None:
    """Complain about an answer form that cannot be had."""
    form = request.response_format
    if (
        isinstance(form, JsonObjectFormat)
        and "json" not in request.text_of("system", "developer", "user").lower()
    ):
        raise ApiError(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type"
            " 'json_object'.",
            "messages",
        )
    if isinstance(form, JsonSchemaFormat):
        if form.json_schema.schema_ is None:
            raise ApiError(
                "Missing required parameter: 'response_format.json_schema.schema'.",
                "response_format.json_schema.schema",
                "missing_required_parameter",
            )
        if form.json_schema.strict:
            check_schema(form.json_schema.name, form.json_schema.schema_)


def _text_of(content: str | list[TextPart] | list[Part] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(part.text for part in content if isinstance(part, TextPart))


def _check_image(raw: bytes) -> bytes:
    """Return the bytes where they are a picture that can be read."""
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


def _to_api_error(error: ValidationError) -> ApiError:
    """Return the first complaint of pydantic in the API's words."""
    first = error.errors()[0]
    place = [str(step) for step in first["loc"] if step not in ("system", "user", "assistant", "text", "str")]
    param = (
        place[0] + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in place[1:])
        if place
        else None
    )
    match first["type"]:
        case "json_invalid":
            return ApiError("We could not parse the JSON body of your request.")
        case "extra_forbidden" if place[0] in UNSUPPORTED_PARAMETERS and len(place) == 1:
            message = f"Unsupported parameter: '{param}' is not supported with this model."
            return ApiError(message, param, "unsupported_parameter")
        case "extra_forbidden" if len(place) == 1:
            return ApiError(f"Unrecognized request argument supplied: {param}")
        case "extra_forbidden":
            return ApiError(f"Unknown parameter: '{param}'.", param, "unknown_parameter")
        case "missing":
            return ApiError(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
        case _:
            return ApiError(f"Invalid value for '{param}': {first['msg']}.", param, "invalid_value")
