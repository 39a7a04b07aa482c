"""Access checks of the search engine's pages: consent, a session, and a proof that scripts run."""

from __future__ import annotations

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

from aiohttp import web

from lens_rx.sandbox import block_pages
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX

T = TypeVar("T")

SESSION_COOKIE = "NID"
PROOF_COOKIE = "SG_SS"
#: What tells one browser from another.
AGENT_HEADERS = ("User-Agent", "Accept-Language", "Upgrade-Insecure-Requests")
#: A proof holds for so long; then the script has to run again.
PROOF_SECONDS = 1_200.0
#: More look-ups of one session within a second are answered with a captcha.
LOOKUPS_A_SECOND = 60
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


@dataclass(slots=True)
class Session:
    """A visitor's session, identified by a cookie; `proof` is what the proof script computes from `nonce`.

    The proof holds from `proved_at` on (seconds), for the browser with the headers `agent` that has shown it.
    """

    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    agent: tuple[str, ...] = ()
    proved_at: float = 0.0
    looked_up_at: deque[float] = field(default_factory=lambda: deque(maxlen=LOOKUPS_A_SECOND + 1))

    @property
    def proof(self) -> str:
        """Return the 32-bit FNV-1a hash of the nonce, in decimal digits."""
        hashed = 2_166_136_261
        for byte in self.nonce.encode():
            hashed = (hashed ^ byte) * 16_777_619 % 2**32
        return str(hashed)


class SessionGate:
    """Admits visitors that consented, have a session, and ran the proof script."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._sessions: BoundedCache[Session] = BoundedCache()
        self._clock = clock

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
        if not script or (session and self._is_proved(request, session)):
            return None
        session = session or Session()
        script_text = _PROOF_SCRIPT % (session.nonce, PROOF_COOKIE, SANDBOX_SUFFIX[1:])
        return self.set_session(block_pages.script_required_page(script_text), session)

    def check_pace(self, request: web.Request, session: Session) -> web.Response | None:
        """Count a look-up; return the captcha for a session that makes them faster than any visitor, else None."""
        now, earlier = self._clock(), session.looked_up_at
        earlier.append(now)
        is_too_fast = len(earlier) > LOOKUPS_A_SECOND and now - earlier[0] < 1.0
        return block_pages.redirect_to_captcha(request) if is_too_fast else None

    def _is_proved(self, request: web.Request, session: Session) -> bool:
        """Tell whether the proof is right, not old, and shown by the browser that showed it first.

        Any other visitor has to prove itself anew, with another nonce.
        """
        if request.cookies.get(PROOF_COOKIE) != session.proof:
            return False
        now, agent = self._clock(), tuple(request.headers.get(name, "") for name in AGENT_HEADERS)
        if not session.agent:
            session.agent, session.proved_at = agent, now
        if session.agent == agent and now - session.proved_at < PROOF_SECONDS:
            return True
        session.nonce, session.agent = secrets.token_hex(16), ()
        return False

    def set_session(self, response: web.Response, session: Session) -> web.Response:
        """Store the session and set its cookie."""
        self._sessions.put(session.id, session)
        response.set_cookie(SESSION_COOKIE, session.id, domain=SANDBOX_SUFFIX[1:], httponly=True)
        return response
