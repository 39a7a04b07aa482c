"""Chromium, driven through pyppeteer's connection: a pool of warm tabs, and a reader of any public page.

A client of a site visits it by `with_session_retry`, drives the `Tab`, and waits for what the page shows by
`PageWaiter`. The modules are imported one by one, so that Chromium can be started before its readers are loaded.
"""
