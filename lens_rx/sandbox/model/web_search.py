"""Answers of the Responses API: a search in the sandbox's index, with citations of what was found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from secrets import token_hex
from typing import Any, Final

from yarl import URL

from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.model.behaviours import REASONING_TOKENS, ModelBehaviour
from lens_rx.sandbox.model.evidence import Evidence
from lens_rx.sandbox.model.responses_request import ResponsesRequest, WebSearchTool
from lens_rx.sandbox.model.usage import Output, PromptCache, limit_output, text_tokens
from lens_rx.sandbox.sites.index import Document
from lens_rx.sandbox.sites.search import SearchIndex

#: Results that are cited, by `search_context_size`.
CITATIONS: Final = {"low": 4, "medium": 8, "high": 12}
#: The tokens of search results that the model reads, for each cited one.
RESULT_TOKENS: Final = 400
#: The parameter that the real API adds to every cited address.
TRACKING: Final = {"utm_source": "openai"}


def search_query(catalogue: Catalogue, text: str) -> str:
    """Return what the model searches for: the line labelled `query` or `thing`, a known name, else the last line."""
    evidence = Evidence(catalogue, text)
    for label in ("query", "search", "thing"):
        if label in evidence.labelled:
            return evidence.labelled[label]
    thing = evidence.find_thing(text)
    if thing:
        return f"{thing.producer} {thing.model}"
    return evidence.lines[-1] if evidence.lines else ""


def find_documents(index: SearchIndex, query: str, tool: WebSearchTool) -> list[Document]:
    """Return the results of the tool's search, within its allowed domains."""
    allowed = tool.filters.allowed_domains if tool.filters else None
    found = index.find(query)
    if allowed is None:
        return found
    return [document for document in found if _in_domains(document, allowed)]


def _in_domains(document: Document, domains: Sequence[str]) -> bool:
    host = URL(document.link).host or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def response_body(
    request: ResponsesRequest,
    behaviour: ModelBehaviour,
    catalogue: Catalogue,
    index: SearchIndex,
    cache: PromptCache,
) -> dict[str, Any]:
    """Return the response: the search, where the request has the tool, and a message that cites its results."""
    tool = request.tool
    query = search_query(catalogue, "\n".join(text for role, text in request.messages() if role == "user"))
    found = find_documents(index, query, tool) if tool else []
    cited = found[: CITATIONS[tool.search_context_size or "medium"]] if tool else []
    text, annotations = _cite(cited, found[len(cited) : len(cited) + 1])
    effort = behaviour.effort(request.reasoning.effort if request.reasoning else None)
    limit = request.max_output_tokens or behaviour.max_output_tokens
    output = limit_output(text, REASONING_TOKENS[effort], limit)
    items = [_reasoning_item()] if behaviour.efforts else []
    items += [_search_item(query, found, with_sources=request.includes_sources)] if tool else []
    items += [_message_item(output, annotations)] if output.text else []
    return _body(request, items, output) | {"usage": _usage(request, output, len(cited), cache)}


def _cite(cited: Sequence[Document], mentioned: Sequence[Document]) -> tuple[str, list[dict[str, Any]]]:
    """Return the answer's text and its citations; a mentioned address is no citation."""
    text, annotations = "", []
    for document in cited:
        url = str(URL(document.link).update_query(TRACKING))
        start = len(text)
        text += f"{document.title} ([{URL(document.link).host}]({url}))\n"
        annotations.append(
            {
                "type": "url_citation",
                "start_index": start + len(document.title) + 1,
                "end_index": len(text) - 1,
                "url": url,
                "title": document.title,
            }
        )
    text += "".join(f"See also {document.link}\n" for document in mentioned)
    return text or "I could not find anything about this.", annotations


def _reasoning_item() -> dict[str, Any]:
    return {"id": f"rs_{token_hex(12)}", "type": "reasoning", "summary": []}


def _search_item(query: str, found: Sequence[Document], *, with_sources: bool) -> dict[str, Any]:
    action: dict[str, Any] = {"type": "search", "query": query, "queries": [query]}
    if with_sources:
        action["sources"] = [{"type": "url", "url": document.link} for document in found]
    return {"id": f"ws_{token_hex(12)}", "type": "web_search_call", "status": "completed", "action": action}


def _message_item(output: Output, annotations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    kept = [each for each in annotations if each["end_index"] <= len(output.text)]
    part = {"type": "output_text", "text": output.text, "annotations": kept, "logprobs": []}
    return {
        "id": f"msg_{token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "status": "incomplete" if output.is_cut else "completed",
        "content": [part],
    }


def _body(request: ResponsesRequest, items: list[dict[str, Any]], output: Output) -> dict[str, Any]:
    return {
        "id": f"resp_{token_hex(12)}",
        "object": "response",
        "created_at": int(time.time()),
        "status": "incomplete" if output.is_cut else "completed",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if output.is_cut else None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "metadata": request.metadata or {},
        "model": request.model,
        "output": items,
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "store": request.store is not False,
        "temperature": request.temperature if request.temperature is not None else 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": _dumped(request.tool_choice) or "auto",
        "tools": [_dumped(tool) for tool in request.tools or ()],
        "top_p": request.top_p if request.top_p is not None else 1.0,
        "truncation": request.truncation or "disabled",
    }


def _dumped(value: object) -> Any:
    return value.model_dump(exclude_none=True) if isinstance(value, WebSearchTool) else value


def _usage(request: ResponsesRequest, output: Output, cited: int, cache: PromptCache) -> dict[str, Any]:
    prompt = "\n".join([request.instructions or "", *(text for _, text in request.messages())])
    tokens = text_tokens(prompt) + RESULT_TOKENS * cited
    return {
        "input_tokens": tokens,
        "input_tokens_details": {
            "cached_tokens": cache.cached_tokens(request.model, prompt),
            "cache_write_tokens": 0,
        },
        "output_tokens": output.tokens,
        "output_tokens_details": {"reasoning_tokens": output.reasoning_tokens},
        "total_tokens": tokens + output.tokens,
    }
