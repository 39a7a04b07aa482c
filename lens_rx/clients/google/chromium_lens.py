"""Google Lens in Chromium: answers consent, uploads the photo, and waits for the matches."""

from __future__ import annotations

import asyncio

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.browser.consent_buttons import CONSENT_BUTTON, CONSENT_WORDS, answer_consent
from lens_rx.clients.browser.page_waiter import MAX_CONSENT_ANSWERS, PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import Match, Page, Photo
from lens_rx.facts.errors import ParseError, StageTimeout
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.lens import matches_from_html
from lens_rx.settings import Settings

#: Word stems by which the label of the control for pictures is found, in many languages.
_PICTURE_STEMS = (
    "image|lens|photo|foto|picture|bild|imag|immagin|afbeelding|obraz|obrázk|obrazem|billed|bilde|kuva|kép"
    "|görsel|εικόν|изображ|картин|фото|画像|写真|이미지|사진|图片|图像|圖片|圖像|صور|תמונ|รูป|hình"
)
FILE_INPUT = "() => document.querySelector('input[type=file]')"
#: The control for pictures. It is no link: the link "Images" leads to another search.
PICTURE_CONTROL = f"""() => {{
  const about = new RegExp({_PICTURE_STEMS!r}, 'i');
  const labelled = [...document.querySelectorAll('[aria-label], [title]')].filter(element => {{
    const label = element.getAttribute('aria-label') || element.getAttribute('title');
    const box = element.getBoundingClientRect();
    return label.length <= 60 && about.test(label) && box.width > 0 && box.height > 0
      && (element.matches('button, [role=button]') || element.onclick || element.tabIndex >= 0)
      && !element.matches('a[href], img, input, textarea');
  }});
  return labelled.find(element => element.closest('form, [role=search]')) || labelled[0] || null;
}}"""
_START_PAGE_STATE = f"""(...words) => document.readyState === 'loading' ? '' :
  ({CONSENT_BUTTON})(...words) ? 'consent' : ({FILE_INPUT})() || ({PICTURE_CONTROL})() ? 'control' : ''"""

START_PAGE_SECONDS = 6.0


class ChromiumLens:
    """Implements `protocols.Lens`. After a block page, Lens is not asked until its cooldown is over."""

    def __init__(
        self,
        browser: BrowserPool,
        endpoints: Endpoints,
        settings: Settings,
        cooldown: HostCooldown | None = None,
    ) -> None:
        self._browser = browser
        self._endpoints = endpoints
        self._settings = settings
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)

    async def search_image(self, photo: Photo) -> Page:
        """Upload the photo to Lens and return the rendered page of its matches.

        A degraded page or a lost session is tried once more on a fresh session, a captcha never.
        """

        async def visit(tab: Tab) -> Page:
            await tab.goto(self._endpoints.lens_url)
            await self._open_start_page(tab)
            await self._upload(tab, photo)
            return await PageWaiter(tab, _matches, self._settings.page_deadline_seconds, scrolls=True).page()

        return await with_session_retry(self._browser, self._cooldown, self._endpoints.lens_url, visit)

    async def _open_start_page(self, tab: Tab) -> None:
        """Get to the start page, past the consent dialog."""
        for _ in range(MAX_CONSENT_ANSWERS + 1):
            if await self._wait_for_control(tab) == "control":
                return
            await answer_consent(tab)
        raise blocked_error(self._endpoints.lens_url, "consent")

    async def _wait_for_control(self, tab: Tab) -> str:
        """Return what the page waits for, `consent` or `control`; raise `Blocked` for a block page."""
        try:
            return str(await tab.wait_until(_START_PAGE_STATE, *CONSENT_WORDS, seconds=START_PAGE_SECONDS))
        except StageTimeout:
            html = await tab.html()
            found = await asyncio.to_thread(classify_page, html, tab.url, tab.status or 200)
        if found.wall:
            raise blocked_error(tab.url, found.wall)
        raise ParseError("The start page of Google Lens has no place for a photo.")

    async def _upload(self, tab: Tab, photo: Photo) -> None:
        """Give the photo to the file chooser, which the control for pictures opens."""
        if not await tab.upload(photo.path, FILE_INPUT):
            await tab.click(PICTURE_CONTROL)
            await tab.wait_for_chooser(FILE_INPUT)
            if not await tab.upload(photo.path, FILE_INPUT):
                raise ParseError("Google Lens asks for no photo.")


def _matches(page: Page) -> list[Match]:
    return matches_from_html(page.html, page.url)
