"""The server of the protocol: tools listed and called, refusals told as errors of the tool."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import mcp_types
import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from lens_rx import __version__
from lens_rx.clients.protocols import PhotoReader
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, RequestError
from lens_rx.mcp.tool import Tool, ToolCall
from lens_rx.mcp.tool_schema import schema_of
from lens_rx.mcp.tools import TOOLS
from lens_rx.web.context import AppContext, Requester

INSTRUCTIONS = (
    "Prices second-hand things. price_item identifies a thing by photos or words and gives a key; get_run, "
    "correct_item, dismiss_comparable and decide take that key. Amounts are in the currency that was asked for. "
    "When certainty is not high, check the name with the user and correct it rather than trust the price."
)
SANDBOX_NOTICE = "SANDBOX: nothing here is real."
INTERNAL_ERROR = (
    "Something went wrong in the service, and is logged there. Try once more, then tell its operator."
)
#: What to do next, beside what the message says.
NEXT_STEPS: Mapping[ErrorCode, str] = {
    ErrorCode.RUN_NOT_FOUND: "Use a key that price_item returned, or call price_item.",
    ErrorCode.COMPARABLE_NOT_FOUND: "Call get_run with offers=all for the ids.",
    ErrorCode.UNKNOWN_FIELD: "Call the tool again without it.",
}
ListTools = Callable[
    [ServerRequestContext[Any], mcp_types.PaginatedRequestParams | None], Awaitable[mcp_types.ListToolsResult]
]
CallTool = Callable[
    [ServerRequestContext[Any], mcp_types.CallToolRequestParams], Awaitable[mcp_types.CallToolResult]
]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ToolServer:
    """Lists and calls the tools of one service; `requester_of` says who sent the HTTP request of a call, None for none."""

    context: AppContext
    photo_reader: PhotoReader
    requester_of: Callable[[Any], Requester]

    def build(self) -> Server[Any]:
        """Return the SDK's server, to be run over any transport."""
        return make_server(self._noted(INSTRUCTIONS), self._list_tools, self._call_tool)

    async def _list_tools(
        self, _: ServerRequestContext[Any], __: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def _call_tool(
        self, request: ServerRequestContext[Any], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        tool = next((it for it in TOOLS if it.name == params.name), None)
        if tool is None:
            known = ", ".join(it.name for it in TOOLS)
            raise MCPError(mcp_types.INVALID_PARAMS, f"There is no tool {params.name[:80]}; known: {known}.")
        call = ToolCall(
            self.context,
            self.photo_reader,
            self.requester_of(request.request),
            request.session.report_progress,
        )
        result = await self._run(tool, call, params.arguments or {})
        code = (result.structured_content or {}).get("code", "") if result.is_error else "ok"
        self.context.metrics.mcp_calls.labels(tool.name, code).inc()
        return result

    async def _run(
        self, tool: Tool[Any], call: ToolCall, arguments: Mapping[str, Any]
    ) -> mcp_types.CallToolResult:
        try:
            answer = await tool.call(call, arguments)
        except ValidationError as error:
            return self._refuse(_invalid_arguments(error))
        except RequestError as error:
            return self._refuse(error)
        except Exception as error:  # noqa: BLE001  # logged, counted and told, as over HTTP
            self.context.metrics.errors.labels("mcp", "InternalError").inc()
            _log.error("tool broke", tool=tool.name, request=call.requester.request_id, exc_info=error)
            return _error_result(INTERNAL_ERROR, ErrorCode.INTERNAL_ERROR)
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(text=self._noted(answer.text()))],
            structured_content=answer.model_dump(mode="json", exclude_none=True),
        )

    def _noted(self, text: str) -> str:
        """Return a text that says so where it is of the sandbox."""
        return f"{SANDBOX_NOTICE} {text}" if self.context.sandbox else text

    def _refuse(self, error: RequestError) -> mcp_types.CallToolResult:
        self.context.metrics.count_error("mcp", error)
        return _error_result(str(error), error.code, error.retry_after)


def make_server(instructions: str | None, list_tools: ListTools, call_tool: CallTool) -> Server[Any]:
    """Return the SDK's server that lists and calls tools by these functions, under the name of the package."""
    return Server(
        "lens_rx",
        version=__version__,
        title="lens_rx",
        instructions=instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


@cache
def _described(tool: Tool[Any]) -> mcp_types.Tool:
    return mcp_types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.arguments, "validation"),
        output_schema=schema_of(tool.answer, "validation"),
        annotations=mcp_types.ToolAnnotations(
            read_only_hint=tool.read_only, destructive_hint=False, open_world_hint=tool.looks_up
        ),
    )


def _error_result(message: str, code: ErrorCode, retry_after: int | None = None) -> mcp_types.CallToolResult:
    """Return a refusal: its words and what to do next as text, and the code that the same has over HTTP."""
    wait = f"Try again in {retry_after} s." if retry_after else ""
    text = " ".join(filter(None, (message, wait, NEXT_STEPS.get(code, ""), f"({code})")))
    details = {"error": message, "code": str(code)} | ({"retry_after": retry_after} if retry_after else {})
    return mcp_types.CallToolResult(
        content=[mcp_types.TextContent(text=text)], structured_content=details, is_error=True
    )


def _invalid_arguments(error: ValidationError) -> BadRequest:
    """Return the refusal of arguments that do not fit, without their values."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    words = [f"{'.'.join(map(str, it['loc']))}: {it['msg']}" for it in found[:5]]
    is_unknown = all(it["type"] == "extra_forbidden" for it in found)
    code = ErrorCode.UNKNOWN_FIELD if is_unknown else ErrorCode.INVALID_PARAMETER
    return BadRequest(f"The arguments do not fit: {'; '.join(words)}.", code=code)
