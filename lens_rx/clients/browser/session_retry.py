"""One visit to a site: not while it rests, and once more on a fresh session where the session was at fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.http.host_cooldown import HostCooldown
from lens_rx.facts import Page
from lens_rx.facts.errors import Blocked

Steps = Callable[[Tab], Awaitable[Page]]

#: Walls that may be the session's fault. A captcha is not among them: it is never climbed.
SESSION_WALLS = ("shell", "forbidden")


async def with_session_retry(browser: BrowserPool, rest: HostCooldown, url: str, steps: Steps) -> Page:
    """Return the page that `steps` end on in a tab of `browser`; the host of `url` rests after a wall."""
    rest.check(url)
    try:
        try:
            async with browser.tab() as tab:
                return await steps(tab)
        except Blocked as wall:
            if wall.wall not in SESSION_WALLS:
                raise
        async with browser.tab(fresh=True) as tab:
            return await steps(tab)
    except Blocked as wall:
        rest.begin(url, wall.wall)
        raise
