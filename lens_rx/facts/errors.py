"""Every failure, each with its HTTP status or with the outcome it ends a stage in.

LensRxError
├── RequestError         the caller's fault: an HTTP status and a message that helps
│   ├── BadRequest           400
│   ├── Forbidden            403
│   ├── NotFound             404
│   ├── TooSlow              408
│   ├── TooLarge             413
│   ├── UnsupportedMedia     415
│   ├── Unprocessable        422
│   ├── Busy                 429, with Retry-After
│   └── Unavailable          503, with Retry-After
└── StageError           a stage's fault: an `Outcome` and a message that helps
    ├── NoResults            empty: verified, nothing matches
    ├── Blocked              blocked: a captcha, consent wall or block page, named
    ├── ParseError           drift: a long page in which the parser finds nothing
    ├── StageTimeout         timeout
    ├── PolicyError          refused: a policy of ours, or the model's own refusal
    └── UpstreamError        error: everything else; `transient` where a retry may help
"""

from __future__ import annotations

from lens_rx.facts.enums import Outcome


class LensRxError(Exception):
    """Root of the tree. `str(error)` is fit to be shown to a user: no secret, no path, no file name."""


class RequestError(LensRxError):
    """A request that is turned away before any run starts."""

    status = 400

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BadRequest(RequestError):
    """The request cannot be understood."""


class Forbidden(RequestError):
    """A page of an origin that may not read."""

    status = 403


class NotFound(RequestError):
    """No such run or page."""

    status = 404


class TooSlow(RequestError):
    """An upload that stalled."""

    status = 408


class TooLarge(RequestError):
    """Over a size limit."""

    status = 413


class UnsupportedMedia(RequestError):
    """Not a photo of a kind we read."""

    status = 415


class Unprocessable(RequestError):
    """A photo, but nothing can be seen in it."""

    status = 422


class Busy(RequestError):
    """The queue is full; `retry_after` says when it may not be."""

    status = 429


class Unavailable(RequestError):
    """The log is away or the node is shutting down."""

    status = 503


class StageError(LensRxError):
    """Ends a stage; `outcome` is its typed end, `transient` says whether a retry may help."""

    outcome = Outcome.ERROR
    transient = False


class NoResults(StageError):
    """Verified: the site says that nothing matches."""

    outcome = Outcome.EMPTY


class Blocked(StageError):
    """A captcha, consent wall or degraded shell stood in the way; `wall` names it."""

    outcome = Outcome.BLOCKED

    def __init__(self, message: str, wall: str = "") -> None:
        super().__init__(message)
        self.wall = wall


class ParseError(StageError):
    """The page is there, but not in a form that we can read."""

    outcome = Outcome.DRIFT


class StageTimeout(StageError):
    """Took longer than allowed."""

    outcome = Outcome.TIMEOUT


class PolicyError(StageError):
    """A guard of ours said no (a private address, a size), or the model refused."""

    outcome = Outcome.REFUSED


class UpstreamError(StageError):
    """Anything else that went wrong outside."""

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


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
