"""All errors, each with its HTTP status or with the outcome in which it ends a stage.

LensRxError
├── RequestError         an error of the request: an HTTP status, a code and a message
│   ├── BadRequest           400
│   ├── Unauthorized         401
│   ├── Forbidden            403
│   ├── NotFound             404
│   ├── TooSlow              408
│   ├── Conflict             409
│   ├── TooLarge             413
│   ├── UnsupportedMedia     415
│   ├── Unprocessable        422
│   ├── Busy                 429, with Retry-After
│   └── Unavailable          503, with Retry-After
└── StageError           an error of a stage: an `Outcome` and a message
    ├── NoResults            empty: verified, nothing matches
    ├── Blocked              blocked: a captcha, consent wall or block page, named
    ├── ParseError           drift: a long page in which the parser finds nothing
    ├── StageTimeout         timeout
    ├── PolicyError          refused: by a policy of the service, or by the model
    └── UpstreamError        error: everything else; `transient` where a retry may help
        ├── KeyRefused           the service does not accept the key
        └── Discontinued         the service has ended, or no longer offers this
"""

from __future__ import annotations

from copy import copy
from typing import TypeVar

from lens_rx.facts.enums import Outcome
from lens_rx.facts.error_codes import ErrorCode


class LensRxError(Exception):
    """Root of the tree. `str(error)` can be shown to a user: no secret, no path, no file name."""


class RequestError(LensRxError):
    """A request that is rejected: `code` says to programs why, the class' own unless another is given."""

    status = 400
    code = ErrorCode.BAD_REQUEST

    def __init__(
        self, message: str, retry_after: int | None = None, *, code: ErrorCode | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.code = code or type(self).code


class BadRequest(RequestError):
    """The request cannot be understood."""

    code = ErrorCode.BAD_REQUEST


class Unauthorized(RequestError):
    """No token, or one that is not valid."""

    status = 401
    code = ErrorCode.TOKEN_MISSING


class Forbidden(RequestError):
    """A page of an origin that is not allowed to read."""

    status = 403
    code = ErrorCode.FORBIDDEN_ORIGIN


class NotFound(RequestError):
    """No such run or page."""

    status = 404
    code = ErrorCode.RUN_NOT_FOUND


class TooSlow(RequestError):
    """An upload that stalled."""

    status = 408
    code = ErrorCode.TOO_SLOW


class Conflict(RequestError):
    """The run is live, or was changed since it was read."""

    status = 409
    code = ErrorCode.CONFLICT


class TooLarge(RequestError):
    """Over a size limit."""

    status = 413
    code = ErrorCode.TOO_LARGE


class UnsupportedMedia(RequestError):
    """Not a photo in a supported format."""

    status = 415
    code = ErrorCode.UNSUPPORTED_MEDIA


class Unprocessable(RequestError):
    """A photo that cannot be processed."""

    status = 422
    code = ErrorCode.UNPROCESSABLE


class Busy(RequestError):
    """The queue is full; `retry_after` says when it may not be."""

    status = 429
    code = ErrorCode.BUSY


class Unavailable(RequestError):
    """The storage does not answer, or the node is shutting down."""

    status = 503
    code = ErrorCode.UNAVAILABLE


class RunGone(Unavailable):
    """A run that was followed was deleted, or given up, before it was complete."""

    code = ErrorCode.UNAVAILABLE


class StageError(LensRxError):
    """Ends a stage with `outcome`; `transient` says whether a retry may help."""

    outcome = Outcome.ERROR
    transient = False


class NoResults(StageError):
    """Verified: the site says that nothing matches."""

    outcome = Outcome.EMPTY


class Blocked(StageError):
    """A captcha, consent wall, degraded page or used-up quota; `wall` names it.

    `retry_after` is in how many seconds the service may be asked again, where it says so.
    """

    outcome = Outcome.BLOCKED

    def __init__(self, message: str, wall: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.wall = wall
        self.retry_after = retry_after


class ParseError(StageError):
    """The page was received but cannot be parsed."""

    outcome = Outcome.DRIFT


class StageTimeout(StageError):
    """A deadline was exceeded."""

    outcome = Outcome.TIMEOUT


class PolicyError(StageError):
    """Refused by a policy of the service (a private address, a size) or by the model."""

    outcome = Outcome.REFUSED


class UpstreamError(StageError):
    """Any other failure of an outside service."""

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class KeyRefused(UpstreamError):
    """The service does not accept the key: it is wrong, expired, or not allowed to do this."""


class Discontinued(UpstreamError):
    """The service has ended, or no longer offers what is asked of it."""


E = TypeVar("E", bound=StageError)


def with_message(error: E, message: str) -> E:
    """Return an error of the same type and details with another message, and without its cause."""
    other = copy(error)
    other.args = (message,)
    other.__cause__ = None
    return other


_BY_OUTCOME: dict[Outcome, type[StageError]] = {
    Outcome.EMPTY: NoResults,
    Outcome.BLOCKED: Blocked,
    Outcome.DRIFT: ParseError,
    Outcome.TIMEOUT: StageTimeout,
    Outcome.REFUSED: PolicyError,
}


def stage_error(outcome: Outcome, message: str) -> StageError:
    """Return the error that ends a stage in `outcome`."""
    return _BY_OUTCOME.get(outcome, UpstreamError)(message)
