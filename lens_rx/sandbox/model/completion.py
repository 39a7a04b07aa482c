"""The response body of a chat completion."""

from __future__ import annotations

import time
from collections.abc import Sequence
from secrets import token_hex
from typing import Any, Final

from lens_rx.sandbox.model.behaviours import REASONING_TOKENS, ModelBehaviour
from lens_rx.sandbox.model.request import CompletionRequest
from lens_rx.sandbox.model.usage import PromptCache, image_tokens, limit_output, text_tokens

FINGERPRINT: Final = "fp_practice"
#: Tokens of the separators around messages.
MESSAGE_OVERHEAD: Final = 3


def completion_body(
    request: CompletionRequest,
    behaviour: ModelBehaviour,
    images: Sequence[bytes],
    content: str,
    cache: PromptCache,
) -> dict[str, Any]:
    """Return a completion with that content, cut where it and the reasoning exceed the limit."""
    reasoning = REASONING_TOKENS[behaviour.effort(request.reasoning_effort)]
    output = limit_output(content, reasoning, request.requested_tokens or behaviour.max_output_tokens)
    message = _message(output.text)
    usage = _usage(request, images, cache, in_patches=bool(behaviour.efforts))
    return _body(request, message, "length" if output.is_cut else "stop") | {
        "usage": _total(usage, output.tokens, output.reasoning_tokens)
    }


def refusal_body(
    request: CompletionRequest, images: Sequence[bytes], refusal: str, cache: PromptCache
) -> dict[str, Any]:
    """Return a completion without content that refuses to answer."""
    message = _message(None) | {"refusal": refusal}
    usage = _usage(request, images, cache)
    return _body(request, message, "stop") | {"usage": _total(usage, text_tokens(refusal), 0)}


def _message(content: str | None) -> dict[str, Any]:
    return {"role": "assistant", "content": content, "refusal": None, "annotations": []}


def _body(request: CompletionRequest, message: dict[str, Any], finish_reason: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}],
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }


def _usage(
    request: CompletionRequest, images: Sequence[bytes], cache: PromptCache, *, in_patches: bool = False
) -> tuple[int, int]:
    """Return the tokens of the prompt, and how many of them are cached."""
    prompt = request.text_of("system", "developer", "user", "assistant")
    tokens = (
        text_tokens(prompt) + sum(image_tokens(it, in_patches=in_patches) for it in images) + MESSAGE_OVERHEAD
    )
    return tokens, cache.cached_tokens(request.model, prompt)


def _total(prompt: tuple[int, int], tokens: int, reasoning: int) -> dict[str, Any]:
    prompt_tokens, cached = prompt
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": tokens,
        "total_tokens": prompt_tokens + tokens,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
