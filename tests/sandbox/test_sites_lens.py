"""The Lens of the sandbox has the real one's flow, walls and strictness."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from sandbox_web import NewVisitor, Visitor
from yarl import URL

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.google.chromium_lens import ChromiumLens
from lens_rx.facts import Photo
from lens_rx.facts.errors import NoResults
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.drawings.renderer import jpeg
from lens_rx.sandbox.server import Sandbox
from lens_rx.settings import Settings


@pytest.fixture
def thing() -> Thing:
    return catalogue().things[0]


@pytest.fixture
def photo(thing: Thing) -> bytes:
    return jpeg(thing, 600)


def plain(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#778899").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("language", "accept"),
    [
        ("en", "Accept all"),
        ("de-DE,de;q=0.9", "Alle akzeptieren"),
        ("fr-FR", "Tout accepter"),
        ("xx", "Accept all"),
    ],
)
async def test_consent_speaks_the_visitors_language(new_visitor: NewVisitor, language: str, accept: str):
    """The first visit meets a wall whose buttons are labelled in the language asked for."""
    wall = await new_visitor(language).get("http://lens.sandbox.test/")
    assert URL(wall.url).host == "consent.sandbox.test"
    assert accept in [button.attributes["aria-label"] for button in wall.tree.css("form button")]


async def test_consent_is_asked_once(visitor: Visitor):
    """Who has answered the wall sees the start page, with a control whose label says what it is for."""
    await visitor.consent()
    start = await visitor.get("http://lens.sandbox.test/")
    assert start.url == "http://lens.sandbox.test/"
    assert start.tree.css_first('[role=button][aria-label="Search by image"]')
    assert not start.tree.css("input[type=file]")  # the chooser comes when the control is pressed


async def test_a_client_without_script_gets_the_shell(visitor: Visitor, photo: bytes):
    """Without our script the results are a long page with hardly a link, that sends on to enablejs."""
    await visitor.consent()
    shell = await visitor.upload(photo)
    assert shell.status == 200
    assert len(shell.text) > 80_000
    assert len(shell.tree.css("a")) <= 3
    assert "/httpservice/retry/enablejs" in shell.text


async def test_results_come_late_and_in_parts(visitor: Visitor, photo: bytes):
    """The results' document holds no card; its script fetches them, with placeholders for pictures."""
    await visitor.consent()
    results = await visitor.prove(await visitor.upload(photo))
    assert not results.tree.css('a [role="heading"]')
    parts = await visitor.get(
        results.text.split('fetch("')[1].split('"')[0].encode().decode("unicode_escape")
    )
    assert '"first"' in parts.text
    assert "data:image/gif" in parts.text


async def test_results_are_bound_to_the_session(new_visitor: NewVisitor, photo: bytes):
    """Another client cannot open the address of someone's results."""
    owner, stranger = new_visitor(), new_visitor()
    await owner.consent()
    await stranger.consent()
    results = await owner.upload(photo)
    assert (await owner.get(results.url)).status == 200
    assert (await stranger.get(results.url)).status == 403


@pytest.mark.parametrize(
    ("key", "value", "status"), [("hl", "de", 403), ("vsint", "x", 403), ("udm", "48", 200)]
)
async def test_the_address_is_signed(visitor: Visitor, photo: bytes, key: str, value: str, status: int):
    """A change in the results' address is refused, but for the tab."""
    await visitor.consent()
    results = await visitor.prove(await visitor.upload(photo))
    changed = URL(results.url).update_query({key: value})
    assert (await visitor.get(str(changed))).status == status


@pytest.mark.parametrize("body", [b"", b"no picture at all", b"<svg/>"])
async def test_what_is_no_picture_is_refused(visitor: Visitor, body: bytes):
    """An upload that cannot be decoded ends as 400 and makes no look-up."""
    await visitor.consent()
    assert (await visitor.upload(body)).status == 400


async def test_wrapped_links_lead_on(visitor: Visitor):
    """A wrapped link sends the visitor to the page behind it, and never out of the sandbox."""
    inside = "http://norrvik.sandbox.test/"
    assert (await visitor.get("http://lens.sandbox.test/url", q=inside)).url == inside
    assert (await visitor.get("http://lens.sandbox.test/url", q="http://example.org/")).status == 400


@pytest.fixture
async def lens(sandbox: Sandbox):
    settings = Settings(tabs=1)
    browser = BrowserPool(settings, sandbox.endpoints)
    await browser.start()
    yield ChromiumLens(browser, sandbox.endpoints, settings)
    await browser.aclose()


def taken(tmp_path: Path, photo: bytes) -> Photo:
    path = tmp_path / "photo.jpg"
    path.write_bytes(photo)
    with Image.open(path) as image:
        return Photo("0" * 64, path, *image.size)


async def test_chromium_finds_the_thing(lens: ChromiumLens, tmp_path: Path, photo: bytes, thing: Thing):
    """A real Chromium gets through every gate and finds the producer's page among look-alikes and noise."""
    matches = (await lens.search_image(taken(tmp_path, photo))).matches
    links = [match.link for match in matches]
    assert thing.url in links
    assert len(links) == len(set(links)) > 12
    assert all(
        match.title and match.source and match.thumbnail.startswith("data:image/jpeg") for match in matches
    )
    about = [match for match in matches if thing.model in match.title]
    assert len(matches) / 2 < len(about) < len(matches)
    assert any(match.exact for match in matches)
    assert not all(match.exact for match in matches)


@pytest.mark.parametrize("side", [700, 2400])
async def test_chromium_is_told_that_nothing_matches(
    lens: ChromiumLens, tmp_path: Path, side: int, photo: bytes
):
    """A photo of nothing in the catalogue, and one that is too large, are answered with "no results"."""
    large = io.BytesIO()
    Image.open(io.BytesIO(photo)).resize((side, side)).save(large, "JPEG")
    with pytest.raises(NoResults):
        await lens.search_image(taken(tmp_path, large.getvalue() if side > 2000 else plain(side, side)))
