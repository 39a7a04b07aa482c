"""Google Lens over plain HTTP with a browser's session, and its way back to the browser, on the sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sandbox_web import Visitor
from yarl import URL

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.google.http_lens import HttpLens
from lens_rx.clients.google.lens_client import LensClient, open_lens
from lens_rx.clients.google.lens_session import FIRST_PAUSE_SECONDS, MAX_AGE_SECONDS, LensSessions
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.protocols import ImageMatches
from lens_rx.facts import Match, Photo
from lens_rx.facts.errors import Blocked, NoResults
from lens_rx.sandbox.catalogue import catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.sandbox.faults import Faults
from lens_rx.sandbox.server import Sandbox
from lens_rx.sandbox.sites import session_gate
from lens_rx.settings import Settings

AGENT = {"User-Agent": "Mozilla/5.0 Chrome/156.0.0.0", "Upgrade-Insecure-Requests": "1"}
FOUND_IN_BROWSER = ImageMatches([Match("Found in the browser", "http://shop.example/p")])


class StandingTab:
    """A tab in which Lens has answered a visitor of the sandbox."""

    tainted = False
    request_headers = AGENT

    async def evaluate(self, _: str) -> list[str]:
        return ["en"]


class VisitorsBrowser:
    """A browser whose profile holds a visitor's cookies, and some of other sites."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.is_closed = False

    async def cookies(self, _: object) -> list[dict[str, Any]]:
        own = [
            {"name": it.key, "value": it.value, "domain": ".sandbox.test", "path": "/", "secure": False}
            for it in self.visitor.client.cookie_jar
        ]
        others = [{"name": "cart", "value": "1", "domain": "shop.sandbox.test", "path": "/", "secure": False}]
        return [] if self.is_closed else own + others


class StubChromium:
    """Finds the photos that get as far as the browser, and renews the session there."""

    def __init__(self, sessions: LensSessions) -> None:
        self.photos: list[Photo] = []
        self.sessions = sessions

    async def search_image(self, photo: Photo) -> ImageMatches:
        self.photos.append(photo)
        await self.sessions.renew(StandingTab())  # type: ignore[arg-type]
        return FOUND_IN_BROWSER


class Lookups:
    """A client with a standing session: what it counted, the time that it goes by, and its browser."""

    def __init__(self, sandbox: Sandbox, browser: VisitorsBrowser) -> None:
        self.now = 0.0
        self.counts: Counter[tuple[str, ...]] = Counter()
        settings, self.cooldown = Settings(), HostCooldown(60)
        self.browser = browser
        self.sessions = LensSessions(browser, sandbox.endpoints.lens_url, lambda: self.now)  # type: ignore[arg-type]
        self.chromium = StubChromium(self.sessions)
        self.http = HttpLens(self.sessions, sandbox.endpoints, settings, self.cooldown)
        self.client = LensClient(self.chromium, self.http, self)  # type: ignore[arg-type]

    def count_lens_lookup(self, way: str, outcome: str) -> None:
        self.counts[way, outcome] += 1

    def count_lens_fallback(self, reason: str) -> None:
        self.counts["fallback", reason] += 1


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg(catalogue().things[0], 600))
    return Photo("0" * 64, path, 600, 600)


@pytest.fixture
async def lookups(sandbox: Sandbox, photo: Photo) -> AsyncIterator[Lookups]:
    """Return a client whose visitor has consented, and shown that it runs scripts."""
    visitor = Visitor(sandbox)
    visitor.client.headers.update(AGENT)
    await visitor.consent()
    await visitor.prove(await visitor.upload(photo.path.read_bytes()))
    lookups = Lookups(sandbox, VisitorsBrowser(visitor))
    await lookups.sessions.renew(StandingTab())  # type: ignore[arg-type]
    yield lookups
    await lookups.http.aclose()
    await visitor.client.close()


async def test_both_ways_find_the_same(sandbox: Sandbox, photo: Photo):
    """After a look-up in Chromium the next one goes over HTTP, with the same matches; by default it does not."""
    counts: Counter[tuple[str, ...]] = Counter()

    class Counting:
        count_lens_lookup = staticmethod(lambda way, outcome: counts.update([(way, outcome)]))
        count_lens_fallback = staticmethod(lambda reason: counts.update([("fallback", reason)]))

    browser = BrowserPool(Settings(tabs=1), sandbox.endpoints)
    await browser.start()
    try:
        found = []
        for mode, times in (("auto", 2), ("off", 1)):
            opened = open_lens(
                browser, sandbox.endpoints, Settings(lens_http=mode), HostCooldown(60), Counting()
            )
            async with opened as client:
                for _ in range(times):
                    matches = (await client.search_image(photo)).matches
                    found.append([replace(it, id="") for it in matches])  # it differs from page to page
    finally:
        await browser.aclose()
    assert counts == {("browser", "ok"): 2, ("http", "ok"): 1}
    assert found[0] == found[1] == found[2]
    assert all(it.thumbnail.startswith("data:image/jpeg") and it.found_by == "lens" for it in found[1])
    assert Settings().lens_http == "off"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"block": "shell"}, "shell"),
        ({"block": "consent"}, "consent"),
        ({"drift": True}, "unverified"),
        ({"status": 500}, "error"),
        ({"close": True}, "error"),
        ({"huge": 9}, "error"),
    ],
)
async def test_a_degraded_answer_goes_on_in_the_browser(
    sandbox: Sandbox, lookups: Lookups, photo: Photo, fault: dict[str, object], reason: str
):
    """The photo is looked up once more, in the browser, and HTTP is left alone for a while, then tried again."""
    sandbox.fault_injector.current = Faults.model_validate({"lens": fault})
    assert await lookups.client.search_image(photo) == FOUND_IN_BROWSER
    assert await lookups.client.search_image(photo) == FOUND_IN_BROWSER
    assert lookups.chromium.photos == [photo, photo]
    assert lookups.counts == {("fallback", reason): 1, ("browser", "ok"): 2}
    sandbox.fault_injector.current = Faults()
    lookups.now += FIRST_PAUSE_SECONDS
    assert len((await lookups.client.search_image(photo)).matches) > 12
    assert lookups.counts["http", "ok"] == 1


async def spoil_headers(lookups: Lookups) -> None:
    session = lookups.sessions.current()
    assert session is not None
    session.headers["User-Agent"] = "python"  # type: ignore[index]


async def age_proof(_: Lookups) -> None:
    session_gate.PROOF_SECONDS = 0.0


async def forget_session(lookups: Lookups) -> None:
    lookups.browser.visitor.client.cookie_jar.clear(lambda it: it.key == "NID")


async def close_tab(lookups: Lookups) -> None:
    lookups.browser.is_closed = True


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(spoil_headers, "shell"), (age_proof, "shell"), (forget_session, "shell"), (close_tab, "no session")],
)
async def test_only_a_live_session_is_served(
    lookups: Lookups, photo: Photo, spoil: Any, reason: str, monkeypatch: pytest.MonkeyPatch
):
    """Other headers, an old proof, a lost session and a closed tab are noticed, and the browser takes over."""
    monkeypatch.setattr(session_gate, "PROOF_SECONDS", session_gate.PROOF_SECONDS)  # restored after the test
    await spoil(lookups)
    assert await lookups.client.search_image(photo) == FOUND_IN_BROWSER
    assert lookups.counts == {("fallback", reason): 1, ("browser", "ok"): 1}


async def test_a_captcha_is_a_wall_on_both_ways(sandbox: Sandbox, lookups: Lookups, photo: Photo):
    """A captcha over HTTP is reported as blocked, asked again nowhere, and the site rests."""
    sandbox.fault_injector.current = Faults.model_validate({"lens": {"block": "captcha"}})
    with pytest.raises(Blocked) as failure:
        await lookups.client.search_image(photo)
    assert failure.value.wall == "captcha"
    assert lookups.chromium.photos == []
    assert lookups.counts == {("http", "blocked"): 1}
    assert lookups.sessions.current() is None
    with pytest.raises(Blocked, match="left alone"):
        lookups.cooldown.check(sandbox.endpoints.lens_url)


async def test_a_session_that_is_used_too_fast_meets_a_captcha(
    lookups: Lookups, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    """The sandbox does not serve one session faster than any visitor could ask."""
    monkeypatch.setattr(session_gate, "LOOKUPS_A_SECOND", 1)
    with pytest.raises(Blocked):
        for _ in range(3):
            await lookups.client.search_image(photo)


async def test_nothing_found_needs_no_browser(
    sandbox: Sandbox, lookups: Lookups, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    """Where Lens says in words that nothing matches, the browser is not asked as well."""
    monkeypatch.setattr(sandbox._image_matcher, "find", lambda _: [])
    sandbox._identified = session_gate.BoundedCache()
    with pytest.raises(NoResults):
        await lookups.client.search_image(photo)
    assert lookups.counts == {("http", "empty"): 1}


async def test_only_cookies_of_lens_are_sent_and_none_is_logged(
    sandbox: Sandbox, lookups: Lookups, photo: Photo, capsys: pytest.CaptureFixture[str]
):
    """The profile's cookies of other sites stay there, and no value of any is written down."""
    session = lookups.sessions.current()
    assert session is not None
    jar = await lookups.sessions.cookies(session)
    values = {it.key: it.value for it in jar}
    assert set(values) == {"NID", "SOCS", "SG_SS"}
    assert {it.key for it in jar.filter_cookies(URL("http://other.example/")).values()} == set()
    sandbox.fault_injector.current = Faults.model_validate({"lens": {"block": "shell"}})
    await lookups.client.search_image(photo)
    logged = capsys.readouterr()
    assert "lens is not asked over plain http" in logged.out + logged.err
    assert values["NID"] not in logged.out + logged.err + repr(session)


async def test_pauses_grow_and_sessions_age(lookups: Lookups):
    """Each degraded answer doubles the pause until one is good, and a session that nobody renews is not used."""
    for pause in (FIRST_PAUSE_SECONDS, 2 * FIRST_PAUSE_SECONDS):
        session = lookups.sessions.current()
        assert session is not None
        lookups.sessions.end(session, "shell")
        lookups.sessions.end(session, "shell")  # of another look-up at the same time
        await lookups.sessions.renew(StandingTab())  # type: ignore[arg-type]
        lookups.now += pause - 1
        assert lookups.sessions.current() is None
        lookups.now += 1
    session = lookups.sessions.current()
    assert session is not None
    lookups.sessions.confirm(session)
    lookups.now += MAX_AGE_SECONDS
    assert lookups.sessions.current() is None
