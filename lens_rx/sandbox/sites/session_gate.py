"""What stands before the search engine's pages: consent, a session, and a proof that script runs."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiohttp import web

from lens_rx.sandbox import block_pages as walls
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX

T = TypeVar("T")

SESSION_COOKIE = "NID"
PROOF_COOKIE = "SG_SS"
#: Sessions and look-ups kept at most; the oldest go first.
KEPT = 2_000

_PROOF_SCRIPT = """
(function () {
  var nonce = "%s", hash = 2166136261;
  for (var i = 0; i < nonce.length; i++) hash = Math.imul(hash ^ nonce.charCodeAt(i), 16777619);
  document.cookie = "%s=" + (hash >>> 0) + "; path=/; domain=%s";
  var here = location.href.split("#")[0];
  location.replace(here + (here.indexOf("?") < 0 ? "?" : "&") + "sei=" + nonce.slice(0, 8));
})();
"""


class Kept(Generic[T]):
    """A mapping that forgets its oldest entry when it is full."""

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._entries: OrderedDict[str, T] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        """Keep `value` under `key`, as the newest entry."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)

    def get(self, key: str) -> T | None:
        """Return what is kept under `key`, None where nothing is."""
        return self._entries.get(key)


@dataclass(frozen=True, slots=True)
class Session:
    """One visitor, known by a cookie. `proof` is what our script makes of its `nonce`."""

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
    """Lets a visitor through who consented, holds a session, and ran our script."""

    def __init__(self) -> None:
        self._sessions: Kept[Session] = Kept()

    def session(self, request: web.Request) -> Session | None:
        """Return the visitor's session, None for a stranger."""
        return self._sessions.get(request.cookies.get(SESSION_COOKIE, ""))

    def wall(self, request: web.Request, *, script: bool = True) -> web.Response | None:
        """Return what stands in the visitor's way, None where nothing does.

        `script` False asks for consent alone, as start pages do.
        """
        if walls.CONSENT_COOKIE not in request.cookies:
            return walls.to_consent(request)
        session = self.session(request)
        if not script or (session and request.cookies.get(PROOF_COOKIE) == session.proof):
            return None
        session = session or Session()
        script_text = _PROOF_SCRIPT % (session.nonce, PROOF_COOKIE, SANDBOX_SUFFIX[1:])
        return self.admitted(walls.shell(script_text), session)

    def admitted(self, answer: web.Response, session: Session) -> web.Response:
        """Keep the session and give the answer its cookie."""
        self._sessions.put(session.id, session)
        answer.set_cookie(SESSION_COOKIE, session.id, domain=SANDBOX_SUFFIX[1:], httponly=True)
        return answer
