"""A request of the Responses API with the `web_search` tool, validated as strictly as OpenAI's API does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from lens_rx.sandbox.model.api_error import ApiError
from lens_rx.sandbox.model.behaviours import ModelBehaviour
from lens_rx.sandbox.model.messages import StrictModel
from lens_rx.sandbox.model.parameters import check_effort, check_sampling, unsupported
from lens_rx.sandbox.model.request import validate_body

MAX_DOMAINS = 100


class InputText(StrictModel):
    """Text in an input message."""

    type: Literal["input_text"]
    text: str


class InputMessage(StrictModel):
    """A message of the input."""

    role: Literal["user", "system", "developer", "assistant"]
    content: str | list[InputText]
    type: Literal["message"] = "message"


class Filters(StrictModel):
    """Restriction of a search; a domain includes its subdomains."""

    allowed_domains: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] | None = Field(
        None, max_length=MAX_DOMAINS
    )


class UserLocation(StrictModel):
    """The approximate location that results are for; without one it is the United States."""

    type: Literal["approximate"]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    region: str | None = None
    city: str | None = None
    timezone: str | None = None


class WebSearchTool(StrictModel):
    """The web search tool."""

    type: Literal["web_search", "web_search_2025_08_26"]
    filters: Filters | None = None
    search_context_size: Literal["low", "medium", "high"] | None = None
    user_location: UserLocation | None = None
    external_web_access: bool | None = None


class ToolChoice(StrictModel):
    """A tool that the model must use."""

    type: Literal["web_search", "web_search_2025_08_26"]


class Reasoning(StrictModel):
    """How much the model reasons."""

    effort: str | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class TextFormat(StrictModel):
    """The answer is free text."""

    type: Literal["text"]


class TextConfig(StrictModel):
    """The form of the answer."""

    format: TextFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class ResponsesRequest(StrictModel):
    """The body of `POST /v1/responses`, as far as this server supports it."""

    model: str
    input: str | list[InputMessage] = Field(min_length=1)
    include: list[Literal["web_search_call.action.sources", "reasoning.encrypted_content"]] | None = None
    instructions: str | None = None
    max_output_tokens: int | None = Field(None, ge=16)
    max_tool_calls: int | None = Field(None, ge=1)
    metadata: dict[str, str] | None = None
    parallel_tool_calls: bool | None = None
    prompt_cache_key: str | None = None
    reasoning: Reasoning | None = None
    safety_identifier: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    stream: Literal[False] | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    text: TextConfig | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None
    tools: list[WebSearchTool] | None = None
    top_p: float | None = Field(None, ge=0, le=1)
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None

    @property
    def tool(self) -> WebSearchTool | None:
        """The web search tool, None where the request has none or does not let it be used."""
        return self.tools[0] if self.tools and self.tool_choice != "none" else None

    @property
    def includes_sources(self) -> bool:
        """Whether the response lists all sources of a search."""
        return "web_search_call.action.sources" in (self.include or ())

    def messages(self) -> Sequence[tuple[str, str]]:
        """Return role and text of each message of the input."""
        if isinstance(self.input, str):
            return [("user", self.input)]
        return [(message.role, _text(message.content)) for message in self.input]


def _text(content: str | list[InputText]) -> str:
    return content if isinstance(content, str) else "\n".join(part.text for part in content)


def parse_responses_request(body: bytes) -> ResponsesRequest:
    """Parse the body of `POST /v1/responses`; raise the `ApiError` that the real API would send."""
    request = validate_body(ResponsesRequest, body)
    if request.tool_choice not in (None, "none", "auto") and not request.tools:
        raise ApiError("Tool choice 'required' must be specified with 'tools' parameter.", "tool_choice")
    return request


def check_responses_parameters(request: ResponsesRequest, behaviour: ModelBehaviour) -> None:
    """Raise the `ApiError` of the model for a parameter that it does not accept."""
    effort = request.reasoning.effort if request.reasoning else None
    if not behaviour.efforts:
        if effort is not None:
            raise unsupported("reasoning.effort")
        return
    check_effort("reasoning.effort", effort, behaviour.efforts)
    if behaviour.effort(effort) != "none":
        check_sampling(request.temperature, request.top_p)
