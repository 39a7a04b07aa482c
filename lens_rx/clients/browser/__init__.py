"""Chromium, driven through pyppeteer's connection: a pool of warm tabs, and a reader of any public page.

A client of a site visits it by `with_session_retry`, drives the `Tab`, and waits for what the page shows by
`PageWaiter`.
"""

from lens_rx.clients.browser.chromium_reader import ChromiumReader
from lens_rx.clients.browser.page_waiter import PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.tab import Tab

__all__ = ["BrowserPool", "ChromiumReader", "PageWaiter", "Tab", "with_session_retry"]
