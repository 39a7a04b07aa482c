"""One visit to a site: refused during its cooldown, and repeated on a fresh session where that may help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import Page
from lens_rx.facts.errors import Blocked

Visit = Callable[[Tab], Awaitable[Page]]

#: Block pages that may be due to the session. A captcha is not among them: it is never worked around.
SESSION_BLOCKS = ("shell", "forbidden")


async def with_session_retry(browser: BrowserPool, cooldown: HostCooldown, url: str, visit: Visit) -> Page:
    """Return the page that `steps` end on in a tab of `browser`; the host of `url` rests after a wall."""
    cooldown.check(url)
    try:
        try:
            async with browser.tab() as tab:
                return await visit(tab)
        except Blocked as wall:
            if wall.wall not in SESSION_BLOCKS:
                raise
        async with browser.tab(fresh=True) as tab:
            return await visit(tab)
    except Blocked as wall:
        cooldown.begin(url, wall.wall)
        raise
