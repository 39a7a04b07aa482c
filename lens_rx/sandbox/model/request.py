"""A chat completion request, validated as strictly as OpenAI's API does; whatever it rejects is a 400."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.messages import ImagePart, Message, StrictModel, UserMessage, text_of
from lens_rx.sandbox.model.schema import check_schema

T = TypeVar("T", bound=BaseModel)

#: Parameters that the real API knows and this server does not support.
UNSUPPORTED_PARAMETERS = frozenset(
    """
    audio function_call functions logit_bias logprobs modalities parallel_tool_calls prediction stream_options
    tool_choice tools top_logprobs web_search_options
    background conversation previous_response_id prompt
    """.split()
)
#: Names of union members that pydantic puts into an error's path.
_UNION_MEMBERS = ("system", "user", "assistant", "text", "str", "input_text", "input_image")


class JsonSchema(StrictModel):
    """The schema of an answer."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str | None = None
    # `schema` is a method of pydantic's models
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None


class TextFormat(StrictModel):
    """The answer is free text."""

    type: Literal["text"]


class JsonObjectFormat(StrictModel):
    """The answer is a JSON object."""

    type: Literal["json_object"]


class JsonSchemaFormat(StrictModel):
    """The answer is a JSON object of a schema."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class CompletionRequest(StrictModel):
    """The body of `POST /v1/chat/completions`, as far as this server supports it."""

    model: str
    messages: list[Message] = Field(min_length=1)
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    max_completion_tokens: int | None = Field(None, ge=1)
    max_tokens: int | None = Field(None, ge=1)
    metadata: dict[str, str] | None = None
    n: Literal[1] | None = None
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    prompt_cache_key: str | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    reasoning_effort: str | None = None
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
    verbosity: Literal["low", "medium", "high"] | None = None

    @property
    def requested_tokens(self) -> int | None:
        """The limit of output tokens that the request names, None where it names none."""
        return self.max_completion_tokens or self.max_tokens

    def text_of(self, *roles: str) -> str:
        """Return the text of all messages with these roles."""
        return "\n".join(text_of(message.content) for message in self.messages if message.role in roles)

    def images(self) -> list[ImagePart]:
        """Return all images, in order."""
        contents = [message.content for message in self.messages if isinstance(message, UserMessage)]
        return [part for content in contents for part in content if isinstance(part, ImagePart)]


def parse_request(body: bytes, *, ignore_unknown: bool = False) -> CompletionRequest:
    """Parse the body of a chat completion request; raise the `ApiError` that the real API would send."""
    request = validate_body(CompletionRequest, _without_unknown(body) if ignore_unknown else body)
    if request.max_tokens and request.max_completion_tokens:
        raise ApiError("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    _check_response_format(request)
    return request


def _without_unknown(body: bytes) -> bytes:
    """Return the body without parameters that are not fields of a request."""
    try:
        parameters = json.loads(body)
    except ValueError:
        return body
    if not isinstance(parameters, dict):
        return body
    return json.dumps(
        {name: parameters[name] for name in CompletionRequest.model_fields.keys() & parameters}
    ).encode()


def validate_body(body_type: type[T], body: bytes) -> T:
    """Parse a JSON body as a strict model; raise the first error as `ApiError`."""
    try:
        return body_type.model_validate_json(body)
    except ValidationError as error:
        raise _to_api_error(error) from None


def _check_response_format(request: CompletionRequest) -> None:
    """Raise `ApiError` for a response format that is incomplete or outside the strict subset."""
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


def _to_api_error(error: ValidationError) -> ApiError:
    """Return pydantic's first error in the API's words."""
    first = error.errors()[0]
    path = [str(step) for step in first["loc"] if step not in _UNION_MEMBERS]
    param = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in path).removeprefix(".") or None
    match first["type"]:
        case "json_invalid":
            return ApiError("We could not parse the JSON body of your request.")
        case "extra_forbidden" if path[0] in UNSUPPORTED_PARAMETERS and len(path) == 1:
            message = f"Unsupported parameter: '{param}' is not supported with this model."
            return ApiError(message, param, "unsupported_parameter")
        case "extra_forbidden" if len(path) == 1:
            return ApiError(f"Unrecognized request argument supplied: {param}")
        case "extra_forbidden":
            return ApiError(f"Unknown parameter: '{param}'.", param, "unknown_parameter")
        case "missing":
            return ApiError(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
        case _:
            return ApiError(f"Invalid value for '{param}': {first['msg']}.", param, "invalid_value")
