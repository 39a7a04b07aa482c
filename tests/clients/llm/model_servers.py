"""Servers as strict as the real ones about the parameters of a chat completion, as functions of its body."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from model_stand_in import NAMED, Body, Said, form_of, shows_pictures

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
GOOD = json.dumps(NAMED)


def refusal(message: str, param: str | None = None, code: str | None = None, status: int = 400) -> Said:
    """Return an error in the form of OpenAI's API."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return Said(status=status, body={"error": error})


def completion(content: str, finish: str = "stop", *, reasoning: int = 0, cached: int = 0) -> Said:
    """Return a completion with the usage that OpenAI reports."""
    message = {"role": "assistant", "content": content, "refusal": None}
    usage = {
        "prompt_tokens": 1_200,
        "completion_tokens": 20 + reasoning,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return Said(body={"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage})


def gpt_4o(body: Body) -> Said:
    """GPT-4o: either limit, any temperature, no effort of reasoning."""
    if "reasoning_effort" in body:
        return refusal("Unrecognized request argument supplied: reasoning_effort")
    if "max_tokens" in body and "max_completion_tokens" in body:
        return refusal("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    return completion(GOOD)


def reasoning_model(
    *,
    efforts: Sequence[str],
    temperature: bool = True,
    order: Sequence[str] = ("limit", "temperature", "effort"),
) -> Callable[[Body], Said]:
    """Return a model of the GPT-5 and GPT-6 families, which checks its parameters in `order`."""

    def limit(body: Body) -> Said | None:
        if "max_tokens" not in body:
            return None
        return refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        )

    def sampling(body: Body) -> Said | None:
        reasons = body.get("reasoning_effort", "medium") != "none"
        if "temperature" not in body or (temperature and not reasons):
            return None
        return refusal(
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is"
            " supported.",
            "temperature",
            "unsupported_value",
        )

    def effort(body: Body) -> Said | None:
        asked = body.get("reasoning_effort")
        if asked is None or asked in efforts:
            return None
        known = ", ".join(f"'{it}'" for it in efforts[:-1]) + f", and '{efforts[-1]}'"
        return refusal(
            f"Unsupported value: 'reasoning_effort' does not support '{asked}' with this model. Supported values"
            f" are: {known}.",
            "reasoning_effort",
            "unsupported_value",
        )

    checks = {"limit": limit, "temperature": sampling, "effort": effort}

    def answer(body: Body) -> Said:
        complaints = (checks[name](body) for name in order)
        return next(filter(None, complaints), None) or _reasoned(body)

    return answer


def _reasoned(body: Body) -> Said:
    """Answer where the reasoning, which counts against the limit, leaves room for it."""
    effort = body.get("reasoning_effort", "medium")
    tokens = {"none": 0, "minimal": 50, "low": 500}.get(effort, 2_500)
    room = body.get("max_completion_tokens", 100_000)
    if tokens + 20 > room:
        return completion("", "length", reasoning=room)
    return completion(GOOD, reasoning=tokens)


gpt_6_luna = reasoning_model(efforts=EFFORTS[:1] + EFFORTS[2:])
gpt_61_sol = reasoning_model(efforts=EFFORTS[2:])
gpt_62_astra = reasoning_model(efforts=EFFORTS[2:6], temperature=False)
gpt_5_mini = reasoning_model(efforts=EFFORTS[1:5], temperature=False)


def llama_cpp(body: Body) -> Said:
    """llama.cpp: passes over what it does not know, and takes images only with a projector."""
    if shows_pictures(body):
        message = (
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
        )
        return Said(status=500, body={"error": {"code": 500, "message": message, "type": "server_error"}})
    return Said(GOOD)


def vllm(body: Body) -> Said:
    """VLLM with a text model: passes over what it does not know, and refuses images."""
    if shows_pictures(body):
        message = "Qwen/Qwen3-8B is not a multimodal model"
        error: dict[str, Any] = {"message": message, "type": "BadRequestError", "param": None, "code": 400}
        return Said(status=400, body={"error": error})
    return Said(GOOD)


def vllm_text_only(body: Body) -> Said:
    """VLLM whose model sees, started without images."""
    if shows_pictures(body):
        return refusal("At most 0 image(s) may be provided in one prompt.", "image")
    return Said(GOOD)


def ollama_text(body: Body) -> Said:
    """Ollama with a text model."""
    if shows_pictures(body):
        error = {"message": "this model is missing data required for image input", "type": "api_error"}
        return Said(status=500, body={"error": error})
    return Said(GOOD)


def openrouter(body: Body) -> Said:
    """OpenRouter with a text model."""
    if shows_pictures(body):
        return Said(
            status=404,
            body={"error": {"message": "No endpoints found that support image input", "code": 404}},
        )
    return Said(GOOD)


def lm_studio(body: Body) -> Said:
    """LM Studio: schemas or text; its error is no object."""
    if form_of(body) == "json_object":
        return Said(status=400, body={"error": "'response_format.type' must be 'json_schema' or 'text'"})
    return Said(GOOD)


def strictest_foreign(body: Body) -> Said:
    """Refuse all that can be left out, one thing at a time."""
    for name in ("store", "reasoning_effort"):
        if name in body:
            detail = [
                {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"}
            ]
            return Said(status=422, body={"detail": detail})
    if "temperature" in body:
        return refusal("temperature must be at least 0.1", code="bad_request")
    if form_of(body) != "text":
        return refusal(f"response_format {form_of(body)} is not supported")
    return Said(GOOD)


def strict_foreign(body: Body) -> Said:
    """Refuse unknown fields and schemas, as a strict foreign server does."""
    known = {"model", "messages", "max_tokens", "temperature", "response_format"}
    if unknown := sorted(set(body) - known):
        detail = [
            {"type": "extra_forbidden", "loc": ["body", unknown[0]], "msg": "Extra inputs are not permitted"}
        ]
        return Said(status=422, body={"detail": detail})
    if form_of(body) == "json_schema":
        return Said(status=400, body={"message": "response_format: Input should be 'text' or 'json_object'"})
    return Said(GOOD)


def greedy_foreign(body: Body) -> Said:
    """Refuse a temperature of 0, and pass over what is not known, as Text Generation Inference does."""
    if body.get("temperature") == 0:
        return Said(
            status=422, body={"error": "`temperature` must be strictly positive", "error_type": "validation"}
        )
    if "max_tokens" not in body:
        return completion('{"word": "bo', "length")
    return Said(GOOD)


def ollama(installed: Sequence[str]) -> Callable[[Body], Said]:
    """Return an Ollama with some models installed."""

    def answer(body: Body) -> Said:
        if body["model"] in installed:
            return Said(GOOD)
        message = f'model "{body["model"]}" not found, try pulling it first'
        return Said(
            status=404, body={"error": {"message": message, "type": "api_error", "param": None, "code": None}}
        )

    return answer
