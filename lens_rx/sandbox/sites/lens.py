"""The stand-in for Google Lens: upload, redirect, results that are bound to the session and rendered by script."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from aiohttp import web
from PIL import Image, UnidentifiedImageError
from yarl import URL

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.responses import NameObfuscator, html_response, json_response, preferred_language, render
from lens_rx.sandbox.sites.engine_phrases import LANGUAGES, PHRASES, price_text
from lens_rx.sandbox.sites.session_gate import BoundedCache, Session, SessionGate
from lens_rx.sandbox.sites.similar_images import FIRST_SCREEN, SimilarImage, similar_images
from lens_rx.sandbox.sites.thumbnails import PLACEHOLDER, thumbnail

#: Lens accepts larger images but finds nothing for them.
MAX_SIDE_PIXELS = 2000
#: The range of the delay until the results' script loads the cards.
RENDER_DELAY_MS = (300, 600)
#: Parameters of the results' address that a visitor may change; any other change gives 403.
UNSIGNED_PARAMETERS = ("udm", "sei")
#: The older upload, whose results are markup.
MARKUP_UPLOAD = "/searchbyimage/upload"
EXACT_TAB = "48"
TABS = (("26", "all"), ("37", "products_tab"), ("44", "visual_tab"), (EXACT_TAB, "exact_tab"))
MAX_TITLE_LENGTH = 62

Find = Callable[[bytes], Sequence[Thing]]


@dataclass(frozen=True, slots=True)
class LensSearch:
    """The search of one photo: its session, the query of its results' address, and the things found.

    `is_markup`: its results are markup, not filled in by script.
    """

    session: str
    query: Mapping[str, str]
    found: Sequence[Thing]
    is_markup: bool = False


@dataclass(frozen=True, slots=True)
class DrawnCards:
    """The markup of the first screen's cards and of the others, and the addresses of their images by id."""

    first: str
    rest: str
    images: Mapping[str, str]


class LensSite:
    """All pages of the Lens host; `find` returns the things that a photo shows, best first."""

    def __init__(self, gate: SessionGate, catalogue: Catalogue, find: Find) -> None:
        self._gate = gate
        self._catalogue = catalogue
        self._find = find
        self._searches: BoundedCache[LensSearch] = BoundedCache()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Lens host."""
        return [
            web.get("/", self._start),
            web.post("/v3/upload", self._upload),
            web.post(MARKUP_UPLOAD, self._upload),
            web.get("/search", self._results),
            web.get("/async/imgv", self._cards),
            web.get("/url", _unwrap),
        ]

    async def _start(self, request: web.Request) -> web.Response:
        """Serve the start page, whose script opens the file chooser."""
        wall = self._gate.check(request, script=False)
        if wall is not None:
            return wall
        language = preferred_language(request, LANGUAGES)
        name = NameObfuscator(random.random())
        response = html_response("lens_start.html", language=language, words=PHRASES[language], name=name)
        return self._gate.set_session(response, self._gate.session(request) or Session())

    async def _upload(self, request: web.Request) -> web.Response:
        """Receive the photo and redirect to its results."""
        form = await request.post()
        part = form.get("encoded_image")
        if not isinstance(part, web.FileField):
            raise web.HTTPBadRequest(text="encoded_image: no picture")
        photo = part.file.read()
        size, found = await asyncio.to_thread(self._identify, photo)
        session = self._gate.session(request) or Session()
        if captcha := self._gate.check_pace(request, session):
            return captcha
        query = _results_query(size, request.query.get("hl") or preferred_language(request, LANGUAGES))
        is_markup = request.path == MARKUP_UPLOAD
        self._searches.put(query["vsrid"], LensSearch(session.id, query, found, is_markup))
        results = URL.build(scheme="http", host=str(request.url.host), path="/search", query=query)
        return self._gate.set_session(web.Response(status=303, headers={"Location": str(results)}), session)

    def _identify(self, photo: bytes) -> tuple[tuple[int, int], Sequence[Thing]]:
        """Return the photo's size and the things it shows; none where it is too large."""
        try:
            with Image.open(BytesIO(photo)) as image:
                size = image.size
        except (UnidentifiedImageError, OSError, ValueError) as error:
            raise web.HTTPBadRequest(text="encoded_image: not a picture") from error
        return size, self._find(photo) if max(size) <= MAX_SIDE_PIXELS else ()

    def _own_search(self, request: web.Request) -> LensSearch:
        """Return the search of the visitor's own session; raise 403 for any other."""
        look_up = self._searches.get(request.query.get("vsrid", ""))
        session = self._gate.session(request)
        if look_up is None or session is None or look_up.session != session.id:
            raise web.HTTPForbidden(text="403. Your client does not have permission to get this URL.")
        return look_up

    async def _results(self, request: web.Request) -> web.Response:
        """Serve the results page, whose script loads the cards after a delay."""
        if "vsrid" not in request.query:
            raise web.HTTPFound(f"http://search{SANDBOX_SUFFIX}/search?{request.query_string}")
        look_up = self._own_search(request)
        if _signed_parameters(request.query) != _signed_parameters(look_up.query):
            raise web.HTTPForbidden(text="403. That is not the address you were given.")
        wall = self._gate.check(request)
        if wall is not None:
            return wall
        language = _language(look_up)
        tab = request.query.get("udm", "26")
        tabs = [(udm, PHRASES[language][word], _tab_link(request, udm)) for udm, word in TABS]
        return html_response(
            "lens_results.html",
            result=tab == "26",
            language=language,
            words=PHRASES[language],
            tabs=tabs,
            tab=tab,
            late=random.randint(*RENDER_DELAY_MS),
            cards=str(request.url.with_path("/async/imgv").with_query({**look_up.query, "udm": tab})),
            markup=await self._draw_cards(look_up, tab) if look_up.is_markup else None,
            name=NameObfuscator(random.random()),
        )

    async def _cards(self, request: web.Request) -> web.Response:
        """Serve the cards as markup: the first screen, the rest, and their images by id."""
        drawn = await self._draw_cards(self._own_search(request), request.query.get("udm", ""))
        return json_response({"first": drawn.first, "rest": drawn.rest, "images": drawn.images})

    async def _draw_cards(self, look_up: LensSearch, tab: str) -> DrawnCards:
        language, name = _language(look_up), NameObfuscator(random.random())
        cards = similar_images(look_up.found, self._catalogue)
        if tab == EXACT_TAB:
            cards = [card for card in cards if card.exact]
        drawn = [await _card(card, number, language, name) for number, card in enumerate(cards)]
        _add_section_headings(drawn, PHRASES[language])
        values = {"words": PHRASES[language], "name": name, "placeholder": PLACEHOLDER}
        template = "lens_cards.html" if cards else "lens_nothing.html"
        return DrawnCards(
            render(template, cards=drawn[:FIRST_SCREEN], overview=drawn[2:5], **values),
            render("lens_cards.html", cards=drawn[FIRST_SCREEN:], overview=[], **values),
            {card["picture_id"]: card["picture"] for card in drawn},
        )


def _results_query(size: tuple[int, int], language: str) -> dict[str, str]:
    """Return the query of a new search's results address."""
    return {
        "vsrid": secrets.token_urlsafe(36),
        "vsint": secrets.token_urlsafe(24),
        "udm": "26",
        "lns_mode": "un",
        "source": "lns.web.gsbubb",
        "vsdim": f"{size[0]},{size[1]}",
        "gsessionid": secrets.token_urlsafe(24),
        "lsessionid": secrets.token_urlsafe(24),
        "lns_surface": "26",
        "hl": language,
    }


def _signed_parameters(query: Mapping[str, str]) -> dict[str, str]:
    """Return the query's parameters that must not be changed."""
    return {key: value for key, value in query.items() if key not in UNSIGNED_PARAMETERS}


def _language(look_up: LensSearch) -> str:
    """Return the language of a search's pages."""
    wanted = look_up.query["hl"][:2]
    return wanted if wanted in PHRASES else LANGUAGES[0]


def _tab_link(request: web.Request, udm: str) -> str:
    """Return the relative address of another tab of the same search."""
    return str(request.rel_url.update_query(udm=udm))


async def _card(card: SimilarImage, number: int, language: str, name: NameObfuscator) -> dict[str, Any]:
    """Return what a card's template needs."""
    document, rng = card.document, random.Random(f"{card.document.link}:{language}")
    link = document.link
    if rng.random() < 0.2:
        wrapped = {"q": link, "sa": "U", "ved": name("ved")}
        link = str(URL.build(scheme="http", host=f"lens{SANDBOX_SUFFIX}", path="/url", query=wrapped))
    priced = document.price is not None and rng.random() < 0.6
    return {
        "title": _truncate_title(document.title),
        "link": link,
        "source": document.source,
        "price": price_text(document.price, language) if document.price and priced else "",
        "stock": PHRASES[language]["in_stock"] if priced and rng.random() < 0.6 else "",
        "exact": card.exact,
        "picture_id": f"dimg_{name('page')}_{number}",
        "picture": await thumbnail(card.pictured),
    }


def _add_section_headings(cards: Sequence[dict[str, Any]], words: Mapping[str, Any]) -> None:
    """Add headings to the first card of each section; without exact matches there is one section, without heading."""
    exact = None
    for card in cards:
        opens = card["exact"] != exact and (card["exact"] or exact is not None)
        card["heading"] = words["exact_tab" if card["exact"] else "visual_tab"] if opens else ""
        exact = card["exact"]


def _truncate_title(title: str) -> str:
    """Return a title as on cards: long ones are cut and end in three dots."""
    if len(title) <= MAX_TITLE_LENGTH:
        return title
    return title[:MAX_TITLE_LENGTH].rsplit(" ", 1)[0] + " ..."


async def _unwrap(request: web.Request) -> web.Response:
    """Redirect to the address in `q` or `url`."""
    onward = URL(request.query.get("q") or request.query.get("url") or "/")
    if not (onward.host or "").endswith(SANDBOX_SUFFIX):
        raise web.HTTPBadRequest(text="q: not an address of this web")
    return web.Response(status=302, headers={"Location": str(onward)})
