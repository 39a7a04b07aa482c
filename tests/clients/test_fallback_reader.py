from __future__ import annotations

import pytest

from lens_rx.clients.fallback_reader import FallbackReader
from lens_rx.facts import Page
from lens_rx.facts.errors import Blocked, PolicyError, StageError, StageTimeout, UpstreamError

URL = "https://shop.example/p/1"


class Says:
    """A reader that answers with a page, or with an error."""

    def __init__(self, answer: Page | StageError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def read(self, url: str) -> Page:
        self.asked.append(url)
        if isinstance(self.answer, StageError):
            raise self.answer
        return self.answer


PLAIN = Page(URL, "<p>plain</p>")
RENDERED = Page(URL, "<p>rendered</p>")


async def test_plain_page():
    """What plain HTTP can read never opens a tab."""
    browser = Says(RENDERED)
    assert await FallbackReader(Says(PLAIN), browser).read(URL) == PLAIN
    assert not browser.asked


@pytest.mark.parametrize("wall", ["shell", "challenge", "forbidden", "consent"])
async def test_needs_a_browser(wall: str):
    """Where a plain client is turned away for want of a browser, a browser reads the page."""
    browser = Says(RENDERED)
    assert await FallbackReader(Says(Blocked("no", wall)), browser).read(URL) == RENDERED
    assert browser.asked == [URL]


@pytest.mark.parametrize("wall", ["captcha", "rate_limit", "pardon", "login", "unavailable", ""])
async def test_walls_stay(wall: str):
    """No browser is sent against a wall that stands for everybody."""
    browser = Says(RENDERED)
    with pytest.raises(Blocked) as raised:
        await FallbackReader(Says(Blocked("no", wall)), browser).read(URL)
    assert raised.value.wall == wall
    assert not browser.asked


@pytest.mark.parametrize(
    "error", [PolicyError("private"), StageTimeout("late"), UpstreamError("down", transient=True)]
)
async def test_other_failures(error: StageError):
    """A refused address is not read in a browser either, and a broken site is not asked twice."""
    browser = Says(RENDERED)
    with pytest.raises(type(error)):
        await FallbackReader(Says(error), browser).read(URL)
    assert not browser.asked


async def test_the_browser_has_the_last_word():
    """What the browser runs into is what is told."""
    with pytest.raises(Blocked) as raised:
        await FallbackReader(Says(Blocked("no", "shell")), Says(Blocked("no", "captcha"))).read(URL)
    assert raised.value.wall == "captcha"
