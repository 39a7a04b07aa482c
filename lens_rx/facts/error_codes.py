"""Every code of a refusal: a stable word for programs, beside the sentence for people.

A code is a promise to clients: more may come, none changes its meaning.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class ErrorCode(StrEnum):
    """A code with the HTTP status that it comes with, and what it means."""

    status: int
    meaning: str

    def __new__(cls, word: str, status: int, meaning: str) -> Self:
        """Return the member of a word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.status = status
        member.meaning = meaning
        return member

    BAD_REQUEST = "bad_request", 400, "the request cannot be understood"
    INVALID_PARAMETER = "invalid_parameter", 400, "a parameter of the query has a value that it cannot have"
    UNKNOWN_PARAMETER = "unknown_parameter", 400, "the query has a parameter that this address does not know"
    UNKNOWN_COUNTRY = "unknown_country", 400, "`country` is no code of ISO 3166-1"
    UNKNOWN_CURRENCY = "unknown_currency", 400, "`currency` has no published rate"
    UNKNOWN_EVENTS = "unknown_events", 400, "`events` names a kind of fact that there is not"
    INVALID_BODY = "invalid_body", 400, "the body is not of the form that this address takes"
    UNKNOWN_FIELD = "unknown_field", 400, "the body has a field that this address does not know"
    NO_PHOTO = "no_photo", 400, "the upload holds no photo"
    INVALID_CALLBACK = "invalid_callback", 400, "`callback` is no public web address"
    WEBHOOKS_DISABLED = (
        "webhooks_disabled",
        400,
        "`callback` is given, and the service has no secret to sign with",
    )
    TOKEN_MISSING = "token_missing", 401, "a token is needed, and none was sent"
    TOKEN_INVALID = "token_invalid", 401, "the token is not valid, or not any more"
    FORBIDDEN_ORIGIN = "forbidden_origin", 403, "a page of this origin may not use the service"
    NOT_FOUND = "not_found", 404, "nothing is at this address"
    RUN_NOT_FOUND = "run_not_found", 404, "there is no such run, or it is another tenant's"
    WEBHOOK_NOT_FOUND = (
        "webhook_not_found",
        404,
        "there is no such undelivered webhook, or it is another tenant's",
    )
    COMPARABLE_NOT_FOUND = "comparable_not_found", 404, "the run has no comparable of this id"
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "the address does not take this method"
    CONFLICT = "conflict", 409, "the run is live, or was changed since it was read"
    TOO_SLOW = "too_slow", 408, "the request or the upload took too long to arrive"
    TOO_LARGE = "too_large", 413, "too many bytes, pixels, photos or parts"
    UNSUPPORTED_MEDIA = "unsupported_media", 415, "no photo of a format that is read, or an encoded body"
    EXPECTATION_FAILED = "expectation_failed", 417, "`Expect` asks for something else than 100-continue"
    UNKNOWN_HOST = "unknown_host", 421, "the host name is not one of the service's own"
    UNPROCESSABLE = "unprocessable", 422, "it is understood and cannot be done: a photo that shows nothing"
    BUSY = "busy", 429, "a queue or a limit is full; `Retry-After` says when to come again"
    INTERNAL_ERROR = "internal_error", 500, "a fault of the service, logged under the request's id"
    UNAVAILABLE = "unavailable", 503, "the storage is away, or the node restarts; see `Retry-After`"
