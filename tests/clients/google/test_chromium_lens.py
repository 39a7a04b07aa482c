"""A photo's way through Lens, in a real Chromium, on a small Lens of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from local_pages import LocalWeb, never

from lens_rx.clients.browser import page_waiter as browser_results
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.google.chromium_lens import ChromiumLens
from lens_rx.facts import Photo
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageTimeout
from lens_rx.settings import Settings

MakeBrowser = Callable[..., Awaitable[BrowserPool]]

CARD = '<a href="https://shop#.example/p"><div>shop#</div><div role="heading">Waxed jacket #</div></a>'
RESULTS = """<main></main><div style="height:4000px"></div><script>
const cards = (from, to) => { for (let n = from; n < to; n++)
  document.querySelector('main').insertAdjacentHTML('beforeend', `CARD`.replaceAll('#', n)); };
setTimeout(() => { cards(0, 3); onscroll = () => { onscroll = null; setTimeout(() => cards(3, 5), 100); }; }, 200);
</script>""".replace("CARD", CARD)
START = """<a href="/images">Bilder</a><form role="search"><textarea aria-label="Suche"></textarea>
<div role="button" tabindex="0" aria-label="Sprachsuche">o</div>
<div role="button" tabindex="0" aria-label="Suche anhand von Bildern">o</div></form><div id="place"></div><script>
document.querySelectorAll('[role=button]')[1].onclick = () => setTimeout(() => { place.innerHTML =
  '<form method=post action=/upload enctype=multipart/form-data><input type=file name=photo hidden></form>';
  place.querySelector('input').onchange = event => event.target.form.submit(); }, 50);</script>"""
QUESTION = """<p>We and our partners use cookies and data to deliver and maintain services, to track outages and to
protect against spam, fraud and abuse, and, if you choose, to show personalised content and adverts.</p>
<form method=post action="http://consent.pages.test/save?no=1"><button>{}</button></form>
<form method=post action="http://consent.pages.test/save?no=0"><button>{}</button></form>"""


class SmallLens:
    """Asks for consent once a session, takes the photo, and answers what `results` says."""

    def __init__(
        self, site: LocalWeb, *, words: tuple[str, str] = ("Alle ablehnen", "Alle akzeptieren")
    ) -> None:
        self.site = site
        self.photos: list[bytes] = []
        self.answers: list[str] = []
        self.languages: list[str] = []
        self.results: list[str | Callable[[web.Request], Awaitable[web.StreamResponse]]] = [RESULTS]
        site.pages |= {
            "/": self.start,
            "/m": QUESTION.format(*words),
            "/save": self.save,
            "/upload": self.upload,
            "/search": self.search,
            "/sorry/index": self.sorry,
        }

    async def start(self, request: web.Request) -> web.StreamResponse:
        if "consent" not in request.cookies:
            raise web.HTTPFound(self.site.url("/m", "consent"))
        self.languages.append(request.query.get("hl", ""))
        return web.Response(text=START, content_type="text/html")

    async def save(self, request: web.Request) -> web.StreamResponse:
        self.answers.append(request.query["no"])
        answer = web.Response(status=303, headers={"Location": self.site.url("/", "lens")})
        answer.set_cookie("consent", "no", domain="pages.test")
        return answer

    async def upload(self, request: web.Request) -> web.StreamResponse:
        part = (await request.post())["photo"]
        assert isinstance(part, web.FileField)
        self.photos.append(part.file.read())
        raise web.HTTPSeeOther(f"/search?vsrid={len(self.photos)}&udm=26")

    async def search(self, request: web.Request) -> web.StreamResponse:
        result = self.results[min(len(self.photos), len(self.results)) - 1]
        if callable(result):
            return await result(request)
        return web.Response(
            text=f"<!doctype html><html lang=en><title>Lens</title>{result}", content_type="text/html"
        )

    async def sorry(self, _: web.Request) -> web.StreamResponse:
        form = "<form id=captcha-form action=index method=post><div class=g-recaptcha></div></form>"
        return web.Response(text=form, status=429, content_type="text/html")


@pytest.fixture
def small_lens(local_web: LocalWeb) -> SmallLens:
    return SmallLens(local_web)


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8 pixels")
    return Photo("0" * 64, path, 100, 100)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_results, "EMPTY_SECONDS", 0.5)


def lens_on(browser: BrowserPool, local_web: LocalWeb, **values: float) -> ChromiumLens:
    return ChromiumLens(browser, local_web.world, Settings(**values))


async def to_captcha(_: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/sorry/index?continue=x")


async def test_a_photo_becomes_look_alikes(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo
):
    """Consent is refused once, the photo is handed over, and late and lazy results are waited for."""
    lens = lens_on(browser, local_web)
    found = (await lens.search_image(photo)).matches
    assert [match.title for match in found] == [f"Waxed jacket {n}" for n in range(5)]
    assert {match.found_by for match in found} == {"lens"}
    assert small_lens.photos == [b"\xff\xd8 pixels"]
    async with asyncio.timeout(10):
        while browser.tabs()["idle"] == 0:
            await asyncio.sleep(0.02)
    assert len((await lens.search_image(photo)).matches) == 5
    assert small_lens.answers == ["1"]


@pytest.mark.parametrize(
    "words",
    [
        ("Reject all", "Accept all"),
        ("Tout refuser", "Tout accepter"),
        ("Rechazar todo", "Aceptar todo"),
        ("Rifiuta tutto", "Accetta tutto"),
        ("Alles afwijzen", "Alles accepteren"),
        ("Odrzuć wszystko", "Zaakceptuj wszystko"),
        ("すべて拒否", "すべて同意"),
    ],
)
async def test_consent_is_refused_in_many_languages(
    browser: BrowserPool, local_web: LocalWeb, photo: Photo, words: tuple[str, str]
):
    """The button that says no is found by its words, whatever the language."""
    small_lens = SmallLens(local_web, words=words)
    await lens_on(browser, local_web).search_image(photo)
    assert small_lens.answers == ["1"]


async def test_a_captcha_is_reported_and_the_site_rests(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo
):
    """A captcha is never tried again: the look-up is blocked, and so is the next one, without asking."""
    small_lens.results = [to_captcha]
    lens = lens_on(browser, local_web)
    with pytest.raises(Blocked) as first:
        await lens.search_image(photo)
    asked = len(local_web.asked)
    with pytest.raises(Blocked, match=r"left alone for \d+ s more"):
        await lens.search_image(photo)
    assert first.value.wall == "captcha"
    assert len(small_lens.photos) == 1
    assert len(local_web.asked) == asked


async def test_a_shell_is_tried_once_on_a_fresh_session(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo, impatient: None
):
    """A degraded shell is the session's fault: another session, which answers for consent anew, succeeds."""
    small_lens.results = ["<noscript>Enable JavaScript</noscript>", RESULTS]
    assert len((await lens_on(browser, local_web).search_image(photo)).matches) == 5
    assert small_lens.answers == ["1", "1"]


async def test_a_shell_that_stays_is_blocked(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo, impatient: None
):
    """Two shells are enough: the look-up is blocked."""
    small_lens.results = ["<noscript>Enable JavaScript</noscript>"]
    with pytest.raises(Blocked) as failure:
        await lens_on(browser, local_web).search_image(photo)
    assert failure.value.wall == "shell"
    assert len(small_lens.photos) == 2


async def test_a_lost_session_is_tried_once_more(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo, impatient: None
):
    """Results that the session may not see any more are asked for once on a fresh one."""

    async def lost(_: web.Request) -> web.StreamResponse:
        text = "<title>403 Forbidden</title><p>Your client does not have permission to get this URL."
        return web.Response(status=403, text=text, content_type="text/html")

    small_lens.results = [lost, RESULTS]
    assert len((await lens_on(browser, local_web).search_image(photo)).matches) == 5


#: A page that marks what is to come, unless MARKS is 0: cards come after the scrolling, pictures after the cards.
MARKED = """<main aria-busy="true"></main><p role=progressbar hidden>...</p><footer>Help</footer>
<div style="height:4000px"></div><script>
const main = document.querySelector('main'), bar = document.querySelector('[role=progressbar]');
const cards = (from, to) => { for (let n = from; n < to; n++) main.insertAdjacentHTML('beforeend',
  `<div><a href="https://shop${n}.example/p"><div>shop${n}</div><div role="heading">Waxed jacket ${n}</div></a>
  <img src="BLANK"></div>`);
  setTimeout(() => document.querySelectorAll('img').forEach(it => { it.src = 'http://lens.pages.test/t.jpg'; }), PICTURES); };
setTimeout(() => { cards(0, 3); main.ariaBusy = false; bar.hidden = !MARKS; onscroll = () => { onscroll = null;
  setTimeout(() => { cards(3, 5); bar.hidden = true; }, CARDS); }; }, 200);
if (!MARKS) main.ariaBusy = false;
</script>""".replace(
    "BLANK", "data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
)


def marked_page(cards: int, pictures: int, *, marks: bool = True) -> str:
    """Return the page whose last cards come so many milliseconds after the scrolling, and pictures after cards."""
    text = MARKED.replace("CARDS", str(cards)).replace("PICTURES", str(pictures))
    return text.replace("MARKS", str(int(marks)))


@pytest.mark.parametrize(
    ("cards", "pictures", "marks"), [(700, 50, True), (50, 250, True), (250, 250, False)]
)
async def test_late_cards_and_pictures_are_waited_for(
    browser: BrowserPool, small_lens: SmallLens, photo: Photo, cards: int, pictures: int, *, marks: bool
):
    """No part of the results is taken for the whole, whether the page marks what is to come or not."""
    small_lens.results = [marked_page(cards, pictures, marks=marks)]
    found = (await lens_on(browser, small_lens.site).search_image(photo)).matches
    assert [match.title for match in found] == [f"Waxed jacket {n}" for n in range(5)]
    assert {match.thumbnail for match in found} == {"http://lens.pages.test/t.jpg"}


async def test_a_page_that_tells_that_it_is_complete_is_believed(
    browser: BrowserPool, small_lens: SmallLens, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    """A page that marks what is to come is read once it marks nothing any more, without waiting for stillness."""
    monkeypatch.setattr(browser_results, "COMPLETE_SECONDS", 60.0)
    small_lens.results = [marked_page(100, 50)]
    assert len((await lens_on(browser, small_lens.site).search_image(photo)).matches) == 5


async def test_a_slow_tab_is_waited_for(browser: BrowserPool, small_lens: SmallLens, photo: Photo):
    """A page whose scripts keep the tab from answering is read when they are done."""
    block = (
        "<script>setTimeout(() => { for (const ends = Date.now() + 700; Date.now() < ends;); }, 150)</script>"
    )
    small_lens.results = [marked_page(300, 50) + block]
    assert len((await lens_on(browser, small_lens.site).search_image(photo)).matches) == 5


async def test_nothing_is_verified(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo
):
    """Where Lens says that nothing matches, the look-up is empty and not a failure of ours."""
    small_lens.results = ["<main><p role=heading>Your search did not match any documents.</p></main>"]
    with pytest.raises(NoResults):
        await lens_on(browser, local_web).search_image(photo)


async def test_another_layout_is_drift(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo, impatient: None
):
    """A long page in which nothing is found is told apart from one that found nothing."""
    small_lens.results = ["<main>" + "<p>Some words that tell nobody anything about look-alikes.</p>" * 300]
    with pytest.raises(ParseError):
        await lens_on(browser, local_web).search_image(photo)


async def test_a_layout_of_another_language_is_tried_in_english(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo, impatient: None
):
    """A result page in another language that lacks the matches is asked for once more in English."""

    async def german(_: web.Request) -> web.StreamResponse:
        words = "<p>Mehr zu diesem Bild und zu anderen Dingen.</p>" * 300
        return web.Response(text=f"<html lang=de><main>{words}", content_type="text/html")

    small_lens.results = [german, RESULTS]
    assert len((await lens_on(browser, local_web).search_image(photo)).matches) == 5
    assert small_lens.languages == ["", "en"]
    small_lens.results = [german]
    with pytest.raises(ParseError):
        await lens_on(browser, local_web).search_image(photo)
    assert small_lens.languages[2:] == ["", "en"]


TABS = """<nav><a href="/search?vsrid=1&udm=26">All</a><a href="/search?vsrid=1&udm=44">Visual matches</a></nav>"""


@pytest.mark.parametrize("other", [RESULTS, ""])
async def test_an_image_that_is_gone_on_one_tab(
    browser: BrowserPool, small_lens: SmallLens, photo: Photo, other: str, monkeypatch: pytest.MonkeyPatch
):
    """That the image is gone is believed only where no other tab of the page has matches."""
    monkeypatch.setattr(browser_results, "EMPTY_SECONDS", 0.5)

    async def tabs(request: web.Request) -> web.StreamResponse:
        gone = "<p>This image is no longer available.</p>"
        shown = other if request.query["udm"] == "44" else ""
        return web.Response(text=f"<html lang=en>{TABS}{shown or gone}", content_type="text/html")

    small_lens.results = [tabs]
    lens = lens_on(browser, small_lens.site)
    if other:
        assert len((await lens.search_image(photo)).matches) == 5
    else:
        with pytest.raises(ParseError, match="no longer available"):
            await lens.search_image(photo)


async def test_results_that_never_come_miss_the_deadline(
    browser: BrowserPool, local_web: LocalWeb, small_lens: SmallLens, photo: Photo
):
    """An answer that never comes ends as a missed deadline, and the pool goes on."""
    small_lens.results = [never]
    with pytest.raises(StageTimeout):
        await lens_on(browser, local_web, page_deadline_seconds=1.5).search_image(photo)
    small_lens.results = [RESULTS]
    (first, *_) = (await lens_on(browser, local_web).search_image(photo)).matches
    assert first.title == "Waxed jacket 0"


async def test_a_start_page_without_a_place_for_photos_is_drift(
    browser: BrowserPool, local_web: LocalWeb, photo: Photo, monkeypatch: pytest.MonkeyPatch
):
    """Where there is no control for pictures any more, the look-up ends as drift instead of waiting."""
    monkeypatch.setattr("lens_rx.clients.google.chromium_lens.START_PAGE_SECONDS", 0.5)
    local_web.pages["/"] = "<main>" + "<p>A start page of another kind, which has words alone.</p>" * 30
    with pytest.raises(ParseError):
        await lens_on(browser, local_web).search_image(photo)
