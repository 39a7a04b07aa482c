"""The answer of a model's server: a value of the wanted type, its usage, or a typed error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from genai_prices import Usage as PricedTokens
from genai_prices import calc_price
from pydantic import BaseModel, ValidationError

from lens_rx.clients.llm.capabilities import is_about_images, names_format
from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.protocols import Usage
from lens_rx.facts.errors import Blocked, PolicyError, StageError, UpstreamError

T = TypeVar("T", bound=BaseModel)

#: Characters of an answer that are read at most.
ANSWER_CHARACTERS = 20_000
#: Tokens that one call can take: a server that counts more is not believed.
MAX_TOKENS = 10_000_000
#: Characters of a server's own words that are logged and shown.
WORDS_LENGTH = 300
#: A server that names a longer pause is not waited for.
LONGEST_PAUSE_SECONDS = 5.0
KEY_REFUSED = "The model's server does not accept the key. Check OPENAI_API_KEY."
_DECODER = json.JSONDecoder()
_KEY = re.compile(r"\b(sk|pk|key|Bearer)[-_ ][^\s,;'\"]+", re.IGNORECASE)
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)


def value_of(completion: object, answer: type[T]) -> T:
    """Return the answer that a completion holds, also one in prose or in a Markdown code block.

    Raises `PolicyError` for a refusal and a filter, `UpstreamError` for an answer that was cut off or is none. No
    field is relied on: the client does not check what a foreign server sends.
    """
    first = _first_choice(completion)
    message = getattr(first, "message", None)
    if first is None or message is None:
        raise UpstreamError("The model's server answered without an answer.")
    if getattr(message, "refusal", None):
        raise PolicyError("The model refused to answer.")
    if first.finish_reason == "content_filter":
        raise PolicyError("The model's content filter withheld the answer.")
    if first.finish_reason == "length":
        raise UpstreamError("The model's answer was cut off at its length limit.")
    found = _last_valid(str(message.content or ""), answer)
    if found is None:
        raise UpstreamError("The model did not answer in the form it was asked for.")
    return found


def ran_out_of_room(completion: object) -> bool:
    """Tell whether reasoning took all the room, so that there is no answer at all."""
    first = _first_choice(completion)
    message = getattr(first, "message", None)
    if message is None or getattr(message, "refusal", None):
        return False
    return getattr(first, "finish_reason", "") == "length" and not str(message.content or "").strip()


def _first_choice(completion: object) -> Any:
    choices = getattr(completion, "choices", None)
    return choices[0] if choices else None


def _last_valid(content: str, answer: type[T]) -> T | None:
    """Return the last object of the text that is an answer: what stands before it is talk, or the question."""
    valid = None
    for found in _objects(_THOUGHTS.sub("", content[:ANSWER_CHARACTERS])):
        if not found.keys() & answer.model_fields.keys():
            continue
        try:
            valid = answer.model_validate(found)
        except ValidationError:
            continue
    return valid


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the outermost JSON objects of a text."""
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)


def usage_of(model: str, completion: object) -> Usage:
    """Return what a call took, as far as the server says; `model` is "" where nothing costs."""
    usage = getattr(completion, "usage", None)
    prompt, completed = number_of(usage, "prompt_tokens"), number_of(usage, "completion_tokens")
    cached = number_of(getattr(usage, "prompt_tokens_details", None), "cached_tokens")
    reasoning = number_of(getattr(usage, "completion_tokens_details", None), "reasoning_tokens")
    return Usage(prompt, completed, cost_usd(model, prompt, completed, cached), cached, reasoning)


def number_of(fields: object, name: str) -> int:
    """Return a count that a server sent, 0 where it sent none or one that cannot be."""
    value = getattr(fields, name, 0)
    return value if type(value) is int and 0 < value <= MAX_TOKENS else 0


def cost_usd(model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> float:
    """Return the list price of a call in US dollars, 0 for a model whose price is not known.

    The cached tokens are a part of the prompt's; reasoning is paid for as completion.
    """
    try:
        tokens = PricedTokens(
            input_tokens=prompt_tokens,
            cache_read_tokens=min(cached_tokens, prompt_tokens),
            output_tokens=completion_tokens,
        )
        return float(calc_price(tokens, model, provider_id="openai").total_price)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # accounting never costs an answer
        return 0.0


def is_server_failure(error: openai.APIError) -> bool:
    """Tell whether the server failed, or could not be reached: not that it refused this question."""
    if isinstance(error.__cause__, StageError):
        return False
    return isinstance(error, openai.APIConnectionError | openai.InternalServerError)


def server_words(error: openai.APIError) -> str:
    """Return what a server said of an error, shortened, in one line, and without anything like a key."""
    status = getattr(error, "status_code", "")
    said = " ".join(f"{status} {error.message}".split())
    return _KEY.sub("…", said)[:WORDS_LENGTH]


def error_of(error: openai.APIError, *, with_images: bool) -> StageError:
    """Return how a call failed. None is transient: what may pass was tried again already."""
    if isinstance(error.__cause__, StageError):  # what the HTTP client did not take
        return error.__cause__
    match error:
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return PolicyError(KEY_REFUSED)
        case openai.RateLimitError():
            return Blocked("The model's server says: too many requests, or no credit left.", "rate_limit")
        case _:
            return UpstreamError(_message(error, with_images=with_images))


def _message(error: openai.APIError, *, with_images: bool) -> str:
    match error:
        case openai.APIConnectionError():
            return "The model's server cannot be reached."
        case openai.APIStatusError() if with_images and is_about_images(error):
            return "The model takes no pictures."
        case openai.NotFoundError():
            return "The model's server does not know the model. Check LENS_RX_MODEL."
        case openai.BadRequestError() | openai.UnprocessableEntityError():
            return "The model's server does not take this question."
        case _:
            return "The model's server failed."


def may_pass(error: Exception) -> bool | float:
    """Tell whether, or in how many seconds, the same request may succeed."""
    match error:
        case openai.RateLimitError():
            pause = _pause_seconds(error)
            return pause if error.code != "insufficient_quota" and pause <= LONGEST_PAUSE_SECONDS else False
        case openai.InternalServerError():
            return not (names_format(error) or is_about_images(error))
        case _:
            return isinstance(error, openai.APIConnectionError)


def _pause_seconds(error: openai.APIStatusError) -> float:
    """Return how many seconds a server asks for; infinity where it names a date, 1 where it names none."""
    try:
        return max(float(error.response.headers.get("retry-after", "1")), 0.1)
    except ValueError:
        return float("inf")
