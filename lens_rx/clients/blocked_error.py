"""Errors for a page that is blocked or does not come, in words for a user."""

from __future__ import annotations

from lens_rx.facts.errors import Blocked, PolicyError, UpstreamError
from lens_rx.parsing.html.urls import host_of

EXPLANATIONS = {
    "captcha": "asks for a captcha, which is never solved here",
    "consent": "asks for consent and does not take the answer",
    "shell": "shows a page without content, as it does to programs",
    "pardon": "takes us for a program and shows no content",
    "challenge": "takes us for a program and shows no content",
    "forbidden": "does not let us in",
    "rate_limit": "says that it is asked too often",
    "unavailable": "says that it is not available now",
    "login": "shows it only to those who sign in",
}


def blocked_error(url: str, wall: str) -> Blocked:
    """Return the error for a page of `url` that shows `wall` (a kind of block page) instead of its content."""
    return Blocked(f"{host_of(url)} {_explanation(wall)}. Please try again later.", wall)


def no_answer_error(url: str) -> UpstreamError:
    """Return the error for an empty document that no answer of the site's stands behind: after a fault of the network."""
    return UpstreamError(f"{host_of(url)} did not answer with a page. Please try again.", transient=True)


def cooldown_error(host: str, wall: str, seconds: float) -> Blocked:
    """Return the error for a host that is left alone for `seconds` more, because it showed `wall`."""
    return Blocked(
        f"{host} {_explanation(wall)}. It is left alone for {seconds:.0f} s more; try again then.", wall
    )


def navigation_error(host: str, failure: str, status: int) -> UpstreamError | PolicyError:
    """Return the error for Chromium's message on a failed navigation."""
    if status >= 400:
        return UpstreamError(f"{host} answered with status {status}.", transient=status >= 500)
    if "SOCKS" in failure or "BLOCKED" in failure:
        # the egress proxy refuses nothing else
        return PolicyError("The address is not public.")
    return UpstreamError(f"{host} cannot be reached.", transient=True)


def _explanation(wall: str) -> str:
    return EXPLANATIONS.get(wall, "shows something else than was asked for")
