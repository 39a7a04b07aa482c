"""Google Lens in Chromium: consent, the photo into the file chooser, and the matches once they are shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlencode

from lens_rx.clients.blocked_error import blocked_error, no_answer_error
from lens_rx.clients.browser.consent_buttons import CONSENT_BUTTON, CONSENT_WORDS, answer_consent
from lens_rx.clients.browser.page_state import ResultMarks
from lens_rx.clients.browser.page_waiter import MAX_CONSENT_ANSWERS, PageWaiter
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.browser.session_retry import with_session_retry
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.google.lens_session import LensSessions
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.protocols import ImageMatches
from lens_rx.facts import Match, Page, Photo
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageTimeout
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.google.lens import matches_from_html
from lens_rx.parsing.google.lens_tabs import lens_language, says_image_gone, tab_links
from lens_rx.reactive.computing import run_in_cpu_thread
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
#: A match is drawn when it has its picture: a placeholder stands there first.
_RESULT_MARKS = ResultMarks("a[href^=http] [role=heading]", lambda match: bool(match.thumbnail))
#: The name under which matches say that Lens found them.
NAME = "lens"
ENGLISH = "en"


class ChromiumLens:
    """Implements `protocols.ImageSearch`. A site that blocked a request is not asked for some time.

    `sessions` are told of each tab in which Lens has answered.
    """

    def __init__(
        self,
        browser: BrowserPool,
        endpoints: Endpoints,
        settings: Settings,
        cooldown: HostCooldown | None = None,
        sessions: LensSessions | None = None,
    ) -> None:
        self._sessions = sessions
        self._browser = browser
        self._endpoints = endpoints
        self._settings = settings
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Hand the photo to Lens and return the matches of its page.

        A degraded shell or a lost session is tried once more on a fresh session, a captcha never. A layout
        without matches in another language is tried once in English.
        """

        async def visit(tab: Tab) -> Page:
            await self._submit(tab, photo, self._endpoints.lens_url)
            try:
                return await self._results(tab)
            except (ParseError, NoResults, Blocked) as failure:
                if isinstance(failure, Blocked) and failure.wall != "shell":
                    raise
                html, url = await tab.html(), tab.url
                if page := await self._other_tab(tab, html, url):
                    return page
                if not isinstance(failure, ParseError) or lens_language(html, url) == ENGLISH:
                    raise
            await self._submit(tab, photo, f"{self._endpoints.lens_url}?{urlencode({'hl': ENGLISH})}")
            return await self._results(tab)

        page = await with_session_retry(self._browser, self._cooldown, self._endpoints.lens_url, visit)
        matches = await run_in_cpu_thread(_matches, page)
        return ImageMatches([replace(it, found_by=NAME) for it in matches])

    async def _submit(self, tab: Tab, photo: Photo, url: str) -> None:
        await tab.goto(url)
        await self._open_start_page(tab)
        await self._upload(tab, photo)

    async def _results(self, tab: Tab) -> Page:
        seconds = self._settings.page_deadline_seconds
        page = await PageWaiter(tab, _matches, seconds, scrolls=True, marks=_RESULT_MARKS).page()
        if self._sessions:
            await self._sessions.renew(tab)
        return page

    async def _other_tab(self, tab: Tab, html: str, url: str) -> Page | None:
        """Return another tab of a page that says that the image is gone, where that one has matches.

        Raises `ParseError` where no tab has: that the image is gone does not mean that nothing matches.
        """
        if not await run_in_cpu_thread(says_image_gone, html):
            return None
        for link in await run_in_cpu_thread(tab_links, html, url):
            await tab.goto(link)
            with suppress(ParseError, NoResults, Blocked):
                return await self._results(tab)
        raise ParseError("Google Lens says that the image is no longer available.")

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
            found = await run_in_cpu_thread(classify_page, html, tab.url, tab.document_status)
        if found.wall:
            raise blocked_error(tab.url, found.wall)
        if not tab.document_status:
            raise no_answer_error(tab.url)
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
