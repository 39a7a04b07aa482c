"""Access checks of the search engine's pages: consent, a session, and a proof that scripts run."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiohttp import web

from lens_rx.sandbox import block_pages
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX

T = TypeVar("T")

SESSION_COOKIE = "NID"
PROOF_COOKIE = "SG_SS"
#: Sessions or searches kept at most; the oldest are dropped first.
MAX_ENTRIES = 2_000

_PROOF_SCRIPT = """
(function () {
  var nonce = "%s", hash = 2166136261;
  for (var i = 0; i < nonce.length; i++) hash = Math.imul(hash ^ nonce.charCodeAt(i), 16777619);
  document.cookie = "%s=" + (hash >>> 0) + "; path=/; domain=%s";
  var here = location.href.split("#")[0];
  location.replace(here + (here.indexOf("?") < 0 ? "?" : "&") + "sei=" + nonce.slice(0, 8));
})();
"""


class BoundedCache(Generic[T]):
    """A mapping that drops its oldest entry when it is full."""

    def __init__(self, limit: int = MAX_ENTRIES) -> None:
        self._limit = limit
        self._entries: OrderedDict[str, T] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        """Store `value` as the newest entry."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)

    def get(self, key: str) -> T | None:
        """Return the value of `key`, or None."""
        return self._entries.get(key)


@dataclass(frozen=True, slots=True)
class Session:
    """A visitor's session, identified by a cookie; `proof` is what the proof script computes from `nonce`."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def proof(self) -> str:
        """Return the 32-bit FNV-1a hash of the nonce, in decimal digits."""
        hashed = 2_166_136_261
        for byte in self.nonce.encode():
            hashed = (hashed ^ byte) * 16_777_619 % 2**32
        return str(hashed)


class SessionGate:
    """Admits visitors that consented, have a session, and ran the proof script."""

    def __init__(self) -> None:
        self._sessions: BoundedCache[Session] = BoundedCache()

    def session(self, request: web.Request) -> Session | None:
        """Return the visitor's session, or None."""
        return self._sessions.get(request.cookies.get(SESSION_COOKIE, ""))

    def check(self, request: web.Request, *, script: bool = True) -> web.Response | None:
        """Return the block page for a visitor that is not admitted, else None.

        With `script` False only consent is required, as for start pages.
        """
        if block_pages.CONSENT_COOKIE not in request.cookies:
            return block_pages.redirect_to_consent(request)
        session = self.session(request)
        if not script or (session and request.cookies.get(PROOF_COOKIE) == session.proof):
            return None
        session = session or Session()
        script_text = _PROOF_SCRIPT % (session.nonce, PROOF_COOKIE, SANDBOX_SUFFIX[1:])
        return self.set_session(block_pages.script_required_page(script_text), session)

    def set_session(self, response: web.Response, session: Session) -> web.Response:
        """Store the session and set its cookie."""
        self._sessions.put(session.id, session)
        response.set_cookie(SESSION_COOKIE, session.id, domain=SANDBOX_SUFFIX[1:], httponly=True)
        return response
