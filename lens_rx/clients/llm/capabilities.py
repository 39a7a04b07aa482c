"""What a server takes for one model, learnt from the errors that name a parameter.

OpenAI's models and the servers that speak its protocol know different subsets of the parameters. None is known by
its name: each call sends what is believed to be taken, and an error says what is not.
https://platform.openai.com/docs/api-reference/chat/create, https://developers.openai.com/api/docs/guides/latest-model
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lens_rx.clients.llm.lazy_openai import openai

#: Efforts of reasoning, lowest first.
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
#: What servers answer to an answer format that they do not know.
NOT_UNDERSTOOD = (400, 415, 422, 500, 501)
MAX_TOKENS, MAX_COMPLETION_TOKENS = "max_tokens", "max_completion_tokens"
#: Characters of an error that are read at most.
MAX_ERROR_LENGTH = 4_000
#: A request that is too large, which no other parameter makes smaller.
_TOO_LARGE = re.compile(
    r"context[ _-]?(length|window|size)|too (large|long|many)|exceed|less than", re.IGNORECASE
)
_UNKNOWN_PARAMETER = re.compile(
    r"unsupported parameter|unknown|unrecognized|not permitted|extra_forbidden", re.IGNORECASE
)
_IMAGES = re.compile(r"image|vision|multi-?modal|picture", re.IGNORECASE)
#: How llama.cpp, vLLM, Ollama, OpenRouter and others say that a model takes no images at all.
_NOT_TAKEN = re.compile(
    r"not support|unsupported|only supported|not a |no support|mmproj|text[- ]only|at most 0 |missing data required"
    r"|no endpoints found",
    re.IGNORECASE,
)
#: Words for the answer format, and for what servers make of a schema.
_FORMAT_WORDS = (
    "response_format",
    "json_schema",
    "json_object",
    "json schema",
    "grammar",
    "structured output",
)


class AnswerFormat(StrEnum):
    """How an answer is asked for, best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The parameters that a model takes, as far as they are known.

    `temperature` is None where it is left out now, and to be tried again with the next call. An empty
    `token_limit` or `reasoning_effort` is not sent. `reasoning_tokens` are added to the room for an answer.
    """

    token_limit: str = MAX_TOKENS
    temperature: bool | None = True
    reasoning_effort: str = ""
    store: bool = True
    answer_format: AnswerFormat = AnswerFormat.SCHEMA
    images: bool = True
    reasoning_tokens: int = 0
    refused: frozenset[str] = frozenset()

    @property
    def reasons(self) -> bool:
        """True for a model that takes an effort of reasoning."""
        return bool(self.reasoning_effort)

    def parameters(self, answer_tokens: int) -> dict[str, Any]:
        """Return the parameters of a request whose answer has at most `answer_tokens`."""
        sent: dict[str, Any] = (
            {self.token_limit: answer_tokens + self.reasoning_tokens} if self.token_limit else {}
        )
        if self.temperature:
            sent["temperature"] = 0
        if self.reasoning_effort:
            sent["reasoning_effort"] = self.reasoning_effort
        if self.store:
            sent["store"] = False
        return sent

    def settled(self) -> Capabilities:
        """Return what is known after an answer: a temperature that was left out is tried with the next call."""
        if self.temperature is not None:
            return self
        return replace(self, temperature=self.reasoning_effort in ("", "none"))

    def summary(self) -> str:
        """Return what differs from the best parameters, in a few words for the log."""
        parts = {
            "limit": self.token_limit or "none",
            "temperature": "yes" if self.temperature else "no",
            "effort": self.reasoning_effort or "not sent",
            "answers": str(self.answer_format),
        }
        return ", ".join(f"{name} {value}" for name, value in parts.items())

    def encode(self) -> bytes:
        """Return the form that is stored."""
        return _ADAPTER.dump_json(self)

    @classmethod
    def decode(cls, payload: bytes) -> Capabilities | None:
        """Return what was stored, None where it cannot be read."""
        try:
            return _ADAPTER.validate_json(payload)
        except ValidationError:
            return None


_ADAPTER = TypeAdapter(Capabilities)


def learn(known: Capabilities, error: openai.APIStatusError) -> Capabilities | None:
    """Return what is known after an error that names a parameter, None where it teaches nothing."""
    if error.status_code not in (400, 422) or _TOO_LARGE.search(text_of(error)):
        return None
    name = _named_parameter(known, error)
    return _LESSONS[name](known, error) if name else None


def plainer_format(
    known: Capabilities, error: openai.APIStatusError, *, confirmed: bool
) -> Capabilities | None:
    """Return what is known after an error that may be about the answer format, None where it is not.

    Most servers name the format, some with a 500. A refusal that names nothing counts as long as the format is not
    `confirmed`, which means that no question was ever answered in it; a failure that names nothing never does.
    """
    formats = list(AnswerFormat)
    position = formats.index(known.answer_format)
    if position + 1 == len(formats) or error.status_code not in NOT_UNDERSTOOD:
        return None
    refused = error.status_code < 500 and not confirmed and not _TOO_LARGE.search(text_of(error))
    if not names_format(error) and not refused:
        return None
    return replace(known, answer_format=formats[position + 1])


def text_of(error: openai.APIStatusError) -> str:
    """Return all that an error says: its message, and its body, which the message may leave out."""
    return f"{error} {error.body or ''}"[:MAX_ERROR_LENGTH]


def names_format(error: openai.APIStatusError) -> bool:
    """Tell whether an error names an answer format."""
    message = text_of(error).casefold()
    return any(word in message for word in _FORMAT_WORDS)


def is_about_images(error: openai.APIStatusError) -> bool:
    """Tell whether an error is about the images of a request."""
    return _IMAGES.search(text_of(error)) is not None


def takes_no_images(error: openai.APIStatusError) -> bool:
    """Tell whether an error says that the model takes no images at all, not just not this one."""
    return is_about_images(error) and _NOT_TAKEN.search(text_of(error)) is not None


def _named_parameter(known: Capabilities, error: openai.APIStatusError) -> str:
    """Return the parameter that was sent and is refused: the one that the error names, or names first."""
    sent = known.parameters(1)
    if error.param:
        return str(error.param) if error.param in sent else ""
    message = text_of(error)
    places = {name: found.start() for name in sent if (found := re.search(rf"\b{name}\b", message))}
    return min(places, key=lambda name: places[name], default="")


def _as_reasoning(known: Capabilities, refused: str, token_limit: str) -> Capabilities:
    """Return the parameters of a reasoning model: it refuses `max_tokens`, and `temperature` while it reasons.

    The temperature is left out until the effort is known, so that each error settles one parameter.
    """
    effort = known.reasoning_effort or ("" if "reasoning_effort" in known.refused else "none")
    limit = "" if token_limit in known.refused else token_limit
    return _refuse(known, refused, token_limit=limit, temperature=None, reasoning_effort=effort)


def _lower_effort(known: Capabilities, error: openai.APIStatusError) -> Capabilities:
    """Return the lowest effort that the error lists, else the next one; without any where the parameter is unknown."""
    message = text_of(error)
    listed = [
        it for it in EFFORTS if it != known.reasoning_effort and re.search(rf"['\"`]{it}\b['\"`]", message)
    ]
    higher = EFFORTS[EFFORTS.index(known.reasoning_effort) + 1 :]
    if listed:
        return _refuse(known, known.reasoning_effort, reasoning_effort=listed[0], temperature=False)
    if error.code in ("unsupported_parameter", "unknown_parameter") or _UNKNOWN_PARAMETER.search(message):
        temperature = False if "temperature" in known.refused else None
        return _refuse(known, "reasoning_effort", reasoning_effort="", temperature=temperature)
    following = "low" if "low" in higher else (higher[0] if higher else "")
    return _refuse(known, known.reasoning_effort, reasoning_effort=following, temperature=False)


def _without_max_tokens(known: Capabilities, _: openai.APIStatusError) -> Capabilities:
    return _as_reasoning(known, MAX_TOKENS, MAX_COMPLETION_TOKENS)


def _without_max_completion_tokens(known: Capabilities, _: openai.APIStatusError) -> Capabilities:
    limit = "" if MAX_TOKENS in known.refused else MAX_TOKENS
    return _refuse(known, MAX_COMPLETION_TOKENS, token_limit=limit)


def _without_temperature(known: Capabilities, error: openai.APIStatusError) -> Capabilities:
    # a server that does not know `store` is not OpenAI's, and strict: it would not know the effort either
    if known.reasoning_effort or known.refused & {"reasoning_effort", "store"}:
        return _refuse(known, "temperature", temperature=False)
    # OpenAI's own words announce its other limit as well; a foreign server may know none but the old one
    is_openai = error.code in ("unsupported_value", "unsupported_parameter")
    return _as_reasoning(known, "temperature", MAX_COMPLETION_TOKENS if is_openai else known.token_limit)


def _without_store(known: Capabilities, _: openai.APIStatusError) -> Capabilities:
    return _refuse(known, "store", store=False)


def _refuse(known: Capabilities, name: str, **changes: Any) -> Capabilities:
    return replace(known, refused=known.refused | {name}, **changes)


#: What an error that names a parameter teaches.
_LESSONS: dict[str, Callable[[Capabilities, openai.APIStatusError], Capabilities]] = {
    MAX_TOKENS: _without_max_tokens,
    MAX_COMPLETION_TOKENS: _without_max_completion_tokens,
    "temperature": _without_temperature,
    "reasoning_effort": _lower_effort,
    "store": _without_store,
}
