"""The stand-in for Google Lens: upload, redirect, results bound to the session and rendered late."""

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
from lens_rx.sandbox.responses import Mangler, data, language_of, page, render
from lens_rx.sandbox.sites.engine_phrases import LANGUAGES, WORDS, price_text
from lens_rx.sandbox.sites.session_gate import Kept, Session, SessionGate
from lens_rx.sandbox.sites.similar_images import FIRST_SCREEN, SimilarImage, similar_images
from lens_rx.sandbox.sites.thumbnails import PLACEHOLDER, thumbnail

#: Above this many pixels a side Lens takes the picture and finds nothing.
LONGEST_SIDE = 2000
#: Milliseconds until the results' script asks for them.
LATE = (300, 600)
#: Parts of the results' address that a visitor may change; any other change is refused.
FREE = ("udm", "sei")
EXACT_TAB = "48"
TABS = (("26", "all"), ("37", "products_tab"), ("44", "visual_tab"), (EXACT_TAB, "exact_tab"))
LONGEST_TITLE = 62

Find = Callable[[bytes], Sequence[Thing]]


@dataclass(frozen=True, slots=True)
class LookUp:
    """One photo's results: whose they are, the query of their address, the things found."""

    session: str
    query: Mapping[str, str]
    found: Sequence[Thing]


class LensSite:
    """All pages of the Lens host. `find` names the things that a photo resembles, likest first."""

    def __init__(self, gate: SessionGate, catalogue: Catalogue, find: Find) -> None:
        self._gate = gate
        self._catalogue = catalogue
        self._find = find
        self._look_ups: Kept[LookUp] = Kept()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Lens host."""
        return [
            web.get("/", self._start),
            web.post("/v3/upload", self._upload),
            web.get("/search", self._results),
            web.get("/async/imgv", self._cards),
            web.get("/url", _unwrap),
        ]

    async def _start(self, request: web.Request) -> web.Response:
        """Answer the start page, whose script opens the chooser."""
        wall = self._gate.wall(request, script=False)
        if wall is not None:
            return wall
        language = language_of(request, LANGUAGES)
        name = Mangler(random.random())
        answer = page("lens_start.html", language=language, words=WORDS[language], name=name)
        return self._gate.admitted(answer, self._gate.session(request) or Session())

    async def _upload(self, request: web.Request) -> web.Response:
        """Take the photo and send the visitor to its results."""
        form = await request.post()
        part = form.get("encoded_image")
        if not isinstance(part, web.FileField):
            raise web.HTTPBadRequest(text="encoded_image: no picture")
        photo = part.file.read()
        size, found = await asyncio.to_thread(self._seen, photo)
        session = self._gate.session(request) or Session()
        query = _signed(size, request.query.get("hl") or language_of(request, LANGUAGES))
        self._look_ups.put(query["vsrid"], LookUp(session.id, query, found))
        results = URL.build(scheme="http", host=str(request.url.host), path="/search", query=query)
        return self._gate.admitted(web.Response(status=303, headers={"Location": str(results)}), session)

    def _seen(self, photo: bytes) -> tuple[tuple[int, int], Sequence[Thing]]:
        """Return the photo's size and what is in it; nothing where it is too large."""
        try:
            with Image.open(BytesIO(photo)) as image:
                size = image.size
        except (UnidentifiedImageError, OSError, ValueError) as error:
            raise web.HTTPBadRequest(text="encoded_image: not a picture") from error
        return size, self._find(photo) if max(size) <= LONGEST_SIDE else ()

    def _looked_up(self, request: web.Request) -> LookUp:
        """Return the visitor's own look-up; raise 403 for a stranger's or a changed address."""
        look_up = self._look_ups.get(request.query.get("vsrid", ""))
        session = self._gate.session(request)
        if look_up is None or session is None or look_up.session != session.id:
            raise web.HTTPForbidden(text="403. Your client does not have permission to get this URL.")
        return look_up

    async def _results(self, request: web.Request) -> web.Response:
        """Answer the page whose script asks for the cards later."""
        if "vsrid" not in request.query:
            raise web.HTTPFound(f"http://search{SANDBOX_SUFFIX}/search?{request.query_string}")
        look_up = self._looked_up(request)
        if _bound(request.query) != _bound(look_up.query):
            raise web.HTTPForbidden(text="403. That is not the address you were given.")
        wall = self._gate.wall(request)
        if wall is not None:
            return wall
        language = _language(look_up)
        tab = request.query.get("udm", "26")
        tabs = [(udm, WORDS[language][word], _tab_link(request, udm)) for udm, word in TABS]
        return page(
            "lens_results.html",
            result=tab == "26",
            language=language,
            words=WORDS[language],
            tabs=tabs,
            tab=tab,
            late=random.randint(*LATE),
            cards=str(request.url.with_path("/async/imgv").with_query({**look_up.query, "udm": tab})),
            name=Mangler(random.random()),
        )

    async def _cards(self, request: web.Request) -> web.Response:
        """Answer the cards as markup: the first screen, the rest, and their pictures by id."""
        look_up = self._looked_up(request)
        language, name = _language(look_up), Mangler(random.random())
        cards = similar_images(look_up.found, self._catalogue)
        if request.query.get("udm") == EXACT_TAB:
            cards = [card for card in cards if card.exact]
        drawn = [await _card(card, number, language, name) for number, card in enumerate(cards)]
        _head_sections(drawn, WORDS[language])
        values = {"words": WORDS[language], "name": name, "placeholder": PLACEHOLDER}
        template = "lens_cards.html" if cards else "lens_nothing.html"
        return data(
            {
                "first": render(template, cards=drawn[:FIRST_SCREEN], overview=drawn[2:5], **values),
                "rest": render("lens_cards.html", cards=drawn[FIRST_SCREEN:], overview=[], **values),
                "images": {card["picture_id"]: card["picture"] for card in drawn},
            }
        )


def _signed(size: tuple[int, int], language: str) -> dict[str, str]:
    """Return the query of a new look-up's address."""
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


def _bound(query: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a query that are signed."""
    return {key: value for key, value in query.items() if key not in FREE}


def _language(look_up: LookUp) -> str:
    """Return the language of a look-up's pages."""
    wanted = look_up.query["hl"][:2]
    return wanted if wanted in WORDS else LANGUAGES[0]


def _tab_link(request: web.Request, udm: str) -> str:
    """Return the address of the same look-up's other tab, without its host."""
    return str(request.rel_url.update_query(udm=udm))


async def _card(card: SimilarImage, number: int, language: str, name: Mangler) -> dict[str, Any]:
    """Return what a card's template needs."""
    document, dice = card.document, random.Random(f"{card.document.link}:{language}")
    link = document.link
    if dice.random() < 0.2:
        wrapped = {"q": link, "sa": "U", "ved": name("ved")}
        link = str(URL.build(scheme="http", host=f"lens{SANDBOX_SUFFIX}", path="/url", query=wrapped))
    priced = document.price is not None and dice.random() < 0.6
    return {
        "title": _shortened(document.title),
        "link": link,
        "source": document.source,
        "price": price_text(document.price, language) if document.price and priced else "",
        "stock": WORDS[language]["in_stock"] if priced and dice.random() < 0.6 else "",
        "exact": card.exact,
        "picture_id": f"dimg_{name('page')}_{number}",
        "picture": await thumbnail(card.pictured),
    }


def _head_sections(cards: Sequence[dict[str, Any]], words: Mapping[str, Any]) -> None:
    """Give the first card of each section its heading; there is one section where nothing is exact."""
    exact = None
    for card in cards:
        opens = card["exact"] != exact and (card["exact"] or exact is not None)
        card["heading"] = words["exact_tab" if card["exact"] else "visual_tab"] if opens else ""
        exact = card["exact"]


def _shortened(title: str) -> str:
    """Return the title as cards show it: long ones end in three dots."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(" ", 1)[0] + " ..."


async def _unwrap(request: web.Request) -> web.Response:
    """Send the visitor on to the address in `q` or `url`."""
    onward = URL(request.query.get("q") or request.query.get("url") or "/")
    if not (onward.host or "").endswith(SANDBOX_SUFFIX):
        raise web.HTTPBadRequest(text="q: not an address of this web")
    return web.Response(status=302, headers={"Location": str(onward)})
